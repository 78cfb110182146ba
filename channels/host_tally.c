/* SPDX-License-Identifier: Apache-2.0
 * host_tally - a job's recipients: who is answered for, said to tocsind by the handful.
 *
 * A tally names everybody of the block whom the far side took or refused so far, so that any of
 * them may be lost or said twice. It is said when TALLY_MOST are new, or TALLY_MS have passed: that
 * many, and those in flight, are asked for once more when this process dies. Whoever was deferred,
 * or is in doubt, is in no tally.
 */
#include "host.h"

#include <stdio.h>

#include "protocol.h"
#include "when.h"

enum { TALLY_MOST = 32, TALLY_MS = 100, LISTEN_MS = 10 };

void host_say_tally(struct host *host, struct host_job *job)
{
	struct buf out;

	if (!job->unsaid)
		return;
	job->unsaid = 0;
	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_TALLY);
	frame_put_int(&out, TAG_JOB, job->number);
	frame_put(&out, TAG_BYTES, job->took, sizeof job->took);
	frame_put(&out, TAG_BYTES, job->refused, sizeof job->refused);
	frame_end(&out, mark);
	if (job->number >= 0) {
		host_keep_tally(host, job, &out);
		if (host->welcome)
			host_link_send(host, &out);
	}
	buf_finish(&out);
}

/* The end of a job whose recipients were answered one by one: the worst of their words, so that
 * tocsind tries again for those that are left. */
static void answer_by_recipients(struct host *host, struct host_job *job)
{
	struct channel_receipt receipt = {.verdict = job->worst, .retry_after = job->wait};

	if (job->worst == CHANNEL_REJECTED && job->reached)
		receipt.verdict = CHANNEL_DELIVERED;
	snprintf(receipt.proof, sizeof receipt.proof, "%zu of %zu recipients", job->reached,
	        job->recipient_count);
	if (receipt.verdict != CHANNEL_DELIVERED)
		snprintf(receipt.reason, sizeof receipt.reason,
		        "%s%zu of %zu recipients were not reached",
		        job->halted ? "called back: " : "", job->recipient_count - job->reached,
		        job->recipient_count);
	host_answer(host, job, &receipt);
}

/* Which of two words decides what becomes of the job: whoever may be tried again, then whoever is
 * in doubt. */
static enum channel_verdict worse(enum channel_verdict a, enum channel_verdict b)
{
	static const int weight[] = {[CHANNEL_DELIVERED] = 0,
	        [CHANNEL_REJECTED] = 1,
	        [CHANNEL_UNKNOWN] = 2,
	        [CHANNEL_DEFERRED] = 3};

	return weight[a] >= weight[b] ? a : b;
}

static void mark(struct host *host, struct host_job *job, int64_t number, bool taken)
{
	unsigned char *bits = taken ? job->took : job->refused;

	bits[number / 8] |= (unsigned char)(1u << (number % 8));
	job->settled++;
	if (!job->unsaid++)
		job->unsaid_since = when_boot();
	if (job->unsaid >= TALLY_MOST)
		host_say_tally(host, job);
}

void host_answer_recipient(struct host *host, struct host_job *job, size_t recipient,
        const struct channel_receipt *receipt)
{
	if (recipient >= job->recipient_count || job->answered[recipient] || job->ended)
		return;
	job->answered[recipient] = true;
	job->answered_count++;
	job->reached += receipt->verdict == CHANNEL_DELIVERED;
	job->worst = worse(job->worst, receipt->verdict);
	if (receipt->retry_after > job->wait)
		job->wait = receipt->retry_after;
	if (receipt->verdict == CHANNEL_DELIVERED || receipt->verdict == CHANNEL_REJECTED)
		mark(host, job, job->recipient_numbers[recipient],
		        receipt->verdict == CHANNEL_DELIVERED);
	if (job->answered_count == job->recipient_count)
		answer_by_recipients(host, job);
}

void host_counted(struct host *host, int64_t number, int64_t count)
{
	struct host_job *job = host_job_find(host, number);

	if (job && count > (int64_t)job->written && count <= (int64_t)job->settled)
		job->written = (size_t)count;
}

/* What the channel has in hand it learns when it asks; what waits in line does not begin. */
void host_halt(struct host *host, int64_t number)
{
	struct host_job *job = host_job_find(host, number);

	if (!job)
		return;
	job->halted = true;
	if (!job->taken)
		host_refuse(host, job, CHANNEL_DEFERRED, "called back before it began");
}

/* --- what channels ask --------------------------------------------------------------------------
 */

static void listen(struct host *host, int64_t now)
{
	host->next_listen = now + LISTEN_MS;
	host_link_connect(host);
	host_link_read(host, now);
	for (struct host_job *job = host->jobs; job; job = job->next)
		if (job->taken && !job->ended && job->unsaid && now - job->unsaid_since >= TALLY_MS)
			host_say_tally(host, job);
}

bool work_halted(struct channel_work *work, const struct channel_job *job)
{
	const struct host_job *mine = (const struct host_job *)job; /* its first member */
	int64_t now = when_boot();

	if (now >= work->host->next_listen)
		listen(work->host, now);
	return mine->halted;
}

bool work_overtaken(struct channel_work *work, const struct channel_job *job)
{
	return work->host->welcome && host_job_overtaken(work->host, (const struct host_job *)job);
}

size_t work_unwritten(struct channel_work *work, const struct channel_job *job)
{
	const struct host_job *mine = (const struct host_job *)job;

	return mine->settled - mine->written + host_kept_people(work->host, mine);
}
