/* SPDX-License-Identifier: Apache-2.0
 * sms_send - the jobs of an SMS channel on their way: recipients begun as window, pace and the
 * record's progress allow, answers taken as they come.
 *
 * A job that outranks the one in hand is taken at once and goes first, with a window of its own:
 * what is in flight is awaited beside it, and the rest goes on when it is done. So jobs in hand are
 * a stack of rising rank, and only the topmost begins anybody. A job that was called back begins
 * nobody any more. How much this process alone knows (in flight, and answered but on no disk) is
 * bounded by CHANNEL_UNWRITTEN_MOST.
 */
#include "sms.h"

#include <stdio.h>
#include <time.h>

#include "exchange.h"
#include "phone.h"
#include "reply.h"
#include "utf8.h"
#include "when.h"

enum {
	WINDOW = 32,    /* requests in flight, of one job */
	BATCHES = 8,    /* more than there are ranks */
	TAGS = 1 << 16, /* of one batch: more than a job has recipients */
	LISTEN_MS = 10, /* how often a job is asked after while answers are awaited */
	URGENT_MS = 3000,
	ROUTINE_MS = 10000, /* one request's time, within its job's */
};

/* One job on its way. */
struct batch {
	const struct channel_job *job;
	size_t next; /* the recipient to begin next */
	size_t in_flight;
	size_t counts[4]; /* answers by verdict */
	int64_t retry_after;
	bool unreachable; /* the gateway is: the rest is not tried */
	bool halted;
	char reason[128]; /* the last one */
};

struct turn {
	struct sms *sms;
	struct channel_work *work;
	struct batch batches[BATCHES];
	size_t count;
};

static void answer(
        struct turn *turn, struct batch *batch, size_t index, const struct channel_receipt *receipt)
{
	batch->counts[receipt->verdict]++;
	if (receipt->retry_after > batch->retry_after)
		batch->retry_after = receipt->retry_after;
	if (receipt->verdict != CHANNEL_DELIVERED)
		snprintf(batch->reason, sizeof batch->reason, "%.*s",
		        (int)utf8_cut(receipt->reason, sizeof batch->reason - 1), receipt->reason);
	work_done(turn->work, batch->job, (int)index, receipt);
}

/* Answers this one without asking the gateway when that cannot or may not be done. */
static bool refused(struct turn *turn, struct batch *batch, int64_t boot)
{
	const char *address = batch->job->recipients[batch->next].address;
	struct channel_receipt receipt = {0};

	if (batch->halted)
		reply_say(&receipt, CHANNEL_DEFERRED, "not begun: called back");
	else if (batch->unreachable)
		reply_say(&receipt, CHANNEL_DEFERRED, "not tried: the gateway cannot be reached");
	else if (!phone_shaped(address))
		reply_say(&receipt, CHANNEL_REJECTED, "not a phone number");
	else if (exchange_may_start(&turn->sms->channel, batch->job, boot, when_now(), &receipt))
		return false;
	answer(turn, batch, batch->next, &receipt);
	return true;
}

/* Ms until one more may begin; 0 = now. Whoever only is to be refused waits for nothing. */
static int64_t must_wait(const struct turn *turn, const struct batch *batch, int64_t boot)
{
	if (batch->halted || batch->unreachable || boot >= batch->job->deadline)
		return 0;
	if (batch->in_flight >= WINDOW ||
	        batch->in_flight + work_unwritten(turn->work, batch->job) >= CHANNEL_UNWRITTEN_MOST)
		return LISTEN_MS;
	return pace_wait(&turn->sms->pace, boot);
}

static int64_t answer_by(const struct channel_job *job, int64_t boot)
{
	bool urgent =
	        job->bulletin && level_rank(job->bulletin->view.level) >= level_rank(LEVEL_ORANGE);
	int64_t until = boot + (urgent ? URGENT_MS : ROUTINE_MS);

	return until < job->deadline ? until : job->deadline;
}

/* Begins as many of the topmost job as it may. Returns ms until it may have more to do. */
static int64_t begin_some(struct turn *turn)
{
	struct batch *batch = &turn->batches[turn->count - 1];
	struct sms *sms = turn->sms;
	int64_t wait;

	while (batch->next < batch->job->recipient_count) {
		int64_t boot = when_boot();
		batch->halted = work_halted(turn->work, batch->job);
		if ((wait = must_wait(turn, batch, boot)) > 0)
			return wait < LISTEN_MS ? wait : LISTEN_MS;
		if (!refused(turn, batch, boot)) {
			pace_start(&sms->pace, boot);
			sms_start(sms, batch->job, batch->next, answer_by(batch->job, boot),
			        (turn->count - 1) * TAGS + batch->next);
			batch->in_flight++;
		}
		batch->next++;
	}
	work_halted(turn->work, batch->job); /* and what was said since goes out */
	return LISTEN_MS;
}

static void take_answer(struct turn *turn, struct http_answer *http_answer)
{
	struct batch *batch = &turn->batches[http_answer->tag / TAGS];
	struct channel_receipt receipt = {0};

	reply_hide(http_answer, turn->sms->password);
	reply_kannel(http_answer, &receipt);
	batch->unreachable |= http_answer->state == HTTP_NOT_SENT;
	batch->in_flight--;
	answer(turn, batch, http_answer->tag % TAGS, &receipt);
	http_answer_finish(http_answer);
}

/* The whole job's word: what still has to be tried decides, then what nobody knows. */
static void answer_whole(struct turn *turn, const struct batch *batch)
{
	struct channel_receipt receipt = {.retry_after = batch->retry_after};
	const size_t *n = batch->counts;
	size_t count = batch->job->recipient_count;

	receipt.verdict = n[CHANNEL_DEFERRED]    ? CHANNEL_DEFERRED
	                  : n[CHANNEL_UNKNOWN]   ? CHANNEL_UNKNOWN
	                  : n[CHANNEL_DELIVERED] ? CHANNEL_DELIVERED
	                                         : CHANNEL_REJECTED;
	snprintf(receipt.proof, sizeof receipt.proof, "the gateway took %zu of %zu",
	        n[CHANNEL_DELIVERED], count);
	if (n[CHANNEL_DELIVERED] < count)
		reply_say(&receipt, receipt.verdict, "%zu deferred, %zu refused, %zu unknown: %s",
		        n[CHANNEL_DEFERRED], n[CHANNEL_REJECTED], n[CHANNEL_UNKNOWN],
		        batch->reason);
	work_done(turn->work, batch->job, -1, &receipt);
}

static bool can_carry(
        const struct sms *sms, const struct channel_job *job, struct channel_receipt *receipt)
{
	if (!exchange_may_start(&sms->channel, job, when_boot(), when_now(), receipt))
		return false;
	if (*job->text && job->recipient_count)
		return true;
	reply_say(
	        receipt, CHANNEL_REJECTED, "the job has no %s", *job->text ? "recipients" : "text");
	return false;
}

/* Takes what goes before the job in hand, or, with nothing in hand, whatever there is. */
static void take_jobs(struct turn *turn)
{
	const struct channel_job *job;

	while (turn->count < BATCHES &&
	        (!turn->count || work_overtaken(turn->work, turn->batches[turn->count - 1].job)) &&
	        (job = work_take(turn->work))) {
		struct channel_receipt receipt = {0};
		if (can_carry(turn->sms, job, &receipt))
			turn->batches[turn->count++] = (struct batch){.job = job};
		else
			work_done(turn->work, job, -1, &receipt);
	}
}

/* Those below the topmost one end in their turn. */
static void end_topmost(struct turn *turn)
{
	while (turn->count) {
		const struct batch *batch = &turn->batches[turn->count - 1];
		if (batch->in_flight || batch->next < batch->job->recipient_count)
			return;
		answer_whole(turn, batch);
		turn->count--;
	}
}

static void wait_for_answer(struct turn *turn, int64_t ms)
{
	struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
	struct http_answer http_answer;

	if (!http_in_flight(turn->sms->http))
		nanosleep(&pause, NULL);
	else if (http_next(turn->sms->http, when_boot() + ms, &http_answer))
		take_answer(turn, &http_answer);
}

void sms_deliver(struct channel *channel, struct channel_work *work)
{
	struct turn turn = {.sms = (struct sms *)channel, .work = work};

	take_jobs(&turn);
	while (turn.count) {
		int64_t wait = begin_some(&turn);
		if (turn.batches[turn.count - 1].in_flight ||
		        turn.batches[turn.count - 1].next <
		                turn.batches[turn.count - 1].job->recipient_count)
			wait_for_answer(&turn, wait);
		end_topmost(&turn);
		take_jobs(&turn);
	}
}
