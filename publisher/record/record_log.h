/* SPDX-License-Identifier: Apache-2.0
 * record_log - moves the write-ahead log into the tables, by a thread and a connection of its own:
 * that takes tens of milliseconds, and a red that comes meanwhile must not wait for it. In WAL mode
 * writing and moving do not know of each other. Inside this room only.
 */
#ifndef TOCSIN_RECORD_LOG_H
#define TOCSIN_RECORD_LOG_H

#include "err.h"

struct record_log;
struct record_log *record_log_open(const char *path, struct err *err);
/* Asks for it and returns at once. What a reader still needs is left for the next time. */
void record_log_move(struct record_log *log);
void record_log_close(struct record_log **log); /* when what it is at is done */

#endif
