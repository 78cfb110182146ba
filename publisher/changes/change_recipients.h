/* SPDX-License-Identifier: Apache-2.0
 * change_recipients - the directory of recipients in force follows the record's last word, and what
 * nobody needs of it is destroyed.
 */
#ifndef TOCSIN_CHANGE_RECIPIENTS_H
#define TOCSIN_CHANGE_RECIPIENTS_H

#include "house.h"

/* A chore: puts in force what was confirmed and is not yet (tocsind died in between). */
void recipients_keep_up(struct house *house, struct store *reader, int64_t now);
/* A chore, also called behind a purge: sweeps the directory (store_directory.h). */
void recipients_sweep(struct house *house, struct store *reader, int64_t now);
/* A chore: an upload nobody goes on with is destroyed. */
void recipients_upload_ends(struct house *house, struct store *reader, int64_t now);

#endif
