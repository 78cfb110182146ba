/* SPDX-License-Identifier: Apache-2.0
 * exchange - see exchange.h. Relies on http.h for deadlines: every request ends by its job's, so
 * this returns.
 */
#include "exchange.h"

#include "reply.h"
#include "when.h"

enum { LOOK_EVERY = 10, WAIT_MOST = 1000 }; /* ms */

bool exchange_may_start(const struct channel *channel, const struct channel_job *job, int64_t boot,
        int64_t now, struct channel_receipt *receipt)
{
	bool bulletin = job->kind == CHANNEL_ISSUE && job->bulletin;

	if (!channel_carries(channel, job, receipt))
		return false;
	if (job->kind != CHANNEL_NOTE && !bulletin) {
		reply_say(receipt, CHANNEL_REJECTED,
		        "this far side carries bulletins only, no states");
		return false;
	}
	if (job->expires && now >= job->expires) {
		reply_say(receipt, CHANNEL_DEFERRED, "expired before it could be sent");
		return false;
	}
	if (boot >= job->deadline) {
		reply_say(receipt, CHANNEL_DEFERRED, "not begun before the deadline");
		return false;
	}
	return true;
}

static bool start(struct channel *channel, const struct channel_job *job, struct http *http,
        struct pace *pace, const struct exchange_rules *rules, size_t slot,
        struct channel_receipt *receipt)
{
	struct http_request request = {0};
	int64_t boot = when_boot();
	int64_t wait = pace_wait(pace, boot);

	if (!exchange_may_start(channel, job, boot, when_now(), receipt))
		return false;
	if (wait > 0) {
		reply_say(receipt, CHANNEL_DEFERRED, "over the far side's limit; held back here");
		receipt->retry_after = wait;
		return false;
	}
	if (!rules->prepare(channel, job, &request, receipt)) {
		http_request_finish(&request);
		return false;
	}
	pace_start(pace, boot);
	request.deadline = job->deadline;
	request.tag = slot;
	http_start(http, &request);
	return true;
}

static size_t free_slot(const struct channel_job *const *jobs)
{
	size_t slot = 0;

	while (jobs[slot])
		slot++;
	return slot;
}

static void take_jobs(struct channel *channel, struct channel_work *work, struct http *http,
        struct pace *pace, const struct exchange_rules *rules, const struct channel_job **jobs)
{
	const struct channel_job *job;

	while (http_in_flight(http) < rules->window && (job = work_take(work))) {
		struct channel_receipt receipt = {0};
		size_t slot = free_slot(jobs);
		if (start(channel, job, http, pace, rules, slot, &receipt))
			jobs[slot] = job;
		else
			work_done(work, job, -1, &receipt);
	}
}

/* A far side that is slow to answer one must not keep the next one, perhaps red, waiting: while
 * there is a place left, what tocsind says ends the wait. */
static bool next_answer(struct channel_work *work, struct http *http,
        const struct exchange_rules *rules, struct http_answer *answer)
{
	int wakes = http_in_flight(http) < rules->window ? work_wakes(work) : -1;

	return http_next_or(
	        http, wakes, when_boot() + (wakes < 0 ? LOOK_EVERY : WAIT_MOST), answer);
}

void exchange_deliver(struct channel *channel, struct channel_work *work, struct http *http,
        struct pace *pace, const struct exchange_rules *rules)
{
	const struct channel_job *jobs[EXCHANGE_WINDOW] = {0};
	struct http_answer answer;

	take_jobs(channel, work, http, pace, rules, jobs);
	while (http_in_flight(http)) {
		if (!next_answer(work, http, rules, &answer)) {
			take_jobs(channel, work, http, pace, rules, jobs);
			continue;
		}
		struct channel_receipt receipt = {0};
		const struct channel_job *job = jobs[answer.tag];
		jobs[answer.tag] = NULL;
		rules->judge(channel, job, &answer, &receipt);
		receipt.connect = answer.connect;
		http_answer_finish(&answer);
		work_done(work, job, -1, &receipt);
		take_jobs(channel, work, http, pace, rules, jobs);
	}
}
