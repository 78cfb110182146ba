/* SPDX-License-Identifier: Apache-2.0
 * dispatch - who gets what when. Pure: no I/O, no clock, no threads; `now` is a parameter
 * (when_boot() ms for due times, and expiry is given in the same clock by the caller).
 *
 * Order per far side: level (red or I first), corrections and cancels first within their level,
 * then order of release. One chain goes in order per far side: a newer message makes the WAITING
 * ones of its chain SUPERSEDED at once and waits only for one in SENDING, until that attempt's
 * deadline. Nothing is handed out after its expiry. Every change of state comes out of
 * dispatch_take_change(), in order, for the record, which must keep that order: the SUPERSEDED of
 * an old message is on disk before the DELIVERED of the new one.
 *
 * Memory: single deliveries and red ones are all here. Of any other job's blocks at a far side
 * DISPATCH_LOADED wait here at most, besides what comes back from flight; the others stay on disk
 * as one rest, which has their rank, counts with them and ends with them, and dispatch says when it
 * wants more of it. So what is here is bounded by what is in force times the far sides times
 * DISPATCH_LOADED, and as a rule only the foremost jobs of a lane have any here.
 *
 * Every delivery in SENDING must be answered (done, lost or put_back); dispatch does not take it
 * back by itself.
 *
 * A lane holds itself back (dispatch_lane.c): how much flies at once follows what the far side
 * bears, and when it says nothing for a whole window of attempts, all but red waits. Then either
 * the channel looks for itself and tells (dispatch_far), or the first delivery in line tries, after
 * a pause that doubles. A lane whose last answer took long, or did not come, gets its red a moment
 * after those that answer promptly. With its first word everything that waited for back-off is due
 * at once.
 */
#ifndef TOCSIN_DISPATCH_H
#define TOCSIN_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terms.h"

struct dispatch_target {
	const char *name;
	bool lanes; /* urgent (red, orange, I, II) and routine apart */
	bool takes_key;
	bool projection;
	int64_t back_off_first,
	        back_off_most; /* ms; jitter of +-20 % comes from the seed; red: at most 60 s */
	int per_minute; /* token bucket of a minute; 0 = no limit. A tenth (at least 1) is kept for
	                   red and corrections */
	int quiet_rank; /* level_rank: this and below waits in quiet hours; orange and red never do,
	                   whatever stands here */
};

/* A delivery as dispatch sees it (bulletin.h has the stored one). */
struct dispatch_delivery {
	int64_t id;
	int target;        /* index from dispatch_add_target */
	const char *chain; /* copied */
	int64_t order;     /* of release; within a chain, what has the same order goes side by side
	                      (blocks) */
	enum level level;
	bool correction;
	bool overtaken;  /* a newer one of its chain was released, which need not go here: it may
	                    end,  and not go (again) */
	int attempt;     /* attempts so far */
	int doubts;      /* of them, those that stayed in doubt: the caller keeps the number */
	int64_t due;     /* boot ms; 0 = now */
	int64_t expires; /* boot ms; 0 = never */
	int cost;        /* tokens of the bucket: recipients of a block; at least 1 */
	bool counted;    /* a block: whom it has reached is known, so that an attempt that was cut
	                    off goes on with the rest; it may last COUNTED_DEADLINE longer */
};

enum dispatch_lane { DISPATCH_URGENT, DISPATCH_ROUTINE, DISPATCH_ALL };

/* What comes out for the record. */
struct dispatch_change {
	int64_t id;
	int64_t rest;              /* `id` names a rest, and so many end with it; 0 = a delivery */
	enum delivery_state state; /* WAITING (deferred), DELIVERED, REJECTED, EXPIRED, SUPERSEDED,
	                              WITHDRAWN, UNKNOWN */
	int64_t due;               /* boot ms, for WAITING */
	int doubts; /* attempts that stayed in doubt, so far: comes back with the delivery */
	const char *reason; /* static: "deferred by the far side", "expired before it could be
	                       sent", ... */
};

struct dispatch;
struct dispatch *dispatch_create(uint64_t seed);
void dispatch_destroy(struct dispatch **dispatch);
int dispatch_add_target(
        struct dispatch *dispatch, const struct dispatch_target *target); /* index */

void dispatch_add(struct dispatch *dispatch, const struct dispatch_delivery *delivery, int64_t now);
/* How many blocks of a job wait here while it has a rest; DISPATCH_LOADED unless said otherwise,
 * before anything is added. */
enum { DISPATCH_LOADED = 256 };
void dispatch_set_loaded(struct dispatch *dispatch, int most);
/* The rest of a job: `count` more blocks, which have not been tried, that stay on disk. `like`: one
 * of them, but with an id of the rest's own, which no delivery ever has. Never of a red: what is
 * red is here. It ends as any delivery does, by one change for all of them; dispatch_withdraw and
 * dispatch_hold_back take its id. */
void dispatch_add_rest(struct dispatch *dispatch, const struct dispatch_delivery *like,
        int64_t count, int64_t now);
/* After dispatch_next: what is wanted here. The caller reads the next `most` of that rest, oldest
 * first, in its own time, adds them (dispatch_add), and says how many are left then. */
struct dispatch_wish {
	int64_t rest;
	int most;
};
bool dispatch_take_wish(struct dispatch *dispatch, struct dispatch_wish *out);
/* 0: nothing is left of it. */
void dispatch_rest_read(struct dispatch *dispatch, int64_t rest, int64_t left, int64_t now);
/* It could not be read: it is wished for again in a second, and others go meanwhile. */
void dispatch_rest_unread(struct dispatch *dispatch, int64_t rest, int64_t now);
/* Before a replay: what was paid out of the accounts in the last minute is not known, so only
 * the reserves are there at first. */
void dispatch_drain(struct dispatch *dispatch, int64_t now);
/* What had not ended when we stopped, in the state the record has it in. WAITING: as dispatch_add.
 * SENDING: an agent may still hold it, so it is in flight until it is done, or lost when its agent
 * says that it holds it no more, or at `orphan_until` at the latest (the caller says so). UNKNOWN:
 * parked for the operator again, unless it has expired or a newer one of its chain is there. */
void dispatch_replay(struct dispatch *dispatch, const struct dispatch_delivery *delivery,
        enum delivery_state state, int64_t orphan_until, int64_t now);

/* The best delivery this far side's lane may have now, which becomes SENDING until `*deadline`
 * (urgent 3 s, routine 10 s, more when `cost` recipients at the far side's rate need it); 0 = none.
 */
int64_t dispatch_next(struct dispatch *dispatch, int target, enum dispatch_lane lane, int64_t now,
        int64_t *deadline);
/* It could not be handed out after all (the record said no, the agent went before `began`): WAITING
 * again without an attempt counted. */
void dispatch_put_back(struct dispatch *dispatch, int64_t id, int64_t now);
/* What became of the attempt. verdict: enum channel_verdict as int. A deferred one waits for our
 * back-off, or for retry_after (ms, 0 = nothing said) where that is longer: at most 10 min, red 1
 * min; and not so long that no attempt fits in before it expires. UNKNOWN ones of red and orange
 * (I, II) are sent again by rule, twice at most; the others stay UNKNOWN for the operator
 * until they expire or are superseded: whoever settles one withdraws it, and adds it again if it is
 * to go. A final word about one that is WAITING again or UNKNOWN (a late receipt) ends it. */
void dispatch_done(
        struct dispatch *dispatch, int64_t id, int verdict, int64_t retry_after, int64_t now);
/* The agent died with this one in its hands. */
void dispatch_lost(struct dispatch *dispatch, int64_t id, bool began, int64_t now);
/* Cancelled or authority lost: this delivery becomes WITHDRAWN; one in SENDING only if its attempt
 * fails; one that is parked UNKNOWN is forgotten, without a change. `reason` must live as long as
 * the dispatch. */
void dispatch_withdraw(struct dispatch *dispatch, int64_t id, const char *reason, int64_t now);
/* An officer holds this one back, or lets it go again: held, it is not handed out, and one that is
 * in flight waits when it comes back. It expires, is overtaken and is withdrawn all the same. Let
 * go, it has no back-off to wait for: its far side may have been back meanwhile. */
void dispatch_hold_back(struct dispatch *dispatch, int64_t id, bool held, int64_t now);
/* The far side is back (an agent said hello, a probe went well): what waits for back-off is due at
 * once. What waits for a time the caller gave (`due`) or for its chain goes on waiting. */
void dispatch_target_back(struct dispatch *dispatch, int target, int64_t now);
/* How many jobs the agent of this lane takes at once; 0 = not known. From four on, one place is
 * kept for red. DISPATCH_ALL: of a far side without lanes. */
void dispatch_set_window(struct dispatch *dispatch, int target, enum dispatch_lane lane, int most);
/* The channel has looked for itself, by a call the public does not see: does the far side answer?
 * Ill: all but red waits until it says well, or for back_off_most. Well: as dispatch_target_back.
 */
void dispatch_far(
        struct dispatch *dispatch, int target, enum dispatch_lane lane, bool well, int64_t now);
/* Nobody looks any more (the agent is gone): what waits for its word waits for a pause instead. */
void dispatch_far_unknown(
        struct dispatch *dispatch, int target, enum dispatch_lane lane, int64_t now);
/* Quiet hours of this far side: what ranks no higher than its quiet_rank waits until then (boot
 * ms); 0 = they are over. */
void dispatch_set_quiet(struct dispatch *dispatch, int target, int64_t until);

/* The wall clock was set by `step` ms (forward: positive): what expires, or waits for a time of the
 * caller's, does so that much sooner. What has ended stays so. */
void dispatch_clock_stepped(struct dispatch *dispatch, int64_t step, int64_t now);

/* Ends what has expired. dispatch_next does so too; without an agent nobody calls that, so call
 * this when dispatch_wake says so. */
void dispatch_tick(struct dispatch *dispatch, int64_t now);
bool dispatch_take_change(struct dispatch *dispatch, struct dispatch_change *out);
/* When something may become due (that is not due already) or expires, not before now; INT64_MAX =
 * never. */
int64_t dispatch_wake(const struct dispatch *dispatch, int64_t now);

/* Would one of this level_rank that comes now be handed out at once, and to a far side that answers
 * promptly? */
bool dispatch_prompt(const struct dispatch *dispatch, int target, int rank, int64_t now);

/* What a lane holds and how it does, for whoever shows it. */
struct dispatch_lane_now {
	size_t waiting[5]; /* by level_rank */
	size_t sending, parked;
	int window; /* in flight at most, of what is not red; 0 = no limit known */
	bool open;  /* the breaker: the far side says nothing */
};
void dispatch_lane_look(const struct dispatch *dispatch, int target, enum dispatch_lane lane,
        struct dispatch_lane_now *out);

#endif
