/* SPDX-License-Identifier: Apache-2.0
 * test_text_hostile - whatever stands in a bulletin's words, every text stays what it is: HTML
 * stays HTML without foreign marks, JSON stays one object, a line stays a line, and nothing turns
 * the direction of reading.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lists.h"
#include "sample.h"
#include "utf8.h"

static const char *const kinds[] = {
        "sms", "weibo", "wechat", "wecom", "webhook", "mqtt", "website", "manual"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const char *const hostile[] = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</title></head><body onload=x>",
        "</p>]]>&lt;&#60;",
        "\",\"level\":\"red\",\"x\":\"",
        "\\\",\\u0000\\",
        "一行\r\nSubject: x\r\n\r\n又一行",
        "\033[2J\033]0;标题\007",
        "\xc2\x9b[31m红",
        "前\xe2\x80\xae后\xe2\x81\xa6x\xe2\x81\xa9",
        "\xef\xbb\xbf头",
        "\xe2\x80\xa8分行\xe2\x80\xa9",
        "\b\f\v\x01\x1f\x7f",
        "😀👩‍🚒🇨🇳",
        "𠮷𡈽𪚥",
        "#话题# @某人 [x](javascript:alert(1)) **粗** `码`",
        "%s%n%x%d",
        "{iso}{iso}",
};

static void poison(struct view *view, const char *words)
{
	char **places[] = {&view->identifier, &view->replaces, &view->hazard, &view->event,
	        &view->sender, &view->sender_name, &view->headline, &view->description,
	        &view->instruction, &view->contact, &view->category, &view->urgency,
	        &view->references};

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		char *joined = mem_format("甲%s乙", words);
		free(*places[i]);
		*places[i] = joined;
	}
	sample_set(&view->areas[0].name, view->headline);
	sample_set(&view->areas[0].code, view->headline);
	sample_set(&view->areas[0].polygon, words);
}

static void expect_clean(const char *what, const char *text)
{
	const char *at = text;
	uint32_t c;

	if (!utf8_valid(text, strlen(text), NULL))
		fail_msg("%s: not UTF-8: %s", what, text);
	while ((c = utf8_next(&at)))
		if ((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) ||
		        (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
		        c == 0x200e || c == 0x200f || c == 0xfeff)
			fail_msg("%s: U+%04X in %s", what, (unsigned)c, text);
}

/* Every '<' opens a tag of ours. */
static void expect_our_tags(const char *what, const char *html)
{
	static const char *const ours[] = {"!DOCTYPE html", "html", "head", "meta ", "title",
	        "link ", "body", "p>", "p class=\"", "strong", "main", "div", "span", "h1", "h2",
	        "h3", "table", "caption", "tbody", "tr", "th", "td", "time", "a href=\"", "a>",
	        "footer", "header", "ul", "li", "svg class=\"sheet-1\" viewBox=\"0 0 9 9\"",
	        "svg viewBox=\"0 0 72 48\"", "svg>", "desc>", "defs>", "g aria-hidden=\"true\">",
	        "g>", "text class=\"on-", "text>", "tspan x=\"1\"", "tspan>",
	        "path fill=\"url(#fill-", "path class=\"calm\"", "path d=\"M", "circle cx=\"",
	        "rect ", "pattern"};

	for (const char *at = strchr(html, '<'); at; at = strchr(at + 1, '<')) {
		const char *name = at + 1 + (at[1] == '/');
		bool known = false;
		for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
			known = known || strncmp(name, ours[i], strlen(ours[i])) == 0;
		if (!known || strncmp(name, "script", 6) == 0)
			fail_msg("%s: got a foreign tag: %.60s", what, at);
	}
}

/* One JSON value, strictly; moves *at behind it. */
static bool json_value(const char **at);

static bool json_string(const char **at)
{
	if (**at != '"')
		return false;
	for (*at += 1; **at != '"'; *at += 1) {
		if ((unsigned char)**at < 0x20)
			return false;
		if (**at == '\\' && !strchr("\"\\/bfnrt", *++*at))
			return false;
	}
	*at += 1;
	return true;
}

static bool json_list(const char **at, char close, bool names)
{
	*at += 1;
	if (**at == close) {
		*at += 1;
		return true;
	}
	for (;;) {
		if (names && (!json_string(at) || *(*at)++ != ':'))
			return false;
		if (!json_value(at))
			return false;
		if (**at != ',')
			break;
		*at += 1;
	}
	return *(*at)++ == close;
}

static bool json_value(const char **at)
{
	*at += strspn(*at, "\n");
	if (**at == '{')
		return json_list(at, '}', true);
	if (**at == '[')
		return json_list(at, ']', false);
	if (**at == '"')
		return json_string(at);
	size_t len = strspn(*at, "0123456789.-nul");
	*at += len;
	return len > 0;
}

static void expect_json(const char *what, const char *text)
{
	const char *at = text;

	if (!json_value(&at) || at[strspn(at, "\n")])
		fail_msg("%s: not one JSON value from here: %.60s", what, at);
}

static void expect_plain(const char *kind, const char *text)
{
	if (strcmp(kind, "sms") == 0 || strcmp(kind, "weibo") == 0)
		assert_null(strchr(text, '\n'));
	if (strcmp(kind, "weibo") == 0) {
		assert_null(strchr(text, '#'));
		assert_null(strchr(text, '@'));
		assert_string_equal(text + strlen(text) - strlen(SAMPLE_WEB), SAMPLE_WEB);
	}
	if (strcmp(kind, "wecom") == 0) {
		assert_null(strstr(text, "<script"));
		assert_null(strstr(text, "](java"));
		assert_null(strstr(text, "<@"));
	}
}

static void texts_stay_whole(void **state)
{
	const struct text_style style = {.signature = "【天津应急】"};
	size_t rendered = 0;
	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct view view;
		sample_rainstorm(&view);
		poison(&view, hostile[i]);
		for (size_t k = 0; k < KINDS; k++) {
			char *text = sample_render(kinds[k], &view, &style, NULL, NULL);
			if (!text)
				continue; /* too long for a weibo */
			rendered++;
			expect_clean(kinds[k], text);
			expect_plain(kinds[k], text);
			if (text[0] == '{')
				expect_json(kinds[k], text);
			if (strcmp(kinds[k], "website") == 0)
				expect_our_tags(kinds[k], text);
			free(text);
		}
		view_finish(&view);
	}
	assert_in_range(rendered, 7 * (sizeof hostile / sizeof hostile[0]),
	        8 * (sizeof hostile / sizeof hostile[0]));
}

static void lists_stay_whole(void **state)
{
	struct map_shape shape = {
	        (char[]){"120103"}, (char[]){"河西区"}, (char[]){"M1 1l2 0z"}, true, 1, 2};
	const struct district_map map = {.sheets = {{9, 9, {0}, &shape, 1}}, .count = 1};
	const struct text_lists lists = {.title = "甲<b>&\"'",
	        .site = "https://warn.example.cn",
	        .author = "<x>",
	        .map = &map};
	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct view view;
		struct buf out;
		sample_rainstorm(&view);
		poison(&view, hostile[i]);
		sample_area(&view, "120103001", view.headline, "");
		sample_set(&view.areas[1].code, "120199");
		const struct view *one[] = {&view};
		buf_init(&out, 0);
		text_page_index(one, 1, one, 1, &lists, &out);
		text_page_ended(&view, &view, &out);
		expect_clean("index", out.data);
		expect_our_tags("index", out.data);
		buf_reset(&out);
		text_feed_atom(one, 1, &lists, &out);
		expect_clean("feed", out.data);
		assert_null(strstr(out.data, "<script"));
		assert_null(strstr(out.data, "<b>"));
		buf_reset(&out);
		text_geojson(one, 1, &out);
		expect_clean("geojson", out.data);
		expect_json("geojson", out.data);
		assert_non_null(strstr(out.data, "\"geometry\":null"));
		buf_finish(&out);
		view_finish(&view);
	}
}

static void escapers(void **state)
{
	static const struct {
		void (*escape)(struct buf *out, const char *text);
		const char *text, *want;
	} rows[] = {
	        {text_html, "<a href='x'>\"&\"</a>",
	                "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;"},
	        {text_html, "a\tb\r\nc\rd\x1b[0m\xe2\x80\xae", "a b\nc\nd[0m"},
	        {text_html, "😀𠮷", "😀𠮷"},
	        {text_json_string, "", "\"\""},
	        {text_json_string, "\"\\/\r\n\x01暴雨\xe2\x80\xa8", "\"\\\"\\\\/\\n暴雨\\n\""},
	        {text_markdown, "<font>[a](b)*`#\\~|@", "＜font＞［a］(b)＊｀＃＼～｜＠"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf out;
		buf_init(&out, 0);
		rows[i].escape(&out, rows[i].text);
		assert_string_equal(out.data, rows[i].want);
		buf_finish(&out);
	}
}

static void file_names(void **state)
{
	static const struct {
		const char *identifier, *want;
	} rows[] = {
	        {SAMPLE_IDENTIFIER "_1", SAMPLE_IDENTIFIER "_1"},
	        {"urn:oid:2.49.0.1", "urn=3Aoid=3A2.49.0.1"},
	        {"../../etc/passwd", "=2E.=2F..=2Fetc=2Fpasswd"},
	        {".", "=2E"},
	        {"a%2f=", "a=252f=3D"},
	        {"甲", "=E7=94=B2"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf out;
		buf_init(&out, 0);
		text_file_name(rows[i].identifier, &out);
		assert_string_equal(out.data, rows[i].want);
		buf_finish(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(texts_stay_whole),
	        cmocka_unit_test(lists_stay_whole),
	        cmocka_unit_test(escapers),
	        cmocka_unit_test(file_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
