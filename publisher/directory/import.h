/* SPDX-License-Identifier: Apache-2.0
 * import - a CSV of recipients becomes a generation of the directory, ready to be put in force. The
 * file is the whole directory: who is not in it any more is gone.
 *
 * Runs beside tocsind in a process of its own, or in a thread of its own (upload.h); memory does
 * not grow with the file. A kill at any moment leaves the directory that is in force.
 */
#ifndef TOCSIN_IMPORT_H
#define TOCSIN_IMPORT_H

#include <stdatomic.h>

#include "people_file.h"

#define IMPORT_ERRORS_HEADING "line,field,原因,cause\r\n"

struct import {
	const char *folder; /* the state folder */
	const char *path;   /* the CSV */
	const char *errors; /* file for the faulty lines; NULL = none */
	const char *name;   /* what sentences call the CSV; NULL = its path */
	const struct catalog *catalog;
	long faults_most; /* per cent */
	int64_t now;
	atomic_llong *read;       /* NULL, or where good lines are counted */
	const atomic_int *ending; /* NULL, or: once it is not 0 the import gives up */
};

/* For the thread that is going to import: at the lowest priority, warnings go first. That it is not
 * allowed is no reason to import nothing. */
void directory_import_last(void);

/* false: nothing has changed, but for what stands in the errors file. ERR_BUSY: another import is
 * under way. */
bool directory_import(const struct import *import, struct generation *out, struct err *err);

#endif
