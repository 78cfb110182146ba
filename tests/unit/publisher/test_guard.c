/* SPDX-License-Identifier: Apache-2.0
 * test_guard - guessing is slowed, and nobody is kept out by somebody else's guesses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guard.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, DAY = 24 * 60 * MINUTE };
static const int64_t start = (int64_t)1795500000 * 1000;

static int make(void **state)
{
	*state = guard_create();
	return 0;
}

static int drop(void **state)
{
	struct guard *guard = *state;

	guard_destroy(&guard);
	return 0;
}

static struct guard_try from(const char *officer, const char *source)
{
	return (struct guard_try){.officer = officer, .source = source, .device = ""};
}

/* Wrong tries one after the other until one has to wait. */
static int tries_until_a_wait(struct guard *guard, const struct guard_try *try, int64_t now)
{
	struct guard_locks locks;
	int count = 0;

	while (count < 1000 && guard_enter(guard, try, now, &locks) == 0)
		count++;
	return count;
}

static void a_pair_waits_and_longer_each_time(void **state)
{
	struct guard_try try = from("met-1", "a");
	struct guard_locks locks;
	int64_t now = start;
	int64_t before = 0;

	assert_int_equal(tries_until_a_wait(*state, &try, now), 5);
	for (int i = 0; i < 12; i++) {
		int64_t until = guard_enter(*state, &try, now, &locks);
		assert_true(until > now && until - now >= before && until - now <= 15 * MINUTE);
		assert_int_equal(guard_enter(*state, &try, until - 1, &locks), until);
		before = until - now;
		now = until;
		assert_int_equal(guard_enter(*state, &try, now, &locks), 0);
		assert_int_equal(locks.items[0].what, GUARD_PAIR);
	}
	assert_int_equal(before, 15 * MINUTE);
	/* Others, and the same person from elsewhere, notice nothing. */
	struct guard_try elsewhere = from("met-1", "b");
	struct guard_try colleague = from("met-2", "a");
	assert_int_equal(guard_enter(*state, &elsewhere, now, &locks), 0);
	assert_int_equal(guard_enter(*state, &colleague, now, &locks), 0);
}

static void a_right_one_begins_anew(void **state)
{
	struct guard_try try = from("met-1", "a");
	struct guard_locks locks;

	for (int i = 0; i < 50; i++) {
		for (int wrong = 0; wrong < 3; wrong++)
			assert_int_equal(guard_enter(*state, &try, start, &locks), 0);
		assert_int_equal(guard_enter(*state, &try, start, &locks), 0);
		guard_passed(*state, &try);
		if (i % 4 == 3) /* the source's count is another matter */
			break;
	}
	assert_int_equal(tries_until_a_wait(*state, &try, start), 5);
}

static void many_names_from_one_address(void **state)
{
	struct guard_locks locks;
	int tried = 0;
	char name[16];

	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "met-%d", i);
		struct guard_try try = from(name, "a");
		tried += guard_enter(*state, &try, start, &locks) == 0;
	}
	assert_int_equal(tried, 30);
	/* The officers at that address who were there before do not wait. */
	struct guard_try known = {
	        .officer = "met-1", .source = "a", .device = "d", .known_source = true};
	assert_int_equal(guard_enter(*state, &known, start, &locks), 0);
}

/* The lock-out itself as a weapon. */
static void one_name_from_many_addresses(void **state)
{
	struct guard_locks locks;
	char source[16];
	int tried = 0;

	for (int i = 0; i < 3000; i++) {
		snprintf(source, sizeof source, "s%d", i);
		struct guard_try try = from("met-1", source);
		tried += guard_enter(*state, &try, start, &locks) == 0;
	}
	assert_int_equal(tried, 20);
	struct guard_try fresh = from("met-1", "new");
	assert_true(guard_enter(*state, &fresh, start, &locks) > start);
	struct guard_try office = from("met-1", "office");
	office.known_source = true;
	assert_int_equal(guard_enter(*state, &office, start, &locks), 0);
	guard_passed(*state, &office);
	struct guard_try device = {.officer = "met-1", .source = "new", .device = "d"};
	assert_int_equal(guard_enter(*state, &device, start, &locks), 0);
	guard_passed(*state, &device);
	struct guard_try other = from("met-2", "new");
	assert_int_equal(guard_enter(*state, &other, start, &locks), 0);
}

static void a_stolen_device_hurts_itself_only(void **state)
{
	struct guard_try device = {.officer = "met-1", .source = "a", .device = "d"};
	struct guard_try second = {.officer = "met-1", .source = "a", .device = "e"};
	struct guard_try none = from("met-1", "a");
	struct guard_locks locks;

	assert_int_equal(tries_until_a_wait(*state, &device, start), 10);
	assert_int_equal(guard_enter(*state, &second, start, &locks), 0);
	assert_int_equal(guard_enter(*state, &none, start, &locks), 0);
}

static void waits_end_and_are_forgotten(void **state)
{
	struct guard_try try = from("met-1", "a");
	struct guard_locks locks;

	tries_until_a_wait(*state, &try, start);
	assert_int_equal(guard_enter(*state, &try, start + MINUTE, &locks), 0);
	assert_int_equal(tries_until_a_wait(*state, &try, start + 2 * (int64_t)DAY), 5);
}

static void survives_a_restart(void **state)
{
	struct guard_try try = from("met-1", "a");
	struct guard_locks locks = {0};
	struct guard *next = guard_create();

	for (int i = 0; i < 5; i++)
		guard_enter(*state, &try, start, &locks);
	assert_int_equal(locks.count, 1);
	guard_restore(next, &locks.items[0].count);
	assert_true(guard_enter(next, &try, start, &locks) > start);
	guard_destroy(&next);
}

/* A flood of names and addresses does not wash away the one count that holds somebody. */
static void a_flood_forgets_the_least(void **state)
{
	struct guard_try held = from("met-1", "a");
	struct guard_locks locks;
	char name[16];

	tries_until_a_wait(*state, &held, start);
	for (int i = 0; i < GUARD_ROOM; i++) {
		snprintf(name, sizeof name, "n%d", i);
		struct guard_try try = from(name, name);
		guard_enter(*state, &try, start + 1, &locks);
	}
	assert_true(guard_enter(*state, &held, start + 2, &locks) > start);
}

static void lines_are_bounded_and_none_is_lost(void **state)
{
	int64_t unwritten = 0;
	int written = 0;

	for (int i = 0; i < 1000; i++)
		written += guard_may_write(*state, start, &unwritten);
	assert_int_equal(written, GUARD_LINES);
	assert_true(guard_may_write(*state, start + MINUTE, &unwritten));
	assert_int_equal(unwritten, 1000 - GUARD_LINES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_pair_waits_and_longer_each_time, make, drop),
	        cmocka_unit_test_setup_teardown(a_right_one_begins_anew, make, drop),
	        cmocka_unit_test_setup_teardown(many_names_from_one_address, make, drop),
	        cmocka_unit_test_setup_teardown(one_name_from_many_addresses, make, drop),
	        cmocka_unit_test_setup_teardown(a_stolen_device_hurts_itself_only, make, drop),
	        cmocka_unit_test_setup_teardown(waits_end_and_are_forgotten, make, drop),
	        cmocka_unit_test_setup_teardown(survives_a_restart, make, drop),
	        cmocka_unit_test_setup_teardown(a_flood_forgets_the_least, make, drop),
	        cmocka_unit_test_setup_teardown(lines_are_bounded_and_none_is_lost, make, drop),
	};

	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
