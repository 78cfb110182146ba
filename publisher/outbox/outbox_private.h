/* SPDX-License-Identifier: Apache-2.0
 * outbox_private - for outbox*.c only: what the outbox holds.
 */
#ifndef TOCSIN_OUTBOX_PRIVATE_H
#define TOCSIN_OUTBOX_PRIVATE_H

#include "dispatch.h"
#include <pthread.h>
#include <stdatomic.h>

#include "lookup.h"
#include "outbox.h"
#include "steady.h"

enum { ENTRY_BUCKETS = 4096 };
/* What the record says of what a release ended, where its verb ends the chain. */
#define OUTBOX_CANCELLED "withdrawn: cancelled"

/* A delivery that is not final. */
struct entry {
	struct entry *next;
	int64_t id;
	struct issue *issue;
	int target;
	int block;
	int attempt;
	int64_t orphan_until; /* boot ms: in flight, and its agent is gone or was never there; 0 =
	                         no */
	int64_t deadline;     /* boot ms, of the attempt */
	int64_t since;        /* boot ms, of its release; 0 = before we started */
	bool marked;          /* SENDING on disk since its release, and not handed out yet */
	int64_t mark;         /* serial of the mark on its way; 0 = none */
	char digest[DIGEST_HEX]; /* of the active set sent with it */
	bool paused;             /* an officer holds its far side back: outbox_pause.c */
	bool halted;             /* its agent was told to begin nobody else of it */
	struct tally *tally;     /* of a block whose recipients are being answered; or NULL */
};

/* Blocks of a job that stay in the record (outbox_rest.c). */
struct rest {
	int64_t name; /* dispatch's id of it: negative */
	struct issue *issue;
	int target, job_kind;
	int block;     /* from this one on */
	int64_t left;  /* so many */
	int64_t since; /* boot ms, of its release; 0 = before we started */
};

/* A projection that must not newly show this one: authority was lost before it was handed there. */
struct withheld {
	char *bulletin;
	int target;
};

/* What an officer holds back: of bulletins in the set. */
struct paused {
	char *bulletin;
	int target;
};

/* A form of the house itself, for the far sides that show it: the newest only. */
struct note {
	int64_t serial; /* 0 = none yet */
	char *text, *signature;
};

/* Digests of the blocks of one audience, DIGEST_BYTES each; never changed, counted. */
struct audience_list {
	atomic_int holders;
	char *bulletin, *target;
	unsigned char *digests;
	size_t count;
};

enum { FIGURE_STEPS = 13, FIGURE_RANKS = 5, FIGURE_VERDICTS = 4 };

struct figure_delay {
	int64_t counts[FIGURE_STEPS + 1]; /* by step, the last one: longer than all */
	double sum;                       /* seconds */
};

/* What is counted for /metrics: the loop's, but for the text. */
struct figures {
	pthread_mutex_t lock;
	char *text;                             /* as of the last turn; under the lock */
	char *standing;                         /* likewise: outbox_standing.c */
	int64_t (*ended)[DELIVERY_STATE_COUNT]; /* by target */
	int64_t (*attempts)[FIGURE_VERDICTS];   /* by target */
	struct figure_delay first_byte[FIGURE_RANKS];
	struct reported *reports; /* by target: recipients by what was reported */
	int64_t refused;          /* reports about nobody */
};

/* Of single recipients, since the last round went to the record. */
struct reports {
	struct outbox_report *items;
	size_t count;
	bool writing; /* a round is on its way */
	int64_t last; /* boot ms: when the last one began */
	struct event *timer;
};

struct outbox {
	struct loop *loop;
	const struct config *config;
	struct record *record;
	struct standings *standings; /* the record thread's; not ours to end */
	struct agents *agents;
	struct dispatch *dispatch;
	struct entry *entries[ENTRY_BUCKETS];
	size_t entry_count;
	struct rest *rests;
	size_t rest_count;
	int64_t rest_names;
	struct issue **active; /* in force, by order of release */
	size_t active_count;
	struct lookup chains;         /* chain -> its issue in the set */
	struct digest_stream *stream; /* over the set so far; NULL = to be made anew */
	char digest[DIGEST_HEX];      /* of the whole set */
	struct withheld *withheld;    /* of bulletins in the set */
	size_t withheld_count;
	struct paused *paused;
	size_t paused_count;
	struct pace *paces; /* under the lock of the figures */
	size_t pace_count;
	struct event *timer; /* dispatch may have something to give */
	struct event *tick;  /* each second */
	outbox_intake intake;
	void *ctx;
	struct told_notice *told; /* notices in agents' hands */
	size_t told_count;
	int64_t state_jobs; /* numbers of CHANNEL_STATE jobs and notes, counted down from -1 */
	struct note heartbeat, index;
	int64_t notes;       /* serials given */
	atomic_uint *prompt; /* by target, a bit for each level_rank: outbox_take_prompt() */
	unsigned *ranks;     /* the same, while it is worked out */
	atomic_llong sets;   /* how often the active set has changed: outbox_sets() */
	int64_t endings;     /* entries that ended and bulletins that left the active set, so far */
	int64_t marks;       /* marks on their way through the record */
	int64_t mark_serial;
	struct figures figures;
	struct reports reports;
	struct audience_list *list; /* the record thread's alone */
	struct steady clock;
	atomic_int clock_doubtful; /* the same, for other threads */
	atomic_llong clock_offset; /* likewise */
	bool stopped;
};

struct entry *outbox_entry(struct outbox *outbox, int64_t id); /* or NULL */
/* With which its changes go to the record. Of red the way to the first byte only, so that what sick
 * far sides say keeps no red waiting; the same for all that is posted between two attempts, whose
 * order counts. */
int outbox_rank(const struct entry *entry);
/* issue: NULL for one that is UNKNOWN: it goes nowhere until an operator says so. */
void outbox_entry_add(
        struct outbox *outbox, const struct delivery *d, struct issue *issue, int64_t now);
/* As dispatch sees it: its moments are of the clock that never steps. */
struct dispatch_delivery outbox_for_dispatch(const struct outbox *outbox, const struct delivery *d,
        const struct issue *issue, int target, int64_t now);
int outbox_target_index(const struct config *config, const char *name); /* -1: no such far side */
void outbox_entry_drop(struct outbox *outbox, int64_t id);
void outbox_pump(struct outbox *outbox); /* hands out what can go, writes changes, sets the timer */

/* outbox_active.c: the set in force */
/* All of it, when nothing was in it: in order of release. */
void outbox_active_start(struct outbox *outbox, struct issue **issues, size_t count);
void outbox_active_add(struct outbox *outbox, struct issue *issue, int64_t now);
bool outbox_active_expire(struct outbox *outbox, int64_t now); /* true: something left the set */
void outbox_active_clear(struct outbox *outbox);
void outbox_active_withhold(struct outbox *outbox, const char *bulletin, int target);
bool outbox_active_is_for(const struct outbox *outbox, const struct issue *issue, int target);
/* Of what this target is to show, and how it has changed since this agent was last told: to be put
 * into a FRAME_JOB, and said to be told once that is sent. */
void outbox_active_put(struct outbox *outbox, struct agent *agent, struct buf *out);
void outbox_active_told(const struct outbox *outbox, struct agent *agent);
/* Of what this target is to show. */
void outbox_active_digest(const struct outbox *outbox, int target, char out[DIGEST_HEX]);

/* outbox_hand.c: jobs out */
void outbox_hand_out(struct outbox *outbox, struct agent *agent);
/* What outbox_take_prompt() answers. */
void outbox_look_who_is_prompt(struct outbox *outbox);

/* outbox_state.c: the set in force to a projection that shows another */
void outbox_hand_state(struct outbox *outbox, struct agent *agent);

/* The lane of a far side that an agent carries. */
enum dispatch_lane outbox_lane(const struct agent *agent);

/* outbox_orphan.c: what is in flight and in nobody's hands */
void outbox_orphans_of_gone(struct outbox *outbox, struct agent *agent, int64_t now);
void outbox_orphans_claimed(struct outbox *outbox, struct agent *agent); /* at its hello */
void outbox_orphans_lost(struct outbox *outbox, struct agent *agent, int64_t now); /* it is ready */
void outbox_orphans_look(struct outbox *outbox, int64_t now); /* nobody came in time */

/* outbox_figures.c */
void figures_init(struct figures *figures, size_t targets);
void figures_finish(struct figures *figures);
void figures_attempt(struct figures *figures, int target, int64_t verdict);
void figures_first_byte(struct figures *figures, enum level level, int64_t ms);
void outbox_figures_renew(struct outbox *outbox);
void outbox_standing_renew(struct outbox *outbox); /* outbox_standing.c */

/* outbox_clock.c: the time that expiries believe, UTC ms; deals with a clock that was set */
int64_t outbox_utc(struct outbox *outbox, int64_t boot);

/* outbox_quiet.c: quiet hours, by the wall clock */
void outbox_quiet(struct outbox *outbox, int64_t utc, int64_t now);

/* outbox_list.c. On the record thread; NULL: *err. To be let go, on any thread. */
struct audience_list *outbox_list(struct outbox *outbox, struct store *store, const char *bulletin,
        const char *target, struct err *err);
void outbox_list_let_go(struct audience_list **list);

/* outbox_note.c: forms of the house out */
void outbox_hand_note(struct outbox *outbox, struct agent *agent);
bool outbox_note_done(struct outbox *outbox, struct agent *agent,
        const struct agent_receipt *receipt); /* false: it was no note's */
void outbox_notes_clear(struct outbox *outbox);
/* The head of a FRAME_JOB. */
void outbox_put_job(struct buf *out, int64_t id, int kind, int attempt, const struct issue *issue,
        const char *text, int64_t wait, const char *digest);

/* outbox_notice.c: officers told whose turn it is */
bool outbox_notice_done(struct outbox *outbox, struct agent *agent,
        const struct agent_receipt *receipt); /* false: it was no notice's */
void outbox_notices_clear(struct outbox *outbox);

extern const struct agent_ears outbox_ears; /* outbox_hear.c */

/* outbox_forget.c: when the agent has nothing in hand, tells it what will not be named again */
void outbox_forget(struct outbox *outbox, struct agent *agent);

/* outbox_bulk.c: a block's recipients, as its agent counts them */
void outbox_tally(struct outbox *outbox, const struct agent *agent, struct entry *entry,
        const unsigned char *taken, const unsigned char *refused);
void outbox_tally_end(struct outbox *outbox, struct entry *entry); /* before its state is written */

/* Of a block's list, how many need more attempts; *people: of how many. */
int64_t outbox_block_left(
        const char *lines, const unsigned char *done, size_t done_len, int64_t *people);

/* Calls back the blocks in flight of older messages of this one's chain. */
void outbox_call_back(struct outbox *outbox, const struct issue *newer);
/* Its agent is told to begin nobody else of it, once it has it. */
void outbox_halt(struct outbox *outbox, struct entry *entry);
/* Its agent has given it back, or never got it: it waits, or ends, as dispatch knows. */
void outbox_given_back(struct outbox *outbox, struct entry *entry);

/* outbox_report.c: one that was UNKNOWN has ended in the record, by what was reported */
void outbox_known_by_reports(struct outbox *outbox, int64_t delivery);

/* outbox_rest.c: what waits in the record only */
void outbox_rest_add(struct outbox *outbox, const struct delivery_rest *place, struct issue *issue,
        int64_t since, int64_t now);
void outbox_rests_wished(struct outbox *outbox); /* after dispatch was asked: reads what it wants */
/* known: the record itself has told. */
void outbox_rest_ended(struct outbox *outbox, const struct dispatch_change *change, bool known);
void outbox_rests_withdraw(struct outbox *outbox, const struct issue *newer, int64_t now);
void outbox_rests_hold_back(
        struct outbox *outbox, const char *bulletin, int target, bool on, int64_t now);
void outbox_rests_clear(struct outbox *outbox);

/* outbox_pause.c: what an officer holds back */
bool outbox_is_paused(const struct outbox *outbox, const char *bulletin, int target);
void outbox_pause(struct outbox *outbox, const char *bulletin, int target, bool on);
/* An entry that is new here, of a bulletin that may be paused there. */
void outbox_pause_entry(struct outbox *outbox, const struct delivery *d, int target, int64_t now);
void outbox_pauses_over(struct outbox *outbox); /* of bulletins no longer in force */
void outbox_pauses_clear(struct outbox *outbox);

/* outbox_pace.c: how many recipients were answered for, just now */
void outbox_pace_add(struct outbox *outbox, const struct entry *entry, int64_t recipients);
void outbox_paces_clear(struct outbox *outbox);

/* outbox_change.c: what must be on disk. proof and far_id may be NULL; ack_* name the agent to
 * tell. */
struct outbox_proof {
	int64_t id;
	const char *proof, *reason, *far_id;
	const struct agent *agent;
};
void outbox_write_changes(struct outbox *outbox, const struct outbox_proof *proof);
/* The same, of what the record itself has told: what this newer message of a chain has ended. */
void outbox_changes_known(struct outbox *outbox, const struct issue *newer);
/* Marked in its release and not handed out: WAITING after all. */
void outbox_write_unmarked(struct outbox *outbox, const struct entry *entry);
void outbox_write_report(
        struct outbox *outbox, const char *target, const struct agent_receipt *report);
void outbox_write_expired(struct outbox *outbox, const struct issue *issue);

#endif
