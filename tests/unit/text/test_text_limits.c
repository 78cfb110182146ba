/* SPDX-License-Identifier: Apache-2.0
 * test_text_limits - counted as the far sides count, shortened at sentence ends only, refused
 * otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sample.h"
#include "utf8.h"

/* `unit` written `count` times; the caller's. */
static char *times(const char *unit, size_t count)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < count; i++)
		buf_text(&out, unit);
	return buf_take(&out);
}

static void sms_parts(void **state)
{
	static const struct {
		const char *unit;
		size_t count;
		int parts;
	} rows[] = {
	        {"水", 0, 1}, {"水", 70, 1}, {"水", 71, 2}, {"水", 134, 2}, {"水", 135, 3},
	        {"𠮷", 35, 1}, {"𠮷", 36, 2}, {"𠮷", 66, 2},
	        {"𠮷", 67, 3}, /* 33 pairs a part: 66 of 67 units */
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *text = times(rows[i].unit, rows[i].count);
		assert_int_equal(text_sms_parts(text), rows[i].parts);
		free(text);
	}
}

static void sms_never_cuts_a_pair(void **state)
{
	char *text = times("水", 66);
	char *long_text = mem_format("%s😀%s", text, text);
	(void)state;
	assert_int_equal(text_sms_part(long_text, false), strlen(text));
	assert_int_equal(text_sms_part(long_text + strlen(text), false), 4 + 65 * 3);
	assert_int_equal(text_sms_part("", true), 0);
	assert_int_equal(text_sms_parts(long_text), 3);
	free(long_text);
	free(text);
}

/* What must be in every text, however short. */
static void expect_kept(const char *text)
{
	static const char *const kept[] = {
	        "天津市气象台", "{sent}", "橙色", "和平区", "河西区", "请避开低洼路段。"};

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (!strstr(text, kept[i]))
			fail_msg("got %s, want %s in it", text, kept[i]);
}

static void shortened_at_sentences(void **state)
{
	static const struct {
		const char *kind;
		int limit;
	} rows[] = {{"sms", 670}, {"weibo", 140}, {"wecom", 4096}, {"wechat", 19999}};
	char *tail = times("此后雨势逐渐减弱；", 3000);
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct view view;
		struct text_fit fit;
		struct err err = {0};
		sample_rainstorm(&view);
		free(view.description);
		view.description = mem_format("首句说雨。%s", tail);
		char *got = sample_render(rows[i].kind, &view, NULL, &fit, &err);
		if (!got)
			fail_msg("%s: %s", rows[i].kind, err.en);
		expect_kept(got);
		assert_non_null(strstr(got, "首句说雨。"));
		assert_null(strstr(got, "减弱。")); /* whole sentences only, none reworded */
		assert_true(fit.shortened);
		assert_int_equal(fit.limit, rows[i].limit);
		assert_in_range(
		        fit.used, rows[i].limit - (int)strlen("此后雨势逐渐减弱；"), rows[i].limit);
		free(got);
		view_finish(&view);
	}
	free(tail);
}

static void refused_when_it_cannot_fit(void **state)
{
	static const char *const kinds[] = {"sms", "weibo", "wecom", "wechat"};
	char *sentence = times("雨", 25000);
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct view view;
		struct err err = {0};
		sample_rainstorm(&view);
		sample_set(&view.description, sentence);
		sample_set(&view.instruction, sentence); /* what to do is never left out */
		assert_null(sample_render(kinds[i], &view, NULL, NULL, &err));
		assert_int_equal(err.kind, ERR_INPUT);
		assert_true(err.zh[0] && err.en[0]);
		view_finish(&view);
	}
	free(sentence);
}

static void areas_are_never_left_out(void **state)
{
	struct view view;
	struct err err = {0};
	(void)state;
	sample_rainstorm(&view);
	for (int i = 0; i < 300; i++)
		sample_area(&view, "120101", i % 2 ? "某某街道" : "某某镇", "");
	assert_null(sample_render("sms", &view, NULL, NULL, &err));
	assert_null(sample_render("weibo", &view, NULL, NULL, &err));
	char *article = sample_render(
	        "wechat", &view, NULL, NULL, &err); /* its digest says where to look */
	assert_non_null(article);
	assert_non_null(strstr(article, "区域和应对措施见正文。"));
	free(article);
	view_finish(&view);
}

static void missing_things_are_refused(void **state)
{
	static const char *const kinds[] = {
	        "sms", "weibo", "wechat", "wecom", "webhook", "mqtt", "website", "manual"};
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		for (int missing = 0; missing < 6; missing++) {
			struct view view;
			sample_rainstorm(&view);
			if (missing == 0)
				sample_set(&view.sender_name, "");
			else if (missing == 1)
				sample_set(&view.identifier, "");
			else if (missing == 2)
				sample_set(&view.areas[1].name, "");
			else if (missing == 3)
				sample_set(&view.event, "");
			else if (missing == 4)
				view.level = LEVEL_NONE;
			else
				view.level = LEVEL_II;
			assert_null(sample_render(kinds[i], &view, NULL, NULL, NULL));
			view_finish(&view);
		}
	}
}

static void unknown_kinds_are_refused(void **state)
{
	struct view view;
	struct err err = {0};
	(void)state;
	sample_rainstorm(&view);
	assert_null(sample_render("national", &view, NULL, NULL, &err));
	assert_non_null(strstr(err.en, "national"));
	view_finish(&view);
}

static void weibo_needs_its_link(void **state)
{
	static const char *const links[] = {
	        "", "ftp://a", "https://a/#x", "https://a b", "https://甲", "javascript:1"};
	(void)state;
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		struct view view;
		struct err err = {0};
		sample_rainstorm(&view);
		sample_set(&view.web, links[i]);
		assert_null(sample_render("weibo", &view, NULL, NULL, &err));
		assert_int_equal(err.kind, ERR_CONFIG);
		view_finish(&view);
	}
}

static void weibo_counts_like_the_platform(void **state)
{
	struct view view;
	struct text_fit fit;
	(void)state;
	sample_cancel(&view);
	sample_set(&view.description, "");
	char *got = sample_render("weibo", &view, NULL, &fit, NULL);
	/* 16 + 11 (the moment) + 12 + 编号 2 + 29 half + " 详情 " 3 + link 10 */
	assert_int_equal(fit.used, 16 + 11 + 12 + 2 + 15 + 3 + 10);
	free(got);
	sample_set(&view.web, "https://warn.example.cn/"
	                      "a-very-long-address-that-the-platform-shortens-anyway/x.html");
	int before = fit.used;
	free(sample_render("weibo", &view, NULL, &fit, NULL));
	assert_int_equal(fit.used, before);
	view_finish(&view);
}

static void wechat_titles(void **state)
{
	struct view view;
	struct text_fit fit;
	(void)state;
	sample_accident(&view);
	sample_set(&view.headline, "东疆保税港区某某路某某仓库今日早间发生火灾现已扑灭");
	char *got = sample_render("wechat", &view, NULL, &fit, NULL);
	assert_non_null(got);
	assert_ptr_equal(strstr(got, "{\"title\":\"滨海新区应急管理局发布事实通报\","), got);
	assert_true(fit.shortened);
	free(got);
	sample_set(&view.sender_name, "天津市规划和自然资源局与天津市气象局"); /* 18: no author */
	got = sample_render("wechat", &view, NULL, &fit, NULL);
	assert_non_null(strstr(got, "\"author\":\"\""));
	free(got);
	view_finish(&view);
}

static void style_sets_the_number_of_parts(void **state)
{
	const struct text_style one = {.signature = "【天津应急】", .sms_max_parts = 1};
	const struct text_style two = {.signature = "【天津应急】", .sms_max_parts = 2};
	struct view view;
	struct text_fit fit;
	(void)state;
	sample_cancel(&view);
	assert_null(sample_render("sms", &view, &one, &fit, NULL));
	char *got = sample_render("sms", &view, &two, &fit, NULL);
	assert_non_null(got);
	assert_int_equal(fit.parts, 2);
	assert_int_equal(fit.limit, 134);
	assert_string_equal(fit.unit, "units16");
	assert_int_equal(fit.used,
	        (int)utf8_units16(got) - 6 + 17); /* the mark counts as what replaces it */
	free(got);
	view_finish(&view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sms_parts),
	        cmocka_unit_test(sms_never_cuts_a_pair),
	        cmocka_unit_test(shortened_at_sentences),
	        cmocka_unit_test(refused_when_it_cannot_fit),
	        cmocka_unit_test(areas_are_never_left_out),
	        cmocka_unit_test(missing_things_are_refused),
	        cmocka_unit_test(unknown_kinds_are_refused),
	        cmocka_unit_test(weibo_needs_its_link),
	        cmocka_unit_test(weibo_counts_like_the_platform),
	        cmocka_unit_test(wechat_titles),
	        cmocka_unit_test(style_sets_the_number_of_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
