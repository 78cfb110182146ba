/* SPDX-License-Identifier: Apache-2.0
 * directory_rows - what the files about the directory share. Inside this room only.
 */
#ifndef TOCSIN_DIRECTORY_ROWS_H
#define TOCSIN_DIRECTORY_ROWS_H

#include "store_db.h"
#include "store_directory.h"

/* A change with one number. */
bool directory_run(struct store *store, const char *sql, int64_t number, struct err *err);
/* One block's numbers; generation 0: an audience's own. Inside a change. */
bool directory_put_lines(struct store *store, int64_t generation, const struct block_head *head,
        const char *lines, int64_t *id, struct err *err);

void directory_empty_log(struct store *store); /* outside of changes */

#endif
