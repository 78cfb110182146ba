/* SPDX-License-Identifier: Apache-2.0
 * record_watch - the whole record looked at, page by page, soon after each start and once a day
 * (record/store_check.h). What is damaged is said aloud, in the log and in /healthz, and work goes
 * on: what it rests on was looked at before the start, and a change that meets a damaged page ends
 * the program.
 */
#ifndef TOCSIN_RECORD_WATCH_H
#define TOCSIN_RECORD_WATCH_H

#include "house.h"

void record_watch_chore(struct house *house, struct store *reader, int64_t now);

#endif
