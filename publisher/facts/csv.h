/* SPDX-License-Identifier: Apache-2.0
 * csv - tables that a bureau edits: plain CSV, UTF-8, one heading line, `#` begins a comment.
 *
 * A faulty line is named with its file and number, and then nothing of the file counts.
 */
#ifndef TOCSIN_CSV_H
#define TOCSIN_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

/* One line in place: fields ended by NUL, quotes resolved. false when a quote is not closed or
 * there are more than `most` fields. */
bool csv_split(char *line, char **fields, size_t most, size_t *count);

struct csv_table {
	const char *file;                                         /* its name in the folder */
	const char *head;                                         /* the heading line, exactly */
	size_t fields;                                            /* at most CSV_FIELDS */
	bool (*row)(void *place, char **fields, struct err *err); /* fields live for the call */
};
enum { CSV_FIELDS = 8, CSV_LIMIT = 4 << 20 /* bytes */ };

/* false: *err names file, line and cause; rows before it were taken already. */
bool csv_read(const char *path, const struct csv_table *table, void *place, struct err *err);
bool csv_read_in(const char *folder, const struct csv_table *table, void *place, struct err *err);

#endif
