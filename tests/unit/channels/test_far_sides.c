/* SPDX-License-Identifier: Apache-2.0
 * test_far_sides - what is particular to each HTTP far side, against its double: Weibo's identical
 * posts, the robot's limits, WeChat's tokens and late words, the webhook's key and its CAP form.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel_types.h"
#include "sides.h"
#include "when.h"

static void test_weibo_repeat(void **state)
{
	struct channel *channel = open_side(&sides[WEIBO]);
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
	struct channel *channel = open_side(&sides[WEIBO]);
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
	struct channel *channel = open_side(&sides[WEIBO]);
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

static void test_limits_kept_here(void **state)
{
	static const struct {
		size_t side, most;
		int64_t span;
	} limits[] = {{WECOM, 20, 60000}, {WEIBO, 30, 3600000}};

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
	struct channel *first = open_side(&sides[WECOM]);
	const char *texts[20];
	size_t counts[4];
	int64_t wait = 0;

	(void)state;
	for (size_t i = 0; i < 20; i++)
		texts[i] = "大风";
	carry_many(first, texts, 20, counts, &wait);
	assert_int_equal(counts[CHANNEL_DELIVERED], 20);
	struct channel *second = open_side_as(&sides[WECOM], "", "good-secret-4711");
	carry_many(second, texts, 1, counts, &wait);
	assert_int_equal(counts[CHANNEL_DEFERRED], 1);
	assert_int_equal(wait, 60000);
	carried_close(&first);
	carried_close(&second);
}

static void test_wecom_length(void **state)
{
	struct channel *channel = open_side(&sides[WECOM]);
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
	struct channel *channel = open_side(&sides[WECHAT]);
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
	struct channel *wrong = open_side_as(&sides[WECHAT], "", "wrong-secret");
	expect("wrong secret", carried_deliver(wrong, &work, &job), CHANNEL_REJECTED);
	carried_finish(&work);
	carried_close(&wrong);
	carried_close(&channel);
}

/* Not through by the deadline: UNKNOWN now, with its name; the word comes later, once. */
static void test_wechat_late(void **state)
{
	struct channel *channel = open_side(&sides[WECHAT]);
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
	struct channel *channel = open_side(&sides[WECHAT]);
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
	struct channel *channel = open_side(&sides[WECHAT]);
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
	struct channel *channel = open_side(&sides[WEBHOOK]);
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
	struct channel *wrong = open_side_as(&sides[WEBHOOK], "/hook", "wrong-secret");
	expect("wrong secret", carried_deliver(wrong, &work, &job), CHANNEL_REJECTED);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return cmocka_run_group_tests_name("far sides", tests, sides_start, sides_stop);
}
