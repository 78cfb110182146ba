/* SPDX-License-Identifier: Apache-2.0
 * source_tree - files of this source tree, for tests: its samples, its tables. Where the tree is
 * says TOCSIN_SOURCE, which ctest sets; by hand, the tree's top is where one stands.
 */
#ifndef TOCSIN_SOURCE_TREE_H
#define TOCSIN_SOURCE_TREE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>

#include "buf.h"
#include "mem.h"

/* The path of a file named from the tree's top; the caller's. */
static inline char *source_path(const char *name)
{
	const char *source = getenv("TOCSIN_SOURCE");

	return mem_format("%s/%s", source ? source : ".", name);
}

/* Its text, the caller's; the test fails where it cannot be read. */
static inline char *source_text(const char *name)
{
	char *path = source_path(name);
	FILE *file = fopen(path, "rbe");
	struct buf text;

	buf_init(&text, 0);
	if (!file || !buf_read(&text, file))
		fail_msg("cannot read %s", path);
	fclose(file);
	free(path);
	return buf_take(&text);
}

#endif
