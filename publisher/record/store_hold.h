/* SPDX-License-Identifier: Apache-2.0
 * store_hold - a record that was restored from a backup is held: nothing leaves until an officer
 * ends the hold, because nobody knows from the record what was sent since the copy was made.
 *
 * Numbers that may have been given since then are never given again: a hold begins with a jump of
 * every counter to its next million. Deliveries and messages, which far sides, phones and
 * subscribers go on naming, jump to the moment (ms since 1970): one copy may be restored twice.
 */
#ifndef TOCSIN_STORE_HOLD_H
#define TOCSIN_STORE_HOLD_H

#include "store.h"

struct hold {
	int64_t since;  /* ms: when the copy was put in place; 0 = not held */
	int64_t copied; /* ms: when it was made; what came later is not in it */
	int64_t cut;    /* the last audit record it holds */
};

/* What was sent between `copied` and the end of the house that sent it. */
enum sent_since {
	SENT_UNKNOWN, /* what waited may have gone: it stands as begun (record.c: SENDING) */
	SENT_NOTHING, /* the officer knows that nothing did: what waited goes on waiting */
};

/* Inside a transaction of the restored record, before anybody runs on it. Ends all sessions: some
 * may have been ended since. digest: of the file it was restored from. */
bool store_hold_begin(struct store *store, struct hold *hold, const char *digest, struct err *err);
/* The hold this record is under; since = 0 when it is under none. */
bool store_hold(struct store *store, struct hold *out, struct err *err);
/* ERR_CONFLICT when it is not held. *begun: deliveries that now stand as begun. */
bool store_hold_end(struct store *store, const char *officer, enum sent_since sent, int64_t now,
        int64_t *begun, struct err *err);

#endif
