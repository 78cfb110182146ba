/* SPDX-License-Identifier: Apache-2.0
 * Parts of a day: what is one, when it holds, and when it ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hours.h"
#include "when.h"

static int64_t at(const char *text)
{
	int64_t ms;

	assert_true(when_read(text, &ms, NULL));
	return ms;
}

static void test_reads(void **state)
{
	static const char *const bad[] = {"", "22:00", "22:00-22:00", "24:00-06:00", "22:00-24:01",
	        "2:00-06:000", "22:60-23:00", "22-00-06:00", "22:00_06:00", "aa:00-06:00",
	        "22:00-06:00 ", "22:00-06:0a"};
	struct hours hours;
	(void)state;
	assert_true(hours_read("22:00-06:30", &hours));
	assert_int_equal(hours.from_minute, 22 * 60);
	assert_int_equal(hours.to_minute, 6 * 60 + 30);
	assert_true(hours_read("00:00-24:00", &hours));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(hours_read(bad[i], &hours));
}

static void test_holds_and_ends(void **state)
{
	static const struct {
		const char *hours, *at, *end; /* end NULL: they do not hold */
	} rows[] = {
	        {"22:00-06:00", "2026-11-23T21:59:59+08:00", NULL},
	        {"22:00-06:00", "2026-11-23T22:00:00+08:00", "2026-11-24T06:00:00+08:00"},
	        {"22:00-06:00", "2026-11-24T05:59:59+08:00", "2026-11-24T06:00:00+08:00"},
	        {"22:00-06:00", "2026-11-24T06:00:00+08:00", NULL},
	        {"22:00-06:00", "2026-11-23T15:30:00+00:00", "2026-11-24T06:00:00+08:00"},
	        {"12:00-14:00", "2026-11-23T12:30:10+08:00", "2026-11-23T14:00:00+08:00"},
	        {"12:00-14:00", "2026-11-23T14:00:00+08:00", NULL},
	        {"18:00-24:00", "2026-12-31T23:59:59+08:00", "2027-01-01T00:00:00+08:00"},
	        {"00:00-24:00", "2026-12-31T00:00:00+08:00", "2027-01-01T00:00:00+08:00"},
	        {"22:00-06:00", "1969-12-31T23:00:00+08:00", "1970-01-01T06:00:00+08:00"},
	};
	const struct hours always = {-1, -1};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hours hours;
		assert_true(hours_read(rows[i].hours, &hours));
		assert_int_equal(hours_hold(&hours, at(rows[i].at)), rows[i].end != NULL);
		if (rows[i].end)
			assert_int_equal(hours_end(&hours, at(rows[i].at)), at(rows[i].end));
	}
	assert_true(hours_hold(&always, 0));
	assert_int_equal(hours_end(&always, 0), INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_reads),
	        cmocka_unit_test(test_holds_and_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
