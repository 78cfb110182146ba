/* SPDX-License-Identifier: Apache-2.0
 * null - the double that says yes to everything and counts. For tests, rehearsals and measuring
 * what the rest of the house costs. Carries one job at a time; fails only where its ledger cannot
 * be written.
 *
 * The ledger is its far side: whoever stands there was told, whatever becomes of this process.
 */
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "channel_types.h"
#include "when.h"

struct null_channel {
	struct channel channel;
	long delay_ms, rate, unwritten;
	char *ledger;
	bool writes; /* the ledger is open: */
	int fd;
	long long count;
	char digest[DIGEST_HEX];
};

static const struct option rows[] = {
        {"delay_ms", OPTION_NUMBER, offsetof(struct null_channel, delay_ms), "0", 0, 60000,
                "How long each job takes, in milliseconds.", "每个任务耗时（毫秒）。"},
        {"rate", OPTION_NUMBER, offsetof(struct null_channel, rate), "0", 0, 1000000,
                "Recipients a second (0: no limit).", "每秒接收人数（0 为不限）。"},
        {"unwritten", OPTION_NUMBER, offsetof(struct null_channel, unwritten), "0", 0, 1000000,
                "Recipients of a bulletin at most that are answered for and on no disk yet (0: no "
                "limit; sms holds 128).",
                "已答复而尚未落盘的接收人至多几个（0 为不限）。"},
        {"ledger", OPTION_TEXT, offsetof(struct null_channel, ledger), "", 0, 0,
                "A file that every recipient is written to: moment (ms), number, identifier.",
                "逐一记下接收人的文件。"},
        {0},
};

static bool null_open(struct channel *channel, struct err *err)
{
	struct null_channel *null = (struct null_channel *)channel;

	if (!*null->ledger)
		return true;
	null->fd = open(null->ledger, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	null->writes = null->fd >= 0;
	return null->writes ||
	       err_set(err, ERR_CONFIG, "无法写入 ledger %s：%s",
	               "the ledger %s cannot be written: %s", null->ledger, strerror(errno));
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

/* In one piece, before anybody is told of it. */
static bool told(const struct null_channel *null, const struct channel_job *job, size_t i)
{
	char line[256];

	if (!null->writes)
		return true;
	int len = snprintf(line, sizeof line, "%lld %s %s\n", (long long)when_now(),
	        job->recipients[i].address, job->bulletin ? job->bulletin->view.identifier : "-");
	return len < (int)sizeof line && write(null->fd, line, (size_t)len) == len;
}

static bool must_wait(const struct null_channel *null, struct channel_work *work,
        const struct channel_job *job, int64_t due)
{
	int64_t now = when_boot();

	return now < job->deadline &&
	       (now < due ||
	               (null->unwritten && work_unwritten(work, job) >= (size_t)null->unwritten));
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
		while (on && !work_halted(work, job) && must_wait(null, work, job, due))
			poll(NULL, 0, 1);
		on = on && !work_halted(work, job) && when_boot() < job->deadline &&
		     told(null, job, i);
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
	struct null_channel *null = (struct null_channel *)channel;

	if (null->writes)
		close(null->fd);
	null->writes = false;
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
