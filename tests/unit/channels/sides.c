/* SPDX-License-Identifier: Apache-2.0
 * sides - see sides.h.
 */
#include "sides.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel_types.h"
#include "utf8.h"
#include "source_tree.h"

struct far far;

static struct channel *open_weibo(const char *url, const char *secret)
{
	return carried_open(
	        &channel_weibo, "url", url, "access_token", secret, "rip", "198.51.100.7", NULL);
}

static struct channel *open_wechat(const char *url, const char *secret)
{
	return carried_open(&channel_wechat, "url", url, "appid", "wx1", "secret", secret,
	        "thumb_none", "thumb-0", "thumb_red", "thumb-4", "poll", "0.05", NULL);
}

static struct channel *open_wecom(const char *url, const char *secret)
{
	return carried_open(&channel_wecom, "url", url, "key", secret, NULL);
}

static struct channel *open_webhook(const char *url, const char *secret)
{
	return carried_open(&channel_webhook, "url", url, "secret", secret, NULL);
}

const struct side sides[SIDES] = {
        {&channel_weibo, "weibo", POST, open_weibo},
        {&channel_wechat, "wechat", ARTICLE, open_wechat},
        {&channel_wecom, "wecom", "**大风蓝色预警** <font color=\"info\">测试</font>", open_wecom},
        {&channel_webhook, "webhook", "{\"headline\":\"大风\"}", open_webhook},
};

struct channel *open_side_as(const struct side *side, const char *path, const char *secret)
{
	char *url = far_url(&far, side->name, path);
	struct channel *channel = side->open(url, secret);

	free(url);
	return channel;
}

struct channel *open_side(const struct side *side)
{
	struct channel *channel = open_side_as(side, "", "good-secret-4711");

	far_forget(&far, side->name);
	return channel;
}

void expect(const char *what, const struct channel_receipt *got, enum channel_verdict want)
{
	if (got->verdict != want)
		fail_msg("%s: got %s (%s%s), want %s", what, verdict_text(got->verdict), got->proof,
		        got->reason, verdict_text(want));
	assert_true(utf8_valid(got->reason, strlen(got->reason), NULL));
	assert_true(got->verdict == CHANNEL_DELIVERED ? *got->proof : *got->reason);
}

void expect_arrived(const char *name, size_t want, size_t want_repeats)
{
	size_t repeats;
	size_t got = far_arrived(&far, name, &repeats);

	if (got != want || repeats != want_repeats)
		fail_msg("%s: got %zu arrived and %zu repeats, want %zu and %zu", name, got,
		        repeats, want, want_repeats);
}

void carry_many(struct channel *channel, const char *texts[], size_t count, size_t counts[4],
        int64_t *retry_after)
{
	struct channel_job jobs[40];
	char ids[40][32];
	struct channel_work work = {.jobs = jobs, .count = count};

	memset(counts, 0, 4 * sizeof *counts);
	for (size_t i = 0; i < count; i++) {
		snprintf(ids[i], sizeof ids[i], "many-%zu", i);
		jobs[i] = carried_job(ids[i], texts[i], 10000);
	}
	channel->type->deliver(channel, &work);
	assert_int_equal(work.answer_count, count);
	for (size_t i = 0; i < count; i++) {
		counts[work.answers[i].receipt.verdict]++;
		if (work.answers[i].receipt.verdict == CHANNEL_DEFERRED)
			*retry_after = work.answers[i].receipt.retry_after;
	}
	carried_finish(&work);
}

int sides_start(void **state)
{
	char *script = source_path("tests/doubles/far_sides.py");
	const char *const arguments[] = {script, "--until-eof", "--wechat-appid", "wx1",
	        "--wechat-secret", "good-secret-4711", "--weibo-token", "good-secret-4711",
	        "--wecom-key", "good-secret-4711", "--webhook-secret", "good-secret-4711", NULL};
	int status = 0;
	bool up = far_start(&far, arguments, &status);

	(void)state;
	/* Whoever obeys these does not get through. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	free(script);
	return up ? 0 : -1;
}

int sides_stop(void **state)
{
	(void)state;
	far_stop(&far);
	return 0;
}
