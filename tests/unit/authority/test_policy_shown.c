/* SPDX-License-Identifier: Apache-2.0
 * Whoever is no administrator sees the rules, and of the roster's numbers those of their own unit.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_roster.h"
#include "policy_shown.h"
#include "source_tree.h"

static const char roster[] =
        "version: 1\n"
        "units: [{id: a}, {id: b}]   # 值班室 13900000009\n"
        "officers:\n"
        "  - {id: li, unit: a, duties: [review]}\n"
        "  - {id: wu, unit: b, duties: [sign]}\n"
        "hotlines: [{number: \"12345\", unit: a, basis: x}]\n"
        "# - {unit: b, officer: gone, phone: \"13900000008\"}\n"
        "roster:\n"
        "  - {unit: a, officer: li, steps: [review], phone: &p \"13900000001\", deputy: li,\n"
        "     deputy_phone: '+8613900000002'}\n"
        "  - unit: b\n"
        "    officer: wu\n"
        "    steps: [sign]\n"
        "    \"phone\": \"1390\\x3000\\u003000003\"\n"
        "  - {unit: b, officer: wu, steps: [release], phone: *p}\n"
        "  - {unit: b, officer: wu, steps: [report], deputy: wu,\n"
        "     deputy_phone: '13900000004'}\n";

static char *shown(const struct policy *policy, const char *unit)
{
	struct err err = {0};
	char *text = policy_shown(policy, unit, &err);

	if (!text)
		fail_msg("%s", err.en);
	return text;
}

static size_t numbers(const struct policy *policy)
{
	size_t count = 0;

	for (size_t i = 0; i < policy->roster_count; i++)
		count += (policy->roster[i].phone != NULL) +
		         (policy->roster[i].deputy_phone != NULL);
	return count;
}

static void test_whose_numbers(void **state)
{
	static const struct {
		const char *unit;
		size_t numbers;
	} readers[] = {{NULL, 0}, {"", 0}, {"a", 2}, {"b", 3}, {"c", 0}};

	(void)state;
	struct policy *policy = policy_of_text(roster);
	assert_int_equal(numbers(policy), 5);
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		char *text = shown(policy, readers[i].unit);
		struct policy *again = policy_of_text(text);
		assert_int_equal(numbers(again), readers[i].numbers);
		assert_int_equal(again->roster_count, policy->roster_count);
		assert_string_equal(again->hotlines[0].number, "12345");
		/* Nor in a comment, nor in another writing. */
		if (!readers[i].numbers && (strstr(text, "139") || strstr(text, "x30")))
			fail_msg("%s", text);
		assert_null(strstr(text, "13900000008"));
		assert_null(strstr(text, "13900000009"));
		policy_destroy(&again);
		free(text);
	}
	policy_destroy(&policy);
}

/* The delivered example comes back with every rule. */
static void test_the_same_rules(void **state)
{
	char *path = source_path("docs/examples/authority.yaml");
	struct err err = {0};
	struct policy *policy = policy_read(path, &err);

	(void)state;
	assert_non_null(policy);
	char *text = shown(policy, NULL);
	struct policy *again = policy_of_text(text);
	assert_int_equal(again->officer_count, policy->officer_count);
	assert_int_equal(again->grant_count, policy->grant_count);
	assert_int_equal(again->forbid_count, policy->forbid_count);
	assert_int_equal(again->duty_rule_count, policy->duty_rule_count);
	for (size_t i = 0; i < policy->grant_count; i++)
		assert_string_equal(again->grants[i].basis, policy->grants[i].basis);
	policy_destroy(&again);
	policy_destroy(&policy);
	free(text);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_whose_numbers),
	        cmocka_unit_test(test_the_same_rules),
	};

	return cmocka_run_group_tests_name("policy_shown", tests, NULL, NULL);
}
