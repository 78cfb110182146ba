/* SPDX-License-Identifier: Apache-2.0
 * Words, times, shapes, references, copies: the parts of a message one by one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"
#include "cap_words.h"

static void words_go_both_ways(void **state)
{
	(void)state;
	enum cap_category category;
	unsigned value = CAP_DRAFT;

	for (int i = CAP_GEO; i <= CAP_OTHER; i++) {
		assert_true(cap_category_read(cap_category_text((enum cap_category)i), &category));
		assert_int_equal(category, i);
	}
	assert_string_equal(cap_response_type_text(CAP_ALL_CLEAR), "AllClear");
	assert_string_equal(cap_category_text(CAP_CBRNE), "CBRNE");
	assert_string_equal(cap_certainty_text(CAP_CERTAINTY_UNKNOWN), "Unknown");
	assert_string_equal(cap_msg_type_text((enum cap_msg_type)99), "");
	assert_false(cap_words_read(&cap_status_words, "actual", &value));
	assert_false(cap_words_read(&cap_status_words, "Actual ", &value));
	assert_false(cap_words_read(&cap_status_words, NULL, &value));
	assert_int_equal(value, CAP_DRAFT);
	for (unsigned i = CAP_SHELTER; i <= CAP_NONE; i++) {
		const char *text = cap_response_type_text((enum cap_response_type)i);
		assert_true(cap_words_read(&cap_response_type_words, text, &value));
		assert_int_equal(value, i);
	}
}

/* Verdicts of an XSD validator (libxml2's) on the same values. */
static void times_are_strict(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
	        {"2020-08-12T09:35:00+08:00", true},
	        {"2020-08-12T09:35:00-00:00", true},
	        {"2020-08-12T09:35:00+00:00", true},
	        {"2020-08-12T09:35:00+14:00", true},
	        {"2020-08-12T09:35:00-14:00", true},
	        {"2020-08-12T24:00:00+08:00", true},
	        {"2020-02-29T00:00:00+08:00", true},
	        {"2020-08-12T09:35:00Z", false},
	        {"2020-08-12T09:35:00.5+08:00", false},
	        {"2020-08-12T09:35:00", false},
	        {"2020-08-12T09:35:00+14:30", false},
	        {"2020-08-12T09:35:60+08:00", false},
	        {"2020-02-30T09:35:00+08:00", false},
	        {"2021-02-29T09:35:00+08:00", false},
	        {"2020-08-12T24:00:01+08:00", false},
	        {"2020-08-12T09:35:00,08:00", false},
	        {"2020-08-12 09:35:00+08:00", false},
	        {"2020-08-12T09:35:00+8:00", false},
	        {"0000-08-12T09:35:00+08:00", false},
	        {"9999-12-31T24:00:00+08:00", false},
	        {" 2020-08-12T09:35:00+08:00", false},
	        {"", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cap_time time = {0};
		bool got = cap_time_read(rows[i].text, &time);

		if (got != rows[i].good)
			fail_msg("%s: want %d, got %d", rows[i].text, rows[i].good, got);
	}
}

static void times_are_kept(void **state)
{
	(void)state;
	static const char *const same[] = {"2026-07-15T09:30:00+08:00", "2026-07-15T09:30:00-00:00",
	        "2026-07-15T09:30:00+00:00", "0001-01-01T00:00:00+14:00",
	        "9999-12-31T23:59:59-09:30"};
	char text[26];
	struct cap_time time;

	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		assert_true(cap_time_read(same[i], &time));
		cap_time_write(time, text);
		assert_string_equal(text, same[i]);
	}
	assert_true(cap_time_read("2026-07-15T24:00:00+08:00", &time));
	cap_time_write(time, text);
	assert_string_equal(text, "2026-07-16T00:00:00+08:00");
	cap_time_write(cap_time_china(1784079000999), text);
	assert_string_equal(text, "2026-07-15T09:30:00+08:00");
	cap_time_write(cap_time_china(-1), text);
	assert_string_equal(text, "1970-01-01T07:59:59+08:00");
	cap_time_write((struct cap_time){0}, text);
	assert_string_equal(text, "");
}

static void polygons_are_not_guessed(void **state)
{
	(void)state;
	static const char *const bad[] = {
	        "",
	        " \n ",
	        "38,117 39,117 39,118",
	        "38,117 39,117 38,117",
	        "38,117 39,117 39,118 38,118",
	        "117,38 117,39 118,39 117,38",
	        "38,117 39,117 39,181 38,117",
	        "38,117 39,117 39,118 38,117,5",
	        "38,117 39,117 39,118 38;117",
	        "(38,117) (39,117) (39,118) (38,117)",
	        "38,117 39,nan 39,118 38,117",
	        "38,117 39,inf 39,118 38,117",
	        "38,117 39,1e2 39,118 38,117",
	        "38,117 39,0x75 39,118 38,117",
	        "38,117 39,+117 39,118 38,117",
	        "38,117 39,.5 39,118 38,117",
	        "38,117 39,117. 39,118 38,117",
	        "38,117 39, 117 39,118 38,117",
	        "38,117,39,117,39,118,38,117",
	        "38,117 -90.0001,117 39,118 38,117",
	};
	struct cap_area area = {0};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err err = {.kind = ERR_NONE};

		if (cap_area_add_polygon(&area, bad[i], &err))
			fail_msg("taken for a polygon: %s", bad[i]);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_true(*err.zh && *err.en);
	}
	assert_int_equal(area.polygon_count, 0);
}

static void shapes_are_read(void **state)
{
	(void)state;
	struct cap_alert *alert = cap_alert_create();
	struct cap_area *area = cap_info_add_area(cap_alert_add_info(alert));
	struct err err;

	assert_true(cap_area_add_polygon(
	        area, "\n 38.47,-120.14\t38.34,-119.95   38.52,-119.74\n38.47,-120.14 ", &err));
	assert_int_equal(area->polygons[0].count, 4);
	assert_string_equal(
	        area->polygons[0].text, "38.47,-120.14 38.34,-119.95 38.52,-119.74 38.47,-120.14");
	assert_true(fabs(area->polygons[0].points[1].lat - 38.34) < 1e-12);
	assert_true(fabs(area->polygons[0].points[1].lon + 119.95) < 1e-12);
	assert_true(cap_area_add_circle(area, " 32.9525,-115.5527\n 0 ", &err));
	assert_string_equal(area->circles[0].text, "32.9525,-115.5527 0");
	assert_true(cap_area_add_circle(area, "39.123456789012345678,117.2 12.5", &err));
	assert_true(fabs(area->circles[1].centre.lat - 39.123456789012345) < 1e-9);
	assert_true(area->circles[1].radius_km == 12.5);
	assert_false(cap_area_add_circle(area, "39,117", &err));
	assert_false(cap_area_add_circle(area, "39,117 -1", &err));
	assert_false(cap_area_add_circle(area, "39,117 40000", &err));
	assert_false(cap_area_add_circle(area, "117,39 5", &err));
	assert_false(cap_area_add_circle(area, "39,117 5 6", &err));
	assert_int_equal(area->circle_count, 2);
	cap_alert_destroy(&alert);
	assert_null(alert);
}

static void copies_are_deep_and_grow(void **state)
{
	(void)state;
	struct cap_problems problems = {0};
	char *text = sample_read("rainstorm_orange.xml");
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);

	assert_non_null(alert);
	texts_add(&alert->codes, "one");
	cap_info_add_category(&alert->infos[0], CAP_SAFETY);
	cap_info_add_category(&alert->infos[0], CAP_ENV);
	struct cap_alert *copy = cap_alert_copy(alert);

	assert_true(alerts_same(alert, copy));
	cap_info_add_category(&copy->infos[0], CAP_FIRE);
	cap_info_add_category(&copy->infos[0], CAP_INFRA);
	mem_set_text(&copy->infos[0].headline, "另一条");
	assert_false(alerts_same(alert, copy));
	cap_alert_destroy(&alert);
	assert_int_equal(copy->infos[0].categories[4], CAP_INFRA);
	assert_string_equal(cap_pairs_find(&copy->infos[0].parameters, "colour"), "Orange");
	assert_null(cap_pairs_find(&copy->infos[0].parameters, "color"));
	cap_alert_destroy(&copy);
	cap_alert_destroy(&copy);
	cap_problems_finish(&problems);
	free(text);
}

static void references_are_triplets(void **state)
{
	(void)state;
	const char *text = " a@b,1,2026-07-15T09:30:00+08:00\n\tc,2_x,2026-07-15T09:30:00-00:00 ";
	struct cap_reference reference;
	struct err err;

	assert_true(cap_reference_next(&text, &reference, &err));
	assert_string_equal(reference.sender, "a@b");
	assert_string_equal(reference.identifier, "1");
	cap_reference_finish(&reference);
	assert_true(cap_reference_next(&text, &reference, &err));
	assert_string_equal(reference.identifier, "2_x");
	assert_true(reference.sent.minus_zero);
	cap_reference_finish(&reference);
	assert_false(cap_reference_next(&text, &reference, &err));
	assert_int_equal(err.kind, ERR_NONE);

	static const char *const bad[] = {"a,b", "a,b,c", ",b,2026-07-15T09:30:00+08:00",
	        "a,,2026-07-15T09:30:00+08:00", "a,b,2026-07-15T09:30:00Z",
	        "a,b,c,2026-07-15T09:30:00+08:00"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *at = bad[i];

		assert_false(cap_reference_next(&at, &reference, &err));
		assert_int_equal(err.kind, ERR_INPUT);
	}
}

static void reference_text_names_the_message(void **state)
{
	(void)state;
	struct cap_alert *alert = cap_alert_create();

	mem_set_text(&alert->identifier, "12000041600000_20260715093000");
	mem_set_text(&alert->sender, "12000041600000");
	alert->sent = cap_time_china(1784079000000);
	char *text = cap_reference_text(alert);

	assert_string_equal(
	        text, "12000041600000,12000041600000_20260715093000,2026-07-15T09:30:00+08:00");
	free(text);
	cap_alert_destroy(&alert);
}

static void problems_are_bounded(void **state)
{
	(void)state;
	struct cap_problems problems = {0};

	for (size_t i = 0; i < 1000; i++)
		cap_problem_add(&problems, CAP_PROBLEM_ERROR, "test.rule", "/alert",
		        "第 %zu 行\n%s", "line %zu\n%s", i, "x\x1b[31m");
	assert_int_equal(problems.count, CAP_PROBLEMS_MAX);
	assert_int_equal(problems.errors, 1000);
	assert_string_equal(problems.items[1].en, "line 1 x [31m");
	assert_string_equal(problems.items[1].zh, "第 1 行 x [31m");
	cap_problems_finish(&problems);
	assert_int_equal(problems.errors, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(words_go_both_ways),
	        cmocka_unit_test(times_are_strict),
	        cmocka_unit_test(times_are_kept),
	        cmocka_unit_test(polygons_are_not_guessed),
	        cmocka_unit_test(shapes_are_read),
	        cmocka_unit_test(copies_are_deep_and_grow),
	        cmocka_unit_test(references_are_triplets),
	        cmocka_unit_test(reference_text_names_the_message),
	        cmocka_unit_test(problems_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
