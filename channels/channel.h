/* SPDX-License-Identifier: Apache-2.0
 * channel - the contract between the host (one tocsin-channel process per far side and lane) and
 * the channel types.
 *
 * A channel carries jobs and says what became of them. It may block; it runs alone in its process.
 * It never retries a job, never parses CAP, never logs (the host does), never puts a secret into a
 * receipt. HTTP 200 is not success where the body says otherwise. In doubt it is DEFERRED when the
 * far side takes a key and UNKNOWN when it does not.
 */
#ifndef TOCSIN_CHANNEL_H
#define TOCSIN_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "option.h"
#include "status.h"
#include "view.h"

/* What became of one attempt. */
enum channel_verdict {
	CHANNEL_DELIVERED, /* the far side said yes; receipt->proof says how we know */
	CHANNEL_DEFERRED,  /* not known to have arrived, or known not to: the same job may be tried
	                      again */
	CHANNEL_REJECTED,  /* the far side said no, and would say no again */
	CHANNEL_UNKNOWN,   /* may have arrived, and the far side takes no key */
};

/* Why a job is carried. */
enum channel_job_kind {
	CHANNEL_ISSUE, /* a bulletin: put it there (Alert, Update, Cancel, correction alike) */
	CHANNEL_CLEAR, /* projections: this bulletin is no longer in force (expired), take it out */
	CHANNEL_STATE, /* projections: this is all that is in force; make the far side show exactly
	                  this */
	CHANNEL_NOTE, /* a form under the status key (base/status.h) and no bulletin: a notice to an
	                 officer in the host's words (`text`), or the form as it is (`form`) */
};

/* A released bulletin as an agent holds it. Borrowed by channels. */
struct channel_bulletin {
	struct view view;
	const char *cap; /* signed CAP, sent as it is */
	size_t cap_len;
	const char *manifest; /* filled, with its signature: checked by the host */
};

struct channel_recipient {
	const char *address; /* a phone number */
	const char
	        *callback; /* where the far side may report about this recipient; "" when nowhere */
};

struct channel_job {
	const char *id; /* the same on every attempt: the key, where the far side takes one */
	enum channel_job_kind kind;
	int attempt;                             /* 1 at first */
	const struct channel_bulletin *bulletin; /* ISSUE, CLEAR; else NULL */
	const char
	        *text; /* the text approved for this far side, filled; "" when its kind has none */
	const struct channel_recipient *recipients; /* SMS; the ones still to be reached */
	size_t recipient_count;
	const struct channel_bulletin *const
	        *active; /* ISSUE, CLEAR, STATE of projections: all in force after this job, in
	                    order of release. The list is good until the next work_take, work_done
	                    or return */
	size_t active_count;
	int64_t active_era; /* the same as an earlier job's: nothing has left the list since, it has
	                       only grown at its end; 0 = nothing is known */
	const char
	        *active_digest; /* of that set; the channel keeps it at the far side (see `held`) */
	enum status_form note;  /* NOTE: which form */
	const char *form;       /* NOTE: as it was signed; "" for others */
	const char *signature;  /* NOTE: the status key's, base64 */
	int64_t sequence;       /* MQTT: number on the topic root; 0 = none */
	int64_t deadline;       /* when_boot() ms: give up by then */
	int64_t expires;        /* when_now() ms: not a byte after this */
	int64_t skew; /* ms: when_now() less the time that is believed; 0 unless the clock is in
	                 doubt */
};

struct channel_receipt {
	enum channel_verdict verdict;
	char proof[192];  /* "PUBACK mid=7 reason=0", "HTTP 202 0: Accepted for delivery" */
	char reason[256]; /* one sentence (English) when not delivered; never a secret */
	char far_id[96];  /* the far side's name for it, for late reports and look-ups; "" when none
	                   */
	int64_t retry_after; /* ms the far side asked us to wait; 0 = nothing said */
	int64_t connect; /* ms it took to connect for it; 0 = it was connected, or is not known */
};

/* How many recipients of one bulletin may be in flight or known to nobody else (work_unwritten):
 * that many may get a message twice when the channel and tocsind die at once. */
enum { CHANNEL_UNWRITTEN_MOST = 128 };

/* The jobs of one `deliver` call. Given by the host. */
struct channel_work;
/* The next job, or NULL: none now (answer what is in flight, then return). The host has told
 * tocsind `began` before this returns. */
const struct channel_job *work_take(struct channel_work *work);
/* For a channel that waits for its far side with a place left: a descriptor that can be read as
 * soon as work_take is worth asking. It is waited on until then. -1: there is none just now, ask
 * every few milliseconds. */
int work_wakes(struct channel_work *work);
/* The answer to a job, or to one of its recipients (index; -1 = the whole job). Every job taken is
 * answered, every recipient of a job with recipients is answered, or the whole job. After the word
 * about the whole, the next work_take may end the job's life. */
void work_done(struct channel_work *work, const struct channel_job *job, int recipient,
        const struct channel_receipt *receipt);
/* Of a job with recipients, asked before each of them is begun and while answers are awaited: was
 * it called back (its warning was cancelled or replaced, or an officer paused it)? Then nobody else
 * of it is begun; whoever was not is answered DEFERRED. Cheap: it looks at most every 10 ms. */
bool work_halted(struct channel_work *work, const struct channel_job *job);
/* Does a job wait that goes before this one (a red before an orange)? */
bool work_overtaken(struct channel_work *work, const struct channel_job *job);
/* Recipients of the job's bulletin answered for whom nobody but this process knows, in its blocks
 * that ended too: those it would be asked to carry again if it died now, together with those in
 * flight. */
size_t work_unwritten(struct channel_work *work, const struct channel_job *job);
/* A late word about something carried earlier (by far_id), from `tend` or `look`. */
void work_report(
        struct channel_work *work, const char *far_id, const struct channel_receipt *receipt);

/* From `tend`: the channel has looked for itself, by a call that nobody outside sees, and the far
 * side answers, or does not and why. A channel that says it once says it at every look: tocsind
 * then sends nothing but red until it is well again. Repeats cost nothing. */
void work_far(struct channel_work *work, bool well, const char *why);

/* Head of every instance. Filled by the host before open(). */
struct channel {
	const struct channel_type *type;
	const char *name; /* of the far side, in the settings */
	const char *lane; /* "urgent", "routine", or "all" */
	enum mode mode;
	const char *node; /* this instance's name */
	void *host;
};

struct channel_type {
	const char *name; /* the channel kind: mqtt, website, sms, ... */
	size_t size;      /* of one instance; zeroed and filled from the options by the host */
	const struct option
	        *options; /* option.h; ends with a NULL name; offsets into the instance */
	bool lanes;       /* true: an urgent and a routine process; false: one */
	bool takes_key;   /* the far side drops a repeat of the same id */
	bool projection;  /* it mirrors the active set (website, mqtt) */
	bool recipients;  /* its jobs carry recipients */
	unsigned notes;   /* forms it carries as CHANNEL_NOTE, bits 1u << form; others it REJECTs */
	long window;      /* jobs in flight at most */
	long rate; /* jobs (or recipients) a minute the far side allows; 0 = no limit known */
	bool (*open)(struct channel *channel, struct err *err);
	void (*deliver)(struct channel *channel, struct channel_work *work);
	void (*tend)(struct channel *channel,
	        struct channel_work *work); /* at least every second when idle; may be NULL */
	/* The digest of the active set the far side shows (projections), 64 hex digits or "": asked
	 * after open, and after the far side may have lost its memory. May be NULL. */
	void (*held)(struct channel *channel, char digest[65]);
	/* What the far side shows under far_id, as text; false + *err when it cannot be had. May be
	 * NULL. Of a type without `tend` the host asks it, about what was accepted last, to learn
	 * whether a far side that failed is back. */
	bool (*look)(struct channel *channel, const char *far_id, struct buf *out, struct err *err);
	void (*close)(struct channel *channel); /* safe after a failed open, and twice */
};

/* Is the job none, or one of the notes this type carries? false: *receipt says REJECTED. Every type
 * asks before it looks at a job. */
bool channel_carries(const struct channel *channel, const struct channel_job *job,
        struct channel_receipt *receipt);

extern const struct channel_type *const channel_types[]; /* channel_table.c; ends with NULL */
const struct channel_type *channel_type_find(const char *name); /* or NULL */

#endif
