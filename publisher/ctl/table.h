/* SPDX-License-Identifier: Apache-2.0
 * table - rows of texts in columns as wide as what stands in them, on a terminal where a Chinese
 * character takes two places. Texts are UTF-8; control characters become blanks.
 */
#ifndef TOCSIN_TABLE_H
#define TOCSIN_TABLE_H

#include <stdio.h>

#include "mem.h"

enum { TABLE_MOST = 13 }; /* columns */

struct table {
	struct texts cells[TABLE_MOST]; /* by column */
	size_t columns, at;
};

void table_init(struct table *table, size_t columns);
/* The next cell of the row, the first one of the next row behind the last. */
void table_add(struct table *table, const char *text);
void table_print(const struct table *table, FILE *out);
void table_finish(struct table *table);

#endif
