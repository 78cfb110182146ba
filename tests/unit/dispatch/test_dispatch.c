/* SPDX-License-Identifier: Apache-2.0
 * test_dispatch - order, chains, ends and what happens after an attempt, case by case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "check.h"

enum { T0 = 1000000 };

static const struct dispatch_target plain = {
        .name = "plain", .back_off_first = 500, .back_off_most = 300000};
static const struct dispatch_target keyed = {
        .name = "keyed", .takes_key = true, .back_off_first = 500, .back_off_most = 300000};
static const struct dispatch_target laned = {
        .name = "laned", .lanes = true, .back_off_first = 500, .back_off_most = 300000};

static int setup(void **state)
{
	struct dispatch *d = dispatch_create(1);

	assert_int_equal(dispatch_add_target(d, &plain), 0);
	assert_int_equal(dispatch_add_target(d, &keyed), 1);
	assert_int_equal(dispatch_add_target(d, &laned), 2);
	*state = d;
	return 0;
}

static int teardown(void **state)
{
	struct dispatch *d = *state;

	dispatch_destroy(&d);
	assert_null(d);
	dispatch_destroy(&d);
	return 0;
}

static void red_first(void **state)
{
	static const enum level given[] = {LEVEL_NONE, LEVEL_BLUE, LEVEL_IV, LEVEL_YELLOW,
	        LEVEL_ORANGE, LEVEL_II, LEVEL_RED, LEVEL_I};
	static const int64_t order[] = {7, 8, 5, 6, 4, 2, 3, 1};
	(void)state;
	struct dispatch *d = *state;
	for (int i = 0; i < 8; i++)
		give(d, (struct dispatch_delivery){.id = i + 1, .level = given[i]}, T0);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), 8);
	for (int i = 0; i < 8; i++)
		expect_next(d, 0, DISPATCH_ALL, T0, order[i]);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), 0);
	expect_no_change(d);
}

static void corrections_first_within_their_level(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1, .level = LEVEL_YELLOW}, T0);
	give(d, (struct dispatch_delivery){.id = 2, .level = LEVEL_ORANGE}, T0);
	give(d, (struct dispatch_delivery){.id = 3, .level = LEVEL_YELLOW, .correction = true}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 2);
	expect_next(d, 0, DISPATCH_ALL, T0, 3);
	expect_next(d, 0, DISPATCH_ALL, T0, 1);
}

static void lanes_are_apart(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1, .target = 2, .level = LEVEL_YELLOW}, T0);
	expect_next(d, 2, DISPATCH_URGENT, T0, 0);
	give(d, (struct dispatch_delivery){.id = 2, .target = 2, .level = LEVEL_II}, T0);
	give(d, (struct dispatch_delivery){.id = 3, .target = 2, .level = LEVEL_III}, T0);
	assert_int_equal(expect_next(d, 2, DISPATCH_ROUTINE, T0, 1), T0 + 10000);
	assert_int_equal(expect_next(d, 2, DISPATCH_URGENT, T0, 2), T0 + 3000);
	expect_next(d, 2, DISPATCH_URGENT, T0, 0);
	expect_next(d, 2, DISPATCH_ALL, T0, 3);
	give(d, (struct dispatch_delivery){.id = 4, .level = LEVEL_BLUE}, T0);
	expect_next(d, 0, DISPATCH_URGENT, T0, 4); /* a far side without lanes has one */
}

static void a_newer_one_supersedes_what_waits(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1, .chain = "c", .level = LEVEL_RED}, T0);
	give(d, (struct dispatch_delivery){.id = 2, .chain = "c", .level = LEVEL_RED, .target = 1},
	        T0);
	give(d, (struct dispatch_delivery){.id = 3, .chain = "c", .level = LEVEL_BLUE}, T0);
	expect_change(d, 1, DELIVERY_SUPERSEDED);
	expect_no_change(d); /* another far side, another chain */
	expect_next(d, 0, DISPATCH_ALL, T0, 3);
	expect_next(d, 1, DISPATCH_ALL, T0, 2);
	give(d, (struct dispatch_delivery){.id = 4, .order = 1, .chain = "c"},
	        T0); /* late comer, older */
	expect_change(d, 4, DELIVERY_SUPERSEDED);
}

static void a_newer_one_waits_for_the_one_in_flight(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1, .chain = "c", .level = LEVEL_RED}, T0);
	int64_t deadline = expect_next(d, 0, DISPATCH_ALL, T0, 1);
	give(d,
	        (struct dispatch_delivery){
	                .id = 2, .chain = "c", .level = LEVEL_RED, .correction = true},
	        T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	assert_int_equal(dispatch_wake(d, T0), deadline);
	dispatch_done(d, 1, DELIVERED, 0, T0 + 5);
	expect_change(d, 1, DELIVERY_DELIVERED);
	expect_next(d, 0, DISPATCH_ALL, T0 + 5, 2);
}

static void it_waits_until_the_deadline_only(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1, .chain = "c", .level = LEVEL_RED}, T0);
	int64_t deadline = expect_next(d, 0, DISPATCH_ALL, T0, 1);
	give(d, (struct dispatch_delivery){.id = 2, .chain = "c", .level = LEVEL_RED}, T0);
	expect_next(d, 0, DISPATCH_ALL, deadline - 1, 0);
	expect_next(d, 0, DISPATCH_ALL, deadline, 2);
	dispatch_done(d, 1, DEFERRED, 0, deadline + 1);
	expect_change(d, 1, DELIVERY_SUPERSEDED); /* never comes behind the newer one */
}

static void blocks_of_one_bulletin_go_side_by_side(void **state)
{
	struct dispatch *d = *state;

	for (int i = 1; i <= 3; i++)
		give(d, (struct dispatch_delivery){.id = i, .order = 7, .chain = "c"}, T0);
	for (int i = 1; i <= 3; i++)
		expect_next(d, 0, DISPATCH_ALL, T0, i);
	give(d, (struct dispatch_delivery){.id = 4, .order = 8, .chain = "c", .correction = true},
	        T0);
	dispatch_done(d, 1, DELIVERED, 0, T0);
	dispatch_done(d, 3, DELIVERED, 0, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	dispatch_done(d, 2, DELIVERED, 0, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 4);
}

static void nothing_after_its_expiry(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1, .level = LEVEL_RED, .expires = T0 + 100}, T0);
	give(d,
	        (struct dispatch_delivery){
	                .id = 2, .level = LEVEL_RED, .expires = T0 + 50, .target = 1},
	        T0);
	give(d, (struct dispatch_delivery){.id = 3, .expires = T0}, T0);
	expect_change(d, 3, DELIVERY_EXPIRED);
	assert_int_equal(dispatch_wake(d, T0), T0 + 50);
	dispatch_tick(d, T0 + 50);
	expect_change(d, 2, DELIVERY_EXPIRED);
	expect_next(d, 0, DISPATCH_ALL, T0 + 100, 0);
	expect_change(d, 1, DELIVERY_EXPIRED);
	assert_int_equal(dispatch_wake(d, T0 + 100), INT64_MAX);
}

static void expired_in_flight_is_not_tried_again(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1, .expires = T0 + 100}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 1);
	dispatch_tick(d, T0 + 200);
	expect_no_change(d);
	dispatch_done(d, 1, DEFERRED, 0, T0 + 200);
	expect_change(d, 1, DELIVERY_EXPIRED);
}

static void lost_jobs(void **state)
{
	static const struct {
		int target;
		bool began;
		enum level level;
		enum delivery_state want;
		bool at_once, counted;
	} rows[] = {
	        {0, false, LEVEL_BLUE, DELIVERY_WAITING, true, false},
	        {0, true, LEVEL_BLUE, DELIVERY_WAITING, false, true},
	        {0, true, LEVEL_BLUE, DELIVERY_UNKNOWN, false, false},
	        {0, true, LEVEL_III, DELIVERY_UNKNOWN, false, false},
	        {0, true, LEVEL_ORANGE, DELIVERY_WAITING, false, false},
	        {0, true, LEVEL_I, DELIVERY_WAITING, false, false},
	        {1, false, LEVEL_BLUE, DELIVERY_WAITING, true, false},
	        {1, true, LEVEL_BLUE, DELIVERY_WAITING, false, false},
	        {1, true, LEVEL_RED, DELIVERY_WAITING, false, false},
	};
	struct dispatch *d = *state;

	for (int i = 0; i < (int)(sizeof rows / sizeof rows[0]); i++) {
		give(d,
		        (struct dispatch_delivery){.id = i + 1,
		                .target = rows[i].target,
		                .level = rows[i].level,
		                .counted = rows[i].counted},
		        T0 - 25); /* a red has let the prompt ones go first */
		expect_next(d, rows[i].target, DISPATCH_ALL, T0, i + 1);
		dispatch_lost(d, i + 1, rows[i].began, T0);
		int64_t due = expect_change(d, i + 1, rows[i].want);
		if (rows[i].want == DELIVERY_WAITING)
			assert_true(rows[i].at_once ? due == T0 : due > T0);
		dispatch_withdraw(d, i + 1, "end of the row", T0);
		if (rows[i].want == DELIVERY_WAITING)
			expect_change(d, i + 1, DELIVERY_WITHDRAWN);
	}
}

static void unknown_red_is_sent_again_twice(void **state)
{
	struct dispatch *d = *state;
	int64_t now = T0;

	give(d, (struct dispatch_delivery){.id = 1, .level = LEVEL_RED}, now);
	for (int i = 0; i < 3; i++) {
		expect_next(d, 0, DISPATCH_ALL, now, 1);
		dispatch_done(d, 1, UNKNOWN, 0, now);
		if (i < 2)
			now = expect_change(d, 1, DELIVERY_WAITING);
	}
	expect_change(d, 1, DELIVERY_UNKNOWN);
	expect_next(d, 0, DISPATCH_ALL, now + 1000000, 0);
	dispatch_withdraw(d, 1, "settled", now);
	expect_no_change(d);
	expect_next(d, 0, DISPATCH_ALL, now + 1000000, 0);
}

static void unknown_ones_are_parked(void **state)
{
	struct dispatch *d = *state;

	for (int i = 1; i <= 4; i++) {
		give(d,
		        (struct dispatch_delivery){
		                .id = i, .chain = i == 2 ? "c" : NULL, .expires = T0 + 9000},
		        T0);
		expect_next(d, 0, DISPATCH_ALL, T0, i);
		dispatch_done(d, i, UNKNOWN, 0, T0);
		expect_change(d, i, DELIVERY_UNKNOWN);
	}
	dispatch_done(d, 1, DELIVERED, 0, T0); /* a late receipt */
	expect_change(d, 1, DELIVERY_DELIVERED);
	give(d, (struct dispatch_delivery){.id = 9, .chain = "c", .target = 0}, T0);
	dispatch_withdraw(d, 2, "a newer message is out", T0);
	dispatch_withdraw(d, 3, "cancelled", T0);
	dispatch_tick(d, T0 + 9000);
	expect_no_change(d);
	expect_next(d, 0, DISPATCH_ALL, T0 + 9000, 9);
	expect_next(d, 0, DISPATCH_ALL, T0 + 9000, 0);
}

static void a_late_receipt_ends_what_waits_again(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1, .target = 1}, T0);
	expect_next(d, 1, DISPATCH_ALL, T0, 1);
	dispatch_lost(d, 1, true, T0);
	expect_change(d, 1, DELIVERY_WAITING);
	dispatch_done(d, 1, DEFERRED, 0, T0); /* says nothing new */
	expect_no_change(d);
	dispatch_done(d, 1, DELIVERED, 0, T0 + 1);
	expect_change(d, 1, DELIVERY_DELIVERED);
	dispatch_done(d, 1, DELIVERED, 0, T0 + 2);
	expect_no_change(d);
}

static void put_back(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 1);
	dispatch_put_back(d, 1, T0);
	assert_int_equal(expect_change(d, 1, DELIVERY_WAITING), T0);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), 1);
	expect_next(d, 0, DISPATCH_ALL, T0, 1);
	dispatch_done(d, 1, DEFERRED, 0, T0);
	assert_in_range(
	        expect_change(d, 1, DELIVERY_WAITING), T0 + 400, T0 + 600); /* the first back-off */
	dispatch_put_back(d, 1, T0); /* not in flight: nothing */
	dispatch_put_back(d, 99, T0);
	expect_no_change(d);
}

static void withdraw(void **state)
{
	struct dispatch *d = *state;

	for (int i = 1; i <= 3; i++)
		give(d, (struct dispatch_delivery){.id = i}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 1);
	expect_next(d, 0, DISPATCH_ALL, T0, 2);
	for (int i = 1; i <= 3; i++)
		dispatch_withdraw(d, i, "cancelled", T0);
	expect_change(d, 3, DELIVERY_WITHDRAWN);
	expect_no_change(d);
	dispatch_done(d, 1, DELIVERED, 0, T0);
	expect_change(d, 1, DELIVERY_DELIVERED);
	dispatch_done(d, 2, DEFERRED, 0, T0);
	expect_change(d, 2, DELIVERY_WITHDRAWN);
	expect_next(d, 0, DISPATCH_ALL, T0 + 1000000, 0);
}

static void a_far_side_that_is_back(void **state)
{
	struct dispatch *d = *state;

	give(d, (struct dispatch_delivery){.id = 1}, T0);
	give(d, (struct dispatch_delivery){.id = 2, .due = T0 + 5000}, T0); /* quiet hours */
	expect_next(d, 0, DISPATCH_ALL, T0, 1);
	dispatch_done(d, 1, DEFERRED, 60000, T0);
	assert_int_equal(expect_change(d, 1, DELIVERY_WAITING), T0 + 60000);
	expect_next(d, 0, DISPATCH_ALL, T0 + 1, 0);
	dispatch_target_back(d, 0, T0 + 1);
	expect_next(d, 0, DISPATCH_ALL, T0 + 1, 1);
	expect_next(d, 0, DISPATCH_ALL, T0 + 1, 0);
	expect_next(d, 0, DISPATCH_ALL, T0 + 5000, 2);
}

static void in_flight_from_the_start(void **state)
{
	struct dispatch *d = *state;
	const struct dispatch_delivery old = {.id = 1, .order = 1, .chain = "c", .attempt = 1};

	give(d, (struct dispatch_delivery){.id = 2, .chain = "c"}, T0);
	dispatch_replay(d, &old, DELIVERY_SENDING, T0 + 700, T0);
	dispatch_replay(d, &old, DELIVERY_SENDING, T0 + 900, T0); /* known already */
	expect_next(d, 0, DISPATCH_ALL, T0 + 699, 0);
	expect_next(d, 0, DISPATCH_ALL, T0 + 700, 2);
	dispatch_lost(d, 1, true, T0 + 701);
	expect_change(d, 1, DELIVERY_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(red_first, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                corrections_first_within_their_level, setup, teardown),
	        cmocka_unit_test_setup_teardown(lanes_are_apart, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_newer_one_supersedes_what_waits, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_newer_one_waits_for_the_one_in_flight, setup, teardown),
	        cmocka_unit_test_setup_teardown(it_waits_until_the_deadline_only, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                blocks_of_one_bulletin_go_side_by_side, setup, teardown),
	        cmocka_unit_test_setup_teardown(nothing_after_its_expiry, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                expired_in_flight_is_not_tried_again, setup, teardown),
	        cmocka_unit_test_setup_teardown(lost_jobs, setup, teardown),
	        cmocka_unit_test_setup_teardown(unknown_red_is_sent_again_twice, setup, teardown),
	        cmocka_unit_test_setup_teardown(unknown_ones_are_parked, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_late_receipt_ends_what_waits_again, setup, teardown),
	        cmocka_unit_test_setup_teardown(put_back, setup, teardown),
	        cmocka_unit_test_setup_teardown(withdraw, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_far_side_that_is_back, setup, teardown),
	        cmocka_unit_test_setup_teardown(in_flight_from_the_start, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
