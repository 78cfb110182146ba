/* SPDX-License-Identifier: Apache-2.0
 * The wall clock set back and forward, drifting, and wrong from the start: what is believed, what
 * is told, and that nothing expires by a jump.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "steady.h"

#define DAY INT64_C(86400000)
#define UTC INT64_C(1795000000000)
enum { BOOT = 5000 };

static void looks(struct steady *steady, int64_t utc, int64_t boot, enum steady_word want,
        int64_t step, int64_t now)
{
	int64_t got = 0;

	assert_int_equal(steady_look(steady, utc, boot, &got), want);
	assert_int_equal(got, step);
	assert_int_equal(steady_now(steady, boot), now);
}

static void test_drift_is_followed(void **state)
{
	struct steady s = {0};
	(void)state;
	looks(&s, UTC, BOOT, STEADY_SAME, 0, UTC);
	for (int64_t i = 1; i <= 1000; i++) /* half a second each second: a slew at its worst */
		looks(&s, UTC + i * 1500, BOOT + i * 1000, STEADY_SAME, 500, UTC + i * 1500);
	assert_int_equal(s.steps, 0);
}

static void test_steps(void **state)
{
	struct steady s = {0};
	(void)state;
	looks(&s, UTC, BOOT, STEADY_SAME, 0, UTC);
	looks(&s, UTC + 1000 - DAY / 24, BOOT + 1000, STEADY_STEPPED, -DAY / 24,
	        UTC + 1000 - DAY / 24);
	looks(&s, UTC + 2000 - DAY / 24, BOOT + 2000, STEADY_SAME, 0, UTC + 2000 - DAY / 24);
	looks(&s, UTC + 2000 - DAY / 24 + 300000, BOOT + 2000, STEADY_STEPPED, 300000,
	        UTC + 2000 - DAY / 24 + 300000);
	assert_false(s.doubtful);
	assert_int_equal(s.steps, 2);
}

static void test_a_jump_forward_is_not_believed(void **state)
{
	static const int64_t jumps[] = {300001, DAY / 24, 3650 * DAY};
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct steady s = {0};
		looks(&s, UTC, BOOT, STEADY_SAME, 0, UTC);
		looks(&s, UTC + 1000 + jumps[i], BOOT + 1000, STEADY_DOUBTFUL, jumps[i],
		        UTC + 1000);
		looks(&s, UTC + 2000 + jumps[i], BOOT + 2000, STEADY_SAME, jumps[i], UTC + 2000);
		assert_true(s.doubtful);
		looks(&s, UTC + 3000, BOOT + 3000, STEADY_TRUSTED, 0, UTC + 3000);
		assert_false(s.doubtful);
		assert_int_equal(s.steps, 1);
	}
}

static void test_suspended_is_no_jump(void **state)
{
	struct steady s = {0};
	(void)state;
	looks(&s, UTC, BOOT, STEADY_SAME, 0, UTC);
	looks(&s, UTC + DAY, BOOT + DAY, STEADY_SAME, 0, UTC + DAY); /* both clocks count it */
}

static void test_before_it_was_written(void **state)
{
	struct steady s = {0};
	(void)state;
	looks(&s, 1000, BOOT, STEADY_DOUBTFUL, 0, 1000); /* 1970: no battery */
	looks(&s, 2000, BOOT + 1000, STEADY_SAME, 0, 2000);
	assert_true(s.doubtful);
	looks(&s, UTC, BOOT + 2000, STEADY_TRUSTED, UTC - 3000, UTC); /* the network has told it */
	looks(&s, UTC + DAY, BOOT + 3000, STEADY_DOUBTFUL, DAY - 1000, UTC + 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_drift_is_followed),
	        cmocka_unit_test(test_steps),
	        cmocka_unit_test(test_a_jump_forward_is_not_believed),
	        cmocka_unit_test(test_suspended_is_no_jump),
	        cmocka_unit_test(test_before_it_was_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
