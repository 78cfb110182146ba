/* SPDX-License-Identifier: Apache-2.0
 * kills - a small house in one process that is killed: the record, the dispatch, and two `null` far
 * sides, one that takes a key and one that does not. What it was told is on disk, and what reached
 * a far side, stands in memory it shares with whoever kills it.
 */
#ifndef TOCSIN_TEST_KILLS_H
#define TOCSIN_TEST_KILLS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KILLS_WINDOW = 8, KILLS_FARS = 2, LEDGER_MOST = 1 << 16 };

enum far { FAR_KEYED, FAR_KEYLESS };

enum ledger_word {
	LEDGER_RELEASED, /* number: the bulletin's row; its release was answered */
	LEDGER_ENDED,    /* number: of the delivery; its outcome was answered */
	LEDGER_ARRIVED,  /* number: of the delivery; the far side said yes */
};

struct ledger_line {
	enum ledger_word word;
	enum far far;
	bool again; /* a rule sends it again when in doubt: red and orange */
	int64_t number;
};

struct ledger {
	atomic_bool open; /* the record is, and work begins */
	atomic_size_t count;
	struct ledger_line lines[LEDGER_MOST];
};

/* Works until it is killed; with `drain` it releases nothing new and returns when all has ended. */
void kills_house(const char *folder, struct ledger *ledger, bool drain);

#endif
