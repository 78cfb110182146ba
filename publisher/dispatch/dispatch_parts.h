/* SPDX-License-Identifier: Apache-2.0
 * dispatch_parts - what dispatch is made of; private to dispatch*.c.
 *
 *   item   a delivery that has not ended: WAITING, SENDING, or UNKNOWN and parked for the operator;
 *          or the rest of a job, which waits (dispatch_rest.c)
 *   heap   items in some order; an item knows its places, so it can leave from the middle
 *   lane   of a target: what is ready now, what waits for its time
 *   chain  (target, chain): who is waiting, in flight, parked, and the newest order seen
 *
 * Invariants: WAITING items are in one heap of their lane, unless held back or aside, and in the
 * heap by expiry; all WAITING items of a chain have its newest order; SENDING items are in no heap.
 */
#ifndef TOCSIN_DISPATCH_PARTS_H
#define TOCSIN_DISPATCH_PARTS_H

#include "dispatch.h"

#include "mem.h"

struct item;
struct chain;

enum { HEAP_QUEUE, HEAP_EXPIRY, HEAP_KINDS };

struct heap {
	struct item **items;
	size_t count;
	bool (*before)(const struct item *a, const struct item *b);
	int kind; /* which of an item's places */
};

struct item {
	int64_t id;
	int64_t order;
	int64_t due;      /* not before, by back-off or the caller's wish */
	int64_t ready_at; /* due, or later while an older one of the chain is in flight */
	int64_t deadline; /* of the attempt, when SENDING */
	int64_t came;     /* to us */
	int64_t left;     /* when SENDING: since when */
	int64_t expires;  /* INT64_MAX = never */
	enum delivery_state state;
	int target, rank, attempt, cost;
	int doubts;   /* attempts that ended UNKNOWN */
	int64_t more; /* the rest of a job: so many deliveries; 0 = a delivery */
	bool wished;  /* a rest: some of it is on its way here */
	bool aside;   /* a rest: in no heap of its lane while enough of its job waits here */
	bool correction, counted;
	bool held;             /* by an officer: in no heap of its lane */
	bool backed_off;       /* `due` comes from a failed attempt */
	const char *withdrawn; /* reason, when withdrawn while SENDING */
	struct heap *queue;    /* the heap of its lane it is in, or NULL */
	size_t at[HEAP_KINDS]; /* place + 1; 0 = in none */
	struct chain *chain;
	struct item *next, *previous; /* in the chain's list for its state */
	struct item *hash_next;
};

enum { LIST_WAITING, LIST_SENDING, LIST_PARKED, LIST_COUNT };

struct chain {
	char *name;
	int target;
	int64_t newest;
	size_t items;
	size_t waiting;    /* deliveries of it that are WAITING here */
	struct item *rest; /* of its newest job, or NULL */
	struct item *lists[LIST_COUNT];
	struct chain *hash_next;
};

struct lane {
	struct heap ready[2]; /* ordinary; may use the reserve */
	struct heap delayed;
	size_t waiting[5]; /* by rank */
	size_t sending, parked;
	int most;      /* in flight at most, as its agent says; 0 = it has not said */
	int window;    /* of them for what is not red: follows what the far side bears */
	int up, down;  /* parts of a step of the window that answers have earned */
	int failures;  /* attempts in a row without a word from the far side */
	int cohort;    /* what they weigh: at WHOLE a whole window of them has failed */
	bool tardy;    /* its last answer took long, or did not come */
	int64_t asked; /* while something is in flight: the last answer, or the first of it left */
	bool open;     /* the breaker: only red goes, or one that tries, from hold_until on */
	bool watched;  /* the channel looks for itself and will say when the far side is back */
	int64_t hold_until;
};

struct target {
	struct dispatch_target is; /* name owned */
	struct lane lanes[2]; /* DISPATCH_URGENT, DISPATCH_ROUTINE; without lanes only the first */
	int64_t tokens;       /* in 1/60000 of a token; negative = in debt */
	int64_t reserve;      /* the same, for red and corrections; filled first */
	int64_t filled_at;
	int64_t quiet_until; /* boot ms: quiet hours; 0 = none now */
};

struct dispatch {
	struct target **targets;
	size_t target_count;
	struct item **items; /* by id */
	size_t item_count, item_room;
	struct chain **chains;
	size_t chain_count, chain_room;
	struct heap expiry;
	size_t loaded;   /* of a job with a rest: so many wait here at most */
	int64_t *wishes; /* ids of rests */
	size_t wish_count;
	struct dispatch_change *changes;
	size_t change_count, change_taken;
	uint64_t random;
};

/* dispatch_heap.c */
void heap_push(struct heap *heap, struct item *item);
void heap_remove(struct heap *heap, struct item *item); /* nothing when it is not in it */
struct item *heap_top(const struct heap *heap);         /* or NULL */

/* dispatch_index.c: items by id, chains by name */
struct item *item_find(const struct dispatch *dispatch, int64_t id);
void item_insert(struct dispatch *dispatch, struct item *item);
void item_erase(struct dispatch *dispatch, struct item *item);
struct chain *chain_get(
        struct dispatch *dispatch, int target, const char *name); /* made when new */
void chain_enter(struct chain *chain, struct item *item, int list);
void chain_leave(struct chain *chain, struct item *item, int list);
void chain_drop(struct dispatch *dispatch, struct chain *chain); /* one of its items is gone */
/* Until when an item of this order must wait for older ones in flight; 0 = it need not. */
int64_t chain_blocked_until(const struct chain *chain, int64_t order);

/* dispatch_queue.c: lanes and tokens */
bool is_red(const struct item *item);
bool is_urgent(const struct item *item);
void target_init(struct target *target, const struct dispatch_target *is);
void target_finish(struct target *target);
struct lane *item_lane(const struct dispatch *dispatch, const struct item *item);
void queue_enter(struct dispatch *dispatch, struct item *item, int64_t now); /* by ready_at */
void queue_leave(struct item *item);
void queue_rejoin(struct dispatch *dispatch, struct item *item); /* whenever it is ready */
/* The best of this lane that may go now and that the bucket can pay for, or NULL. Pays, but for a
 * rest. */
struct item *queue_take(struct target *target, struct lane *lane, int64_t now);
/* Is there enough in the bucket for this one? */
bool queue_pays(const struct target *target, const struct item *item);
/* When this lane may give something it cannot give now; INT64_MAX = no such time. */
int64_t queue_wake(const struct target *target, const struct lane *lane, int64_t now);
void queue_refund(
        struct target *target, const struct item *item); /* it was not handed out after all */

/* dispatch.c: as dispatch_add; more: it is a rest of so many */
void admit_waiting(struct dispatch *dispatch, const struct dispatch_delivery *delivery,
        int64_t more, int64_t now);

/* dispatch_rest.c */
void rest_wish(struct dispatch *dispatch, struct item *rest);
bool rest_stands_aside(const struct dispatch *dispatch, struct item *rest);
void rest_look(struct dispatch *dispatch, struct chain *chain); /* one of it waits no more */

/* dispatch_back_off.c */
int64_t attempt_deadline(const struct target *target, const struct item *item, int64_t now);
int64_t back_off(struct dispatch *dispatch, const struct item *item, int64_t retry_after);
int64_t doubled(int64_t first, int64_t most, int times);
uint64_t next_random(struct dispatch *dispatch);

/* dispatch_lane.c: how much a lane gives at once, and whether it gives at all */
void lane_init(struct lane *lane);
void lane_failed(
        struct dispatch *dispatch, const struct target *target, struct lane *lane, int64_t now);
/* The far side has spoken. true: for the first time since the breaker opened. */
bool lane_answered(struct lane *lane);
void lane_asked(struct lane *lane, int64_t now); /* one more leaves, before it is counted */
void lane_took(struct lane *lane, int64_t ms, int64_t now); /* until the far side answered */
void lane_succeeded(struct lane *lane);                     /* before the item leaves SENDING */
/* From when on the lane itself has no objection to this one: <= now = it may go; INT64_MAX = when
 * something in flight is answered. */
int64_t lane_lets(
        const struct target *target, const struct lane *lane, const struct item *item, int64_t now);

/* dispatch_state.c */
void change(struct dispatch *dispatch, const struct item *item, enum delivery_state state,
        const char *reason);
void enter_state(
        struct dispatch *dispatch, struct item *item, enum delivery_state state, int64_t now);
void leave_state(struct dispatch *dispatch, struct item *item); /* out of the state it is in */
/* Those of the chain that wait for what is in flight: look again. */
void look_again(struct dispatch *dispatch, struct chain *chain, int64_t now);
void forget(struct dispatch *dispatch, struct item *item, int64_t now); /* frees it */
void settle(struct dispatch *dispatch, struct item *item, enum delivery_state state,
        const char *reason, int64_t now);
/* After an attempt: waits until `due`, unless it is over for good. */
void wait_again(
        struct dispatch *dispatch, struct item *item, int64_t due, const char *reason, int64_t now);

#endif
