/* SPDX-License-Identifier: Apache-2.0
 * test_text_render - word for word what each far side will say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sample.h"

typedef void maker(struct view *view);

static const struct text_style style = {.signature = "【天津应急】"};

static void expect(maker *make, enum mode mode, const char *kind, const char *want)
{
	struct view view;
	struct text_fit fit;
	struct err err = {0};

	make(&view);
	view.mode = mode;
	char *got = sample_render(kind, &view, &style, &fit, &err);
	if (!got)
		fail_msg("%s refused: %s", kind, err.en);
	if (strcmp(got, want) != 0)
		fail_msg("%s\n got  %s\n want %s", kind, got, want);
	free(got);
	view_finish(&view);
}

static void sms_texts(void **state)
{
	(void)state;
	expect(sample_rainstorm, MODE_LIVE, "sms",
	        "【天津应急】天津市气象台{sent}发布暴雨橙色预警。区域：和平区、河西区。"
	        "预计未来3小时降雨量将达50毫米以上。局地伴有雷电和7级阵风。"
	        "请避开低洼路段。户外人员尽快进入室内。编号" SAMPLE_IDENTIFIER);
	expect(sample_accident, MODE_LIVE, "sms",
	        "【天津应急】滨海新区应急管理局{sent}"
	        "发布事实通报：东疆一仓库发生火灾。区域：滨海新区。"
	        "8时40分东疆一仓库起火，明火已扑灭，无人员伤亡。请过往车辆绕行。编"
	        "号" SAMPLE_IDENTIFIER);
	expect(sample_cancel, MODE_LIVE, "sms",
	        "【天津应急】天津市气象台{sent}"
	        "解除暴雨橙色预警。区域：和平区、河西区。降雨已明显减弱。"
	        "编号12000041600000_20261123120000");
	expect(sample_correction, MODE_LIVE, "sms",
	        "【天津应急】天津市气象台{sent}"
	        "更正暴雨橙色预警：区域有误，影响区域为河东区。区域：河东区。"
	        "此前发布的区域和平区、河西区有误。请河东区居民避开低洼路段。编"
	        "号" SAMPLE_IDENTIFIER);
	expect(sample_cancel, MODE_EXERCISE, "sms",
	        "【天津应急】【演练】这是演练，不是真实情况。天津市气象台{sent}解除暴雨橙色预警。"
	        "区域：和平区、河西区。降雨已明显减弱。编号12000041600000_20261123120000");
}

static void weibo_texts(void **state)
{
	(void)state;
	expect(sample_rainstorm, MODE_LIVE, "weibo",
	        "【天津市气象台发布暴雨橙色预警】{sent}，区域：和平区、河西区。"
	        "预计未来3小时降雨量将达50毫米以上。局地伴有雷电和7级阵风。"
	        "请避开低洼路段。户外人员尽快进入室内。编号" SAMPLE_IDENTIFIER " 详情 " SAMPLE_WEB);
	expect(sample_accident, MODE_LIVE, "weibo",
	        "【滨海新区应急管理局发布事实通报：东疆一仓库发生火灾】{sent}，区域：滨海新区。"
	        "8时40分东疆一仓库起火，明火已扑灭，无人员伤亡。请过往车辆绕行。编"
	        "号" SAMPLE_IDENTIFIER " 详情 " SAMPLE_WEB);
	expect(sample_cancel, MODE_LIVE, "weibo",
	        "【天津市气象台解除暴雨橙色预警】{sent}，区域：和平区、河西区。降雨已明显减弱。"
	        "编号12000041600000_20261123120000 详情 " SAMPLE_WEB);
	expect(sample_correction, MODE_LIVE, "weibo",
	        "【天津市气象台更正暴雨橙色预警：区域有误，影响区域为河东区】{sent}，区域：河东区。"
	        "此前发布的区域和平区、河西区有误。请河东区居民避开低洼路段。编号" SAMPLE_IDENTIFIER
	        " 详情 " SAMPLE_WEB);
	expect(sample_cancel, MODE_TEST, "weibo",
	        "【测试】【天津市气象台解除暴雨橙色预警】这是测试，不是真实情况。{sent}，"
	        "区域：和平区、河西区。降雨已明显减弱。编号12000041600000_20261123120000 "
	        "详情 " SAMPLE_WEB);
}

static void wecom_texts(void **state)
{
	(void)state;
	expect(sample_rainstorm, MODE_EXERCISE, "wecom",
	        "【演练】这是演练，不是真实情况。\n**天津市气象台发布暴雨橙色预警**\n"
	        "> 级别：<font color=\"warning\">橙色（严重）</font>\n> 区域：和平区、河西区\n"
	        "> 发布单位：天津市气象台\n> 发布时间：{sent}\n> 编号：" SAMPLE_IDENTIFIER "\n\n"
	        "预计未来3小时降雨量将达50毫米以上。局地伴有雷电和7级阵风。\n"
	        "**请注意**：请避开低洼路段。户外人员尽快进入室内。\n[查看详情](" SAMPLE_WEB ")");
	expect(sample_accident, MODE_LIVE, "wecom",
	        "**滨海新区应急管理局发布事实通报：东疆一仓库发生火灾**\n> 区域：滨海新区\n"
	        "> 发布单位：滨海新区应急管理局\n> 发布时间：{sent}\n> 编号：" SAMPLE_IDENTIFIER
	        "\n\n"
	        "8时40分东疆一仓库起火，明火已扑灭，无人员伤亡。\n**请注意**：请过往车辆绕行。\n"
	        "[查看详情](" SAMPLE_WEB ")");
}

static void wechat_texts(void **state)
{
	(void)state;
	expect(sample_cancel, MODE_LIVE, "wechat",
	        "{\"title\":\"天津市气象台解除暴雨橙色预警\","
	        "\"digest\":\"天津市气象台{sent}解除暴雨橙色预警。区域：和平区、河西区。\","
	        "\"author\":\"天津市气象台\",\"content\":\""
	        "<p><strong>级别：</strong><span aria-hidden=\\\"true\\\">▲</span> 橙色（严重）</p>"
	        "<p><strong>区域：</strong>和平区、河西区</p>"
	        "<p><strong>发布：</strong>天津市气象台{sent}解除暴雨橙色预警</p>"
	        "<p>降雨已明显减弱。</p>\\n"
	        "<p><strong>编号：</strong>12000041600000_20261123120000</p>\"}");
}

static void manual_texts(void **state)
{
	(void)state;
	expect(sample_rainstorm, MODE_LIVE, "manual",
	        "天津市气象台{sent}发布暴雨橙色预警。\n区域：和平区、河西区。\n"
	        "预计未来3小时降雨量将达50毫米以上。局地伴有雷电和7级阵风。\n"
	        "请避开低洼路段。户外人员尽快进入室内。\n有效至2026年11月23日15时00分。\n"
	        "（编号" SAMPLE_IDENTIFIER "，不必宣读）\n");
}

static void json_text(void **state)
{
	static const char want[] =
	        "{\"version\":1,\"identifier\":\"" SAMPLE_IDENTIFIER
	        "\",\"chain\":\"" SAMPLE_IDENTIFIER
	        "\",\"replaces\":\"\",\"status\":\"Actual\",\"mode\":\"live\",\"verb\":\"publish\","
	        "\"kind\":\"fact\",\"level\":\"none\",\"level_zh\":\"无级别\",\"hazard\":\"\","
	        "\"event\":\"火灾\",\"category\":\"\",\"urgency\":\"\",\"severity\":\"\","
	        "\"certainty\":\"\","
	        "\"language\":\"\",\"caution\":\"\",\"headline\":\"东疆一仓库发生火灾\",\"sender\":"
	        "\"\","
	        "\"sender_name\":\"滨海新区应急管理局\","
	        "\"description\":\"8时40分东疆一仓库起火，明火已扑灭，无人员伤亡。\","
	        "\"instruction\":\"请过往车辆绕行。\",\"contact\":\"\",\"web\":\"" SAMPLE_WEB "\","
	        "\"sent\":\"{iso}{sent}\",\"effective\":null,\"onset\":null,\"expires\":null,"
	        "\"areas\":[{\"code\":\"120116\",\"name\":\"滨海新区\",\"polygon\":\"\"}]}";
	(void)state;
	expect(sample_accident, MODE_LIVE, "webhook", want);
	expect(sample_accident, MODE_LIVE, "mqtt", want);
}

static void website_page(void **state)
{
	(void)state;
	expect(sample_cancel, MODE_EXERCISE, "website",
	        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	        "<title>【演练】天津市气象台解除暴雨橙色预警</title>\n"
	        "<link rel=\"stylesheet\" href=\"../style.css\">\n"
	        "<link rel=\"alternate\" type=\"application/cap+xml\" "
	        "href=\"../cap/12000041600000_20261123120000.xml\">\n</head>\n<body "
	        "class=\"mode-exercise\">\n"
	        "<p "
	        "class=\"banner\"><strong>【演练】这是演练，不是真实情况。</strong></p>\n<main>\n"
	        "<div class=\"alert level-over\" role=\"alert\">\n<p "
	        "class=\"state\"><strong>解除</strong> "
	        "<span aria-hidden=\"true\">▲</span> 橙色（严重）</p>\n"
	        "<h1>【演练】天津市气象台解除暴雨橙色预警</h1>\n"
	        "<p>天津市气象台{sent}解除暴雨橙色预警</p>\n"
	        "<p class=\"fact\"><strong>区域</strong> 和平区、河西区</p>\n</div>\n"
	        "<div class=\"said\">\n<h2>内容</h2>\n<p>降雨已明显减弱。</p>\n</div>\n"
	        "<table>\n<caption>基本信息</caption>\n<tbody>\n"
	        "<tr><th scope=\"row\">级别</th><td><span aria-hidden=\"true\">▲</span> "
	        "橙色（严重）</td></tr>\n"
	        "<tr><th scope=\"row\">区域</th><td>和平区、河西区</td></tr>\n"
	        "<tr><th scope=\"row\">发布单位</th><td>天津市气象台</td></tr>\n"
	        "<tr><th scope=\"row\">发布时间</th><td><time "
	        "datetime=\"{iso}{sent}\">{sent}</time></td></tr>\n"
	        "<tr><th scope=\"row\">生效时间</th><td><time "
	        "datetime=\"2026-11-23T09:00:00+08:00\">"
	        "2026年11月23日09时00分</time></td></tr>\n"
	        "<tr><th scope=\"row\">编号</th><td>12000041600000_20261123120000</td></tr>\n"
	        "<tr><th scope=\"row\">针对</th><td><a href=\"" SAMPLE_IDENTIFIER
	        ".html\">" SAMPLE_IDENTIFIER
	        "</a></td></tr>\n</tbody>\n</table>\n</main>\n<footer>\n"
	        "<p class=\"banner\"><strong>【演练】这是演练，不是真实情况。</strong></p>\n"
	        "<p><a href=\"../cap/12000041600000_20261123120000.xml\">带签名的原文（CAP "
	        "1.2）</a></p>\n"
	        "<p><a href=\"../index.html\">返回全部信息</a></p>\n</footer>\n</body>\n</html>\n");
}

static void other_verbs_and_kinds(void **state)
{
	static const struct {
		enum kind kind;
		enum level level;
		enum verb verb;
		const char *want;
	} rows[] = {
	        {KIND_RESPONSE, LEVEL_II, VERB_PUBLISH, "天津市气象台{sent}启动暴雨Ⅱ级应急响应。"},
	        {KIND_RESPONSE, LEVEL_III, VERB_UPDATE,
	                "天津市气象台{sent}调整为暴雨Ⅲ级应急响应。"},
	        {KIND_RESPONSE, LEVEL_IV, VERB_CANCEL, "天津市气象台{sent}解除暴雨Ⅳ级应急响应。"},
	        {KIND_WARNING, LEVEL_RED, VERB_UPDATE, "天津市气象台{sent}更新暴雨红色预警。"},
	        {KIND_CLARIFICATION, LEVEL_NONE, VERB_PUBLISH,
	                "天津市气象台{sent}发布辟谣：标题。"},
	        {KIND_NOTICE, LEVEL_NONE, VERB_CORRECT, "天津市气象台{sent}更正通知公告：标题。"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct view view;
		sample_rainstorm(&view);
		sample_set(&view.headline, "标题");
		view.kind = rows[i].kind;
		view.level = rows[i].level;
		view.verb = rows[i].verb;
		char *got = sample_render("sms", &view, NULL, NULL, NULL);
		if (!got || strncmp(got, rows[i].want, strlen(rows[i].want)) != 0)
			fail_msg("got %s, want %s first", got ? got : "nothing", rows[i].want);
		free(got);
		view_finish(&view);
	}
}

static void filling(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	        {"", ""},
	        {"无", "无"},
	        {"{sent}", "2026年11月23日09时00分"},
	        {"a{sent}b{sent}", "a2026年11月23日09时00分b2026年11月23日09时00分"},
	        {"{iso}{sent}", "2026-11-23T09:00:00+08:00"},
	        {"{iso}{iso}{sent}{sent}", "{iso}2026-11-23T09:00:00+08:002026年11月23日09时00分"},
	        {"{sent", "{sent"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf out;
		buf_init(&out, 0);
		text_fill_sent(rows[i].text, (int64_t)SAMPLE_SENT_S * 1000, &out);
		char *got = buf_take(&out);
		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

/* A draft made in a drill has the mark in its headline and texts already. */
static void marks_once(void **state)
{
	static const char *const kinds[] = {
	        "sms", "weibo", "wecom", "wechat", "manual", "webhook", "mqtt", "website"};
	static maker *const makers[] = {
	        sample_rainstorm, sample_accident, sample_cancel, sample_correction};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] * 4; i++) {
		struct view plain, marked;
		struct text_fit fit;
		const char *kind = kinds[i / 4];
		makers[i % 4](&plain);
		makers[i % 4](&marked);
		plain.mode = marked.mode = i % 2 ? MODE_TEST : MODE_EXERCISE;
		char **parts[] = {&marked.headline, &marked.description, &marked.instruction};
		for (size_t j = 0; j < 3; j++) {
			char *text = mem_format("%s%s", mode_banner(marked.mode), *parts[j]);
			sample_set(parts[j], text);
			free(text);
		}
		char *want = sample_render(kind, &plain, &style, &fit, NULL);
		char *got = sample_render(kind, &marked, &style, &fit, NULL);
		assert_non_null(want);
		assert_non_null(got);
		if (strcmp(got, want) != 0)
			fail_msg("%s\n got  %s\n want %s", kind, got, want);
		free(want);
		free(got);
		view_finish(&plain);
		view_finish(&marked);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sms_texts),
	        cmocka_unit_test(weibo_texts),
	        cmocka_unit_test(wecom_texts),
	        cmocka_unit_test(wechat_texts),
	        cmocka_unit_test(manual_texts),
	        cmocka_unit_test(json_text),
	        cmocka_unit_test(website_page),
	        cmocka_unit_test(other_verbs_and_kinds),
	        cmocka_unit_test(marks_once),
	        cmocka_unit_test(filling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
