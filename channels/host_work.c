/* SPDX-License-Identifier: Apache-2.0
 * host_work - the work a channel pulls and answers, and one log line per attempt.
 *
 * Before a channel sees a job, it was checked (host_check.c) and tocsind was told `began`; when
 * that could not be said, the job is not begun. Every job taken is answered once: what the channel
 * leaves open, the host answers for it.
 */
#include "host.h"

#include <stdio.h>
#include <string.h>

#include "log.h"
#include "protocol.h"
#include "utf8.h"
#include "when.h"

/* Milliseconds past a deadline, and before a first job, until the guard bites. */
enum { GRACE = 2000, PATIENCE = 5000 };

static const char *const verdicts[] = {
        [CHANNEL_DELIVERED] = "delivered",
        [CHANNEL_DEFERRED] = "deferred",
        [CHANNEL_REJECTED] = "rejected",
        [CHANNEL_UNKNOWN] = "unknown",
};

static const char *const kinds[] = {
        [CHANNEL_ISSUE] = "issue",
        [CHANNEL_CLEAR] = "clear",
        [CHANNEL_STATE] = "state",
        [CHANNEL_NOTE] = "note",
};

/* The line of an attempt. delays = in the queue here / connecting / sending; the second is 0 where
 * the channel keeps its connection. */
static void log_attempt(
        const struct host *host, const struct host_job *job, const struct channel_receipt *receipt)
{
	char number[24], attempt[12], delays[64];
	int64_t now = when_boot();
	int64_t began = job->began ? job->began : now;
	bool good = receipt->verdict == CHANNEL_DELIVERED;

	snprintf(number, sizeof number, "%lld", (long long)job->number);
	snprintf(attempt, sizeof attempt, "%d", job->job.attempt);
	snprintf(delays, sizeof delays, "%.3f/%.3f/%.3f", (double)(began - job->received) / 1000,
	        (double)receipt->connect / 1000, (double)(now - began - receipt->connect) / 1000);
	log_event(good ? LOG_INFO : LOG_WARN, "attempt", "far", host->name, "lane", host->lane,
	        "bulletin", job->bulletin ? job->bulletin->shown.view.identifier : NULL, "kind",
	        kinds[job->job.kind], "job", number, "attempt", attempt, "status",
	        verdicts[receipt->verdict], "delays", delays, "proof",
	        *receipt->proof ? receipt->proof : NULL, "far_id",
	        *receipt->far_id ? receipt->far_id : NULL, "reason",
	        *receipt->reason ? receipt->reason : NULL, NULL);
}

void host_put_ready(struct host *host, struct buf *out)
{
	long window = host->channel ? host->channel->type->window : 0;
	long in_hand = (long)host_jobs_in_hand(host);

	if (!host->open || host->finishing || host_stopping() || in_hand >= window)
		return;
	size_t mark = frame_begin(out, FRAME_READY);
	frame_put_int(out, TAG_COUNT, window - in_hand);
	frame_end(out, mark);
}

/* A receipt is text from a far side: what is not UTF-8 would spoil the frame, so it is told
 * instead. */
static const char *clean(const char *text)
{
	return utf8_valid(text, strlen(text), NULL) ? text : "(not UTF-8)";
}

static void send_receipt(
        struct host *host, const struct host_job *job, const struct channel_receipt *receipt)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_RECEIPT);
	frame_put_int(&out, TAG_JOB, job->number);
	frame_put_int(&out, TAG_VERDICT, receipt->verdict);
	frame_put_text(&out, TAG_PROOF, clean(receipt->proof));
	frame_put_text(&out, TAG_REASON, clean(receipt->reason));
	frame_put_text(&out, TAG_FAR_ID, clean(receipt->far_id));
	frame_put_int(&out, TAG_WAIT, receipt->retry_after);
	frame_end(&out, mark);
	/* A job without a number of the record (a state, a heartbeat) is tocsind's question of the
	 * moment: its answer is worth nothing to the next tocsind. */
	if (job->number >= 0)
		host_keep(host, job, receipt->verdict == CHANNEL_DELIVERED, &out);
	host_put_ready(host, &out);
	if (host->welcome)
		host_link_send(host, &out);
	buf_finish(&out);
}

void host_answer(struct host *host, struct host_job *job, const struct channel_receipt *receipt)
{
	if (job->ended)
		return;
	job->ended = true;
	log_attempt(host, job, receipt);
	if (job->taken)
		host_far_note(host, receipt);
	host_say_tally(host, job);
	send_receipt(host, job, receipt);
}

void work_done(struct channel_work *work, const struct channel_job *job, int recipient,
        const struct channel_receipt *receipt)
{
	struct host_job *mine = (struct host_job *)job; /* its first member */

	if (recipient >= 0) {
		host_answer_recipient(work->host, mine, (size_t)recipient, receipt);
		return;
	}
	host_answer(work->host, mine, receipt);
	mine->let_go = true;
}

void work_report(
        struct channel_work *work, const char *far_id, const struct channel_receipt *receipt)
{
	struct host *host = work->host;
	struct buf out;

	log_event(LOG_INFO, "report", "far", host->name, "far_id", far_id, "status",
	        verdicts[receipt->verdict], "proof", receipt->proof, NULL);
	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_REPORT);
	frame_put_text(&out, TAG_FAR_ID, clean(far_id));
	frame_put_int(&out, TAG_VERDICT, receipt->verdict);
	frame_put_text(&out, TAG_PROOF, clean(receipt->proof));
	frame_put_text(&out, TAG_REASON, clean(receipt->reason));
	frame_end(&out, mark);
	if (!host->welcome)
		buf_add(&host->reports, out.data, out.len);
	else
		host_link_send(host, &out);
	buf_finish(&out);
}

static bool say_began(struct host *host, struct host_job *job)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_BEGAN);
	frame_put_int(&out, TAG_JOB, job->number);
	frame_end(&out, mark);
	bool said = host_link_send(host, &out);
	buf_finish(&out);
	return said;
}

void host_refuse(
        struct host *host, struct host_job *job, enum channel_verdict verdict, const char *why)
{
	struct channel_receipt receipt = {.verdict = verdict};

	snprintf(receipt.reason, sizeof receipt.reason, "%.*s",
	        (int)utf8_cut(why, sizeof receipt.reason - 1), why);
	host_answer(host, job, &receipt);
}

/* The time that expiries believe; of a clock that was set tocsind tells. */
static int64_t host_utc(struct host *host, int64_t utc)
{
	int64_t boot = when_boot();
	int64_t step;

	steady_look(&host->clock, utc, boot, &step);
	return steady_now(&host->clock, boot);
}

/* May this one begin? Otherwise it has been answered. */
static bool may_begin(struct host *host, struct host_job *job)
{
	struct err err = {0};

	if (!host_set_turn(host, job, &err)) {
		host_link_close(host, err.en); /* and the job with it, to be handed out again */
		return false;
	}
	if (host_kept_delivered(host, job->number, job->id)) {
		/* tocsind forgot that we have it, or had not yet read it: the receipt is on its way
		 * again. */
		job->ended = true;
		host_kept_send(host);
		return false;
	}
	if (when_boot() >= job->job.deadline) {
		host_refuse(
		        host, job, CHANNEL_DEFERRED, "its deadline passed before it could begin");
		return false;
	}
	int64_t utc = when_now();
	int64_t believed = host_utc(host, utc);
	if (host_check(host, job, believed, &err)) {
		job->job.skew = utc - believed;
		if (job->job.expires) /* as the channel's own look at the clock will see it */
			job->job.expires += job->job.skew;
		return true;
	}
	log_event(LOG_ERROR, "refused", "far", host->name, "bulletin",
	        job->bulletin ? job->bulletin->id : NULL, "reason", err.en, "zh", err.zh, NULL);
	host_refuse(host, job, CHANNEL_REJECTED, err.en);
	return false;
}

/* Until the latest deadline of what is in flight, and a little. */
static void guard_flight(const struct host *host)
{
	int64_t latest = 0;

	for (const struct host_job *job = host->jobs; job; job = job->next)
		if (job->taken && !job->ended && job->job.deadline > latest)
			latest = job->job.deadline;
	host_guard(latest - when_boot() + GRACE);
}

const struct channel_job *work_take(struct channel_work *work)
{
	struct host *host = work->host;
	struct host_job *job;

	host_jobs_drop_done(host);
	host_link_connect(host); /* tocsind may have died and be back: red must not wait for us */
	host_link_read(host, when_boot());
	while (host->welcome && !host->finishing && !host_stopping() &&
	        (job = host_job_next(host))) {
		if (!may_begin(host, job))
			continue;
		job->began = when_boot();
		job->taken = true;
		if (!say_began(host, job)) {
			job->ended = true;
			return NULL;
		}
		guard_flight(host);
		return &job->job;
	}
	return NULL;
}

int work_wakes(struct channel_work *work)
{
	work->host->watched = work->host->fd >= 0;
	return work->host->fd;
}

static void answer_what_is_left(struct host *host)
{
	bool takes_key = host->channel->type->takes_key;

	for (struct host_job *job = host->jobs; job; job = job->next)
		if (job->taken && !job->ended)
			host_refuse(host, job, takes_key ? CHANNEL_DEFERRED : CHANNEL_UNKNOWN,
			        "the channel came back without an answer");
}

void host_deliver(struct host *host)
{
	struct channel_work work = {host};

	host_guard(PATIENCE);
	host->delivering = true;
	host->channel->type->deliver(host->channel, &work);
	host->delivering = false;
	host_guard(0);
	answer_what_is_left(host);
	host_jobs_drop_ended(host);
}
