/* SPDX-License-Identifier: Apache-2.0
 * host - the inside of tocsin-channel, shared by the host_*.c files only.
 *
 * One thread. The loop (host.c) keeps the connection to tocsind, opens the channel, and calls
 * deliver and tend; while deliver runs, the connection is read whenever the channel asks for work.
 * What may hang is guarded by an alarm that ends the process: systemd starts it again and tocsind
 * settles the job in hand.
 */
#ifndef TOCSIN_HOST_H
#define TOCSIN_HOST_H

#include "channel.h"
#include "frame.h"
#include "key.h"
#include "log.h"
#include "manifest.h"
#include "lookup.h"
#include "options.h"
#include "steady.h"

enum {
	HOST_RECIPIENTS_MOST = 1000, /* in one job: what a block of an audience holds */
	HOST_TALLY = (HOST_RECIPIENTS_MOST + 7) / 8,
	HOST_ACTIVE_MOST = 50000,
};

/* A bulletin as this connection has it. */
struct host_bulletin {
	struct host_bulletin *next;
	char *id;
	struct channel_bulletin shown; /* what channels see */
	char *cap, *manifest, *signature;
	struct manifest filled; /* once checked and good */
	bool checked, good;
	bool ours;               /* checked, good, and approved for this far side */
	struct err why;          /* when checked and not good */
	unsigned char *audience; /* digests of its blocks, DIGEST_BYTES each; NULL = not said */
	size_t block_count;
	bool audience_checked, audience_good; /* is that the list its manifest names? */
	int users;                            /* jobs that name it, and the set in force */
	bool named, leaving;                  /* host_set.c */
	bool forgotten;
};

/* A job in hand: waiting in line, or taken by the channel. */
struct host_job {
	struct channel_job job;
	struct host_job *next;
	int64_t number;
	struct host_bulletin *bulletin;
	struct host_bulletin **leaves, **joins; /* how it changes what is in force */
	size_t leave_count, join_count;
	char *id, *text, *digest;
	char *form, *signature; /* a note: what the status key has signed, and its signature */
	struct channel_recipient *recipients;
	int64_t *recipient_numbers; /* as tocsind counts them */
	bool *answered;
	size_t recipient_count, answered_count;
	int64_t block;                 /* of the bulletin's audience; -1 = it says none */
	size_t block_people;           /* in it, with those who need no more attempts */
	char block_digest[DIGEST_HEX]; /* of it, as it came */
	size_t reached;
	unsigned char took[HOST_TALLY], refused[HOST_TALLY]; /* by tocsind's numbers */
	size_t settled;                                      /* recipients in either */
	size_t unsaid;                                       /* of them, in no tally yet */
	int64_t unsaid_since;
	size_t written;             /* of them, on tocsind's disk */
	bool halted;                /* tocsind has called it back */
	enum channel_verdict worst; /* of the recipients answered so far */
	int64_t wait;               /* the longest a recipient's answer asked for */
	int64_t received, began;    /* when_boot() ms */
	bool taken, ended;
	bool let_go; /* the channel has answered the whole and looks at it no more */
};

/* A receipt tocsind has not acknowledged. */
struct host_kept {
	int64_t job;
	char *key;      /* channel_job.id: the same job on a later attempt */
	char *bulletin; /* "" of a note */
	size_t people;  /* of a whole job: answered for, and not known to be on tocsind's disk */
	bool delivered; /* the whole job */
	bool tally;     /* of its recipients; there is one at most */
	char *frame;
	size_t len;
};

/* All that is in force after the job whose turn came last. */
struct host_set {
	struct host_bulletin **items; /* in order of release */
	size_t count;
	const struct channel_bulletin **shown; /* those that are good, and ours */
	size_t shown_count;
	size_t bad;  /* of the items: while there is one, no job begins */
	size_t said; /* so many there will be when the jobs in line have had their turn */
	int64_t era; /* another one since something left it */
	struct digest_stream *digest; /* over the items so far; NULL = none yet */
};

/* What the channel has found when it looked for itself. */
enum host_far { HOST_FAR_UNKNOWN, HOST_FAR_WELL, HOST_FAR_ILL };

struct host {
	const char *name, *lane, *socket;
	enum mode mode;
	struct key *alert_key;
	struct key *status_key; /* NULL = notes are refused */
	const char *signature;  /* of a notice by SMS, 【...】; "" = none */

	int fd;         /* -1 = not connected */
	struct buf in;  /* read and not yet understood */
	int64_t quiet;  /* when_boot() ms: when there was nothing to be read, last */
	bool watched;   /* since then the channel has waited for anything to be read */
	bool welcome;   /* tocsind took us */
	bool finishing; /* STOP came: nothing new is begun on this connection */
	char *settings; /* digest of the WELCOME the channel was made from */
	char *node;
	struct host_bulletin *bulletins;
	struct lookup by_id; /* those not forgotten */
	struct host_set set;
	struct host_job *jobs; /* in the order they came */
	struct host_kept *kept;
	size_t kept_count;
	struct buf reports; /* late words that came while tocsind was away */
	char trouble[768];  /* what was logged last about the connection or the opening: once is
	                       enough */
	int64_t next_connect, next_open, next_tend;
	int64_t next_listen;          /* while a channel carries a job with recipients */
	long connect_wait, open_wait; /* ms */

	struct channel *channel;
	struct steady clock; /* what expiries believe */
	bool delivering;     /* the channel is at work: it cannot be made anew now */
	bool open;
	char held[DIGEST_HEX]; /* what tocsind was told */

	enum host_far far;
	char far_why[256];
	char far_id[96];  /* of what was accepted last: something to look at */
	int far_failures; /* attempts in a row without a word */
	int64_t next_look;
};

struct channel_work {
	struct host *host;
};

/* host.c */
bool host_stopping(void); /* SIGTERM came */

/* host_loop.c */
void host_run(struct host *host); /* until SIGTERM */
/* host_link.c: the connection. A trouble closes it; the loop opens it again. */
void host_link_connect(struct host *host);
void host_link_close(struct host *host, const char *why);
bool host_link_send(
        struct host *host, const struct buf *frames); /* false: the connection is gone */
void host_link_read(struct host *host,
        int64_t until); /* waits until then (when_boot() ms) at most, or for frames */
void host_trouble(struct host *host, enum log_weight weight, const char *event,
        const char *why);                  /* logs it unless it is the same as last */
long host_back_off(long *wait, long most); /* this wait, with jitter; doubles the next */

/* host_setup.c: the channel, made from WELCOME's settings */
bool host_setup(struct host *host, struct frame *welcome, struct err *err);
void host_setup_open(struct host *host); /* tries when it is due */
void host_setup_finish(struct host *host);
void host_say_held(struct host *host); /* sends HOLDS when it has changed */

/* host_bulletin.c */
bool host_bulletin_take(struct host *host, struct frame *frame, struct err *err);
bool host_bulletin_forget(struct host *host, struct frame *frame, struct err *err);
struct host_bulletin *host_bulletin_find(const struct host *host, const char *id); /* or NULL */
struct host_bulletin *host_bulletin_use(struct host *host, const char *id);        /* likewise */
void host_bulletin_let_go(struct host *host, struct host_bulletin *bulletin);
void host_bulletins_drop(struct host *host); /* the connection ended: all that no job uses */

/* host_check.c: may this job's first byte leave? Pure. */
bool host_check_bulletin(const struct host *host, struct host_bulletin *bulletin, struct err *err);
/* Also shows the job the set in force, without what was not approved for this far side, and puts a
 * note into words. */
bool host_check(const struct host *host, struct host_job *job, int64_t now, struct err *err);

/* host_set.c: what is in force */
void host_set_read(struct host *host, struct host_job *job, struct frame *frame);
/* Its turn has come: what it says of the set is done. false: *err, and the two of us disagree. */
bool host_set_turn(struct host *host, struct host_job *job, struct err *err);
bool host_set_check(const struct host *host, struct err *err); /* is every one signed and whole? */
void host_set_job_finish(struct host *host, struct host_job *job); /* it had no turn, or has had */
void host_set_drop(struct host *host);                             /* the connection ended */

/* host_audience.c: are the recipients those of a block that was approved? */
bool host_audience_take(struct host *host, struct frame *frame, struct err *err);
bool host_check_block(
        const struct host_job *job, const struct manifest_target *target, struct err *err);

/* host_note.c: the same for a note */
bool host_check_note(const struct host *host, struct host_job *job, int64_t now, struct err *err);
bool host_signature_shaped(const char *signature, struct err *err); /* 【words】, or "" */

/* host_job.c */
bool host_job_take(struct host *host, struct frame *frame, struct err *err);
void host_jobs_drop(struct host *host, bool waiting_only);
void host_jobs_drop_ended(struct host *host); /* between two calls of deliver */
void host_jobs_drop_done(struct host *host);  /* while a channel may still look at what it holds */
struct host_job *host_job_next(struct host *host); /* the one to begin next, or NULL */
struct host_job *host_job_find(struct host *host, int64_t number); /* in hand; or NULL */
bool host_job_overtaken(struct host *host, const struct host_job *job);
size_t host_jobs_in_hand(const struct host *host);

/* host_work.c */
void host_deliver(struct host *host);
void host_answer(struct host *host, struct host_job *job,
        const struct channel_receipt *receipt); /* the whole job */
void host_refuse(struct host *host, struct host_job *job, enum channel_verdict verdict,
        const char *why); /* the same, without asking the channel */
void host_put_ready(struct host *host, struct buf *out);

/* host_tally.c: a job's recipients */
void host_answer_recipient(struct host *host, struct host_job *job, size_t recipient,
        const struct channel_receipt *receipt);
void host_say_tally(struct host *host, struct host_job *job); /* if there is anything new */
void host_counted(struct host *host, int64_t job, int64_t count);
void host_halt(struct host *host, int64_t job);

/* host_far.c: is the far side there? */
void host_far_say(struct host *host);                                         /* after a welcome */
void host_far_note(struct host *host, const struct channel_receipt *receipt); /* of an attempt */
void host_far_look(struct host *host); /* when it failed, has no tend, and can be looked at */

/* host_kept.c */
void host_keep(
        struct host *host, const struct host_job *job, bool delivered, const struct buf *frame);
void host_keep_tally(struct host *host, const struct host_job *job, const struct buf *frame);
void host_kept_ack(struct host *host, int64_t job);
void host_kept_send(struct host *host);
bool host_kept_delivered(const struct host *host, int64_t job, const char *key);
size_t host_kept_people(const struct host *host, const struct host_job *job); /* of its bulletin */
void host_kept_finish(struct host *host);

/* host_guard.c */
void host_guard_start(void);
void host_guard(int64_t ms); /* the process ends unless this is called again within ms; 0 = off */

#endif
