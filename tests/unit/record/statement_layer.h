/* SPDX-License-Identifier: Apache-2.0
 * statement_layer - between the record and SQLite (the linker's --wrap): each call by which the
 * record asks something - a step, a statement prepared, a script, a page of a backup, a file opened
 * - is counted, and one of them fails. Ours only: what SQLite does inside goes on as it is.
 */
#ifndef TOCSIN_RECORD_STATEMENT_LAYER_H
#define TOCSIN_RECORD_STATEMENT_LAYER_H

#include <stdbool.h>

#include "err.h"

enum statement_fault {
	STATEMENT_BUSY,      /* somebody else has the lock; nothing is done */
	STATEMENT_IOERR,     /* nothing is done */
	STATEMENT_FULL,      /* nothing is done */
	STATEMENT_NOMEM,     /* nothing is done */
	STATEMENT_DONE,      /* done, and reported as an I/O error all the same */
	STATEMENT_INTERRUPT, /* SQLite's own: broken off inside, which may end the transaction */
	STATEMENT_FAULTS,
};

/* For a test's own words: "NAME NUMBER, call AT, busy, once"; the caller's. */
char *statement_where(
        const char *name, int number, long at, enum statement_fault fault, bool for_good);
/* Ends the test when this is no sentence, or one that takes a failure for an answer. */
void statement_told(const struct err *err, const char *where);

/* The call number `at` from now (1 = the next) fails, and when `for_good` every one after it. */
void statement_fail(long at, enum statement_fault fault, bool for_good);
void statement_heal(void);
long statement_calls(void);         /* since statement_fail */
const char *statement_failed(void); /* what was asked by the first that failed; NULL: none did */

#endif
