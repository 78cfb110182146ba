/* SPDX-License-Identifier: Apache-2.0
 * Which codes a pattern covers, touches, and which are codes and patterns at all.
 */
#include "fixture.h"

#include <string.h>

static const struct {
	const char *pattern, *code;
	bool covers, touches;
} divisions[] = {
        {"12*", "120000", true, true},
        {"12", "120116", true, true},
        {"120000", "120116", true, true},
        {"120000", "120000", true, true},
        {"120000*", "120116", true, true},
        {"120100", "120116", true, true},
        {"120100", "120000", false, true},
        {"120100", "120200", false, false},
        {"120116", "120116001", true, true},
        {"120116", "120116001000", true, true},
        {"120116", "120116001005", true, true},
        {"120116", "120117", false, false},
        {"120116", "120000", false, true},
        {"120116000000", "120116", true, true},
        {"120116000000", "120116001005", true, true},
        {"120000000000", "120116", true, true},
        {"120116000", "120116001", true, true},
        {"120116001", "120116001005", true, true},
        {"120116001000", "120116001005", true, true},
        {"120116001000", "120116001", true, true},
        {"120116001000", "120116", false, true},
        {"120116001005", "120116001", false, true},
        {"120116001005", "120116001005", true, true},
        {"120116100", "120116100001", true, true},
        {"120116100", "120116101001", false, false}, /* 9 digits lose no pairs of zeros */
        {"120116010000", "120116010001", true, true},
        {"120116010000", "120116020001", false, false},
        {"1200*", "120000", false, true}, /* 120000 is all of 12, more than what begins with 1200 */
        {"1200*", "120016", true, true},
        {"12011*", "120116", true, true},
        {"1201160*", "120116001", true, true},
        {"1201160*", "120116", false, true},
        {"*", "130000", true, true},
        {"000000", "130000", true, true},
        {"130000", "000000", false, true},
};

static void divisions_cover_and_touch(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof divisions / sizeof divisions[0]; i++) {
		bool covers = policy_division_covers(divisions[i].pattern, divisions[i].code);
		bool touches = policy_division_touches(divisions[i].pattern, divisions[i].code);
		if (covers != divisions[i].covers || touches != divisions[i].touches)
			fail_msg("%s over %s: got %d %d, want %d %d", divisions[i].pattern,
			        divisions[i].code, covers, touches, divisions[i].covers,
			        divisions[i].touches);
	}
}

/* What covers what covers a code, covers the code; touching has no direction. */
static void covering_is_transitive(void **state)
{
	enum { COUNT = sizeof divisions / sizeof divisions[0] };
	size_t chains = 0;

	(void)state;
	for (size_t a = 0; a < COUNT; a++) {
		for (size_t b = 0; b < COUNT; b++) {
			const char *one = divisions[a].pattern;
			const char *middle = divisions[b].code;
			assert_int_equal(policy_division_touches(one, middle),
			        policy_division_touches(middle, one));
			for (size_t c = 0; c < COUNT; c++) {
				const char *last = divisions[c].code;
				if (!policy_division_covers(one, middle) ||
				        !policy_division_covers(middle, last))
					continue;
				chains++;
				if (!policy_division_covers(one, last))
					fail_msg("%s covers %s, which covers %s, but not that", one,
					        middle, last);
			}
		}
	}
	assert_true(chains > COUNT);
}

static void hazards_by_their_letters(void **state)
{
	(void)state;
	assert_true(policy_hazard_covers("11B*", "11B03"));
	assert_true(policy_hazard_covers("11B", "11B03"));
	assert_true(policy_hazard_covers("11B03", "11B03"));
	assert_true(policy_hazard_covers("*", "13A01"));
	assert_false(policy_hazard_covers("11B03", "11B04"));
	assert_false(policy_hazard_covers("11B00", "11B03"));
	assert_false(policy_hazard_covers("11B*", "11A03"));
	assert_false(policy_hazard_covers(NULL, "11A03"));
	assert_false(policy_hazard_covers("11B", NULL));
}

static void tells_codes_from_others(void **state)
{
	static const char *const not_divisions[] = {NULL, "", "1", "12", "12011", "1201160",
	        "12011600", "12011600100", "1201160010001", "12011a", "12011*", " 120116",
	        "120116 "};
	static const char *const not_hazards[] = {
	        NULL, "", "11B", "11B*", "11b03", "11B031", "11B0 ", "气11B0"};

	(void)state;
	assert_true(policy_division_concrete("120116"));
	assert_true(policy_division_concrete("120116001"));
	assert_true(policy_division_concrete("120116001005"));
	for (size_t i = 0; i < sizeof not_divisions / sizeof not_divisions[0]; i++)
		assert_false(policy_division_concrete(not_divisions[i]));
	assert_true(policy_hazard_concrete("11B03"));
	for (size_t i = 0; i < sizeof not_hazards / sizeof not_hazards[0]; i++)
		assert_false(policy_hazard_concrete(not_hazards[i]));
}

static void tells_patterns_from_others(void **state)
{
	static const char *const not_patterns[] = {
	        NULL, "", "**", "12**", "1*2", "12?", "-", "1201160010051", " 12"};

	(void)state;
	assert_true(policy_division_pattern("*"));
	assert_true(policy_division_pattern("12"));
	assert_true(policy_division_pattern("120116001005*"));
	assert_true(policy_hazard_pattern("11B"));
	assert_true(policy_hazard_pattern("11B03*"));
	for (size_t i = 0; i < sizeof not_patterns / sizeof not_patterns[0]; i++) {
		assert_false(policy_division_pattern(not_patterns[i]));
		assert_false(policy_hazard_pattern(not_patterns[i]));
	}
	assert_false(policy_division_pattern("11B*"));
	assert_false(policy_hazard_pattern("11B031"));
	assert_false(policy_hazard_pattern("11b*"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(divisions_cover_and_touch),
	        cmocka_unit_test(covering_is_transitive),
	        cmocka_unit_test(hazards_by_their_letters),
	        cmocka_unit_test(tells_codes_from_others),
	        cmocka_unit_test(tells_patterns_from_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
