/* SPDX-License-Identifier: Apache-2.0
 * world - far sides that answer, fail, hang and die, and the agents that carry to them; operators
 * who release, update, cancel, settle, pause and resume; authority that is taken back; a tocsind
 * that is killed and starts again from the ledger; a clock that only goes forward, at times by an
 * hour. All from one seed.
 *
 * It plays the outbox as outbox*.c does it: dispatch picks, the ledger marks, the agent carries,
 * the receipt lands, the agent forgets. What reaches a far side is watched there:
 *
 *   (e) nothing arrives after its expiry; what was marked after its cancel, replacement or loss of
 *       authority never arrives
 *   (f) of a chain, nothing arrives for the first time behind something newer
 *   (g) what the ledger calls delivered did arrive; every delivery ends in the ledger
 *   (h) without a key, only red, orange and what an operator sends again arrives twice, and in the
 *       ledger no more of a level below red is in flight in a lane than its agent takes
 *   (i) what an officer holds back stays, through deaths and restarts, and goes once it is let go
 *   (j) blocks that stay on disk go in their turn, a few at a time, and end as any delivery does
 */
#ifndef TOCSIN_DISPATCH_WORLD_H
#define TOCSIN_DISPATCH_WORLD_H

#include "ledger.h"
#include "model.h"

/* A job in an agent's hands. */
struct flight {
	int64_t id;
	int64_t begin_at, arrive_at, answer_at; /* INT64_MAX: never; its agent dies of it */
	int64_t deadline;
	int verdict;
	bool begun, arrived, known; /* known: tocsind was told `began` */
};

/* An officer holds back one far side of a bulletin; on disk. */
struct pause {
	int chain, target;
	int64_t order; /* the bulletin */
};

/* Blocks of one job that dispatch does not hold: those of from..last that nobody has tried. */
enum { WORLD_LOADED = 8 };
struct rest {
	int64_t name, from, last;
	int64_t read_at; /* when what dispatch wished for is here; 0 = it has not */
	int most;
};

enum mood { HEALTHY, SLOW, FAILING, HANGING, DEAD, MOODS };

/* One process of a far side and lane, and its seat in tocsind. */
struct carrier {
	struct flight *flights;
	size_t flight_count;
	struct flight *said; /* answers that tocsind has not put on disk */
	size_t said_count;
	int64_t link_at; /* when it connects (again); 0 = it is connected */
	int64_t *hands;  /* tocsind: what it counts as this one's, from the pick on */
	size_t hand_count;
};

/* SENDING in the ledger since its release and not handed out yet, or to be WAITING again. */
enum world_mark { WORLD_NO_MARK, WORLD_MARKED, WORLD_TAKEN_BACK };

struct world {
	struct dispatch *dispatch;
	struct model model;
	struct ledger ledger;
	uint64_t random, seed;
	int64_t now;
	int64_t order;
	int64_t quiet_until[MODEL_TARGETS];
	enum mood moods[MODEL_TARGETS];
	struct carrier carriers[MODEL_TARGETS][MODEL_LANES];
	int *serials;            /* by id: of its newest mark */
	bool *halted;            /* by id: its agent was told to give it back */
	enum world_mark *marked; /* by id */
	int64_t *orphans;        /* by id: until when nobody has to answer; 0 = somebody does */
	int *arrivals,
	        *resent; /* by id; resent: how often an operator or a crash allowed a repeat */
	size_t id_room;
	int64_t (*reached)[MODEL_TARGETS]; /* by chain: the newest order that has arrived */
	int *live_chains;                  /* that may be updated or cancelled */
	size_t live_count;
	struct rest *rests;
	size_t rest_count;
	int64_t rest_names;
	struct pause *pauses;
	size_t pause_count;
	size_t alerts, crashes, repeats, paused, stayed;
};

void world_init(struct world *world, uint64_t seed);
void world_finish(struct world *world);
void world_step(struct world *world, bool releasing); /* one moment: events, answers, handing out */
bool world_over(const struct world *world);           /* every delivery has ended */

/* world_carry.c: the agents and the far sides behind them */
uint64_t world_roll(struct world *world, uint64_t sides_of_die);
void world_take_changes(struct world *world);
void world_carry(struct world *world);             /* what is due: begins, arrivals, answers */
void world_land(struct world *world, size_t most); /* writes that land, and what follows */
void world_hand_out(struct world *world, int target, int lane); /* dispatch picks */
void world_unmark(struct world *world, int64_t id); /* it was not handed out with its release */
void world_carrier_dies(struct world *world, int target, int lane);
void world_unlink(struct world *world, int target, int lane); /* tocsind died */
void world_link(struct world *world); /* those whose time has come say hello */

/* world_rest.c */
bool world_is_on_disk(const struct world *world, int64_t id); /* untried, and may stay there */
void world_add_rest(struct world *world, int64_t first, int64_t last);
void world_hold_rests(struct world *world, int64_t order, int target, bool on);
void world_end_rests(struct world *world, int chain);
void world_rest_ended(struct world *world, const struct dispatch_change *change);
void world_take_wishes(struct world *world);
void world_read(struct world *world); /* whose time has come */
void world_find_rests(struct world *world);

/* world_pause.c */
void world_pause_or_resume(struct world *world);
void world_resume_all(struct world *world);
void world_hold_new(struct world *world, int64_t id); /* dispatch has just got it */
void world_call_back(struct world *world, int64_t id);
bool world_given_back(struct world *world, int64_t id); /* false: it was in flight no more */

#endif
