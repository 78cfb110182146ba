/* SPDX-License-Identifier: Apache-2.0
 * agent - one connection per tocsin-channel or tocsin-source: hello, jobs out, receipts in, gone.
 *
 * Lives in the loop. Who is at the other end: the kernel says (SO_PEERCRED): our own user or root.
 * One holder per name and lane; a second hello is refused. Knows frames and connections; what to
 * send, and what an answer means, the outbox decides.
 */
#ifndef TOCSIN_AGENT_H
#define TOCSIN_AGENT_H

#include "bulletin.h"
#include "config.h"
#include "issue.h"
#include "loop.h"
#include "lookup.h"

struct agent {
	struct agents *all;
	struct agent *next;
	struct bufferevent *stream;
	bool welcome; /* said hello and was taken */
	bool source;
	char *name;
	char *lane;             /* "urgent", "routine", "all" */
	int index;              /* of the target or source in the settings */
	int64_t free;           /* jobs it takes now */
	bool ready;             /* it has said so once: what it holds is known */
	char holds[DIGEST_HEX]; /* active set its far side shows; "" = not known */
	struct lookup sent;     /* bulletins this connection has: id -> issue's `words` */
	struct lookup listed;   /* those whose audience's list it has, too */
	int64_t forgot_at;      /* the outbox's `endings` when it was last told to forget */
	size_t named;           /* so many of the active set, from its start, it was told of; */
	struct texts ended;     /* and what has left the set since, and was told */
	int64_t *jobs;          /* handed out and not answered */
	bool *began;
	size_t job_count;
	bool state_job;     /* a CHANNEL_STATE is on its way */
	int64_t state_mark; /* serial of the asking before it: outbox_state.c; 0 = none */
	int64_t note_job;   /* the number of a note of the house's own on its way; 0 = none */
	int64_t noted;      /* serial of the last one it has taken */
};

enum { AGENT_TALLY = (AUDIENCE_BLOCK + 7) / 8 };

struct agent_receipt {
	int64_t job, verdict, wait;
	char *proof, *reason, *far_id;
};

/* What the outbox wants to hear. All on the loop thread. */
struct agent_ears {
	void (*hello)(void *ctx, struct agent *agent);
	void (*ready)(void *ctx, struct agent *agent);
	void (*began)(void *ctx, struct agent *agent, int64_t job);
	void (*receipt)(void *ctx, struct agent *agent, const struct agent_receipt *receipt);
	/* taken and refused: bitmaps over the recipients of a block, AGENT_TALLY bytes each */
	void (*tally)(void *ctx, struct agent *agent, int64_t job, const unsigned char *taken,
	        const unsigned char *refused);
	void (*report)(void *ctx, struct agent *agent, const struct agent_receipt *report);
	void (*far)(void *ctx, struct agent *agent, bool well, const char *why);
	void (*intake)(void *ctx, struct agent *agent, int64_t number, const char *name,
	        const void *bytes, size_t len);
	void (*gone)(void *ctx, struct agent *agent);
};

struct agents;
struct agents *agents_create(
        struct loop *loop, const struct config *config, const struct agent_ears *ears, void *ctx);
bool agents_listen(struct agents *agents, struct err *err); /* from now on they may come */
void agents_destroy(struct agents **agents);
struct agent *agents_first(struct agents *agents); /* walk by ->next */
struct agent *agents_find(struct agents *agents, const char *name, const char *lane); /* or NULL */

/* Sends the bulletin unless this connection has it already. */
void agent_send_bulletin(struct agent *agent, const struct issue *issue);
/* The digests of an audience's blocks (DIGEST_BYTES each), likewise; after its bulletin. */
void agent_send_audience(
        struct agent *agent, const char *id, const unsigned char *digests, size_t count);
void agent_send(struct agent *agent, const struct buf *frames);
void agent_send_ack(struct agent *agent, int64_t job);
void agent_send_counted(struct agent *agent, int64_t job, int64_t count);
void agent_send_halt(struct agent *agent, int64_t job);
void agent_send_forget(struct agent *agent, const char *id); /* and it is out of `sent` */
void agent_send_taken(
        struct agent *agent, int64_t number, const struct err *err); /* err NULL: taken in */
void agents_stop(struct agents *agents);                             /* asks all to finish */

void agent_job_add(struct agent *agent, int64_t job);
bool agent_job_remove(struct agent *agent, int64_t job); /* false: it was not in its hands */

#endif
