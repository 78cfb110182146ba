/* SPDX-License-Identifier: Apache-2.0
 * test_web_channels - Weibo, WeChat, WeCom and webhook against their doubles over real sockets:
 * what arrives, what every refusal and every broken connection becomes, that deadlines hold and
 * secrets stay in.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "carried.h"
#include "channel_types.h"
#include "far.h"
#include "http.h"
#include "utf8.h"
#include "when.h"

#define POST                                                                                       \
	"【测试】大风蓝色预警信号，2026年11月23日09时00分发布。详情 https://alerts.example.org/1"
#define ARTICLE                                                                                    \
	"{\"title\":\"大风蓝色预警信号\",\"digest\":\"大风\",\"author\":\"天津\","     \
	"\"content\":\"<p>请注意防范 \\\"大风\\\"</p>\"}"

static struct far far;

/* One far side: how its channel is opened, and a text it takes. */
struct side {
	const struct channel_type *type;
	const char *name, *text;
	struct channel *(*open)(const char *url, const char *secret);
};

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

static const struct side sides[] = {
        {&channel_weibo, "weibo", POST, open_weibo},
        {&channel_wechat, "wechat", ARTICLE, open_wechat},
        {&channel_wecom, "wecom", "**大风蓝色预警** <font color=\"info\">测试</font>", open_wecom},
        {&channel_webhook, "webhook", "{\"headline\":\"大风\"}", open_webhook},
};
enum { SIDES = sizeof sides / sizeof sides[0] };

static struct channel *open_side(const struct side *side)
{
	char *url = far_url(&far, side->name, "");
	struct channel *channel = side->open(url, "good-secret-4711");

	free(url);
	far_forget(&far, side->name);
	return channel;
}

static void expect(const char *what, const struct channel_receipt *got, enum channel_verdict want)
{
	if (got->verdict != want)
		fail_msg("%s: got %s (%s%s), want %s", what, verdict_text(got->verdict), got->proof,
		        got->reason, verdict_text(want));
	assert_true(utf8_valid(got->reason, strlen(got->reason), NULL));
	assert_true(got->verdict == CHANNEL_DELIVERED ? *got->proof : *got->reason);
}

static void expect_arrived(const char *name, size_t want, size_t want_repeats)
{
	size_t repeats;
	size_t got = far_arrived(&far, name, &repeats);

	if (got != want || repeats != want_repeats)
		fail_msg("%s: got %zu arrived and %zu repeats, want %zu and %zu", name, got,
		        repeats, want, want_repeats);
}

static void test_delivered(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIDES; i++) {
		struct channel *channel = open_side(&sides[i]);
		struct channel_work work = {0};
		struct channel_job job = carried_job("job-1", sides[i].text, 5000);
		expect(sides[i].name, carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
		expect_arrived(sides[i].name, 1, 0);
		carried_finish(&work);
		carried_close(&channel);
	}
}

static void test_what_arrives(void **state)
{
	(void)state;
	json_t *weibo = far_ask(&far, "weibo", "arrived");
	json_t *wechat = far_ask(&far, "wechat", "arrived");
	json_t *webhook = far_ask(&far, "webhook", "arrived");

	assert_string_equal(
	        json_string_value(json_object_get(json_array_get(weibo, 0), "text")), POST);
	json_t *article = json_array_get(wechat, 0);
	assert_string_equal(
	        json_string_value(json_object_get(article, "text")), "<p>请注意防范 \"大风\"</p>");
	assert_string_equal(json_string_value(json_object_get(article, "thumb")), "thumb-4");
	assert_string_equal(
	        json_string_value(json_object_get(article, "web")), "https://alerts.example.org/1");
	assert_string_equal(
	        json_string_value(json_object_get(json_array_get(webhook, 0), "id")), "job-1");
	json_decref(weibo);
	json_decref(wechat);
	json_decref(webhook);
}

struct broken {
	const char *fault;
	enum channel_verdict keyed, keyless;
	int ms; /* time the job is given; 0 = 5000 */
};

/* What each break becomes, with a key and without. WeChat's breaks hit its submit. */
static const struct broken breaks[] = {
        {"\"kind\":\"http500\"", CHANNEL_DEFERRED, CHANNEL_DEFERRED, 0},
        {"\"kind\":\"html502\"", CHANNEL_DEFERRED, CHANNEL_DEFERRED, 0},
        {"\"kind\":\"status\",\"status\":429,\"retry_after\":7", CHANNEL_DEFERRED, CHANNEL_DEFERRED,
                0},
        {"\"kind\":\"status\",\"status\":504", CHANNEL_DEFERRED, CHANNEL_UNKNOWN, 0},
        {"\"kind\":\"status\",\"status\":403", CHANNEL_REJECTED, CHANNEL_REJECTED, 0},
        {"\"kind\":\"redirect\"", CHANNEL_REJECTED, CHANNEL_REJECTED, 0},
        {"\"kind\":\"reset\"", CHANNEL_DEFERRED, CHANNEL_UNKNOWN, 0},
        {"\"kind\":\"blackhole\"", CHANNEL_DEFERRED, CHANNEL_UNKNOWN, 700},
        {"\"kind\":\"drip\"", CHANNEL_DEFERRED, CHANNEL_UNKNOWN, 700},
        {"\"kind\":\"html200\"", CHANNEL_DELIVERED, CHANNEL_UNKNOWN, 0},
        {"\"kind\":\"huge\"", CHANNEL_DELIVERED, CHANNEL_UNKNOWN, 0},
        {"\"kind\":\"slow\",\"seconds\":0.2", CHANNEL_DELIVERED, CHANNEL_DELIVERED, 0},
};

static void break_once(const struct side *side, const struct broken *broken)
{
	bool wechat = side->type == &channel_wechat;
	struct channel *channel = open_side(side);
	struct channel_work work = {0};
	int ms = broken->ms ? broken->ms : 5000;
	char *fault = mem_format("%s%s", broken->fault, wechat ? ",\"path\":\"submit\"" : "");
	char *what = mem_format("%s after %s", side->name, broken->fault);

	far_fault(&far, side->name, fault);
	struct channel_job job = carried_job("job-2", side->text, ms);
	int64_t before = when_boot();
	const struct channel_receipt *receipt = carried_deliver(channel, &work, &job);
	int64_t took = when_boot() - before;
	expect(what, receipt, side->type->takes_key ? broken->keyed : broken->keyless);
	if (strstr(fault, "retry_after"))
		assert_int_equal(receipt->retry_after, 7000);
	if (took > ms + 500)
		fail_msg("%s: took %d ms of %d", what, (int)took, ms);
	free(fault);
	free(what);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIDES; i++)
		for (size_t k = 0; k < sizeof breaks / sizeof breaks[0]; k++)
			break_once(&sides[i], &breaks[k]);
}

/* Nobody listens: surely not sent, so it may be tried again, key or not. */
static void test_nobody_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIDES; i++) {
		struct channel *channel = sides[i].open("http://127.0.0.1:1", "good-secret-4711");
		struct channel_work work = {0};
		struct channel_job job = carried_job("job-3", sides[i].text, 2000);
		expect(sides[i].name, carried_deliver(channel, &work, &job), CHANNEL_DEFERRED);
		carried_finish(&work);
		carried_close(&channel);
	}
}

/* A kept connection that dies under a request must not be mended by sending the request again. */
static void test_no_silent_repeat(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIDES; i++) {
		struct channel *channel = open_side(&sides[i]);
		struct channel_work work = {0};
		struct channel_job first = carried_job("job-4", sides[i].text, 5000);
		struct channel_job second = carried_job("job-5", sides[i].text, 5000);
		bool wechat = sides[i].type == &channel_wechat;
		expect(sides[i].name, carried_deliver(channel, &work, &first), CHANNEL_DELIVERED);
		far_fault(&far, sides[i].name,
		        wechat ? "\"kind\":\"reset_unread\",\"path\":\"submit\""
		               : "\"kind\":\"reset_unread\"");
		json_t *before = far_ask(&far, sides[i].name, "requests");
		expect(sides[i].name, carried_deliver(channel, &work, &second),
		        sides[i].type->takes_key ? CHANNEL_DEFERRED : CHANNEL_UNKNOWN);
		json_t *after = far_ask(&far, sides[i].name, "requests");
		long made = (long)(json_integer_value(json_object_get(after, "count")) -
		                   json_integer_value(json_object_get(before, "count")));
		if (made != (wechat ? 2 : 1))
			fail_msg("%s: got %ld requests", sides[i].name, made);
		json_decref(before);
		json_decref(after);
		carried_finish(&work);
		carried_close(&channel);
	}
}

static void expect_silent(const struct side *side, const struct channel_work *work)
{
	const struct channel_receipt *receipt = &work->answers[0].receipt;

	expect(side->name, receipt, side->type->takes_key ? CHANNEL_DELIVERED : CHANNEL_REJECTED);
	if (strstr(receipt->reason, "secret-4711") || strstr(receipt->proof, "secret-4711") ||
	        strstr(receipt->reason, "secret%2") || strstr(receipt->far_id, "4711") ||
	        strstr(receipt->reason, "token-"))
		fail_msg(
		        "%s: a secret got out: %s %s", side->name, receipt->reason, receipt->proof);
}

static void test_no_secret_leaks(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIDES; i++) {
		struct channel *channel = open_side(&sides[i]);
		struct channel_work work = {0};
		struct channel_job job = carried_job("job-6", sides[i].text, 5000);
		far_fault(&far, sides[i].name, "\"kind\":\"echo\"");
		carried_deliver(channel, &work, &job);
		expect_silent(&sides[i], &work);
		carried_finish(&work);
		carried_close(&channel);
	}
}

static void test_no_start(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIDES; i++) {
		struct channel *channel = open_side(&sides[i]);
		struct channel_work work = {0};
		struct channel_job expired = carried_job("job-7", sides[i].text, 5000);
		struct channel_job late = carried_job("job-7", sides[i].text, -1);
		struct channel_job empty = carried_job("job-7", "", 5000);
		struct channel_job cleared = carried_job("job-7", sides[i].text, 5000);
		expired.expires = when_now();
		cleared.kind = CHANNEL_STATE;
		cleared.bulletin = NULL;
		expect(sides[i].name, carried_deliver(channel, &work, &expired), CHANNEL_DEFERRED);
		expect(sides[i].name, carried_deliver(channel, &work, &late), CHANNEL_DEFERRED);
		expect(sides[i].name, carried_deliver(channel, &work, &empty), CHANNEL_REJECTED);
		expect(sides[i].name, carried_deliver(channel, &work, &cleared), CHANNEL_REJECTED);
		json_t *requests = far_ask(&far, sides[i].name, "requests");
		assert_int_equal(json_integer_value(json_object_get(requests, "count")), 0);
		json_decref(requests);
		carried_finish(&work);
		carried_close(&channel);
	}
}

static void test_weibo_repeat(void **state)
{
	struct channel *channel = open_side(&sides[0]);
	struct channel_work work = {0};
	struct channel_job job = carried_job("job-8", POST, 5000);

	(void)state;
	far_fault(&far, "weibo", "\"kind\":\"reset\"");
	expect("reset", carried_deliver(channel, &work, &job), CHANNEL_UNKNOWN);
	job.attempt = 2;
	expect("again", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	assert_non_null(strstr(work.answers[0].receipt.proof, "20019"));
	expect_arrived("weibo", 1, 1);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_weibo_refuses(void **state)
{
	static const char *const texts[] = {"没有链接", "#大风# https://alerts.example.org/1"};
	struct channel *channel = open_side(&sides[0]);
	struct channel_work work = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct channel_job job = carried_job("job-9", texts[i], 5000);
		expect(texts[i], carried_deliver(channel, &work, &job), CHANNEL_REJECTED);
	}
	far_fault(&far, "weibo", "\"kind\":\"token_expired\"");
	struct channel_job job = carried_job("job-10", POST, 5000);
	expect("expired token", carried_deliver(channel, &work, &job), CHANNEL_DEFERRED);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_weibo_look(void **state)
{
	struct channel *channel = open_side(&sides[0]);
	struct channel_work work = {0};
	struct channel_job job = carried_job("job-11", POST, 5000);
	struct buf seen = {0};
	struct err err = {0};

	(void)state;
	expect("post", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	assert_true(channel_weibo.look(channel, work.answers[0].receipt.far_id, &seen, &err));
	assert_string_equal(seen.data, POST);
	assert_false(channel_weibo.look(channel, "1", &seen, &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	buf_finish(&seen);
	carried_finish(&work);
	carried_close(&channel);
}

/* Counts verdicts of `count` jobs carried in one call. */
static void carry_many(struct channel *channel, const char *texts[], size_t count, size_t counts[4],
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

static void test_limits_kept_here(void **state)
{
	static const struct {
		size_t side, most;
		int64_t span;
	} limits[] = {{2, 20, 60000}, {0, 30, 3600000}};

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct channel *channel = open_side(&sides[limits[k].side]);
		const char *texts[40];
		char room[40][96];
		size_t counts[4];
		int64_t wait = 0;
		for (size_t i = 0; i < limits[k].most + 3; i++) {
			snprintf(room[i], sizeof room[i], "第%zu条 https://alerts.example.org/%zu",
			        i, i);
			texts[i] = room[i];
		}
		carry_many(channel, texts, limits[k].most + 3, counts, &wait);
		assert_int_equal(counts[CHANNEL_DELIVERED], limits[k].most);
		assert_int_equal(counts[CHANNEL_DEFERRED], 3);
		assert_in_range(wait, limits[k].span - 10000, limits[k].span);
		carried_close(&channel);
	}
}

/* Another process used up the robot's minute: its own answer decides. */
static void test_wecom_limit_there(void **state)
{
	struct channel *first = open_side(&sides[2]);
	const char *texts[20];
	size_t counts[4];
	int64_t wait = 0;

	(void)state;
	for (size_t i = 0; i < 20; i++)
		texts[i] = "大风";
	carry_many(first, texts, 20, counts, &wait);
	assert_int_equal(counts[CHANNEL_DELIVERED], 20);
	char *url = far_url(&far, "wecom", "");
	struct channel *second = open_wecom(url, "good-secret-4711");
	carry_many(second, texts, 1, counts, &wait);
	assert_int_equal(counts[CHANNEL_DEFERRED], 1);
	assert_int_equal(wait, 60000);
	free(url);
	carried_close(&first);
	carried_close(&second);
}

static void test_wecom_length(void **state)
{
	struct channel *channel = open_side(&sides[2]);
	struct channel_work work = {0};
	char text[4098];

	(void)state;
	memset(text, 'a', sizeof text);
	text[4096] = '\0';
	struct channel_job fits = carried_job("job-12", text, 5000);
	expect("4096 bytes", carried_deliver(channel, &work, &fits), CHANNEL_DELIVERED);
	text[4096] = 'a';
	text[4097] = '\0';
	struct channel_job over = carried_job("job-13", text, 5000);
	expect("4097 bytes", carried_deliver(channel, &work, &over), CHANNEL_REJECTED);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_wechat_token(void **state)
{
	struct channel *channel = open_side(&sides[1]);
	struct channel_work work = {0};
	struct channel_job job = carried_job("job-14", ARTICLE, 5000);

	(void)state;
	far_fault(&far, "wechat", "\"kind\":\"token_expired\",\"path\":\"draft/add\"");
	expect("expired once", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	far_fault(&far, "wechat", "\"kind\":\"token_expired\",\"path\":\"draft/add\",\"count\":2");
	job.id = "job-15";
	expect("expired twice", carried_deliver(channel, &work, &job), CHANNEL_DEFERRED);
	far_fault(&far, "wechat", "\"kind\":\"token_expired\",\"path\":\"submit\"");
	job.id = "job-16";
	expect("expired at submit", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	expect_arrived("wechat", 2, 0);
	char *url = far_url(&far, "wechat", "");
	struct channel *wrong = open_wechat(url, "wrong-secret");
	expect("wrong secret", carried_deliver(wrong, &work, &job), CHANNEL_REJECTED);
	free(url);
	carried_finish(&work);
	carried_close(&wrong);
	carried_close(&channel);
}

/* Not through by the deadline: UNKNOWN now, with its name; the word comes later, once. */
static void test_wechat_late(void **state)
{
	struct channel *channel = open_side(&sides[1]);
	struct channel_work work = {0};
	struct channel_job job = carried_job("job-17", ARTICLE, 500);

	(void)state;
	far_fault(&far, "wechat", "\"kind\":\"publish_slow\",\"path\":\"get\",\"count\":-1");
	expect("slow", carried_deliver(channel, &work, &job), CHANNEL_UNKNOWN);
	assert_string_equal(work.answers[0].receipt.far_id, "100000001");
	far_fault(&far, "wechat", "\"kind\":\"x\",\"count\":0");
	int64_t until = when_boot() + 10000;
	while (!work.report_count && when_boot() < until)
		channel_wechat.tend(channel, &work);
	assert_int_equal(work.report_count, 1);
	expect("late", &work.reports[0].receipt, CHANNEL_DELIVERED);
	channel_wechat.tend(channel, &work);
	assert_int_equal(work.report_count, 1);
	expect_arrived("wechat", 1, 0);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_wechat_resumes(void **state)
{
	struct channel *channel = open_side(&sides[1]);
	struct channel_work work = {0};
	struct channel_job job = carried_job("job-18", ARTICLE, 300);

	(void)state;
	far_fault(&far, "wechat", "\"kind\":\"publish_slow\",\"path\":\"get\",\"count\":-1");
	expect("slow", carried_deliver(channel, &work, &job), CHANNEL_UNKNOWN);
	far_fault(&far, "wechat", "\"kind\":\"x\",\"count\":0");
	job = carried_job("job-18", ARTICLE, 5000);
	job.attempt = 2;
	expect("same job again", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	expect_arrived("wechat", 1, 0);

	far_fault(&far, "wechat", "\"kind\":\"reset\",\"path\":\"submit\"");
	job = carried_job("job-19", ARTICLE, 5000);
	expect("submit without answer", carried_deliver(channel, &work, &job), CHANNEL_UNKNOWN);
	job.attempt = 2;
	expect("its draft is gone", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	expect_arrived("wechat", 2, 0);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_wechat_refused(void **state)
{
	struct channel *channel = open_side(&sides[1]);
	struct channel_work work = {0};
	struct channel_job job = carried_job("job-20", ARTICLE, 5000);

	(void)state;
	far_fault(&far, "wechat", "\"kind\":\"publish_failed\",\"path\":\"get\"");
	expect("failed", carried_deliver(channel, &work, &job), CHANNEL_DEFERRED);
	job = carried_job("job-21", "{\"title\":\"t\"}", 5000);
	expect("no article", carried_deliver(channel, &work, &job), CHANNEL_REJECTED);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_webhook_key(void **state)
{
	struct channel *channel = open_side(&sides[3]);
	struct channel_work work = {0};
	struct channel_job job = carried_job("job-22", "{\"a\":1}", 5000);

	(void)state;
	far_fault(&far, "webhook", "\"kind\":\"reset\"");
	expect("reset", carried_deliver(channel, &work, &job), CHANNEL_DEFERRED);
	job.attempt = 2;
	expect("again", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	expect_arrived("webhook", 1, 1);
	job.text = "{\"a\":2}";
	expect("same key, other body", carried_deliver(channel, &work, &job), CHANNEL_REJECTED);
	char *url = far_url(&far, "webhook", "/hook");
	struct channel *wrong = open_webhook(url, "wrong-secret");
	expect("wrong secret", carried_deliver(wrong, &work, &job), CHANNEL_REJECTED);
	free(url);
	carried_finish(&work);
	carried_close(&wrong);
	carried_close(&channel);
}

static void test_webhook_cap(void **state)
{
	char *url = far_url(&far, "webhook", "/cap?a=1");
	struct channel *channel = carried_open(
	        &channel_webhook, "url", url, "secret", "good-secret-4711", "body", "cap", NULL);
	struct channel_work work = {0};
	struct channel_job job = carried_job("job-23", "", 5000);

	(void)state;
	far_forget(&far, "webhook");
	expect("cap", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	json_t *arrived = far_ask(&far, "webhook", "arrived");
	json_t *first = json_array_get(arrived, 0);
	assert_string_equal(json_string_value(json_object_get(first, "text")), job.bulletin->cap);
	assert_string_equal(
	        json_string_value(json_object_get(first, "type")), "application/cap+xml");
	json_decref(arrived);
	free(url);
	carried_finish(&work);
	carried_close(&channel);
}

/* A slow receiver's jobs are in flight together. */
static void test_window(void **state)
{
	struct channel *channel = open_side(&sides[3]);
	const char *texts[16];
	size_t counts[4];
	int64_t wait = 0;

	(void)state;
	for (size_t i = 0; i < 16; i++)
		texts[i] = "{}";
	far_fault(&far, "webhook", "\"kind\":\"slow\",\"seconds\":0.5,\"count\":16");
	int64_t before = when_boot();
	carry_many(channel, texts, 16, counts, &wait);
	assert_int_equal(counts[CHANNEL_DELIVERED], 16);
	assert_in_range(when_boot() - before, 450, 4000);
	carried_close(&channel);
}

static void test_bad_settings(void **state)
{
	static const char *const urls[] = {"ftp://127.0.0.1/", "http://alerts.example.org/",
	        "file:///etc/passwd", "https://user:pass@alerts.example.org/",
	        "https://a.example.org/#x", "https://a.example.org/\r\nX: y", ""};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		struct http_rules rules = {0};
		if (http_url_allowed(&rules, urls[i], &err))
			fail_msg("%s: got allowed", urls[i]);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	struct http_rules rules = {.allow_http = true};
	assert_true(http_url_allowed(&rules, "http://alerts.example.org/", &err));
	rules.allow_http = false;
	assert_true(http_url_allowed(&rules, "http://[::1]:8080/a", &err));
	assert_false(http_url_allowed(&rules, "http://127.evil.example.org/", &err));
}

static int start(void **state)
{
	const char *source = getenv("TOCSIN_SOURCE");
	char *script = mem_format("%s/tests/doubles/far_sides.py", source ? source : ".");
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

static int stop(void **state)
{
	(void)state;
	far_stop(&far);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_delivered),
	        cmocka_unit_test(test_what_arrives),
	        cmocka_unit_test(test_broken),
	        cmocka_unit_test(test_nobody_there),
	        cmocka_unit_test(test_no_silent_repeat),
	        cmocka_unit_test(test_no_secret_leaks),
	        cmocka_unit_test(test_no_start),
	        cmocka_unit_test(test_weibo_repeat),
	        cmocka_unit_test(test_weibo_refuses),
	        cmocka_unit_test(test_weibo_look),
	        cmocka_unit_test(test_limits_kept_here),
	        cmocka_unit_test(test_wecom_limit_there),
	        cmocka_unit_test(test_wecom_length),
	        cmocka_unit_test(test_wechat_token),
	        cmocka_unit_test(test_wechat_late),
	        cmocka_unit_test(test_wechat_resumes),
	        cmocka_unit_test(test_wechat_refused),
	        cmocka_unit_test(test_webhook_key),
	        cmocka_unit_test(test_webhook_cap),
	        cmocka_unit_test(test_window),
	        cmocka_unit_test(test_bad_settings),
	};

	return cmocka_run_group_tests_name("web channels", tests, start, stop);
}
