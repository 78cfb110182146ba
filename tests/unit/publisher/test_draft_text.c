/* SPDX-License-Identifier: Apache-2.0
 * test_draft_text - bulletins as Chinese stations write them: what is read, what is named as not
 * understood.
 */
#include "ingest_fixture.h"

/* summary: verb level hazard unit areas(+) issue time */
static const struct {
	const char *name, *text, *want;
	size_t errors;
	const char *rule, *part; /* a note that must be there; NULL: none asked */
} cases[] = {
        {"rainstorm",
                "天津市气象台于2020年08月12日09时35分发布暴雨黄色预警信号:"
                "预计今天下午到夜间本市大部分地区将出现大雨到暴雨,"
                "部分地区小时雨强将达到30毫米以上,请有关单位和人员作好防范准备。",
                "publish yellow 11B03 tj-met 120000 2020-08-12T09:35:00+08:00", 0, NULL, NULL},
        {"with a heading",
                "滨海新区气象台发布雷电黄色预警/Ⅲ级/"
                "较重\n滨海新区气象台于2025年06月29日12时52分发布雷电黄色预警信号。",
                "publish yellow 11B14 bh-met 120116 2025-06-29T12:52:00+08:00", 0, "text.measures",
                "no measures"},
        {"wind at sea",
                "滨海新区气象台于2025年08月20日21时47分发布海上大风蓝色预警信号:受对流云团影响,"
                "预计今天夜间,"
                "天津港海域、南港海域、天津港锚地海域、渤海中部海域将有阵风8-9级",
                "publish blue 11B23 bh-met 120116 2025-08-20T21:47:00+08:00", 0, "text.area",
                "sea areas"},
        {"road icing",
                "天津市气象局发布道路结冰黄色预警/III/"
                "较重\r\n天津市气象台于2018年01月21日22时28分发布天津地区道路结冰黄色预警信号",
                "publish yellow 11B21 tj-met 120000 2018-01-21T22:28:00+08:00", 0, NULL, NULL},
        {"lift elsewhere", "吴起县气象台2018年10月24日14时25分解除霜冻蓝色预警信号。",
                "cancel blue 11B16 tj-met  2018-10-24T14:25:00+08:00", 1, "text.area",
                "吴起县气象台"},
        {"lift", "天津市气象台2018年10月24日14时25分解除霜冻蓝色预警信号。",
                "cancel blue 11B16 tj-met 120000 2018-10-24T14:25:00+08:00", 0, "text.replaces",
                "cancels"},
        {"heading only", "河南省气象局发布大风蓝色预警[IV级/一般]", "publish blue 11B06 tj-met  -",
                1, "text.unit", "河南省气象局"},
        {"joint", "天津市规划和自然资源局与天津市气象局联合发布地质灾害气象风险橙色预警",
                "publish orange 11B37 tj-met 120000 -", 0, "text.time", "no time"},
        {"short", "天津市气象台于2025年08月20日16时45分发布暴雨蓝色预警信号",
                "publish blue 11B03 tj-met 120000 2025-08-20T16:45:00+08:00", 0, "text.area",
                "names no area"},
        {"full width",
                "【气象预警】天津市气象台于２０２５年０８月２０日１６时发布暴雨蓝色预警信号：全市有"
                "雨，请注意防范。",
                "publish blue 11B03 tj-met 120000 2025-08-20T16:00:00+08:00", 0, NULL, NULL},
        {"districts",
                "天津市气象台于2025年08月20日16时45分发布暴雨红色预警信号：预计西青区、静海区将出现"
                "暴雨，请停止户外活动。",
                "publish red 11B03 tj-met 120111+120118 2025-08-20T16:45:00+08:00", 0, NULL, NULL},
        {"whole and parts",
                "天津市气象台于2025年08月20日16时45分发布暴雨红色预警信号：全市有雨，西青区最大，请"
                "停止户外活动。",
                "publish red 11B03 tj-met 120000 2025-08-20T16:45:00+08:00", 0, "text.area",
                "the whole and parts"},
        {"not its own district",
                "滨海新区气象台于2025年08月20日16时45分发布大雾橙色预警信号：滨海新区、西青区有大雾"
                "，请注意防范。",
                "publish orange 11B17 bh-met 120116 2025-08-20T16:45:00+08:00", 0, "text.area",
                "outside"},
        {"continued",
                "天津市气象台2024年07月12日21时29分继续发布雷电黄色预警信号：全市仍有雷阵雨，请注意"
                "防范。",
                "update yellow 11B14 tj-met 120000 2024-07-12T21:29:00+08:00", 0, "text.replaces",
                "updates"},
        {"raised",
                "天津市气象台于2025年08月20日18时00分将暴雨黄色预警信号升级为暴雨橙色预警信号，全市"
                "，请注意防范。",
                "update orange 11B03 tj-met 120000 2025-08-20T18:00:00+08:00", 0, NULL, NULL},
        {"raised from issued",
                "天津市气象台于2025年08月20日18时00分将16时发布的暴雨黄色预警信号变更为暴雨红色预警"
                "信号，全市，请注意防范。",
                "update red 11B03 tj-met 120000 2025-08-20T18:00:00+08:00", 0, NULL, NULL},
        {"lift of an issued one",
                "天津市气象台于2025年08月20日20时00分解除16时45分发布的暴雨蓝色预警信号。",
                "cancel blue 11B03 tj-met 120000 2025-08-20T20:00:00+08:00", 0, NULL, NULL},
        {"no colour", "天津市气象台于2025年08月20日20时00分发布暴雨预警信号，全市，请注意防范。",
                "publish none 11B03 tj-met 120000 2025-08-20T20:00:00+08:00", 2, "text.colour",
                "no colour"},
        {"grade against colour",
                "天津市气象台发布暴雨黄色预警[Ⅰ级/"
                "特别严重]"
                "\n天津市气象台于2025年08月20日20时00分发布暴雨黄色预警信号，全市，请注意防范。",
                "publish yellow 11B03 tj-met 120000 2025-08-20T20:00:00+08:00", 1, "text.grade",
                "grade"},
        {"heading against text",
                "天津市气象台发布暴雪红色预警\n天津市气象台于2025年08月20日20时00分发布暴雨黄色预警"
                "信号，全市，请注意防范。",
                "publish yellow 11B03 tj-met 120000 2025-08-20T20:00:00+08:00", 2, "text.hazard",
                "the heading says"},
        {"unknown hazard",
                "天津市气象台于2025年08月20日20时00分发布外星人黄色预警信号，全市，请注意防范。",
                "publish yellow  tj-met 120000 2025-08-20T20:00:00+08:00", 1, "text.hazard",
                "外星人"},
        {"impossible date",
                "天津市气象台于2025年02月30日20时00分发布暴雨黄色预警信号，全市，请注意防范。",
                "publish yellow 11B03 tj-met 120000 -", 0, "text.time", "no time"},
        {"no unit", "发布暴雨黄色预警", "publish yellow 11B03 tj-met 120000 -", 1, "text.unit",
                "no issuing unit"},
};

static char *summary(const struct draft *draft)
{
	const struct bulletin *bulletin = draft->bulletin;
	const struct cap_time *effective = &draft->alert->infos[0].effective;
	char time[26] = "-";
	struct buf areas;

	buf_init(&areas, 0);
	for (size_t i = 0; i < bulletin->areas.count; i++)
		buf_format(&areas, "%s%s", i ? "+" : "", bulletin->areas.items[i]);
	if (effective->set)
		cap_time_write(*effective, time);
	char *text = mem_format("%s %s %s %s %s %s", verb_text(bulletin->verb),
	        level_text(bulletin->level), bulletin->hazard, bulletin->unit,
	        areas.len ? areas.data : "", time);
	buf_finish(&areas);
	return text;
}

static void reads_bulletins(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct draft draft;
		struct err err = {0};
		if (!draft_from_bulletin_text(cases[i].text, &rules, FIXTURE_NOW, &draft, &err))
			fail_msg("%s: %s", cases[i].name, err.en);
		char *got = summary(&draft);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", cases[i].name, got, cases[i].want);
		expect_errors(cases[i].name, &draft.notes, cases[i].errors);
		if (cases[i].rule)
			expect_problem(cases[i].name, &draft.notes, cases[i].rule, cases[i].part);
		free(got);
		draft_finish(&draft);
	}
	catalog_destroy(&catalog);
}

static void keeps_the_stations_words(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct draft draft;

	(void)state;
	assert_true(draft_from_bulletin_text(
	        "　天津市气象台发布暴雨红色预警【Ⅰ级】\r\n天津市气象台于2026年07月01日09时50分发布"
	        "暴雨红色预警信号：目前全市降雨已达１００毫米，请有关单位和人员做好防范！\r\n\r\n",
	        &rules, FIXTURE_NOW, &draft, NULL));
	const struct cap_info *info = &draft.alert->infos[0];
	assert_string_equal(info->headline, "　天津市气象台发布暴雨红色预警【Ⅰ级】");
	assert_string_equal(info->description,
	        "天津市气象台于2026年07月01日09时50分发布暴雨红色预警信号：目前全市降雨已达"
	        "１００毫米，请有关单位和人员做好防范！");
	assert_string_equal(info->sender_name, "天津市气象台");
	assert_non_null(strstr(info->instruction, "请有关单位和人员做好防范"));
	assert_int_equal(info->urgency, CAP_IMMEDIATE);
	assert_int_equal(info->certainty, CAP_OBSERVED);
	assert_int_equal(draft.bulletin->expires, FIXTURE_NOW - 600000 + 24 * 3600000);
	expect_errors("words", &draft.notes, 0);
	draft_finish(&draft);
	catalog_destroy(&catalog);
}

static void refuses_what_is_no_bulletin(void **state)
{
	static const char *const texts[] = {"", " \n\n", "今天晴", "预警", "红色预警",
	        "天津市气象台", "发布", "色预警发布", "\xff\xfe",
	        "天津市气象台发布暴雨\x01黄色预警", "请注意防范"};
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct draft draft;
		struct err err = {0};
		if (draft_from_bulletin_text(texts[i], &rules, FIXTURE_NOW, &draft, &err) ||
		        draft.bulletin)
			fail_msg("text %zu was taken", i);
		assert_true(err.zh[0] && err.en[0]);
		draft_finish(&draft);
	}
	catalog_destroy(&catalog);
}

/* Cut anywhere, repeated, or long: answered, without a crash. */
static void bears_anything(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_EXERCISE);
	const char *whole = cases[1].text;
	struct draft draft;
	struct buf buf;

	(void)state;
	for (size_t from = 0; from < strlen(whole); from += 3) {
		for (size_t to = from; to <= strlen(whole); to += 3) {
			char *part = mem_text_n(whole + from, to - from);
			draft_from_bulletin_text(part, &rules, FIXTURE_NOW, &draft, NULL);
			draft_finish(&draft);
			free(part);
		}
	}
	static const char *const fills[] = {"发布的预警于2025年", "发布黄色预警", "请", "西青区",
	        "全市", "\n", "[", "发布", "预警请注意", "2025年08月"};
	for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
		buf_init(&buf, 0);
		buf_text(&buf, "天津市气象台发布暴雨黄色预警信号，");
		while (buf.len + strlen(fills[i]) <= DRAFT_TEXT_LIMIT)
			buf_text(&buf, fills[i]);
		draft_from_bulletin_text(buf.data, &rules, FIXTURE_NOW, &draft, NULL);
		draft_finish(&draft);
		buf_finish(&buf);
	}
	buf_init(&buf, 0);
	while (buf.len <= DRAFT_TEXT_LIMIT)
		buf_text(&buf, "预警");
	struct err err = {0};
	assert_false(draft_from_bulletin_text(buf.data, &rules, FIXTURE_NOW, &draft, &err));
	assert_int_equal(err.kind, ERR_TOO_BIG);
	buf_finish(&buf);
	catalog_destroy(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_bulletins),
	        cmocka_unit_test(keeps_the_stations_words),
	        cmocka_unit_test(refuses_what_is_no_bulletin),
	        cmocka_unit_test(bears_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
