/* SPDX-License-Identifier: Apache-2.0
 * test_flatten - what a message states about itself, in our profile and in others', and its flat
 * view.
 */
#include "ingest_fixture.h"

#include "draft_build.h"

/* An alert with one info and these pairs; NULL values are left out. */
struct stated {
	const char *name;
	const char *kind, *colour_name, *colour, *response;
	enum cap_severity severity;
	const char *code_name, *code, *event;
	const char *want; /* "kind level hazard", or a part of the sentence when it fails */
	bool ok;
};

static const struct stated rows[] = {
        {"own warning", "warning", "colour", "Orange", NULL, CAP_SEVERE, "GB/T 35561", "11B03",
                "暴雨", "warning orange 11B03", true},
        {"kind absent", NULL, "colour", "Red", NULL, CAP_EXTREME, NULL, NULL, "暴雨",
                "warning red ", true},
        {"American spelling", NULL, "Color", "YELLOW", NULL, CAP_SEVERE, NULL, NULL, "x",
                "warning yellow ", true},
        {"Chinese colour", NULL, "COLOUR", "蓝色", NULL, CAP_SEVERE, NULL, NULL, "x",
                "warning blue ", true},
        {"from severity red", NULL, NULL, NULL, NULL, CAP_EXTREME, NULL, NULL, "x", "warning red ",
                true},
        {"from severity orange", NULL, NULL, NULL, NULL, CAP_SEVERE, NULL, NULL, "x",
                "warning orange ", true},
        {"from severity yellow", NULL, NULL, NULL, NULL, CAP_MODERATE, NULL, NULL, "x",
                "warning yellow ", true},
        {"from severity blue", NULL, NULL, NULL, NULL, CAP_MINOR, NULL, NULL, "x", "warning blue ",
                true},
        {"response", "response", NULL, NULL, "II", CAP_SEVERE, "GB/T 35561", "12A07", "x",
                "response II 12A07", true},
        {"fact", "fact", NULL, NULL, NULL, CAP_SEVERE, NULL, NULL, "x", "fact none ", true},
        {"foreign code name", "fact", NULL, NULL, NULL, CAP_SEVERE, "SAME", "11B06", "x",
                "fact none 11B06", true},
        {"foreign code", "fact", NULL, NULL, NULL, CAP_SEVERE, "SAME", "TOR", "x", "fact none ",
                true},
        {"no level", NULL, NULL, NULL, NULL, CAP_SEVERITY_UNKNOWN, NULL, NULL, "x",
                "no warning level", false},
        {"unknown kind", "rumour", NULL, NULL, NULL, CAP_SEVERE, NULL, NULL, "x",
                "\"rumour\" is not a kind", false},
        {"unknown colour", NULL, "colour", "Pink", NULL, CAP_SEVERE, NULL, NULL, "x",
                "colour \"Pink\"", false},
        {"empty colour", NULL, "colour", "", NULL, CAP_SEVERE, NULL, NULL, "x", "colour \"\"",
                false},
        {"response without level", "response", NULL, NULL, NULL, CAP_SEVERE, NULL, NULL, "x",
                "without a level", false},
        {"response with colour", "response", "colour", "Red", "I", CAP_SEVERE, NULL, NULL, "x",
                "cannot have the parameter colour", false},
        {"response level red", "response", NULL, NULL, "red", CAP_SEVERE, NULL, NULL, "x",
                "not I, II, III or IV", false},
        {"warning with response level", NULL, "colour", "Red", "I", CAP_SEVERE, NULL, NULL, "x",
                "parameter responseLevel", false},
        {"fact with colour", "fact", "colour", "Red", NULL, CAP_SEVERE, NULL, NULL, "x",
                "cannot have the parameter colour", false},
};

static struct cap_alert *stated_alert(const struct stated *row)
{
	struct cap_alert *alert = cap_alert_create();
	struct cap_info *info = cap_alert_add_info(alert);

	mem_set_text(&info->event, row->event);
	info->severity = row->severity;
	if (row->kind)
		cap_pairs_add(&info->parameters, "kind", row->kind);
	if (row->colour_name)
		cap_pairs_add(&info->parameters, row->colour_name, row->colour);
	if (row->response)
		cap_pairs_add(&info->parameters, "responseLevel", row->response);
	if (row->code)
		cap_pairs_add(&info->event_codes, row->code_name, row->code);
	return alert;
}

static void reads_kind_and_level(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cap_alert *alert = stated_alert(&rows[i]);
		struct cap_facts facts;
		struct err err = {0};
		bool ok = cap_facts_read(alert, NULL, &facts, &err);
		char *got = ok ? mem_format("%s %s %s", kind_text(facts.kind),
		                         level_text(facts.level), facts.hazard)
		               : mem_text(err.en);
		if (ok != rows[i].ok ||
		        (ok ? strcmp(got, rows[i].want) != 0 : !strstr(got, rows[i].want)))
			fail_msg("%s: got \"%s\", want \"%s\"", rows[i].name, got, rows[i].want);
		free(got);
		cap_facts_finish(&facts);
		cap_alert_destroy(&alert);
	}
}

static void two_stories_are_refused(void **state)
{
	struct cap_facts facts;
	struct err err = {0};
	struct cap_alert *alert = fixture_alert(MODE_LIVE);

	(void)state;
	cap_pairs_add(&alert->infos[0].parameters, "color", "Red");
	assert_false(cap_facts_read(alert, NULL, &facts, &err));
	assert_non_null(strstr(err.en, "two levels"));
	cap_alert_destroy(&alert);

	alert = fixture_alert(MODE_LIVE);
	struct cap_info *info = cap_alert_add_info(alert);
	draft_profile(info, KIND_WARNING, LEVEL_RED, "11B03");
	assert_false(cap_facts_read(alert, NULL, &facts, &err));
	assert_non_null(strstr(err.en, "/alert/info[2]: kind or level"));
	mem_set_text(&alert->infos[1].parameters.items[1].value, "Orange");
	assert_true(cap_facts_read(alert, NULL, &facts, &err));
	cap_facts_finish(&facts);
	draft_pair_set(&alert->infos[1].event_codes, FLATTEN_EVENT_CODE, "11B06");
	assert_false(cap_facts_read(alert, NULL, &facts, &err));
	assert_non_null(strstr(err.en, "event code 11B06"));
	alert->info_count = 1; /* the rest of the test is about areas */
	cap_pairs_add(&cap_info_add_area(&alert->infos[0])->geocodes, "SAME", "120101");
	assert_false(cap_facts_read(alert, NULL, &facts, &err));
	assert_non_null(strstr(err.en, "/alert/info[1]/area[3]"));
	assert_null(facts.hazard);
	alert->info_count = 2;
	cap_alert_destroy(&alert);
	alert = cap_alert_create();
	assert_false(cap_facts_read(alert, NULL, &facts, &err));
	cap_alert_destroy(&alert);
}

static void reads_areas_expiry_incident(void **state)
{
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct cap_facts facts;

	(void)state;
	cap_pairs_add(&alert->infos[0].areas[0].geocodes, FLATTEN_GEOCODE, "120111001000");
	cap_pairs_add(&alert->infos[0].areas[1].geocodes, FLATTEN_GEOCODE, "120111000000");
	cap_pairs_add(&alert->infos[0].areas[1].geocodes, FLATTEN_GEOCODE, "120000000000");
	mem_set_text(&alert->incidents, " \"港口 火灾\" other");
	assert_true(cap_facts_read(alert, NULL, &facts, NULL));
	assert_int_equal(facts.areas.count, 4);
	assert_string_equal(facts.areas.items[0], "120111");
	assert_string_equal(facts.areas.items[1], "120111001");
	assert_string_equal(facts.areas.items[2], "120118");
	assert_string_equal(facts.areas.items[3], "120000");
	assert_string_equal(facts.incident, "港口 火灾");
	assert_int_equal(facts.expires, FIXTURE_NOW + 24 * 3600000);
	cap_facts_finish(&facts);
	mem_set_text(&alert->infos[0].areas[0].geocodes.items[0].value, "1201110");
	assert_false(cap_facts_read(alert, NULL, &facts, NULL));
	cap_alert_destroy(&alert);
}

static void too_many_areas(void **state)
{
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct cap_facts facts;
	struct err err = {0};
	enum { LIMIT = 2000 };

	(void)state;
	for (int i = 0; i < LIMIT - 2; i++) {
		char code[13];
		snprintf(code, sizeof code, "120116%06d", i + 1);
		cap_pairs_add(&alert->infos[0].areas[0].geocodes, FLATTEN_GEOCODE, code);
	}
	assert_true(cap_facts_read(alert, NULL, &facts, &err));
	assert_int_equal(facts.areas.count, LIMIT);
	cap_facts_finish(&facts);
	cap_pairs_add(&alert->infos[0].areas[0].geocodes, FLATTEN_GEOCODE, "120116900000");
	assert_false(cap_facts_read(alert, NULL, &facts, &err));
	assert_int_equal(err.kind, ERR_TOO_BIG);
	cap_alert_destroy(&alert);
}

/* With the table at hand the Chinese name is believed before the number. */
static void name_beats_code(void **state)
{
	struct catalog *catalog = fixture_catalog();
	static const struct {
		const char *code_name, *code, *event, *want;
	} cases[] = {
	        {FLATTEN_EVENT_CODE, "11B02", "暴雨", "11B03"},
	        {"eventType", "11B99", "大风", "11B06"},
	        {FLATTEN_EVENT_CODE, "11B06", "strong wind", "11B06"},
	        {"x", "nothing", "天津地区道路结冰", "11B21"},
	        {"x", "19Z99", "未知", ""},
	        {FLATTEN_EVENT_CODE, "12H02", "撞车", "12H02"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct cap_alert *alert = fixture_alert(MODE_LIVE);
		struct cap_facts facts;
		struct cap_pair *pair = &alert->infos[0].event_codes.items[0];
		mem_set_text(&pair->name, cases[i].code_name);
		mem_set_text(&pair->value, cases[i].code);
		mem_set_text(&alert->infos[0].event, cases[i].event);
		assert_true(cap_facts_read_draft(alert, catalog, &facts, NULL));
		if (strcmp(facts.hazard, cases[i].want) != 0)
			fail_msg("%s %s: got \"%s\", want \"%s\"", cases[i].code, cases[i].event,
			        facts.hazard, cases[i].want);
		cap_facts_finish(&facts);
		cap_alert_destroy(&alert);
	}
	catalog_destroy(&catalog);
}

static void lays_flat(void **state)
{
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct cap_facts facts;
	struct view view = {0};
	struct texts settled = {0};

	(void)state;
	texts_add(&settled, "120111");
	mem_set_text(&alert->identifier, "12/../a b");
	assert_true(cap_area_add_polygon(
	        &alert->infos[0].areas[0], "39,117 39,118 38,118 39,117", NULL));
	assert_false(cap_facts_read(alert, NULL, &facts, NULL));
	assert_true(cap_facts_read_settled(alert, &settled, &facts, NULL));
	assert_int_equal(facts.areas.count, 1);
	flatten(alert, &facts, VERB_UPDATE, MODE_TEST, "chain", "old", "https://host/warnings",
	        &view);
	assert_string_equal(view.web, "https://host/warnings/12=2F..=2Fa=20b.html");
	assert_string_equal(view.sender, "12000041600000");
	assert_string_equal(view.event, "暴雨");
	assert_string_equal(view.category, "Met");
	assert_string_equal(view.severity, "Severe");
	assert_string_equal(view.chain, "chain");
	assert_string_equal(view.replaces, "old");
	assert_string_equal(view.references, "");
	assert_string_equal(view.contact, "");
	assert_int_equal(view.verb, VERB_UPDATE);
	assert_int_equal(view.mode, MODE_TEST);
	assert_int_equal(view.level, LEVEL_ORANGE);
	assert_int_equal(view.sent, 0);
	assert_int_equal(view.onset, FIXTURE_NOW + 3600000);
	assert_int_equal(view.area_count, 2);
	assert_string_equal(view.areas[0].code, "120111");
	assert_string_equal(view.areas[0].name, "西青区");
	assert_string_equal(view.areas[0].polygon, "39,117 39,118 38,118 39,117");
	assert_string_equal(view.areas[1].polygon, "");
	flatten(alert, &facts, VERB_PUBLISH, MODE_LIVE, "", "", "", &view);
	assert_string_equal(view.web, "");
	texts_finish(&settled);
	view_finish(&view);
	cap_facts_finish(&facts);
	cap_alert_destroy(&alert);
}

/* One area drawn over the border of 西青 and 静海, beside the one that names 静海 by its code. */
static struct cap_alert *drawn_alert(void)
{
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct cap_area *area = &alert->infos[0].areas[0];

	mem_set_text(&area->geocodes.items[0].name, "other");
	mem_set_text(&area->desc, "独流减河沿岸");
	assert_true(cap_area_add_polygon(
	        area, "38.95,116.95 39.05,116.95 39.05,117.05 38.95,117.05 38.95,116.95", NULL));
	return alert;
}

static void drawn_areas_are_asked_for_by_division(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct cap_alert *alert = drawn_alert();
	struct cap_facts facts;
	struct view view = {0};
	struct err err = {0};

	(void)state;
	assert_false(cap_facts_read(alert, NULL, &facts, &err));
	assert_non_null(strstr(err.en, "area[1] (独流减河沿岸)"));
	assert_true(cap_facts_read(alert, catalog->outlines, &facts, &err));
	assert_true(facts.drawn);
	assert_int_equal(facts.areas.count, 2);
	assert_true(texts_have(&facts.areas, "120111") && texts_have(&facts.areas, "120118"));
	flatten(alert, &facts, VERB_PUBLISH, MODE_LIVE, "", "", "", &view);
	assert_int_equal(view.area_count, 2);
	assert_string_equal(view.areas[0].code, "120111");
	assert_string_equal(view.areas[0].name, "独流减河沿岸");
	assert_memory_equal(view.areas[0].polygon, "38.95,116.95 ", 13);
	assert_string_equal(view.areas[1].code, "120118");
	assert_string_equal(view.areas[1].polygon, "");
	view_finish(&view);
	cap_facts_finish(&facts);
	alert->infos[0].area_count = 1; /* now it stands in both divisions it touches */
	assert_true(cap_facts_read_draft(alert, catalog, &facts, &err));
	flatten(alert, &facts, VERB_PUBLISH, MODE_LIVE, "", "", "", &view);
	assert_int_equal(view.area_count, 2);
	assert_string_equal(view.areas[1].code, "120118");
	alert->infos[0].area_count = 2;
	view_finish(&view);
	cap_facts_finish(&facts);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

/* A draft may hold a shape that has to be mended; it names no division, and nothing leaves by it. */
static void doubtful_shapes_count_for_nothing(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct cap_alert *alert = drawn_alert();
	struct cap_facts facts;
	struct err err = {0};

	(void)state;
	alert->infos[0].area_count = 1;
	alert->infos[0].areas[0].polygons[0].doubtful = true;
	assert_true(cap_facts_read_draft(alert, catalog, &facts, &err));
	assert_int_equal(facts.areas.count, 0);
	cap_facts_finish(&facts);
	assert_false(cap_facts_read(alert, catalog->outlines, &facts, &err));
	assert_non_null(strstr(err.en, "counts for nothing"));
	cap_pairs_add(&alert->infos[0].areas[0].geocodes, FLATTEN_GEOCODE, "120111000000");
	assert_true(cap_facts_read_draft(alert, catalog, &facts, &err));
	assert_int_equal(facts.areas.count, 1);
	cap_facts_finish(&facts);
	assert_false(cap_facts_read(alert, catalog->outlines, &facts, &err));
	alert->infos[0].area_count = 2;
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

static void shapes_keep_within_their_codes(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct cap_alert *alert = drawn_alert();
	struct cap_pairs *codes = &alert->infos[0].areas[0].geocodes;
	struct cap_facts facts;
	struct err err = {0};

	(void)state;
	cap_pairs_add(codes, FLATTEN_GEOCODE, "120111000000");
	assert_true(cap_facts_read_draft(alert, catalog, &facts, &err));
	assert_false(facts.drawn);
	cap_facts_finish(&facts);
	assert_false(cap_facts_read(alert, catalog->outlines, &facts, &err));
	assert_non_null(strstr(err.en, "touches division 120118"));
	cap_pairs_add(codes, FLATTEN_GEOCODE, "120118000000");
	assert_true(cap_facts_read(alert, catalog->outlines, &facts, &err));
	cap_facts_finish(&facts);
	mem_set_text(&codes->items[1].value, "120000000000");
	mem_set_text(&codes->items[2].value, "120000000000");
	assert_true(cap_facts_read(alert, catalog->outlines, &facts, &err));
	assert_string_equal(facts.areas.items[0], "120000");
	cap_facts_finish(&facts);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

static void lays_lists_flat(void **state)
{
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct cap_info *info = &alert->infos[0];
	struct cap_facts facts;
	struct view view;

	(void)state;
	view_init(&view);
	mem_set_text(&info->language, "ZH-cn");
	mem_set_text(&info->areas[0].desc, "和平区,河东区");
	mem_set_text(&info->areas[0].geocodes.items[0].value, "120101000000");
	cap_pairs_add(&info->areas[0].geocodes, "other", "1");
	cap_pairs_add(&info->areas[0].geocodes, FLATTEN_GEOCODE, "120102000000");
	assert_true(cap_facts_read(alert, NULL, &facts, NULL));
	flatten(alert, &facts, VERB_PUBLISH, MODE_LIVE, "", "", "", &view);
	assert_int_equal(view.area_count, 3);
	assert_string_equal(view.areas[1].name, "河东区");
	assert_string_equal(view.areas[1].code, "120102");
	view_finish(&view);
	cap_facts_finish(&facts);
	cap_alert_destroy(&alert);
}

static void real_message(void **state)
{
	size_t len;
	char *bytes = fixture_shared("corpus/cap/cn-cma/capvalidator__d570d09__valid.xml", &len);
	struct catalog *catalog = fixture_catalog();
	struct cap_problems problems = {0};
	struct cap_facts facts;

	(void)state;
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_SOURCE, &problems);
	assert_non_null(alert);
	assert_true(cap_facts_read_draft(alert, catalog, &facts, NULL));
	assert_string_equal(facts.hazard, "11B14");
	assert_int_equal(facts.level, LEVEL_YELLOW);
	assert_string_equal(facts.areas.items[0], "130602");
	cap_facts_finish(&facts);
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_kind_and_level),
	        cmocka_unit_test(two_stories_are_refused),
	        cmocka_unit_test(reads_areas_expiry_incident),
	        cmocka_unit_test(too_many_areas),
	        cmocka_unit_test(name_beats_code),
	        cmocka_unit_test(lays_flat),
	        cmocka_unit_test(lays_lists_flat),
	        cmocka_unit_test(drawn_areas_are_asked_for_by_division),
	        cmocka_unit_test(doubtful_shapes_count_for_nothing),
	        cmocka_unit_test(shapes_keep_within_their_codes),
	        cmocka_unit_test(real_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
