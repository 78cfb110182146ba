/* SPDX-License-Identifier: Apache-2.0
 * test_draft_national - what headlines say of a national message, and the draft that is made of
 * one.
 */
#include "ingest_fixture.h"

#include "draft_national.h"
#include "source_tree.h"

/* The headlines of real bulletins (fact sheet of Chinese warning practice, section 9), and codes.
 */
static const struct {
	const char *code, *headline, *want; /* name level */
} cases[] = {
        {"11B03",
                "天津市气象台于2020年08月12日09时35分发布暴雨黄色预警信号:"
                "预计今天下午到夜间本市大部"
                "分地区将出现大雨到暴雨",
                "暴雨 yellow"},
        {"11B14", "滨海新区气象台发布雷电黄色预警/Ⅲ级/较重", "雷电 yellow"},
        {"11B06", "滨海新区气象台于2025年08月20日21时47分发布海上大风蓝色预警信号:受对流云团影响",
                "海上大风 blue"},
        {"11B21", "天津市气象局发布道路结冰黄色预警/III/较重", "道路结冰 yellow"},
        {NULL, "天津市气象台于2018年01月21日22时28分发布天津地区道路结冰黄色预警信号",
                "道路结冰 yellow"},
        {NULL, "吴起县气象台2018年10月24日14时25分解除霜冻蓝色预警信号。", "霜冻 blue"},
        {NULL, "吴起县气象台解除霜冻蓝色预警[IV级/一般]", "霜冻 blue"},
        {"11B06", "河南省气象局发布大风蓝色预警[IV级/一般]", "大风 blue"},
        {NULL, "天津市规划和自然资源局与天津市气象局联合发布地质灾害气象风险橙色预警",
                "地质灾害气象风险 orange"},
        {NULL, "天津市气象台于2025年08月20日16时45分发布暴雨蓝色预警信号", "暴雨 blue"},
        {"11B02", "天津市气象台发布暴雨蓝色预警信号", "暴雨 blue"}, /* a number of their own */
        {"11B03", NULL, "暴雨 none"},
        {"11B03", "今天有雨", "暴雨 none"},
        {NULL, "天津市气象局发布暴雨预警[Ⅱ级/严重]", "暴雨 orange"},
        {NULL, "暴雨", "暴雨 none"},
        {"99999", "今天有雨", "- none"},
        {NULL, NULL, "- none"},
};

static void headlines_are_understood(void **state)
{
	struct catalog *catalog = fixture_catalog();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct national_event event = {0};

		draft_national_event(catalog, cases[i].code, cases[i].headline, "正在下雨", &event);
		char *got =
		        mem_format("%s %s", event.name ? event.name : "-", level_text(event.level));

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].headline, got, cases[i].want);
		assert_true(event.occurring);
		free(got);
	}
	catalog_destroy(&catalog);
}

static char *sample(const char *name)
{
	char *path = mem_format("tests/data/national/%s", name);
	char *text = source_text(path);

	free(path);
	return text;
}

struct made {
	struct cap_alert *alert;
	struct cap_problems problems;
	struct draft draft;
	struct err err;
	bool ok;
};

static void make(const char *text, const struct catalog *catalog, struct made *made)
{
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct national_help help = {.event = draft_national_event, .events = (void *)catalog};
	struct national *n = national_read(text, strlen(text), CAP_LIMIT_SOURCE, &made->problems);

	assert_non_null(n);
	made->alert = national_to_cap(n, &help, &made->problems);
	made->ok = draft_from_cap(made->alert, &rules, FIXTURE_NOW, &made->draft, &made->err);
	national_destroy(&n);
}

static void finish(struct made *made)
{
	cap_alert_destroy(&made->alert);
	cap_problems_finish(&made->problems);
	draft_finish(&made->draft);
}

static void a_draft_is_made(void **state)
{
	static const struct {
		const char *sample, *level, *replaces;
		enum verb verb;
		enum cap_urgency urgency;
	} drafts[] = {
	        {"rainstorm_orange.xml", "orange", "", VERB_PUBLISH, CAP_EXPECTED},
	        {"rainstorm_red_update.xml", "red", "12000041600000_20260701095500", VERB_UPDATE,
	                CAP_IMMEDIATE},
	        {"rainstorm_cancel.xml", "red", "12000041600000_20260701125500", VERB_CANCEL,
	                CAP_PAST},
	};
	struct catalog *catalog = fixture_catalog();

	(void)state;
	for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++) {
		struct made made = {0};
		char *text = sample(drafts[i].sample);

		make(text, catalog, &made);
		if (!made.ok)
			fail_msg("%s: %s", drafts[i].sample, made.err.en);
		const struct bulletin *b = made.draft.bulletin;
		const struct cap_info *info = &made.draft.alert->infos[0];

		assert_string_equal(level_text(b->level), drafts[i].level);
		assert_int_equal(b->verb, drafts[i].verb);
		assert_string_equal(b->replaces ? b->replaces : "", drafts[i].replaces);
		assert_string_equal(b->hazard, "11B03");
		assert_int_equal(b->areas.count, 2);
		assert_int_equal(info->urgency, drafts[i].urgency);
		assert_string_equal(info->sender_name, "天津市气象局");
		assert_int_equal(b->disclosure, DISCLOSURE_PROACTIVE);
		assert_null(strstr(b->cap, "签发员"));
		expect_errors(drafts[i].sample, &made.draft.notes, 0);
		finish(&made);
		free(text);
	}
	catalog_destroy(&catalog);
}

static char *replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	return mem_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* What is classified stays with the house; a code that is not the headline's is pointed out; a
 * message without any level is none. */
static void what_is_odd_is_seen(void **state)
{
	struct catalog *catalog = fixture_catalog();
	char *text = sample("rainstorm_orange.xml");
	char *inner = replaced(text, ">None<", ">Inner<");
	char *other = replaced(text, "11B03", "11B02");
	char *blank = replaced(text, "<severity>Orange", "<severity>");
	char *none = replaced(blank, "发布暴雨橙色预警[II级/严重]", "提醒");
	struct made made = {0};

	(void)state;
	make(inner, catalog, &made);
	assert_true(made.ok);
	assert_int_equal(made.draft.bulletin->disclosure, DISCLOSURE_WITHHELD);
	assert_string_equal(made.draft.bulletin->disclosure_reason, "secClassification Inner");
	finish(&made);
	made = (struct made){0};
	make(other, catalog, &made);
	assert_true(made.ok);
	assert_string_equal(made.draft.bulletin->hazard, "11B03");
	expect_problem("other code", &made.draft.notes, "draft.hazard", "11B02");
	expect_problem("other code", &made.problems, "convert.event", "headline");
	finish(&made);
	made = (struct made){0};
	make(blank, catalog, &made);
	assert_true(made.ok);
	assert_int_equal(made.draft.bulletin->level, LEVEL_ORANGE);
	expect_problem("blank level", &made.problems, "convert.level", "headline");
	finish(&made);
	made = (struct made){0};
	make(none, catalog, &made);
	assert_false(made.ok);
	assert_non_null(strstr(made.err.en, "no warning level"));
	finish(&made);
	free(none);
	free(blank);
	free(other);
	free(inner);
	free(text);
	catalog_destroy(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(headlines_are_understood),
	        cmocka_unit_test(a_draft_is_made),
	        cmocka_unit_test(what_is_odd_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
