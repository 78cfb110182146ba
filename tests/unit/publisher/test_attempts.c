/* SPDX-License-Identifier: Apache-2.0
 * test_attempts - a challenge is for one account, one act and one attempt, counts once, and not for
 * long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attempts.h"
#include "digest.h"
#include "mem.h"

static const int64_t start = (int64_t)1795500000 * 1000;

static int make(void **state)
{
	*state = attempts_create();
	return 0;
}

static int drop(void **state)
{
	struct attempts *attempts = *state;

	attempts_destroy(&attempts);
	return 0;
}

static void a_challenge_is_for_one_thing(void **state)
{
	struct attempts *ours = *state;
	struct attempts *after_a_restart = attempts_create();
	char *attempt = attempt_name(start);
	char *other = attempt_name(start);
	char *challenges[] = {
	        attempt_challenge(ours, "sign-in", "li", attempt),
	        attempt_challenge(ours, "sign-in", "li", other),
	        attempt_challenge(ours, "password", "li", attempt),
	        attempt_challenge(ours, "sign-in", "wang", attempt),
	        attempt_challenge(ours, "sign-in", "li\nattempt 1", attempt),
	        attempt_challenge(after_a_restart, "sign-in", "li", attempt),
	};
	char *again = attempt_challenge(ours, "sign-in", "li", attempt);
	const size_t count = sizeof challenges / sizeof challenges[0];

	assert_string_equal(challenges[0], again);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(challenges[i], challenges[k]);
	for (size_t i = 0; i < count; i++)
		free(challenges[i]);
	free(again);
	free(attempt);
	free(other);
	attempts_destroy(&after_a_restart);
}

static void it_counts_once(void **state)
{
	struct attempts *ours = *state;
	char *one = attempt_name(start);
	char *two = attempt_name(start);

	assert_true(attempt_take(ours, one, start + 1));
	assert_false(attempt_take(ours, one, start + 1));
	assert_true(attempt_take(ours, two, start + 1));
	assert_false(attempt_take(ours, two, start + ATTEMPT_MS));
	assert_false(attempt_take(ours, one, start + ATTEMPT_MS));
	/* The same random part under another time is the same attempt. */
	char *later = mem_format("%lld%s", (long long)start + 5000, strchr(one, '.'));
	assert_false(attempt_take(ours, later, start + ATTEMPT_MS));
	free(later);
	free(one);
	free(two);
}

static void it_is_over_soon(void **state)
{
	struct attempts *ours = *state;
	char *one = attempt_name(start);

	assert_true(attempt_is_young(one, start));
	assert_true(attempt_is_young(one, start + ATTEMPT_MS));
	assert_false(attempt_is_young(one, start + ATTEMPT_MS + 1));
	assert_false(attempt_is_young(one, start - ATTEMPT_MS - 1));
	assert_false(attempt_take(ours, one, start + ATTEMPT_MS + 1));
	/* Too late is no answer: a clock set back does not find it used. */
	assert_true(attempt_take(ours, one, start + ATTEMPT_MS));
	free(one);
}

static void what_is_no_name(void **state)
{
	struct attempts *ours = *state;
	char *good = attempt_name(start);
	char *bad[] = {mem_text(""), mem_text("."), mem_format("%s.", good),
	        mem_format("%sA", good), mem_format(" %s", good), mem_format("-%s", good),
	        mem_text_n(good, strlen(good) - 1), mem_text(strchr(good, '.')),
	        mem_format("%lld", (long long)start), mem_format("00000000000000000%s", good),
	        mem_format("%s\n", good)};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(attempt_is_young(bad[i], start));
		assert_false(attempt_take(ours, bad[i], start));
		free(bad[i]);
	}
	assert_true(attempt_take(ours, good, start));
	free(good);
}

/* What is over is forgotten, so that many make no long list. */
static void many(void **state)
{
	struct attempts *ours = *state;

	for (int i = 0; i < 2000; i++) {
		int64_t now = start + (int64_t)i * 1000;
		char *one = attempt_name(now);
		assert_true(attempt_take(ours, one, now));
		assert_false(attempt_take(ours, one, now));
		free(one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_challenge_is_for_one_thing, make, drop),
	        cmocka_unit_test_setup_teardown(it_counts_once, make, drop),
	        cmocka_unit_test_setup_teardown(it_is_over_soon, make, drop),
	        cmocka_unit_test_setup_teardown(what_is_no_name, make, drop),
	        cmocka_unit_test_setup_teardown(many, make, drop),
	};

	return cmocka_run_group_tests_name("attempts", tests, NULL, NULL);
}
