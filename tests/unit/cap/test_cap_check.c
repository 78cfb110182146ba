/* SPDX-License-Identifier: Apache-2.0
 * The rules beyond the schema, where a pair of messages does not tell it all (test_cap_rules.c has
 * those): good messages break none, absent things, time.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"

static struct cap_alert *read_all(const char *text, struct cap_problems *problems)
{
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, problems);

	if (alert)
		cap_check(alert, problems);
	return alert;
}

static void good_messages_break_nothing(void **state)
{
	(void)state;
	static const char *const samples[] = {"rainstorm_orange.xml", "rainstorm_update.xml",
	        "rainstorm_cancel.xml", "accident_fact.xml", "typhoon_exercise.xml"};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct cap_problems problems = {0};
		char *text = sample_read(samples[i]);
		struct cap_alert *alert = read_all(text, &problems);

		print_problems(&problems);
		if (!alert || problems.count)
			fail_msg("%s: want no problem, got %zu", samples[i], problems.count);
		cap_problems_finish(&problems);
		cap_alert_destroy(&alert);
		free(text);
	}
}

static void no_info_and_no_area_are_said(void **state)
{
	(void)state;
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_alert_create();

	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "info.missing"));
	assert_true(has_rule(&problems, "identifier.form"));
	cap_problems_finish(&problems);
	struct cap_info *info = cap_alert_add_info(alert);

	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "area.missing"));
	cap_info_add_area(info);
	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "area.extent.missing"));
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
}

static void control_characters_are_said(void **state)
{
	(void)state;
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_alert_create();

	mem_set_text(&cap_alert_add_info(alert)->headline, "red\x1b[31m");
	mem_set_text(&alert->note, "bell\a");
	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "text.control"));
	assert_true(has_rule(&problems, "alert.control"));
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
}

/* A staged message waits for its references: that is no fault until it is released. */
static void staged_references_may_wait(void **state)
{
	(void)state;
	struct cap_problems problems = {0};
	char *sample = sample_read("rainstorm_update.xml");
	struct cap_alert *alert = cap_parse(sample, strlen(sample), CAP_LIMIT_API, &problems);

	mem_set_text(&alert->references, "");
	alert->sent = (struct cap_time){0};
	cap_check(alert, &problems);
	assert_false(has_rule(&problems, "references.missing"));
	mem_set_text(&alert->references, NULL);
	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "references.missing"));
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	free(sample);
}

/* A comb of `teeth` whose edges all overlap; `cut` draws one edge back across it. */
static char *comb(size_t teeth, bool cut)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < teeth; i++)
		buf_format(&out, "%.6f,%.6f %.6f,%.6f ", i % 2 ? 39.0 : 38.0,
		        117 + (double)i / (double)teeth, i % 2 ? 38.0 : 39.0,
		        117 + ((double)i + .4) / (double)teeth);
	buf_text(&out, cut ? "38.5,117.9 38.5,116.9 37.9,116.9 38.0,117.0"
	                   : "37.9,118.1 37.9,116.9 38.0,117.0");
	return buf_take(&out);
}

static void crossings_are_found_in_time(void **state)
{
	(void)state;
	static const struct {
		size_t teeth;
		bool cut;
	} combs[] = {{100, false}, {100, true}, {3000, false}, {9000, true}};

	for (size_t i = 0; i < sizeof combs / sizeof *combs; i++) {
		struct cap_alert *alert = cap_alert_create();
		struct cap_area *area = cap_info_add_area(cap_alert_add_info(alert));
		struct cap_problems problems = {0};
		struct err err;
		char *text = comb(combs[i].teeth, combs[i].cut);

		assert_true(cap_area_add_polygon(area, text, &err));
		double before = cpu_ms();

		cap_check(alert, &problems);
		assert_true(cpu_ms() - before < cpu_allowed(50));
		assert_int_equal(has_rule(&problems, "area.polygon.crossing"), combs[i].cut);
		cap_problems_finish(&problems);
		cap_alert_destroy(&alert);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(good_messages_break_nothing),
	        cmocka_unit_test(no_info_and_no_area_are_said),
	        cmocka_unit_test(control_characters_are_said),
	        cmocka_unit_test(staged_references_may_wait),
	        cmocka_unit_test(crossings_are_found_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
