/* SPDX-License-Identifier: Apache-2.0
 * chores - what the house does again and again by the clock: each row of one table, run by a thread
 * of the house's tenders, never twice at once.
 *
 * A chore that fails says so in the log by itself and is run again at its next time. Nothing waits
 * for a chore: what must happen at once has its own way.
 */
#ifndef TOCSIN_CHORES_H
#define TOCSIN_CHORES_H

#include "house.h"

struct chore {
	const char *name;
	int64_t every; /* ms */
	void (*run)(struct house *house, struct store *reader, int64_t now);
};

extern const struct chore chore_table[]; /* chore_table.c; ends with a NULL name */

struct chores;
/* Begins at once, each for the first time after its `every`. `table` and `house` outlive it. */
struct chores *chores_create(struct house *house, const struct chore *table);
void chores_stop(struct chores *chores); /* begins none any more; the loop's thread */
/* After the tenders are gone: none of them runs any more. */
void chores_destroy(struct chores **chores);

#endif
