/* SPDX-License-Identifier: Apache-2.0
 * test_web_channels - what all HTTP far sides have in common, against their doubles over real
 * sockets: what arrives, what every broken connection becomes, that deadlines hold and secrets stay
 * in.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel_types.h"
#include "http.h"
#include "sides.h"
#include "when.h"

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

/* A slow receiver's jobs are in flight together. */
static void test_window(void **state)
{
	struct channel *channel = open_side(&sides[WEBHOOK]);
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
	        cmocka_unit_test(test_window),
	        cmocka_unit_test(test_bad_settings),
	};

	return cmocka_run_group_tests_name("web channels", tests, sides_start, sides_stop);
}
