/* SPDX-License-Identifier: Apache-2.0
 * test_draft_report - accident reports in JSON: good ones, faults with the path of the member,
 * hostile bytes.
 */
#include "form.h"
#include "ingest_fixture.h"
#include "phrases.h"
#include "review.h"
#include "source_tree.h"

#define GOOD                                                                                                     \
	"{\"what\":\"某仓库发生火灾，现场无人员被困。\",\"where\":[\"滨海新区\",\"120111\"," \
	"\"binhai\"],"                                                                                           \
	"\"when\":\"2026-07-01T09:30:00+08:00\",\"hazard\":\"12A07\""

static bool read_report(
        const char *json, const struct draft_rules *rules, struct draft *draft, struct err *err)
{
	return draft_from_report(json, strlen(json), rules, FIXTURE_NOW, draft, err);
}

static void reads_an_update(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct draft draft;
	struct err err = {0};

	(void)state;
	if (!read_report(GOOD ",\"updates\":\"b9\"}", &rules, &draft, &err))
		fail_msg("%s", err.en);
	assert_int_equal(draft.bulletin->verb, VERB_UPDATE);
	assert_string_equal(draft.bulletin->replaces, "b9");
	assert_int_equal(draft.alert->msg_type, CAP_UPDATE);
	assert_non_null(strstr(draft.alert->infos[0].headline, "更新"));
	draft_finish(&draft);
	assert_false(read_report(GOOD ",\"updates\":9}", &rules, &draft, &err));
	draft_finish(&draft);
	catalog_destroy(&catalog);
}

static void reads_a_fact(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct draft draft;
	struct err err = {0};

	(void)state;
	bool ok = read_report(GOOD
	        ",\"measures\":\"已出动12车60人。\",\"result\":\"明火已扑灭。\",\"unit\":\"tj-"
	        "emb\","
	        "\"incident\":\"fire "
	        "7\",\"targets\":[\"web\",\"sms-1\",\"web\"],\"procedure\":\"urgent\","
	        "\"disclosure\":\"on-request\",\"contact\":\"022-12345678\"}",
	        &rules, &draft, &err);
	if (!ok)
		fail_msg("%s", err.en);
	expect_errors("fact", &draft.notes, 0);
	const struct bulletin *bulletin = draft.bulletin;
	const struct cap_info *info = &draft.alert->infos[0];
	assert_int_equal(bulletin->kind, KIND_FACT);
	assert_int_equal(bulletin->level, LEVEL_NONE);
	assert_int_equal(bulletin->procedure, PROCEDURE_URGENT);
	assert_int_equal(bulletin->disclosure, DISCLOSURE_ON_REQUEST);
	assert_string_equal(bulletin->unit, "tj-emb");
	assert_string_equal(bulletin->incident, "fire 7");
	assert_int_equal(bulletin->areas.count, 2);
	assert_string_equal(bulletin->areas.items[0], "120116");
	assert_int_equal(bulletin->targets.count, 2);
	assert_int_equal(bulletin->expires, FIXTURE_NOW + 6 * 3600000);
	assert_string_equal(draft.alert->sender, "12000000500000");
	assert_string_equal(info->headline, "天津市应急管理局发布火灾事故事实通报");
	assert_string_equal(info->description, "某仓库发生火灾，现场无人员被困。\n处置措施：已出动1"
	                                       "2车60人。\n处置结果：明火已扑灭。");
	assert_string_equal(info->areas[0].desc, "滨海新区");
	assert_string_equal(info->areas[0].geocodes.items[0].value, "120116000000");
	assert_int_equal(info->categories[0], catalog_hazard(catalog, "12A07")->category);
	assert_int_equal(info->urgency, CAP_IMMEDIATE);
	assert_int_equal(info->certainty, CAP_OBSERVED);
	draft_finish(&draft);
	catalog_destroy(&catalog);
}

static void reads_warning_and_response(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_EXERCISE);
	struct draft draft;

	(void)state;
	assert_true(read_report(GOOD
	        ",\"kind\":\"warning\",\"level\":\"red\",\"measures\":\"请立即撤离。\"}",
	        &rules, &draft, NULL));
	const struct cap_info *info = &draft.alert->infos[0];
	assert_string_equal(info->headline, "【演练】天津市气象局发布火灾事故红色预警");
	assert_string_equal(info->instruction, "请立即撤离。");
	assert_int_equal(info->severity, CAP_EXTREME);
	assert_int_equal(info->urgency, CAP_IMMEDIATE);
	assert_string_equal(draft.bulletin->status, "Exercise");
	assert_int_equal(draft.bulletin->expires, FIXTURE_NOW + 24 * 3600000);
	draft_finish(&draft);
	assert_true(
	        read_report(GOOD ",\"kind\":\"response\",\"level\":\"II\"}", &rules, &draft, NULL));
	info = &draft.alert->infos[0];
	assert_string_equal(info->headline, "【演练】天津市气象局启动火灾事故Ⅱ级应急响应");
	assert_int_equal(info->severity, CAP_SEVERE);
	assert_int_equal(draft.bulletin->level, LEVEL_II);
	draft_finish(&draft);
	catalog_destroy(&catalog);
}

static const struct {
	const char *name, *json, *path, *want;
	size_t errors;
} faults[] = {
        {"typo", GOOD ",\"headlin\":\"x\"}", "headlin", "did you mean \"headline\"", 1},
        {"typo 2", GOOD ",\"mesures\":\"x\"}", "mesures", "did you mean \"measures\"", 1},
        {"unknown", GOOD ",\"colour\":\"x\"}", "colour", "there is no member \"colour\"", 1},
        {"missing all", "{}", "what", "is missing", 4},
        {"what type",
                "{\"what\":7,\"where\":[\"120000\"],\"when\":\"2026-07-01T09:30:00+08:00\","
                "\"hazard\":\"12A07\"}",
                "what", "must be a text", 1},
        {"where empty",
                "{\"what\":\"x\",\"where\":[],\"when\":\"2026-07-01T09:30:00+08:00\",\"hazard\":"
                "\"12A07\"}",
                "where", "list of 1 to", 1},
        {"where text",
                "{\"what\":\"x\",\"where\":\"120000\",\"when\":\"2026-07-01T09:30:00+08:00\","
                "\"hazard\":\"12A07\"}",
                "where", "list of 1 to", 1},
        {"where unknown",
                "{\"what\":\"x\",\"where\":[\"120000\",\"北京市\",110000],\"when\":\"2026-07-01T09:"
                "30:00+08:00\",\"hazard\":\"12A07\"}",
                "where[2]", "not in our table", 2},
        {"where grouping",
                "{\"what\":\"x\",\"where\":[\"120100\"],\"when\":\"2026-07-01T09:30:00+08:00\","
                "\"hazard\":\"12A07\"}",
                "where[1]", "not in our table", 1},
        {"when",
                "{\"what\":\"x\",\"where\":[\"120000\"],\"when\":\"2026-07-01 "
                "09:30\",\"hazard\":\"12A07\"}",
                "when", "must be a time", 1},
        {"hazard",
                "{\"what\":\"x\",\"where\":[\"120000\"],\"when\":\"2026-07-01T09:30:00+08:00\","
                "\"hazard\":\"火灾\"}",
                "hazard", "just one event type", 1},
        {"kind", GOOD ",\"kind\":\"rumour\"}", "kind", "warning advisory fact", 1},
        {"level word", GOOD ",\"level\":\"pink\"}", "level", "none blue yellow", 1},
        {"level of a fact", GOOD ",\"level\":\"red\"}", "level", "a fact cannot have the level red",
                1},
        {"no level of a warning", GOOD ",\"kind\":\"warning\"}", "level",
                "a warning has a level: choose one", 1},
        {"level of a warning", GOOD ",\"kind\":\"warning\",\"level\":\"I\"}", "level",
                "a warning cannot", 1},
        {"procedure", GOOD ",\"procedure\":\"relay\"}", "procedure", "normal or urgent", 1},
        {"disclosure", GOOD ",\"disclosure\":\"secret\"}", "disclosure", "proactive on-request", 1},
        {"unit", GOOD ",\"unit\":\"nobody\"}", "unit", "no unit \"nobody\"", 1},
        {"expires", GOOD ",\"expires\":\"2026-07-01T09:00:00+08:00\"}", "expires", "not after", 1},
        {"incident", GOOD ",\"incident\":\"a\\\"b\"}", "incident", "double quote", 1},
        {"line in headline", GOOD ",\"headline\":\"a\\nb\"}", "headline", "control character", 1},
        {"control", GOOD ",\"result\":\"a\\u0007b\"}", "result", "control character", 1},
        {"blank", GOOD ",\"headline\":\"  \"}", "headline", "1 to 300", 1},
        {"null", GOOD ",\"contact\":null}", "contact", "must be a text", 1},
        {"targets", GOOD ",\"targets\":[\"web\",[]]}", "targets[2]", "must be a text", 1},
};

static void names_the_member(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct draft draft;
		struct err err = {0};
		if (read_report(faults[i].json, &rules, &draft, &err))
			fail_msg("%s: was taken", faults[i].name);
		expect_errors(faults[i].name, &draft.notes, faults[i].errors);
		assert_null(draft.bulletin);
		bool found = false;
		for (size_t n = 0; n < draft.notes.count; n++)
			found = found || (strcmp(draft.notes.items[n].path, faults[i].path) == 0 &&
			                         strstr(draft.notes.items[n].en, faults[i].want));
		if (!found || err.kind != ERR_INPUT || !err.zh[0])
			fail_msg("%s: got \"%s\", want %s: %s", faults[i].name, err.en,
			        faults[i].path, faults[i].want);
		draft_finish(&draft);
	}
	catalog_destroy(&catalog);
}

static const struct {
	const char *name, *json, *want;
} broken[] = {
        {"empty", "", "not JSON at line 1"},
        {"not json", "{\n \"what\": x}", "not JSON at line 2"},
        {"array", "[]", "not a JSON object"},
        {"text", "\"what\"", "not JSON"},
        {"twice", "{\"what\":\"a\",\"what\":\"b\"}", "not JSON at line 1"},
        {"NUL", "{\"what\":\"a\\u0000b\"}", "not JSON"},
        {"bad UTF-8", "{\"what\":\"\xff\"}", "not UTF-8"},
        {"surrogate", "{\"what\":\"\\ud800\"}", "not JSON"},
        {"rest", "{} {}", "not JSON"},
};

static void refuses_hostile_bytes(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct draft draft;
	struct err err = {0};
	char *deep = mem_zero(DRAFT_LIMIT + 2);

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		assert_false(read_report(broken[i].json, &rules, &draft, &err));
		if (!strstr(err.en, broken[i].want))
			fail_msg("%s: got \"%s\", want \"%s\"", broken[i].name, err.en,
			        broken[i].want);
		draft_finish(&draft);
	}
	memset(deep, '[', DRAFT_LIMIT);
	assert_false(draft_from_report(deep, DRAFT_LIMIT, &rules, FIXTURE_NOW, &draft, &err));
	assert_false(draft_from_report(deep, DRAFT_LIMIT + 1, &rules, FIXTURE_NOW, &draft, &err));
	assert_int_equal(err.kind, ERR_TOO_BIG);
	free(deep);
	catalog_destroy(&catalog);
}

/* Every beginning of a good report is refused, none is half taken. */
static void refuses_every_beginning(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	const char *good = GOOD "}";
	struct draft draft;

	(void)state;
	for (size_t len = 0; len < strlen(good); len++) {
		assert_false(draft_from_report(good, len, &rules, FIXTURE_NOW, &draft, NULL));
		draft_finish(&draft);
	}
	catalog_destroy(&catalog);
}

#define DRAWN "\"what\":\"有雨。\",\"when\":\"2026-07-01T09:30:00+08:00\",\"hazard\":\"11B03\""
#define RING "39.05,117.60 39.05,117.70 39.00,117.70 39.00,117.60 39.05,117.60"

/* A shape without codes is concerned by where it lies; with codes by them. */
static void takes_drawn_areas(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct draft draft;
	struct err err = {0};

	(void)state;
	if (!read_report("{" DRAWN ",\"shapes\":[{\"polygon\":\"" RING
	                 "\"},{\"circle\":\"39.03,117.65 2\","
	                 "\"name\":\"港区\",\"codes\":[\"滨海新区\"]}]}",
	            &rules, &draft, &err))
		fail_msg("%s", err.en);
	expect_errors("drawn", &draft.notes, 0);
	const struct cap_info *info = &draft.alert->infos[0];
	assert_int_equal(info->area_count, 2);
	assert_string_equal(info->areas[0].desc, "滨海新区的部分区域");
	assert_string_equal(info->areas[0].polygons[0].text, RING);
	assert_int_equal(info->areas[0].geocodes.count, 0);
	assert_string_equal(info->areas[1].desc, "港区");
	assert_string_equal(info->areas[1].geocodes.items[0].value, "120116000000");
	assert_int_equal(draft.bulletin->areas.count, 1);
	assert_string_equal(draft.bulletin->areas.items[0], "120116");
	draft_finish(&draft);
	/* Into the sea: a draft, with the error that keeps it from being submitted. */
	if (!read_report(
	            "{" DRAWN ",\"shapes\":[{\"circle\":\"38.8,118.6 2\"}]}", &rules, &draft, &err))
		fail_msg("%s", err.en);
	expect_errors("sea", &draft.notes, 1);
	draft_finish(&draft);
	catalog_destroy(&catalog);
}

static const struct {
	const char *shapes, *want;
} bad_shapes[] = {
        {"[]", "list"},
        {"[1]", "polygon or a circle"},
        {"[{\"name\":\"x\"}]", "polygon or a circle"},
        {"[{\"polygon\":\"" RING "\",\"circle\":\"39,117 1\"}]", "polygon or a circle"},
        {"[{\"polygon\":\"39,117 39,118\"}]", "shapes[1]"},
        {"[{\"circle\":\"39,117\"}]", "shapes[1]"},
        {"[{\"circle\":7}]", "text"},
        {"[{\"circle\":\"39,117 1\",\"codes\":\"x\"}]", "list of divisions"},
        {"[{\"circle\":\"39,117 1\",\"codes\":[\"999999\"]}]", "table of divisions"},
        {"[{\"circle\":\"39,117 1\",\"colour\":\"red\"}]", "no more"},
};

static void refuses_what_is_no_shape(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);

	(void)state;
	for (size_t i = 0; i < sizeof bad_shapes / sizeof bad_shapes[0]; i++) {
		char *json = mem_format("{" DRAWN ",\"shapes\":%s}", bad_shapes[i].shapes);
		struct draft draft;
		struct err err = {0};
		if (read_report(json, &rules, &draft, &err) || !strstr(err.en, bad_shapes[i].want))
			fail_msg("%s: got \"%s\", want \"%s\"", bad_shapes[i].shapes, err.en,
			        bad_shapes[i].want);
		draft_finish(&draft);
		free(json);
	}
	catalog_destroy(&catalog);
}

/* The rules with the table of sentences that is shipped. */
static struct phrases *fixture_phrases(struct draft_rules *rules)
{
	char *folder = source_path("publisher/data");
	struct err err = {0};
	struct phrases *phrases = phrases_read(folder, &err);

	if (!phrases)
		fail_msg("%s", err.en);
	free(folder);
	rules->phrases = phrases;
	return phrases;
}

static void expect_english(const struct cap_info *zh, const struct cap_info *en)
{
	assert_string_equal(en->language, "en-US");
	assert_string_equal(en->event, "Mine fire");
	assert_string_equal(en->headline, "Mine fire: red warning, the highest of four levels.");
	assert_non_null(strstr(en->description, "Where: Binhai New Area, Xiqing District."));
	assert_non_null(strstr(en->description, "In force until 2026-07-02"));
	assert_non_null(strstr(en->instruction, "Leave the danger area at once."));
	assert_non_null(strstr(en->instruction, "Information: 022-12345678."));
	assert_int_equal(en->urgency, zh->urgency);
	assert_int_equal(en->severity, zh->severity);
	assert_int_equal(en->certainty, zh->certainty);
	assert_int_equal(en->onset.ms, zh->onset.ms);
	assert_int_equal(en->expires.ms, zh->expires.ms);
	assert_int_equal(en->area_count, zh->area_count);
	for (size_t i = 0; i < zh->area_count; i++)
		assert_string_equal(
		        en->areas[i].geocodes.items[0].value, zh->areas[i].geocodes.items[0].value);
	assert_string_equal(cap_pairs_find(&en->event_codes, FLATTEN_EVENT_CODE),
	        cap_pairs_find(&zh->event_codes, FLATTEN_EVENT_CODE));
}

#define WARNS GOOD ",\"kind\":\"warning\",\"level\":\"red\",\"contact\":\"022-12345678\""
#define BOTH WARNS ",\"languages\":[\"en\"],\"plain\":true}"

static void says_it_in_english_and_plainly(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct phrases *phrases = fixture_phrases(&rules);
	struct draft draft;
	struct err err = {0};

	(void)state;
	if (!read_report(BOTH, &rules, &draft, &err))
		fail_msg("%s", err.en);
	expect_errors("both", &draft.notes, 0);
	assert_int_equal(draft.alert->info_count, 2);
	const char *text = draft.alert->infos[0].description;
	assert_int_equal(strncmp(text, "某仓库发生火灾，现场无人员被困。\n", 49), 0);
	assert_non_null(strstr(text, "滨海新区、西青区"));
	expect_english(&draft.alert->infos[0], &draft.alert->infos[1]);
	assert_non_null(strstr(draft.bulletin->cap, "en-US"));
	/* The form has both boxes and the words alone; another word in the English is not ours. */
	json_t *form = form_of(draft.bulletin, draft.alert, &rules, &err);
	assert_non_null(form);
	assert_string_equal(json_string_value(json_object_get(form, "what")),
	        "某仓库发生火灾，现场无人员被困。");
	assert_true(json_is_true(json_object_get(form, "plain")));
	assert_int_equal(json_array_size(json_object_get(form, "languages")), 1);
	json_decref(form);
	mem_set_text(&draft.alert->infos[1].headline, "Somebody else's");
	assert_null(form_of(draft.bulletin, draft.alert, &rules, &err));
	assert_non_null(strstr(err.en, "several languages"));
	draft_finish(&draft);
	assert_true(read_report(WARNS ",\"plain\":false}", &rules, &draft, &err));
	assert_int_equal(draft.alert->info_count, 1);
	assert_string_equal(draft.alert->infos[0].description, "某仓库发生火灾，现场无人员被困。");
	draft_finish(&draft);
	phrases_destroy(&phrases);
	catalog_destroy(&catalog);
}

/* And the review, which knows the words of each mode, has nothing against it. */
static void expect_marked(
        const struct catalog *catalog, const struct phrases *phrases, enum mode mode)
{
	struct draft_rules rules = fixture_rules(catalog, mode);
	struct review_rules review = {.catalog = catalog, .mode = mode};
	struct cap_problems problems = {0};
	const char *mark = mode_banner(mode);
	struct draft draft;

	rules.phrases = phrases;
	assert_true(read_report(BOTH, &rules, &draft, NULL));
	const struct cap_info *en = &draft.alert->infos[1];
	assert_int_equal(strncmp(en->headline, mark, strlen(mark)), 0);
	assert_int_equal(strncmp(en->description, mark, strlen(mark)), 0);
	assert_true(mode == MODE_LIVE || strstr(en->description, "not a real warning"));
	review_bulletin(draft.bulletin, draft.alert, &review, FIXTURE_NOW, &problems);
	for (size_t i = 0; i < problems.count; i++)
		if (strncmp(problems.items[i].rule, "review.", 7) == 0 &&
		        problems.items[i].level == CAP_PROBLEM_ERROR)
			fail_msg("%s: %s", problems.items[i].path, problems.items[i].en);
	cap_problems_finish(&problems);
	draft_finish(&draft);
}

static void a_drill_says_so_in_english(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = {0};
	struct phrases *phrases = fixture_phrases(&rules);

	(void)state;
	expect_marked(catalog, phrases, MODE_LIVE);
	expect_marked(catalog, phrases, MODE_EXERCISE);
	expect_marked(catalog, phrases, MODE_TEST);
	phrases_destroy(&phrases);
	catalog_destroy(&catalog);
}

static const struct {
	const char *more, *path, *want;
} unsayable[] = {
        {"\"where\":[\"120116\"],\"languages\":[\"fr\"]", "languages[1]", "cannot be \"fr\""},
        {"\"where\":[\"120116\"],\"languages\":\"en\"", "languages", "list of 1 to"},
        {"\"where\":[\"120116\"],\"plain\":1", "plain", "true or false"},
        {"\"where\":[\"120116001\"],\"languages\":[\"en\"]", "languages",
                "\"120116001\" has no English name"},
        {"\"shapes\":[{\"circle\":\"39.03,117.65 2\",\"name\":\"港区\"}],\"languages\":[\"en\"]",
                "languages", "\"港区\" has no English name"},
};

static void nothing_is_said_by_half(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct phrases *phrases = fixture_phrases(&rules);
	struct draft draft;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof unsayable / sizeof unsayable[0]; i++) {
		char *json = mem_format("{\"what\":\"x\",\"when\":\"2026-07-01T09:30:00+08:00\","
		                        "\"hazard\":\"12A07\",%s}",
		        unsayable[i].more);
		if (read_report(json, &rules, &draft, &err) || !strstr(err.en, unsayable[i].want) ||
		        draft.bulletin || draft.alert)
			fail_msg("%s: %s", json, err.en);
		assert_string_equal(
		        draft.notes.items[draft.notes.count - 1].path, unsayable[i].path);
		draft_finish(&draft);
		free(json);
	}
	rules.phrases = NULL;
	assert_false(read_report(BOTH, &rules, &draft, &err));
	assert_non_null(strstr(err.zh, "phrases.csv"));
	draft_finish(&draft);
	phrases_destroy(&phrases);
	catalog_destroy(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_an_update),
	        cmocka_unit_test(takes_drawn_areas),
	        cmocka_unit_test(says_it_in_english_and_plainly),
	        cmocka_unit_test(a_drill_says_so_in_english),
	        cmocka_unit_test(nothing_is_said_by_half),
	        cmocka_unit_test(refuses_what_is_no_shape),
	        cmocka_unit_test(reads_a_fact),
	        cmocka_unit_test(reads_warning_and_response),
	        cmocka_unit_test(names_the_member),
	        cmocka_unit_test(refuses_hostile_bytes),
	        cmocka_unit_test(refuses_every_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
