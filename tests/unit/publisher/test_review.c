/* SPDX-License-Identifier: Apache-2.0
 * test_review - one change at a time to a good bulletin, and the rule that must object.
 */
#include "ingest_fixture.h"

#include "draft_build.h"
#include "review.h"
#include "stage.h"

struct subject {
	struct cap_alert *alert;
	struct bulletin *bulletin;
	struct cap_info *info;
};

static void nothing(struct subject *s)
{
	(void)s;
}

static void level_of_fact(struct subject *s)
{
	s->bulletin->kind = KIND_FACT;
}

static void no_onset(struct subject *s)
{
	s->info->onset = (struct cap_time){0};
}

static void no_instruction(struct subject *s)
{
	mem_set_text(&s->info->instruction, " \n");
}

static void no_description(struct subject *s)
{
	mem_set_text(&s->info->description, NULL);
}

static void no_headline(struct subject *s)
{
	mem_set_text(&s->info->headline, "");
}

static void no_sender_name(struct subject *s)
{
	mem_set_text(&s->info->sender_name, NULL);
}

static void no_area(struct subject *s)
{
	size_t count = s->info->area_count;

	/* the areas are emptied one by one into an info of their own, so that nothing is lost */
	struct cap_info *other = cap_alert_add_info(s->alert);
	s->info = &s->alert->infos[0];
	other->areas = s->info->areas;
	other->area_count = count;
	s->info->areas = NULL;
	s->info->area_count = 0;
}

static void area_without_code(struct subject *s)
{
	mem_set_text(&cap_info_add_area(s->info)->desc, "某地");
}

/* As it is after the draft was read back: the shape was not in the standard's form. */
static void area_doubtful(struct subject *s)
{
	struct cap_area *area = &s->info->areas[0];

	assert_true(cap_area_add_polygon(
	        area, "39.00,117.60 39.05,117.60 39.05,117.65 39.00,117.60", NULL));
	area->polygons[area->polygon_count - 1].doubtful = true;
}

static void area_unknown(struct subject *s)
{
	mem_set_text(&s->info->areas[0].geocodes.items[0].value, "110101000000");
}

static void area_of_another_name(struct subject *s)
{
	mem_set_text(&s->info->areas[0].desc, "和平区");
}

static void area_grouping(struct subject *s)
{
	mem_set_text(&s->info->areas[0].geocodes.items[0].value, "120100000000");
}

static void street(struct subject *s)
{
	mem_set_text(&s->info->areas[0].geocodes.items[0].value, "120111001000");
	free(s->bulletin->areas.items[0]);
	s->bulletin->areas.items[0] = mem_text("120111001");
}

static void areas_differ(struct subject *s)
{
	free(s->bulletin->areas.items[0]);
	s->bulletin->areas.items[0] = mem_text("120000");
}

static void expired(struct subject *s)
{
	s->info->expires = cap_time_china(FIXTURE_NOW);
	s->bulletin->expires = FIXTURE_NOW;
}

static void far_expiry(struct subject *s)
{
	s->bulletin->expires = FIXTURE_NOW + INT64_C(7) * 24 * 3600000 + 1000;
	s->info->expires = cap_time_china(s->bulletin->expires);
}

static void seven_days(struct subject *s)
{
	s->bulletin->expires = FIXTURE_NOW + INT64_C(7) * 24 * 3600000;
	s->info->expires = cap_time_china(s->bulletin->expires);
}

static void no_expiry(struct subject *s)
{
	s->info->expires = (struct cap_time){0};
}

static void exercise_status(struct subject *s)
{
	s->alert->status = CAP_EXERCISE;
}

static void sent_mark(struct subject *s)
{
	mem_set_text(&s->info->description, "截至{sent}有雨。");
}

static void sent_mark_in_area(struct subject *s)
{
	mem_set_text(&s->info->areas[0].desc, "西青区{sent}");
}

static void hidden(struct subject *s)
{
	mem_set_text(&s->info->headline, "天津市\xe2\x80\xae气象台发布暴雨橙色预警");
}

static void drill_headline(struct subject *s)
{
	mem_set_text(&s->info->headline, "【演练】天津市气象台发布暴雨橙色预警");
}

static void drill_english(struct subject *s)
{
	mem_set_text(&s->info->description, "[TEST] rain");
}

static void testing_word(struct subject *s)
{
	mem_set_text(&s->info->description, "Testimony of rain; 今天的演练取消。");
}

static void hazard_unknown(struct subject *s)
{
	free(s->bulletin->hazard);
	s->bulletin->hazard = mem_text("");
}

static void other_event(struct subject *s)
{
	mem_set_text(&s->info->event, "大风");
}

static void other_severity(struct subject *s)
{
	s->info->severity = CAP_MINOR;
}

static void update_of_nothing(struct subject *s)
{
	s->bulletin->verb = VERB_UPDATE;
	s->alert->msg_type = CAP_UPDATE;
}

static void update(struct subject *s)
{
	update_of_nothing(s);
	free(s->bulletin->replaces);
	s->bulletin->replaces = mem_text("12000041600000_20260701090000");
}

static void withheld_unsaid(struct subject *subject)
{
	subject->bulletin->disclosure = DISCLOSURE_WITHHELD;
}

static void withheld_with_reason(struct subject *subject)
{
	subject->bulletin->disclosure = DISCLOSURE_WITHHELD;
	mem_set_text(&subject->bulletin->disclosure_reason, "涉及商业秘密");
}

static void says_exercise_inside(struct subject *subject)
{
	mem_set_text(&subject->info->instruction, "请注意。This is an EXERCISE.");
}

static void cancel_as_alert(struct subject *s)
{
	s->bulletin->verb = VERB_CANCEL;
}

static const struct {
	const char *name;
	void (*change)(struct subject *subject);
	const char *rule, *part; /* NULL: no error and no such warning */
	bool only_warns;
} cases[] = {
        {"good", nothing, NULL, NULL, false},
        {"level of a fact", level_of_fact, "review.level", "a fact cannot", false},
        {"no start time", no_onset, "china.contents.start", "start time", false},
        {"no measures", no_instruction, "china.contents.measures", "measures", false},
        {"no matters", no_description, "china.contents.matters", "matters", false},
        {"no headline", no_headline, "review.contents", "headline", false},
        {"no issuing unit", no_sender_name, "china.contents.unit", "issuing unit", false},
        {"no area", no_area, "review.area.none", "/alert/info[1]", false},
        {"area without code", area_without_code, "review.area.code", "/alert/info[1]/area[3]",
                false},
        {"area in doubt", area_doubtful, "review.area.doubtful", "/alert/info[1]/area[1]", false},
        {"area unknown", area_unknown, "review.area.unknown", "110101", false},
        {"area of another name", area_of_another_name, "review.area.name", "120101", false},
        {"area is a grouping", area_grouping, "review.area.unknown", "120100", false},
        {"street", street, NULL, NULL, false},
        {"record names other areas", areas_differ, "review.facts", "\"areas\"", false},
        {"expired", expired, "review.expires.past", "expires", false},
        {"far expiry", far_expiry, "review.expires.far", "168 hours", false},
        {"seven days", seven_days, NULL, NULL, false},
        {"no expiry", no_expiry, "review.expires.none", "expires", false},
        {"status", exercise_status, "review.status", "must be Actual", false},
        {"sent mark", sent_mark, "review.sent-mark", "/alert/info[1]/description", false},
        {"sent mark in area", sent_mark_in_area, "review.sent-mark", "area[1]/areaDesc", false},
        {"hidden direction", hidden, "review.hidden", "headline", false},
        {"drill headline", drill_headline, "review.drill", "/alert/info[1]/headline", false},
        {"drill in English", drill_english, "review.drill", "/alert/info[1]/description", false},
        {"not a drill word", testing_word, NULL, NULL, false},
        {"hazard unknown", hazard_unknown, "review.hazard", "not in the table", false},
        {"other event", other_event, "review.hazard", "11B03", true},
        {"other severity", other_severity, "review.severity", "Minor", true},
        {"update of nothing", update_of_nothing, "review.replaces", "does not name", false},
        {"update", update, NULL, NULL, false},
        {"withheld, no reason", withheld_unsaid, "review.disclosure", "art. 14 to 16", false},
        {"withheld with its reason", withheld_with_reason, NULL, NULL, false},
        {"a live text that says exercise", says_exercise_inside, "review.drill", "instruction",
                false},
        {"cancel as alert", cancel_as_alert, "review.verb", "msgType is Alert", false},
};

static void every_rule_objects(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct review_rules rules = {.catalog = catalog, .mode = MODE_LIVE};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct cap_problems problems = {0};
		struct subject subject = {.alert = fixture_alert(MODE_LIVE)};
		subject.bulletin = fixture_bulletin(subject.alert, catalog, MODE_LIVE);
		subject.info = &subject.alert->infos[0];
		cases[i].change(&subject);
		review_bulletin(subject.bulletin, subject.alert, &rules, FIXTURE_NOW, &problems);
		if (!cases[i].rule || cases[i].only_warns)
			expect_errors(cases[i].name, &problems, 0);
		else if (!problems.errors)
			fail_msg("%s: no error", cases[i].name);
		if (cases[i].rule)
			expect_problem(cases[i].name, &problems, cases[i].rule, cases[i].part);
		cap_problems_finish(&problems);
		bulletin_destroy(&subject.bulletin);
		cap_alert_destroy(&subject.alert);
	}
	catalog_destroy(&catalog);
}

static void drills_say_so(void **state)
{
	struct catalog *catalog = fixture_catalog();

	(void)state;
	for (int said = 0; said < MODE_COUNT; said++) {
		for (int mode = 0; mode < MODE_COUNT; mode++) {
			struct review_rules rules = {.catalog = catalog, .mode = (enum mode)mode};
			struct cap_alert *alert = fixture_alert((enum mode)said);
			struct bulletin *bulletin =
			        fixture_bulletin(alert, catalog, (enum mode)said);
			struct cap_problems problems = {0};
			review_bulletin(bulletin, alert, &rules, FIXTURE_NOW, &problems);
			/* headline, description, status, and the mode it was drafted in */
			expect_errors(mode_text((enum mode)said), &problems, said == mode ? 0 : 4);
			assert_int_equal(
			        problem_count(&problems, "review.drill"), said == mode ? 0 : 2);
			cap_problems_finish(&problems);
			bulletin_destroy(&bulletin);
			cap_alert_destroy(&alert);
		}
	}
	catalog_destroy(&catalog);
}

/* What we word ourselves must pass our own review. */
static void staged_words_pass(void **state)
{
	struct catalog *catalog = fixture_catalog();

	(void)state;
	for (int mode = 0; mode < MODE_COUNT; mode++) {
		struct review_rules rules = {.catalog = catalog, .mode = (enum mode)mode};
		struct cap_alert *alert = fixture_alert((enum mode)mode);
		struct bulletin *original = fixture_bulletin(alert, catalog, (enum mode)mode);
		struct staged_message staged[STAGED_COUNT];
		assert_true(stage_messages(original, alert, staged, NULL));
		for (size_t i = 0; i < STAGED_COUNT; i++) {
			struct bulletin *bulletin =
			        fixture_bulletin(staged[i].alert, catalog, (enum mode)mode);
			struct cap_problems problems = {0};
			bulletin->verb = i == 0 ? VERB_CANCEL : VERB_CORRECT;
			free(bulletin->replaces);
			bulletin->replaces = mem_text("12000041600000_20260701100000_0");
			free(bulletin->staged_as);
			bulletin->staged_as = mem_text(staged[i].as);
			review_bulletin(bulletin, staged[i].alert, &rules, FIXTURE_NOW, &problems);
			expect_errors(staged[i].as, &problems, 0);
			cap_problems_finish(&problems);
			bulletin_destroy(&bulletin);
		}
		staged_messages_finish(staged);
		bulletin_destroy(&original);
		cap_alert_destroy(&alert);
	}
	catalog_destroy(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_rule_objects),
	        cmocka_unit_test(drills_say_so),
	        cmocka_unit_test(staged_words_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
