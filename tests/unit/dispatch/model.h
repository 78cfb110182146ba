/* SPDX-License-Identifier: Apache-2.0
 * model - looks at a dispatch from the outside and fails the test when a promise is broken. Naive
 * on purpose: lists and scans, nothing shared with the thing it watches.
 *
 *   (a) handed out: only what waits, is due, not expired, not withdrawn, not held back by an
 *       officer, newest of its chain, out of quiet hours, with no older one in flight before its
 *       deadline, into a free place (the last is red's); and nothing better could have gone instead
 *   (b) nothing due stays behind when a far side without limits and faults asks
 *   (c) every change is one the story allows; nothing changes after its end; every delivery ends
 *   (d) the account's limit holds over the whole run
 *   (e) what waits on disk has its rank: nothing worse goes before it but while half of what may be
 *       loaded of its job waits already; it counts as waiting; and of a job no more is loaded than
 * may
 */
#ifndef TOCSIN_DISPATCH_MODEL_H
#define TOCSIN_DISPATCH_MODEL_H

#include "dispatch.h"

enum { MODEL_TARGETS = 6, MODEL_LANES = 2, MODEL_RANKS = 5 };

struct seen {
	struct dispatch_delivery is; /* chain unused */
	int chain;
	enum delivery_state state;
	int64_t due, deadline, came;
	int64_t early; /* it may go from then on: a far side may be back without the model knowing
	                */
	bool withdrawn, backed_off, overtaken;
	bool held;                     /* by an officer */
	int job;                       /* it is a block of; 0 = of none */
	bool on_disk;                  /* it waits, and dispatch knows of it as one of a rest */
	bool said_final, said_unknown; /* what the dispatch was told about it */
	int handed, doubts;
	size_t place; /* in its list of waiting or flying */
};

/* Blocks of one release for one far side. */
struct job {
	int waiting;          /* of them those that dispatch holds */
	bool reading;         /* more of them are on their way */
	int64_t unread_until; /* they could not be read: again then */
};

struct crowd {
	int64_t *ids;
	size_t count;
};

struct model {
	struct seen *seen; /* by id; 0 unused */
	size_t count;
	struct job *jobs; /* by number; 0 unused */
	size_t job_count;
	int loaded;                       /* of a job that dispatch holds waiting, at most */
	int64_t (*newest)[MODEL_TARGETS]; /* by chain */
	size_t chain_count;
	struct dispatch_target targets[MODEL_TARGETS];
	struct crowd waiting[MODEL_TARGETS][MODEL_LANES * MODEL_RANKS]; /* by lane and rank */
	struct crowd flying[MODEL_TARGETS];
	int failures[MODEL_TARGETS][MODEL_LANES];
	int in_lane[MODEL_TARGETS][MODEL_LANES]; /* in flight */
	int most[MODEL_TARGETS];                 /* jobs an agent takes at once */
	bool ill[MODEL_TARGETS];                 /* its channel has looked and says so, then: */
	int64_t ill_at[MODEL_TARGETS];
	int64_t quiet_until[MODEL_TARGETS];
	int64_t paid[MODEL_TARGETS], biggest[MODEL_TARGETS], started, crashes;
	int64_t ends[DELIVERY_STATE_COUNT], handed;
	uint64_t trace; /* the same for the same run */
};

void model_finish(struct model *model);
void model_note(struct model *model, int64_t a, int64_t b, int64_t c);
int model_add_chain(struct model *model);
int64_t model_add(
        struct model *model, const struct dispatch_delivery *delivery, int chain); /* its id */
void model_handed(struct model *model, int64_t id, int target, enum dispatch_lane lane, int64_t now,
        int64_t deadline);
void model_idle(struct model *model, int target, enum dispatch_lane lane,
        int64_t now); /* dispatch_next gave 0 */
void model_told(struct model *model, int64_t id, bool final,
        bool unknown); /* before dispatch_done, _lost */
int model_add_job(struct model *model);
void model_join_job(struct model *model, int64_t id, int job, bool on_disk);
void model_load(struct model *model, int64_t id); /* dispatch is about to get it */
/* More of this one's job is wished for. */
void model_wished(const struct model *model, int64_t id, int64_t now);
void model_check_loaded(const struct model *model, int job, int most);
void model_check_counts(const struct model *model, const struct dispatch *dispatch);
void model_put_back(struct model *model, int64_t id);
void model_hold(struct model *model, int64_t id, bool on, int64_t now); /* an officer's word */
void model_back(struct model *model, int target, int64_t now);
/* The far side has spoken after failures: it may count as back. */
void model_may_be_back(struct model *model, int target, int64_t now);
/* tocsind died: nothing is known but what model_replay and model_end say next, of every one. */
void model_crash(struct model *model);
void model_replay(struct model *model, int64_t id, enum delivery_state state, int64_t due,
        int64_t deadline, int attempt, int doubts, bool overtaken);
void model_end(struct model *model, int64_t id, enum delivery_state state);
/* An officer's word about one that is UNKNOWN: ended, or WAITING again. */
void model_settle(struct model *model, int64_t id, enum delivery_state state);
void model_change(struct model *model, const struct dispatch_change *change, int64_t now);
int model_lane(const struct model *model, const struct seen *seen);
bool model_over(const struct model *model); /* nothing waits, nothing flies */
bool model_ended(enum delivery_state state);

#endif
