/* SPDX-License-Identifier: Apache-2.0
 * carried - the host's side of the channel contract for tests: gives out the jobs of a table and
 * keeps what was answered. Also makes instances from settings, with secrets in files of their own.
 */
#ifndef TOCSIN_TEST_CARRIED_H
#define TOCSIN_TEST_CARRIED_H

#include "channel.h"
#include "digest.h"

struct carried_answer {
	const struct channel_job *job;
	int recipient;
	struct channel_receipt receipt;
};

struct channel_work {
	const struct channel_job *jobs;
	size_t count, next;
	size_t halt_after;              /* so many answers, then jobs are called back; 0 = never */
	struct carried_answer *answers; /* in order */
	size_t answer_count;
	struct carried_answer *reports; /* job NULL */
	size_t report_count;
	int far; /* what work_far said last: 1 well, -1 ill, 0 nothing */
	char far_why[256];
};

void carried_finish(struct channel_work *work);

/* The answer to the whole job, or NULL. */
const struct channel_receipt *carried_whole(
        const struct channel_work *work, const struct channel_job *job);

const char *verdict_text(enum channel_verdict verdict);

/* settings: name, value, ..., NULL. A SECRET's value is written to a file first. Opened; a failure
 * ends the test. */
struct channel *carried_open(const struct channel_type *type, ...) __attribute__((sentinel));
void carried_close(struct channel **channel); /* twice, as anybody may */
/* Delivers one job and returns its answer (kept in *work, which is emptied first). */
const struct channel_receipt *carried_deliver(
        struct channel *channel, struct channel_work *work, const struct channel_job *job);

/* Delivers one warning as the only one in force; its number may be told by `identifier`. digest: of
 * the set that is to be shown then. */
enum channel_verdict carried_issue(struct channel *channel, struct channel_work *work,
        const char *identifier, char digest[DIGEST_HEX]);
/* Tends the channel until it says that its far side is well (1) or ill (-1); ten seconds end the
 * test. */
void carried_tend_until(struct channel *channel, struct channel_work *work, int far);

/* A red warning for one second from now, with `text`, due `ms` from now. The bulletin is shared and
 * static. */
struct channel_job carried_job(const char *id, const char *text, int64_t ms);

#endif
