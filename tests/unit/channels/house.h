/* SPDX-License-Identifier: Apache-2.0
 * house - tocsind as tocsin-channel sees it: a socket, frames, and a key that signs. Starts the
 * real program and waits for what it says; whatever does not come within ten seconds ends the test.
 */
#ifndef TOCSIN_TEST_HOUSE_H
#define TOCSIN_TEST_HOUSE_H

#include <sys/types.h>

#include "frame.h"
#include "protocol.h"
#include "signed.h"

struct house {
	char *folder, *socket;
	int listener, fd;
	struct buf in;
	struct key *key;
	pid_t agent;
	size_t in_flight;                       /* jobs the last hello named */
	const struct signed_bulletin *named[8]; /* as in force, on this connection */
	struct buf taken;                       /* the frame house_expect gave last */
};

struct house_receipt {
	int64_t job, verdict, wait;
	char *proof, *reason, *far_id;
};

enum { HOUSE_FIRST = 100 }; /* a job's first recipient, as tocsind counts them */

struct house_job {
	int64_t number;
	enum channel_job_kind kind;
	const struct signed_bulletin *bulletin;
	const char *text; /* NULL = the bulletin's */
	int64_t wait;     /* ms; 0 = 5000 */
	const struct signed_bulletin *active[8];
	const char *digest;        /* of them; NULL = as it is */
	const char *recipients[8]; /* numbered from HOUSE_FIRST on */
	int64_t block;             /* of the audience; -1 = not said */
	int done;                  /* so many of them need no more, from the first on */
};

void house_start(struct house *house);
void house_finish(struct house *house); /* ends the agent, too */
/* Both for cmocka: a house of each test's own. */
int house_setup(void **state);
int house_teardown(void **state);
void house_run_agent(struct house *house, const char *far, const char *lane, const char *mode);
int house_wait_agent(struct house *house); /* its status, as wait(2) gives it */

/* Takes the agent's connection and its hello (the digest it holds goes to `held`, which may be
 * NULL). */
void house_accept(struct house *house, char held[DIGEST_HEX]);
void house_welcome(struct house *house, const char *type, ...)
        __attribute__((sentinel)); /* name, value, ..., NULL */
void house_hang_up(struct house *house);
void house_send(struct house *house, const struct buf *frames);
void house_send_bulletin(struct house *house, const struct signed_bulletin *bulletin);
/* The list of its audience's blocks, which its jobs need. */
void house_send_audience(struct house *house, const struct signed_bulletin *bulletin);
void house_send_job(struct house *house, const struct house_job *job);
void house_send_number(
        struct house *house, uint16_t type, int64_t job); /* ACK; STOP has no field: job < 0 */

/* The next frame of this type; frames that may come any time between (READY, HOLDS) are skipped,
 * any other ends the test. The frame stays good until the next call. */
struct frame house_expect(struct house *house, uint16_t type);
void house_expect_end(
        struct house *house); /* the agent hangs up, having said nothing but READY or HOLDS */
int64_t house_expect_number(struct house *house, uint16_t type); /* BEGAN, READY */
void house_expect_receipt(struct house *house, struct house_receipt *receipt);
void house_receipt_finish(struct house_receipt *receipt);

/* The next tally of this job: so many were taken, its first recipient among them; nobody was
 * refused. */
void house_expect_tally(struct house *house, int64_t job, int count);

/* An agent for the far side "far" at work: welcome given with one setting, ready said. */
void house_at_work(struct house *house, const char *type, const char *option, const char *value);
/* The same, and it holds an ordinary bulletin. */
void house_holds_bulletin(struct house *house, const char *type, const char *option,
        const char *value, struct signed_bulletin *bulletin);
/* An ordinary job of this bulletin, which the agent begins. */
void house_begin(struct house *house, int64_t number, const struct signed_bulletin *bulletin);
/* The next receipt is for the whole of this job, with this verdict, and its reason holds these
 * words. */
void house_expect_answer(
        struct house *house, int64_t job, enum channel_verdict verdict, const char *reason);

#endif
