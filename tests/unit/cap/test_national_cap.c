/* SPDX-License-Identifier: Apache-2.0
 * The message of the national platform made CAP and made of CAP: references, areas, and what is
 * lost, which is named, but for persons, who are not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_china.h"
#include "cap_losses.h"
#include "national_fixture.h"

static enum cap_standing one_is_known(
        void *record, const struct cap_reference *reference, struct cap_time *sent)
{
	const char *known = record;
	char *text = mem_format("%s,%s", reference->sender, reference->identifier);
	bool found = strcmp(text, known) == 0;

	free(text);
	*sent = cap_time_china(INT64_C(1782870000000));
	return found ? CAP_STANDING_IN_FORCE : CAP_STANDING_UNKNOWN;
}

static void bare_references_are_resolved(void **state)
{
	static const struct {
		const char *references, *known, *want;
		size_t errors;
		bool noted;
	} cases[] = {
	        {"12000041600000_20260701080000", "12000041600000,12000041600000_20260701080000",
	                "12000041600000,12000041600000_20260701080000,2026-07-01T09:40:00+08:00", 0,
	                false},
	        {"urn:x", "12000041600000,urn:x", "12000041600000,urn:x,2026-07-01T09:40:00+08:00",
	                0, false},
	        {"12011641600000_20260701080000", "12011641600000,12011641600000_20260701080000",
	                "12011641600000,12011641600000_20260701080000,2026-07-01T09:40:00+08:00", 0,
	                false},
	        {"12011641600000_20260701080000", "",
	                "12011641600000,12011641600000_20260701080000,2026-07-01T08:00:00+08:00", 0,
	                true},
	        {"12011641600000_20260231080000", "", NULL, 1, false},
	        {"urn:x", "", NULL, 1, false},
	        {",,", "", NULL, 0, false},
	        {"urn:x 12000041600000_20260701080000;", "12000041600000,urn:x",
	                "12000041600000,urn:x,2026-07-01T09:40:00+08:00 "
	                "12000041600000,12000041600000_20260701080000,2026-07-01T08:00:00+08:00",
	                0, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dice dice = {1};
		struct cap_problems problems = {0};
		struct national_help help = {
		        .known = one_is_known, .record = (void *)cases[i].known};
		struct national *n = national_some(&dice);

		mem_set_text(&n->sender_code, "12000041600000");
		mem_set_text(&n->references, cases[i].references);
		struct cap_alert *alert = national_to_cap(n, &help, &problems);

		if (!same_text(alert->references, cases[i].want))
			fail_msg("%s: %s", cases[i].references,
			        alert->references ? alert->references : "none");
		assert_int_equal(problems.errors, cases[i].errors);
		assert_int_equal(problems.errors || national_noted(&problems, "convert.reference",
		                                            "/alert/references"),
		        cases[i].errors || cases[i].noted);
		national_destroy(&n);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
	}
}

static void a_reference_bomb_is_refused(void **state)
{
	struct dice dice = {1};
	struct cap_problems problems = {0};
	struct national *n = national_some(&dice);
	struct buf many;

	(void)state;
	buf_init(&many, 0);
	for (int i = 0; i < 20000; i++)
		buf_text(&many, "12000041600000_20260701080000 ");
	free(n->references);
	n->references = buf_take(&many);
	struct cap_alert *alert = national_to_cap(n, NULL, &problems);

	assert_true(problems.errors > 0);
	national_destroy(&n);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
}

/* As "desc=code+code|desc=code" */
static char *areas_text(const struct cap_info *info)
{
	struct buf out;

	buf_init(&out, 0);
	buf_text(&out, "");
	for (size_t i = 0; i < info->area_count; i++) {
		const struct cap_area *area = &info->areas[i];

		buf_format(
		        &out, "%s%s%s", i ? "|" : "", area->desc, area->polygon_count ? "*" : "");
		for (size_t k = 0; k < area->geocodes.count; k++)
			buf_format(&out, "%s%s", k ? "+" : "=", area->geocodes.items[k].value);
	}
	return buf_take(&out);
}

static void areas_go_by_name_and_code(void **state)
{
	static const struct {
		const char *desc, *geocode, *polygon, *want, *rule;
	} cases[] = {
	        {"西青区,静海区", "120111000000,120118000000", NULL,
	                "西青区=120111000000|静海区=120118000000", NULL},
	        {"西青区，静海区，", "120111,120118,", NULL,
	                "西青区=120111000000|静海区=120118000000", "convert.changed"},
	        {"河南省,河南省", "410000000000,410000000000", NULL, "河南省=410000000000",
	                "convert.changed"},
	        {"全市各区", "120111000000,120118000000", NULL,
	                "全市各区=120111000000+120118000000", "convert.changed"},
	        {"西青区,静海区,武清区", "120111000000,120118000000", NULL,
	                "西青区,静海区,武清区=120111000000+120118000000", "convert.changed"},
	        {"天津市", NULL, NULL, "天津市", NULL},
	        {"西青区", "120111000000", "39,117 39.1,117 39.1,117.1 39,117",
	                "西青区*=120111000000", NULL},
	        {"西青区", "120111000000", "117,39 117,39.1 117.1,39.1 117,39",
	                "西青区=120111000000", "convert.lost"},
	        {"x", "99", NULL, "x=99", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cap_problems problems = {0};
		struct national_area area = {(char *)cases[i].desc, (char *)cases[i].geocode,
		        (char *)cases[i].polygon, NULL};
		struct national_info info = {.areas = &area, .area_count = 1};
		struct national n = {.infos = &info, .info_count = 1};
		struct cap_alert *alert = national_to_cap(&n, NULL, &problems);
		char *got = areas_text(&alert->infos[0]);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].desc, got, cases[i].want);
		if (cases[i].rule && !has_rule(&problems, cases[i].rule))
			fail_msg("%s: no %s", cases[i].desc, cases[i].rule);
		free(got);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
	}
}

static void too_many_areas_are_refused(void **state)
{
	struct cap_problems problems = {0};
	struct buf list;

	(void)state;
	buf_init(&list, 0);
	for (int i = 0; i < 60000; i++)
		buf_text(&list, "1,");
	struct national_area area = {list.data, list.data, NULL, NULL};
	struct national_info info = {.areas = &area, .area_count = 1};
	struct national n = {.infos = &info, .info_count = 1};
	struct cap_alert *alert = national_to_cap(&n, NULL, &problems);

	assert_true(problems.errors > 0);
	assert_int_equal(alert->infos[0].area_count, 0);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	buf_finish(&list);
}

/* Notes leave room for the errors behind them. */
static void many_notes_hide_no_error(void **state)
{
	struct cap_problems problems = {0};
	struct national n = {.infos = mem_array(400, sizeof *n.infos), .info_count = 400};

	(void)state;
	for (size_t i = 0; i < n.info_count; i++) {
		n.infos[i].urgency = CAP_URGENCY_UNKNOWN;
		n.infos[i].certainty = CAP_CERTAINTY_UNKNOWN;
	}
	char bad[] = "urn:x";

	n.references = bad;
	struct cap_alert *alert = national_to_cap(&n, NULL, &problems);

	assert_int_equal(alert->info_count, NATIONAL_INFOS_MAX);
	assert_true(has_rule(&problems, "convert.info"));
	assert_true(has_rule(&problems, "convert.reference"));
	assert_true(problems.count < CAP_PROBLEMS_MAX && problems.errors == 2);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	free(n.infos);
}

/* Our own samples: every element that has no counterpart is named. */
static void losses_of_cap_are_named(void **state)
{
	static const struct {
		const char *sample;
		enum cap_form form;
		const char *paths[12];
	} cases[] = {
	        {"rainstorm_orange.xml", CAP_FORM_NATIONAL,
	                {"/alert/incidents", "/alert/info[2]", "/alert/info[1]/contact",
	                        "/alert/info[1]/responseType"}},
	        {"accident_fact.xml", CAP_FORM_NATIONAL,
	                {"/alert/incidents", "/alert/info[1]/parameter",
	                        "/alert/info[1]/responseType", "/alert/info[1]/resource",
	                        "/alert/info[1]/category", "/alert/info[1]/area[1]/circle",
	                        "/alert/info[1]/area[1]/altitude",
	                        "/alert/info[1]/area[1]/ceiling"}},
	        {"rainstorm_update.xml", CAP_FORM_JSON,
	                {"/alert/incidents", "/alert/references", "/alert/info[1]/responseType"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cap_problems problems = {0};
		char *text = sample_read(cases[i].sample);
		struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);
		size_t count = 0;

		cap_losses(alert, cap_china_info(alert), cases[i].form, &problems);
		for (; cases[i].paths[count]; count++)
			if (!national_noted(&problems, "convert.lost", cases[i].paths[count]))
				fail_msg("%s: %s", cases[i].sample, cases[i].paths[count]);
		if (problems.count != count)
			print_problems(&problems);
		assert_int_equal(problems.count, count);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
		free(text);
	}
}

/* A CAP message of ours by way of the national form comes back with what that form carries. */
static void cap_comes_back(void **state)
{
	struct cap_problems problems = {0};
	char *text = sample_read("rainstorm_orange.xml");
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);
	struct national *n = national_from_cap(alert, NULL, &problems);
	struct cap_alert *back = national_to_cap(n, NULL, &problems);
	const struct cap_info *a = &alert->infos[0];
	const struct cap_info *b = &back->infos[0];

	(void)state;
	assert_string_equal(back->identifier, alert->identifier);
	assert_string_equal(back->sender, alert->sender);
	assert_true(back->sent.ms == alert->sent.ms);
	assert_int_equal(b->severity, a->severity);
	assert_string_equal(b->headline, a->headline);
	assert_string_equal(b->description, a->description);
	assert_string_equal(b->sender_name, a->sender_name);
	assert_string_equal(cap_pairs_find(&b->parameters, "colour"), "Orange");
	assert_string_equal(cap_pairs_find(&b->event_codes, CAP_CHINA_EVENT_CODE),
	        cap_pairs_find(&a->event_codes, CAP_CHINA_EVENT_CODE));
	assert_int_equal(b->area_count, a->area_count);
	assert_true(b->expires.ms == a->expires.ms);
	national_destroy(&n);
	cap_alert_destroy(&alert);
	cap_alert_destroy(&back);
	cap_problems_finish(&problems);
	free(text);
}

/* Among CAP: leniently it is read and noted, strictly it is refused with a way out. */

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(bare_references_are_resolved),
	        cmocka_unit_test(a_reference_bomb_is_refused),
	        cmocka_unit_test(areas_go_by_name_and_code),
	        cmocka_unit_test(too_many_areas_are_refused),
	        cmocka_unit_test(many_notes_hide_no_error),
	        cmocka_unit_test(losses_of_cap_are_named),
	        cmocka_unit_test(cap_comes_back),
	};

	return cmocka_run_group_tests_name("national and CAP", tests, NULL, NULL);
}
