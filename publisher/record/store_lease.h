/* SPDX-License-Identifier: Apache-2.0
 * store_lease - who may write about a far side's deliveries, and who does what only one may do.
 *
 * A lease is a row: its name, who holds it, a token that each taking raises, and until when. A
 * writer (one connection) presents the tokens it was given; once another has taken the lease, they
 * are not the row's any more, and the writer is fenced: whatever it still wants to write there is
 * refused (ERR_FENCED), a claim before all, without which nothing is handed out. So a process that
 * was stopped and wakes up, or has lost the folder's lock without knowing, can spoil nothing.
 *
 * What is asked for a lease: an attempt's claim (SENDING), all that becomes of an attempt (began,
 * recipients, outcome, expiry, settled, tried again, what phones report), pauses. What is not: a
 * delivery put in as WAITING and the ending of those that WAIT, which belong to the release that
 * another node may make as well; a claim finds only what waits, and nothing of what was superseded.
 *
 * A far side without a row is the dispatch's; where that has none either, nobody has taken anything
 * yet, and anybody may write.
 */
#ifndef TOCSIN_STORE_LEASE_H
#define TOCSIN_STORE_LEASE_H

#include "store.h"

/* Leases of the house; no far side is called so, for a far side's name has no blank. */
/* Releases handed to a loop; expiries; the end of a hold. */
#define LEASE_DISPATCH "house dispatch"
/* Calls to officers, reminders. */
#define LEASE_DUTIES "house duties"
/* What the house says of itself. */
#define LEASE_HEARTBEAT "house heartbeat"

struct lease {
	char *name, *holder; /* holder: for people to read */
	int64_t token;       /* only grows, also over a backup that was restored */
	int64_t until;       /* ms, UTC; 0 = until it is taken by force */
};
struct lease_list {
	struct lease *items;
	size_t count;
};
void lease_list_finish(struct lease_list *list);
bool store_list_leases(struct store *store, struct lease_list *out, struct err *err); /* by name */

/* Inside a transaction. ERR_FENCED: another has it; the sentence names him. The rows are looked at
 * once in a transaction, however often this is asked. */
bool store_must_hold(struct store *store, const char *name, struct err *err);

struct lease_wish {
	const struct texts *names;
	const char *holder;
	int64_t until; /* as in the row */
	/* Whoever has them is gone, or has to go: and all others that were ever taken. On one node
	 * the folder's lock gives the right to it. */
	bool by_force;
};
/* One, inside a transaction, raising its token; the tokens that this store presents stay as they
 * are. ERR_BUSY: it is another's, and not over at `now`. */
bool store_take_lease(struct store *store, const char *name, const struct lease_wish *wish,
        int64_t now, int64_t *token, struct err *err);
/* The token that this store presents from now on. */
void store_present(struct store *store, const char *name, int64_t token);

/* Called where a change is refused with ERR_FENCED, in its transaction; may end the program. NULL:
 * nobody. */
typedef void (*lease_lost)(const struct err *err);
void store_when_fenced(struct store *store, lease_lost lost);

#endif
