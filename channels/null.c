/* SPDX-License-Identifier: Apache-2.0
 * null - the double that says yes to everything and counts. For tests, rehearsals and measuring
 * what the rest of the house costs. Carries one job at a time; cannot fail.
 */
#include "channel.h"

#include <poll.h>
#include <stdio.h>

#include "channel_types.h"
#include "when.h"

struct null_channel {
	struct channel channel;
	long delay_ms, rate;
	long long count;
	char digest[DIGEST_HEX];
};

static const struct option rows[] = {
        {"delay_ms", OPTION_NUMBER, offsetof(struct null_channel, delay_ms), "0", 0, 60000,
                "How long each job takes, in milliseconds.", "每个任务耗时（毫秒）。"},
        {"rate", OPTION_NUMBER, offsetof(struct null_channel, rate), "0", 0, 1000000,
                "Recipients a second (0: no limit).", "每秒接收人数（0 为不限）。"},
        {0},
};

static bool null_open(struct channel *channel, struct err *err)
{
	(void)channel;
	(void)err;
	return true;
}

/* As a slow far side would: never past the job's deadline. */
static bool waited(int64_t ms, int64_t deadline)
{
	int64_t until = when_boot() + ms;

	while (when_boot() < until) {
		if (when_boot() >= deadline)
			return false;
		poll(NULL, 0, (int)(until - when_boot() > 20 ? 20 : until - when_boot()));
	}
	return true;
}

static void carry_whole(
        struct null_channel *null, const struct channel_job *job, struct channel_receipt *receipt)
{
	if (!waited(null->delay_ms, job->deadline)) {
		receipt->verdict = CHANNEL_DEFERRED;
		snprintf(receipt->reason, sizeof receipt->reason,
		        "the delay is longer than the deadline");
		return;
	}
	snprintf(receipt->proof, sizeof receipt->proof, "null job=%lld", ++null->count);
	if (digest_is_hex(job->active_digest))
		snprintf(null->digest, sizeof null->digest, "%s", job->active_digest);
}

/* One after the other, no faster than `rate`; no place of the pace is lost to sleeping too long. */
static void carry_recipients(
        struct null_channel *null, struct channel_work *work, const struct channel_job *job)
{
	struct channel_receipt yes = {.verdict = CHANNEL_DELIVERED, .proof = "null"};
	struct channel_receipt no = {
	        .verdict = CHANNEL_DEFERRED, .reason = "called back, or too late"};
	int64_t start = when_boot();
	bool on = true;

	for (size_t i = 0; i < job->recipient_count; i++) {
		int64_t due = null->rate ? start + (int64_t)i * 1000 / null->rate : start;
		while (on && !work_halted(work, job) && when_boot() < due)
			poll(NULL, 0, 1);
		on = on && !work_halted(work, job) && when_boot() < job->deadline;
		null->count += on;
		work_done(work, job, (int)i, on ? &yes : &no);
	}
}

static void null_deliver(struct channel *channel, struct channel_work *work)
{
	struct null_channel *null = (struct null_channel *)channel;
	const struct channel_job *job;

	while ((job = work_take(work))) {
		struct channel_receipt receipt = {.verdict = CHANNEL_DELIVERED};
		carry_whole(null, job, &receipt);
		if (receipt.verdict == CHANNEL_DELIVERED && job->recipient_count)
			carry_recipients(null, work, job);
		work_done(work, job, -1, &receipt);
	}
}

static void null_held(struct channel *channel, char digest[65])
{
	snprintf(digest, DIGEST_HEX, "%s", ((struct null_channel *)channel)->digest);
}

static void null_close(struct channel *channel)
{
	(void)channel;
}

const struct channel_type channel_null = {
        .name = "null",
        .size = sizeof(struct null_channel),
        .options = rows,
        .notes = (1u << STATUS_FORM_COUNT) - 1,
        .takes_key = true,
        .projection = true,
        .window = 64,
        .open = null_open,
        .deliver = null_deliver,
        .held = null_held,
        .close = null_close,
};
