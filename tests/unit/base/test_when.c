/* SPDX-License-Identifier: Apache-2.0
 * What when.h promises. The oracle is a walk: day after day from 1900-01-01 with the rule of the
 * leap year, and nothing else.
 */
#include "base_fixture.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "when.h"

enum { DAY_MS = 86400000 };

static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static int days_of(int year, int month)
{
	bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);

	return month_days[month - 1] + (leap && month == 2);
}

static void step(struct civil *day)
{
	if (++day->day <= days_of(day->year, day->month))
		return;
	day->day = 1;
	if (++day->month <= 12)
		return;
	day->month = 1;
	day->year++;
}

static void same_day(const struct civil *got, const struct civil *want)
{
	if (got->year != want->year || got->month != want->month || got->day != want->day)
		fail_msg("got %d-%d-%d, want %d-%d-%d", got->year, got->month, got->day, want->year,
		        want->month, want->day);
}

/* 1900-01-01 lies 25567 days before 1970-01-01 (70 years, 17 leap days). */
static void every_day_of_three_centuries(void **state)
{
	struct civil day = {.year = 1900, .month = 1, .day = 1};
	int64_t ms = INT64_C(-25567) * DAY_MS;
	int count = 0;

	(void)state;
	for (; day.year <= 2200; step(&day), ms += DAY_MS, count++) {
		assert_true(when_from_civil(&day, 0) == ms);
		struct civil first = when_civil(ms, 0);
		struct civil last = when_civil(ms + DAY_MS - 1, 0);
		same_day(&first, &day);
		same_day(&last, &day);
		assert_int_equal(last.hour * 10000 + last.minute * 100 + last.second, 235959);
		assert_true(when_civil_valid(&day));
	}
	assert_int_equal(count, 109938);
}

static void every_day_reads_back(void **state)
{
	struct civil day = {.year = 1900, .month = 1, .day = 1};

	(void)state;
	for (; day.year <= 2200; step(&day)) {
		char text[WHEN_TEXT];
		char want[64];
		int64_t ms;
		int64_t back;
		snprintf(want, sizeof want, "%04d-%02d-%02d", day.year, day.month, day.day);
		assert_true(when_read_day(want, &ms));
		when_text(ms, text);
		assert_memory_equal(text, want, 10);
		assert_string_equal(text + 10, "T00:00:00+08:00");
		assert_true(when_read(text, &back, NULL));
		assert_true(back == ms);
	}
}

static void days_that_do_not_exist(void **state)
{
	int64_t ms = 77;

	(void)state;
	for (int year = 1900; year <= 2200; year++) {
		for (int month = 1; month <= 12; month++) {
			char text[64];
			snprintf(text, sizeof text, "%04d-%02d-%02d", year, month,
			        days_of(year, month) + 1);
			if (when_read_day(text, &ms))
				fail_msg("%s was read", text);
		}
	}
	assert_int_equal(ms, 77);
}

static void only_one_spelling_is_read(void **state)
{
	static const char *const refused[] = {"", "2026", "2026-11-23T09:00:00Z",
	        "2026-11-23T09:00:00", "2026-11-23 09:00:00+08:00", "2026-11-23T09:00:00.0+08:00",
	        "2026-11-23T24:00:00+08:00", "2026-11-23T09:60:00+08:00",
	        "2026-11-23T09:00:60+08:00", "2026-11-23T09:00:00+08:60",
	        "2026-11-23T09:00:00+14:01", "2026-11-23T09:00:00+0800",
	        "2026-11-23T09:00:00+08:00 ", " 2026-11-23T09:00:00+08:00",
	        "2026-13-23T09:00:00+08:00", "2026-00-23T09:00:00+08:00",
	        "0000-01-01T00:00:00+08:00", "２026-11-23T09:00:00+08:00",
	        "2026-11-23t09:00:00+08:00", "+026-11-23T09:00:00+08:00"};
	int64_t ms = 77;

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		if (when_read(refused[i], &ms, NULL))
			fail_msg("\"%s\" was read", refused[i]);
	assert_false(when_read(NULL, &ms, NULL));
	assert_false(when_read_day(NULL, &ms));
	assert_false(when_read_day("2026-11-23T", &ms));
	assert_int_equal(ms, 77);
}

static void offsets_count(void **state)
{
	int64_t utc;
	int64_t ms;
	int offset;

	(void)state;
	assert_true(when_read("2026-11-23T01:00:00+00:00", &utc, &offset));
	assert_int_equal(offset, 0);
	assert_true(when_read("2026-11-23T09:00:00+08:00", &ms, &offset));
	assert_true(ms == utc && offset == 480);
	assert_true(when_read("2026-11-22T11:00:00-14:00", &ms, &offset));
	assert_true(ms == utc && offset == -840);
	assert_true(when_read("2026-11-23T01:00:00-00:00", &ms, &offset));
	assert_true(ms == utc && offset == 0);
}

/* The C library knows the same calendar by other means. */
static void agrees_with_the_c_library(void **state)
{
	uint64_t seed = 20261123;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		time_t seconds = (time_t)(next_number(&seed) * 4) - 2000000000;
		char got[WHEN_DIGITS];
		char want[32];
		struct tm tm;
		time_t there = seconds + 8 * 3600;
		assert_non_null(gmtime_r(&there, &tm));
		strftime(want, sizeof want, "%Y%m%d%H%M%S", &tm);
		when_digits((int64_t)seconds * 1000 + 999, got);
		assert_string_equal(got, want);
	}
}

static void clocks_go_on(void **state)
{
	(void)state;
	int64_t boot = when_boot();
	assert_true(boot > 0 && when_boot() >= boot);
	assert_true(when_now() > INT64_C(1700000000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_day_of_three_centuries),
	        cmocka_unit_test(every_day_reads_back),
	        cmocka_unit_test(days_that_do_not_exist),
	        cmocka_unit_test(only_one_spelling_is_read),
	        cmocka_unit_test(offsets_count),
	        cmocka_unit_test(agrees_with_the_c_library),
	        cmocka_unit_test(clocks_go_on),
	};

	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
