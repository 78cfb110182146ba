/* SPDX-License-Identifier: Apache-2.0
 * import_private - an import's steps, shared by import*.c.
 */
#ifndef TOCSIN_IMPORT_PRIVATE_H
#define TOCSIN_IMPORT_PRIVATE_H

#include "import.h"
#include "sorter.h"

struct importing {
	const struct import *order;
	struct people_file file;
	struct store *store;
	struct generation *made;
	struct sorter *said;  /* by number: what the file says */
	struct sorter *known; /* by number: who is in the directory in force */
	struct sorter *kept;  /* by place: who will be */
};

/* false: whoever wants it is about to end. */
bool import_goes_on(const struct importing *importing, struct err *err);
/* import_compare.c: each number once; counts repeated, withheld, added, gone, changed. */
bool import_compare(struct importing *importing, struct err *err);
/* import_build.c: blocks out of who is kept; people, blocks, digest. */
bool import_build(struct importing *importing, struct err *err);

#endif
