/* SPDX-License-Identifier: Apache-2.0
 * ledger - what would be on disk: the states of deliveries as the record holds them, and the writes
 * on their way to it. Writes land in order of rank, then of coming, as the record's queue takes
 * them; a crash loses those that have not landed. It knows what was released, cancelled and lost
 * its authority, and lets nothing of that kind be marked SENDING.
 */
#ifndef TOCSIN_DISPATCH_LEDGER_H
#define TOCSIN_DISPATCH_LEDGER_H

#include "dispatch.h"

enum { LEDGER_RANKS = 5 };

struct kept {
	int chain, rank, attempt, doubts;
	int64_t order, due;
	enum delivery_state state;
};

struct write {
	int64_t id;
	int64_t last; /* all of id..last that nobody has tried; 0 = id only */
	bool mark;    /* WAITING -> SENDING, before it is handed out; else a state with its due */
	enum delivery_state state;
	int doubts;
	int64_t due; /* a mark's: the attempt's deadline */
	int serial;  /* a mark's: which hand-out it belongs to */
};

struct writes {
	struct write *items;
	size_t count, landed;
};

struct release_of_chain {
	int64_t *ids; /* its deliveries */
	size_t id_count;
	int64_t newest; /* order of the newest release */
	bool lost;      /* its authority was taken back */
};

struct ledger {
	struct kept *kept; /* by id; 0 unused */
	size_t count;
	struct release_of_chain *chains;
	size_t chain_count;
	struct writes queue[LEDGER_RANKS];
};

enum landed { LANDED, LANDED_REFUSED, LANDED_LOST };

void ledger_finish(struct ledger *ledger);
/* state: WAITING, or SENDING where its release hands it out at once. */
void ledger_add(struct ledger *ledger, int64_t id, int chain, int64_t order, enum level level,
        enum delivery_state state);
/* A release is one transaction: what waits of its chain ends with it, at every far side. Their ids
 * go into `ended`. */
struct ids {
	int64_t *ids;
	size_t count;
};
void ledger_release(struct ledger *ledger, int chain, int64_t order, struct ids *ended);
void ledger_write(struct ledger *ledger, const struct write *write);
/* Lands the next write. false: there is none. */
bool ledger_land(struct ledger *ledger, struct write *out, enum landed *how);
bool ledger_caught_up(const struct ledger *ledger); /* nothing waits to be written */
void ledger_crash(struct ledger *ledger);
/* To be given back when we start: not ended, or UNKNOWN and still to be decided. */
bool ledger_pending(const struct ledger *ledger, int64_t id);

#endif
