/* SPDX-License-Identifier: Apache-2.0
 * test_text_lists - index page, feed and map data: order, shape and what happens when there is
 * nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cap_feed.h"
#include "lists.h"
#include "sample.h"

static const struct text_lists lists = {.title = "天津市预警信息",
        .site = "https://warn.example.cn",
        .author = "天津市应急管理局",
        .made = (int64_t)SAMPLE_SENT_S * 1000};

static void make(struct view *view, const char *identifier, enum level level, int64_t minute)
{
	sample_rainstorm(view);
	sample_set(&view->identifier, identifier);
	view->level = level;
	view->sent = ((int64_t)SAMPLE_SENT_S + minute * 60) * 1000;
}

static void expect_order(const char *text, const char *const *wants, size_t count)
{
	const char *at = text;

	for (size_t i = 0; i < count; i++) {
		const char *found = strstr(at, wants[i]);
		if (!found)
			fail_msg("want %s next, got %.200s", wants[i], at);
		at = found + strlen(wants[i]);
	}
}

static void index_order(void **state)
{
	struct view views[4];
	struct buf out;
	(void)state;
	make(&views[0], "blue-new", LEVEL_BLUE, 30);
	make(&views[1], "red-old", LEVEL_RED, 0);
	make(&views[2], "orange", LEVEL_ORANGE, 20);
	make(&views[3], "red-new", LEVEL_RED, 10);
	const struct view *active[] = {&views[0], &views[1], &views[2]};
	const struct view *ended[] = {&views[3]};
	static const char *const wants[] = {"生效中（3）", "warnings/red-old.html",
	        "warnings/orange.html", "warnings/blue-new.html", "近期结束", "已结束",
	        "warnings/red-new.html"};
	buf_init(&out, 0);
	text_page_index(active, 3, ended, 1, &lists, &out);
	expect_order(out.data, wants, sizeof wants / sizeof wants[0]);
	assert_null(strstr(out.data, "class=\"banner\""));
	assert_non_null(strstr(out.data, "◆</span> 红色（特别严重）"));
	buf_finish(&out);
	for (int i = 0; i < 4; i++)
		view_finish(&views[i]);
}

static void nothing_in_force(void **state)
{
	struct text_lists drill = lists;
	struct buf out;
	(void)state;
	drill.mode = MODE_EXERCISE;
	buf_init(&out, 0);
	text_page_index(NULL, 0, NULL, 0, &drill, &out);
	assert_non_null(strstr(out.data, "当前没有生效中的信息。"));
	assert_non_null(strstr(out.data, "class=\"banner\"><strong>【演练】"));
	buf_reset(&out);
	text_feed_atom(NULL, 0, &lists, &out);
	assert_non_null(strstr(out.data, "<updated>2026-11-23T09:00:00+08:00</updated>"));
	assert_null(strstr(out.data, "<entry>"));
	buf_reset(&out);
	text_geojson(NULL, 0, &out);
	assert_string_equal(out.data, "{\"type\":\"FeatureCollection\",\"features\":[]}\n");
	buf_finish(&out);
}

static void feed_entry(void **state)
{
	static const char want[] =
	        "<entry>\n<id>https://warn.example.cn/cap/12000041600000_20261123120000.xml</id>\n"
	        "<title>天津市气象台解除暴雨橙色预警</title>\n<updated>2026-11-23T12:00:00+08:00</"
	        "updated>\n"
	        "<published>2026-11-23T12:00:00+08:00</published>\n<author><name>天津市气象台</"
	        "name>\n</author>\n"
	        "<summary>降雨已明显减弱。</summary>\n<category term=\"Met\"/>\n"
	        "<link rel=\"alternate\" type=\"application/cap+xml\" "
	        "href=\"https://warn.example.cn/cap/12000041600000_20261123120000.xml\"/>\n"
	        "<cap:identifier>12000041600000_20261123120000</cap:identifier>\n"
	        "<cap:sender>12000041600000</cap:sender>\n<cap:sent>2026-11-23T12:00:00+08:00</"
	        "cap:sent>\n"
	        "<cap:status>Actual</cap:status>\n<cap:msgType>Cancel</cap:msgType>\n"
	        "<cap:scope>Public</cap:scope>\n<cap:references>12000041600000," SAMPLE_IDENTIFIER
	        ",2026-11-23T09:00:00+08:00</cap:references>\n<cap:event>暴雨</cap:event>\n"
	        "<cap:effective>2026-11-23T09:00:00+08:00</cap:effective>\n"
	        "<cap:expires>2026-11-23T15:00:00+08:00</cap:expires>\n<cap:category>Met</"
	        "cap:category>\n"
	        "<cap:urgency>Expected</cap:urgency>\n<cap:severity>Severe</cap:severity>\n"
	        "<cap:certainty>Likely</cap:certainty>\n<cap:areaDesc>和平区、河西区</"
	        "cap:areaDesc>\n</entry>\n";
	static const char *const order[] = {"<cap:msgType>Cancel", "<cap:msgType>Alert"};
	struct view alert, cancel;
	struct buf out;
	(void)state;
	make(&alert, SAMPLE_IDENTIFIER, LEVEL_ORANGE, 0);
	sample_cancel(&cancel);
	cancel.sent = alert.sent + INT64_C(3) * 3600 * 1000;
	const struct view *items[] = {&alert, &cancel};
	buf_init(&out, 0);
	text_feed_atom(items, 2, &lists, &out);
	const char *got = strstr(out.data, "<entry>");
	if (!got || strncmp(got, want, strlen(want)) != 0)
		fail_msg("got %s\nwant %s", out.data, want);
	expect_order(out.data, order, 2); /* newest first */
	assert_non_null(strstr(out.data,
	        "<updated>2026-11-23T12:00:00+08:00</updated>\n<author><name>天津市应急"));
	buf_finish(&out);
	view_finish(&alert);
	view_finish(&cancel);
}

/* Whatever a relayed message leaves out, an entry has what RFC 4287 wants; addresses are absolute
 * by IPv6's form too. */
static void feed_entry_of_little(void **state)
{
	struct text_lists six = lists;
	struct view bare;
	struct buf out;
	(void)state;
	six.site = "https://[2001:db8::1]:8443";
	make(&bare, SAMPLE_IDENTIFIER, LEVEL_ORANGE, 0);
	sample_set(&bare.sender_name, "");
	sample_set(&bare.headline, "");
	sample_set(&bare.description, "");
	sample_set(&bare.category, "");
	bare.effective = 0;
	const struct view *items[] = {&bare};
	buf_init(&out, 0);
	text_feed_atom(items, 1, &six, &out);
	const char *entry = strstr(out.data, "<entry>");
	assert_non_null(strstr(entry, "<author><name>12000041600000</name>"));
	assert_null(strstr(entry, "<title></title>"));
	assert_non_null(strstr(entry, "<title>"));
	assert_null(strstr(entry, "<summary>"));
	assert_null(strstr(entry, "<category"));
	assert_non_null(strstr(entry, "<cap:effective>2026-11-23T09:00:00+08:00</cap:effective>"));
	assert_non_null(strstr(out.data, "<link rel=\"self\" type=\"application/atom+xml\" "
	                                 "href=\"https://[2001:db8::1]:8443/feed.atom\"/>"));
	assert_non_null(
	        strstr(entry, "<id>https://[2001:db8::1]:8443/cap/" SAMPLE_IDENTIFIER ".xml</id>"));
	assert_non_null(strstr(
	        entry, "href=\"https://[2001:db8::1]:8443/cap/" SAMPLE_IDENTIFIER ".xml\"/>"));
	buf_finish(&out);
	view_finish(&bare);
}

static void feed_no_reader_refuses_for_its_size(void **state)
{
	enum { MANY = 400 };
	const struct view *items[MANY];
	struct view view;
	struct buf out;
	char text[3001];
	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	make(&view, SAMPLE_IDENTIFIER, LEVEL_ORANGE, 0);
	sample_set(&view.description, text);
	for (size_t i = 0; i < MANY; i++)
		items[i] = &view;
	buf_init(&out, 0);
	text_feed_atom(items, 10, &lists, &out);
	assert_non_null(strstr(out.data, "<summary>"));
	buf_reset(&out);
	text_feed_atom(items, MANY, &lists, &out);
	assert_in_range(out.len, 1, 900000);
	assert_null(strstr(out.data, "<summary>"));
	assert_non_null(strstr(out.data, "</feed>"));
	buf_finish(&out);
	view_finish(&view);
}

/* Our own reader of feeds goes where ours leads. */
static void feed_is_read_back(void **state)
{
	const struct cap_manner manner = {0};
	struct view alert, cancel;
	struct cap_feed feed;
	struct err err;
	struct buf out;
	(void)state;
	make(&alert, SAMPLE_IDENTIFIER, LEVEL_ORANGE, 0);
	sample_cancel(&cancel);
	cancel.sent = alert.sent + 1000;
	const struct view *items[] = {&alert, &cancel};
	buf_init(&out, 0);
	text_feed_atom(items, 2, &lists, &out);
	assert_int_equal(cap_feed_read(out.data, out.len, &manner, &feed, &err), CAP_FEED_LIST);
	assert_int_equal(feed.count, 2);
	assert_string_equal(
	        feed.items[1].id, "https://warn.example.cn/cap/" SAMPLE_IDENTIFIER ".xml");
	assert_string_equal(feed.items[1].link, feed.items[1].id);
	assert_string_equal(feed.items[1].updated, "2026-11-23T09:00:00+08:00");
	assert_string_not_equal(feed.items[0].link, feed.items[1].link);
	cap_feed_finish(&feed);
	buf_finish(&out);
	view_finish(&alert);
	view_finish(&cancel);
}

static void geometry(void **state)
{
	static const struct {
		const char *polygon, *want;
	} rows[] = {
	        {"39.1,117.1 39.1,117.2 39.2,117.2 39.1,117.1", /* counter-clockwise already */
	                "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[117.1,39.1],[117.2,39.1],["
	                "117.2,39.2],"
	                "[117.1,39.1]]]]}"},
	        {"39.1,117.1 39.2,117.2 39.1,117.2 39.1,117.1", /* clockwise: turned */
	                "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[117.1,39.1],[117.2,39.1],["
	                "117.2,39.2],"
	                "[117.1,39.1]]]]}"},
	        {"", "null"},
	        {"39.1,117.1 39.2,117.2 39.1,117.1", "null"},            /* three points */
	        {"39.1,117.1 39.2,117.2 39.1,117.2 39.1,117.3", "null"}, /* not closed */
	        {"117.1,39.1 117.2,39.2 117.2,39.1 117.1,39.1", "null"}, /* turned round */
	        {"nan,1 1,1 1,0 nan,1", "null"},
	        {"1e5,1 1,1 1,0 1e5,1", "null"},
	        {"39.1,117.1 39.2,117.2 39.1,117.2 39.1,117.1]]]}", "null"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct view view;
		struct buf out;
		make(&view, "x", LEVEL_RED, 0);
		sample_set(&view.areas[0].polygon, rows[i].polygon);
		const struct view *one[] = {&view};
		char *want = mem_format("\"geometry\":%s,\"properties\":{", rows[i].want);
		buf_init(&out, 0);
		text_geojson(one, 1, &out);
		if (!strstr(out.data, want))
			fail_msg("row %zu: got %s\nwant %s", i, out.data, want);
		free(want);
		buf_finish(&out);
		view_finish(&view);
	}
}

static void page_of_an_ended_one(void **state)
{
	static const char *const words[VERB_COUNT] = {[VERB_UPDATE] = "【已更新】",
	        [VERB_CANCEL] = "【已解除】",
	        [VERB_CORRECT] = "【已更正】"};
	struct view view, by;
	struct buf out;
	(void)state;
	make(&view, "old", LEVEL_RED, 0);
	make(&by, "new", LEVEL_RED, 10);
	buf_init(&out, 0);
	for (int verb = VERB_UPDATE; verb < VERB_COUNT; verb++) {
		by.verb = (enum verb)verb;
		buf_reset(&out);
		text_page_ended(&view, &by, &out);
		assert_non_null(strstr(out.data, words[verb]));
		assert_non_null(strstr(out.data, "href=\"new.html\""));
	}
	buf_reset(&out);
	text_page_ended(&view, NULL, &out);
	assert_non_null(strstr(out.data, "【已过期】"));
	buf_finish(&out);
	view_finish(&view);
	view_finish(&by);
}

static void style_sheet_is_self_contained(void **state)
{
	(void)state;
	assert_null(strstr(page_style(), "url("));
	assert_null(strstr(page_style(), "@import"));
	assert_non_null(strstr(page_style(), ".level-red"));
	assert_null(strstr(map_style(), "url("));
	assert_non_null(strstr(map_style(), ".fill-red"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(index_order),
	        cmocka_unit_test(nothing_in_force),
	        cmocka_unit_test(feed_entry),
	        cmocka_unit_test(feed_entry_of_little),
	        cmocka_unit_test(feed_no_reader_refuses_for_its_size),
	        cmocka_unit_test(feed_is_read_back),
	        cmocka_unit_test(geometry),
	        cmocka_unit_test(page_of_an_ended_one),
	        cmocka_unit_test(style_sheet_is_self_contained),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
