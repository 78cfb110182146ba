/* SPDX-License-Identifier: Apache-2.0
 * test_dispatch_hold - what an officer holds back: it waits and nothing else does, it ends as
 * anything ends, and all of it goes once he lets it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "check.h"

enum { T0 = 1000000, MANY = 400 };

static const struct dispatch_target plain = {
        .name = "plain", .back_off_first = 500, .back_off_most = 60000, .quiet_rank = 2};

/* Two far sides and two bulletins (chains): what is held of one at one of them stays, in whatever
 * state it was when the officer said so, and all of it goes afterwards. */
static void what_is_held_back_waits_and_nothing_else_does(void **state)
{
	(void)state;
	struct dispatch *d = dispatch_create(1);
	int64_t now = T0;
	int held = 0;
	for (int i = 0; i < 2; i++) {
		dispatch_add_target(d, &plain);
		dispatch_set_window(d, i, DISPATCH_ALL, 16);
	}
	for (int i = 1; i <= MANY; i++)
		give(d,
		        (struct dispatch_delivery){.id = i,
		                .order = 1 + i % 2,
		                .target = i / 2 % 2,
		                .chain = i % 2 ? "odd" : "even",
		                .counted = true,
		                .cost = 1},
		        now);
	expect_next(d, 0, DISPATCH_ALL, now, 4); /* in flight when it is said */
	for (int i = 4; i <= MANY; i += 4, held++)
		dispatch_hold_back(d, i, true, now);
	dispatch_put_back(d, 4, now); /* called back */
	expect_change(d, 4, DELIVERY_WAITING);
	int64_t deadline;
	int gone = 0;
	for (int target = 0; target < 2; target++)
		for (int64_t id; (id = dispatch_next(d, target, DISPATCH_ALL, now, &deadline));
		        gone++) {
			assert_true(id % 4 != 0);
			dispatch_done(d, id, DELIVERED, 0, now);
			expect_change(d, id, DELIVERY_DELIVERED);
		}
	assert_int_equal(gone, MANY - held);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), held);
	dispatch_target_back(d, 0, now);
	expect_next(d, 0, DISPATCH_ALL, now + 100000, 0);
	for (int i = 4; i <= MANY; i += 4)
		dispatch_hold_back(d, i, false, now);
	for (int64_t id; (id = dispatch_next(d, 0, DISPATCH_ALL, now, &deadline)); held--) {
		assert_int_equal(id % 4, 0);
		dispatch_done(d, id, DELIVERED, 0, now);
		expect_change(d, id, DELIVERY_DELIVERED);
	}
	assert_int_equal(held, 0);
	dispatch_destroy(&d);
}

static void what_is_held_back_ends_as_anything_does(void **state)
{
	(void)state;
	struct dispatch *d = dispatch_create(1);
	dispatch_add_target(d, &plain);
	dispatch_set_window(d, 0, DISPATCH_ALL, 16);
	for (int i = 1; i <= 4; i++) {
		give(d,
		        (struct dispatch_delivery){.id = i,
		                .chain = i == 1 ? "one" : NULL,
		                .expires = i == 2 ? T0 + 50 : 0},
		        T0);
		dispatch_hold_back(d, i, true, T0);
	}
	assert_int_equal(dispatch_wake(d, T0), T0 + 50);
	dispatch_tick(d, T0 + 50);
	expect_change(d, 2, DELIVERY_EXPIRED);
	dispatch_withdraw(d, 3, "cancelled", T0 + 50);
	expect_change(d, 3, DELIVERY_WITHDRAWN);
	give(d, (struct dispatch_delivery){.id = 5, .chain = "one"}, T0 + 60);
	expect_change(d, 1, DELIVERY_SUPERSEDED);
	expect_next(d, 0, DISPATCH_ALL, T0 + 60, 5);
	dispatch_clock_stepped(d, 1000, T0 + 60);
	expect_next(d, 0, DISPATCH_ALL, T0 + 70, 0);
	dispatch_hold_back(d, 4, false, T0 + 70);
	expect_next(d, 0, DISPATCH_ALL, T0 + 70, 4);
	dispatch_destroy(&d);
}

/* Called back while it is held, it waits and is in no lane; its time ends it all the same. */
static void what_comes_back_held_expires(void **state)
{
	(void)state;
	struct dispatch *d = dispatch_create(1);
	dispatch_add_target(d, &plain);
	dispatch_set_window(d, 0, DISPATCH_ALL, 16);
	give(d, (struct dispatch_delivery){.id = 1, .expires = T0 + 50}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 1);
	dispatch_hold_back(d, 1, true, T0 + 10);
	dispatch_put_back(d, 1, T0 + 20);
	expect_change(d, 1, DELIVERY_WAITING);
	expect_next(d, 0, DISPATCH_ALL, T0 + 49, 0);
	expect_no_change(d);
	assert_int_equal(dispatch_wake(d, T0 + 49), T0 + 50);
	expect_next(d, 0, DISPATCH_ALL, T0 + 50, 0);
	expect_change(d, 1, DELIVERY_EXPIRED);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), 0);
	dispatch_destroy(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_held_back_waits_and_nothing_else_does),
	        cmocka_unit_test(what_is_held_back_ends_as_anything_does),
	        cmocka_unit_test(what_comes_back_held_expires),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
