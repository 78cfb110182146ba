/* SPDX-License-Identifier: Apache-2.0
 * test_dispatch_limits - back-off, the account's bucket, the breaker, and a hundred thousand in the
 * queue.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "check.h"

enum { T0 = 1000000, MINUTE = 60000 };

static int64_t defer_once(struct dispatch *d, int64_t id, int64_t retry_after, int64_t now)
{
	expect_next(d, 0, DISPATCH_ALL, now, id);
	dispatch_done(d, id, DEFERRED, retry_after, now);
	return expect_change(d, id, DELIVERY_WAITING);
}

static void back_off_doubles_with_jitter(void **state)
{
	const struct dispatch_target target = {
	        .name = "t", .back_off_first = 1000, .back_off_most = 300000};
	struct dispatch *d = dispatch_create(7);
	int64_t wait = 1000;
	bool jitter = false;
	(void)state;
	dispatch_add_target(d, &target);
	give(d, (struct dispatch_delivery){.id = 1, .level = LEVEL_BLUE}, T0);
	for (int64_t now = T0, i = 0; i < 14; i++) {
		dispatch_target_back(d, 0, now); /* keeps the breaker out of this */
		int64_t due = defer_once(d, 1, 0, now);
		assert_in_range(due - now, wait * 80 / 100,
		        wait * 120 / 100 < 300000 ? wait * 120 / 100 : 300000);
		jitter = jitter || due - now != wait;
		wait = wait * 2 < 300000 ? wait * 2 : 300000;
		now = due;
	}
	assert_true(jitter);
	dispatch_destroy(&d);
}

static void red_waits_a_minute_at_most(void **state)
{
	const struct dispatch_target target = {
	        .name = "t", .back_off_first = 1000, .back_off_most = 300000};
	struct dispatch *d = dispatch_create(7);
	int64_t now = T0;
	(void)state;
	dispatch_add_target(d, &target);
	give(d, (struct dispatch_delivery){.id = 1, .level = LEVEL_RED}, T0);
	for (int i = 0; i < 20; i++) {
		int64_t due = defer_once(d, 1, i % 2 ? 0 : INT64_C(1000000000), now);
		assert_in_range(due - now, 1, MINUTE);
		now = due;
	}
	dispatch_destroy(&d);
}

static void what_the_far_side_asks(void **state)
{
	const struct dispatch_target target = {
	        .name = "t", .back_off_first = 1000, .back_off_most = 300000};
	struct dispatch *d = dispatch_create(7);
	(void)state;
	dispatch_add_target(d, &target);
	for (int i = 1; i <= 3; i++)
		give(d,
		        (struct dispatch_delivery){
		                .id = i, .level = LEVEL_BLUE, .expires = i == 3 ? T0 + 60000 : 0},
		        T0);
	assert_int_equal(defer_once(d, 1, 30000, T0), T0 + 30000);
	assert_int_equal(defer_once(d, 2, INT64_C(1000000000), T0), T0 + 600000);
	assert_int_equal(
	        defer_once(d, 3, 600000, T0), T0 + 50000); /* one more attempt before it expires */
	dispatch_destroy(&d);
}

static void same_seed_same_jitter(void **state)
{
	const struct dispatch_target target = {
	        .name = "t", .back_off_first = 100000, .back_off_most = 300000};
	int64_t dues[3] = {0};
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct dispatch *d = dispatch_create(i < 2 ? 5 : 6);
		dispatch_add_target(d, &target);
		for (int k = 1; k <= 4; k++) {
			give(d, (struct dispatch_delivery){.id = k}, T0);
			dues[i] = dues[i] * 7 + defer_once(d, k, 0, T0) - T0;
		}
		dispatch_destroy(&d);
	}
	assert_int_equal(dues[0], dues[1]);
	assert_int_not_equal(dues[0], dues[2]);
}

static void the_bucket_keeps_a_tenth(void **state)
{
	const struct dispatch_target target = {.name = "t", .per_minute = 20};
	struct dispatch *d = dispatch_create(1);
	(void)state;
	dispatch_add_target(d, &target);
	for (int i = 1; i <= 30; i++)
		give(d, (struct dispatch_delivery){.id = i, .level = LEVEL_ORANGE}, T0);
	for (int i = 1; i <= 18; i++)
		expect_next(d, 0, DISPATCH_ALL, T0, i);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	give(d, (struct dispatch_delivery){.id = 40, .level = LEVEL_RED}, T0);
	give(d, (struct dispatch_delivery){.id = 41, .level = LEVEL_BLUE, .correction = true}, T0);
	give(d, (struct dispatch_delivery){.id = 42, .level = LEVEL_RED}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 40);
	expect_next(d, 0, DISPATCH_ALL, T0, 42);
	expect_next(d, 0, DISPATCH_ALL, T0, 0); /* twenty are out */
	assert_int_equal(dispatch_wake(d, T0), T0 + 3000);
	expect_next(d, 0, DISPATCH_ALL, T0 + 2999, 0);
	expect_next(d, 0, DISPATCH_ALL, T0 + 3000, 41); /* the reserve fills first */
	expect_next(d, 0, DISPATCH_ALL, T0 + 11999, 0);
	expect_next(d, 0, DISPATCH_ALL, T0 + 12000, 19);
	dispatch_destroy(&d);
}

static void a_block_may_cost_more_than_the_bucket_holds(void **state)
{
	const struct dispatch_target target = {.name = "t", .per_minute = 600};
	struct dispatch *d = dispatch_create(1);
	(void)state;
	dispatch_add_target(d, &target);
	for (int i = 1; i <= 2; i++)
		give(d, (struct dispatch_delivery){.id = i, .level = LEVEL_BLUE, .cost = 1000}, T0);
	assert_int_equal(expect_next(d, 0, DISPATCH_ALL, T0, 1),
	        T0 + 10000 + 100000); /* time for a thousand */
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	give(d, (struct dispatch_delivery){.id = 3, .level = LEVEL_RED}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 3); /* the debt is not red's */
	int64_t wake = dispatch_wake(d, T0);
	expect_next(d, 0, DISPATCH_ALL, wake - 1, 0);
	expect_next(d, 0, DISPATCH_ALL, wake, 2);
	assert_in_range(wake - T0, 100000, 100200);
	dispatch_destroy(&d);
}

static void a_long_sleep_fills_the_bucket_once(void **state)
{
	const struct dispatch_target target = {.name = "t", .per_minute = INT32_MAX};
	struct dispatch *d = dispatch_create(1);
	(void)state;
	dispatch_add_target(d, &target);
	give(d, (struct dispatch_delivery){.id = 1, .cost = INT32_MAX}, 1);
	give(d, (struct dispatch_delivery){.id = 2, .cost = INT32_MAX}, 1);
	expect_next(d, 0, DISPATCH_ALL, 1, 1);
	expect_next(d, 0, DISPATCH_ALL, 2, 0);
	expect_next(d, 0, DISPATCH_ALL, INT64_MAX / 4, 2);
	dispatch_destroy(&d);
}

static void put_back_gives_its_token_back(void **state)
{
	const struct dispatch_target target = {.name = "t", .per_minute = 1};
	struct dispatch *d = dispatch_create(1);
	(void)state;
	dispatch_add_target(d, &target);
	give(d, (struct dispatch_delivery){.id = 1}, T0);
	for (int i = 0; i < 5; i++) {
		expect_next(d, 0, DISPATCH_ALL, T0, 1);
		dispatch_put_back(d, 1, T0);
		expect_change(d, 1, DELIVERY_WAITING);
	}
	dispatch_destroy(&d);
}

static void the_breaker_lets_one_try(void **state)
{
	const struct dispatch_target target = {
	        .name = "t", .back_off_first = 1000, .back_off_most = 300000};
	struct dispatch *d = dispatch_create(3);
	(void)state;
	dispatch_add_target(d, &target);
	for (int i = 1; i <= 20; i++)
		give(d, (struct dispatch_delivery){.id = i}, T0);
	for (int i = 1; i <= 5; i++)
		defer_once(d, i, 600000, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	give(d, (struct dispatch_delivery){.id = 30, .level = LEVEL_I}, T0 - 25);
	expect_next(d, 0, DISPATCH_ALL, T0, 30); /* red does not wait */
	dispatch_put_back(d, 30, T0);
	dispatch_withdraw(d, 30, "enough", T0);
	int64_t wake = dispatch_wake(d, T0);
	assert_in_range(wake - T0, 800, 1000);
	expect_next(d, 0, DISPATCH_ALL, wake, 6);
	expect_next(d, 0, DISPATCH_ALL, wake, 0); /* one at a time */
	assert_int_equal(dispatch_wake(d, wake), T0 + 600000);
	dispatch_done(d, 6, REJECTED, 0, wake); /* it speaks again: whoever backed off is due */
	for (int i = 1; i <= 5; i++)
		expect_next(d, 0, DISPATCH_ALL, wake, i);
	expect_next(d, 0, DISPATCH_ALL, wake, 7);
	dispatch_destroy(&d);
}

static void the_wall_clock_is_set(void **state)
{
	const struct dispatch_target target = {
	        .name = "t", .back_off_first = 1000, .back_off_most = 1000};
	struct dispatch *d = dispatch_create(1);
	(void)state;
	dispatch_add_target(d, &target);
	for (int i = 1; i <= 5; i++)
		give(d,
		        (struct dispatch_delivery){
		                .id = i, .due = T0 + 50000, .expires = T0 + 60000 + i},
		        T0);
	give(d, (struct dispatch_delivery){.id = 9, .due = T0 + 90000}, T0); /* never expires */
	dispatch_clock_stepped(d, -30000, T0);                               /* it was ahead */
	dispatch_tick(d, T0 + 70000);
	expect_no_change(d);
	expect_next(d, 0, DISPATCH_ALL, T0 + 79999, 0);
	expect_next(d, 0, DISPATCH_ALL, T0 + 80000, 1);
	dispatch_clock_stepped(d, 20000, T0 + 80000);
	dispatch_tick(d, T0 + 80000);
	for (int i = 2; i <= 5; i++)
		expect_change(d, i, DELIVERY_EXPIRED);
	dispatch_clock_stepped(d, -80000, T0 + 80000); /* what has expired stays so */
	expect_no_change(d);
	dispatch_done(d, 1, DEFERRED, 0, T0 + 80001);
	expect_change(d, 1, DELIVERY_WAITING); /* its own expiry has moved on */
	expect_next(d, 0, DISPATCH_ALL, T0 + 180000, 9);
	dispatch_destroy(&d);
}

static void a_hundred_thousand_wait(void **state)
{
	enum { MANY = 100000 };
	const struct dispatch_target target = {
	        .name = "t", .back_off_first = 1000, .back_off_most = 1000};
	struct dispatch *d = dispatch_create(1);
	int64_t deadline;
	(void)state;
	dispatch_add_target(d, &target);
	for (int i = 1; i <= MANY; i++)
		give(d,
		        (struct dispatch_delivery){
		                .id = i, .level = (enum level)(i % 4), .expires = T0 + i},
		        T0);
	for (int i = 1; i <= MANY / 4; i++) { /* blocks of one bulk job */
		const struct dispatch_delivery block = {
		        .id = MANY + i, .order = 1, .chain = "bulk"};
		dispatch_add(d, &block, T0);
	}
	give(d, (struct dispatch_delivery){.id = 2 * MANY, .level = LEVEL_RED}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 2 * MANY);
	for (int i = 0; i < MANY / 2; i++)
		assert_true(dispatch_next(d, 0, DISPATCH_ALL, T0, &deadline) > 0);
	give(d, (struct dispatch_delivery){.id = 3 * MANY, .order = 2, .chain = "bulk"}, T0);
	dispatch_tick(d, T0 + MANY);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), 1);
	int64_t superseded = 0, expired = 0;
	for (struct dispatch_change change; dispatch_take_change(d, &change);) {
		superseded += change.state == DELIVERY_SUPERSEDED;
		expired += change.state == DELIVERY_EXPIRED;
	}
	assert_int_equal(superseded, MANY / 4);
	assert_int_equal(expired, MANY / 2);
	dispatch_destroy(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(back_off_doubles_with_jitter),
	        cmocka_unit_test(red_waits_a_minute_at_most),
	        cmocka_unit_test(what_the_far_side_asks),
	        cmocka_unit_test(same_seed_same_jitter),
	        cmocka_unit_test(the_bucket_keeps_a_tenth),
	        cmocka_unit_test(a_block_may_cost_more_than_the_bucket_holds),
	        cmocka_unit_test(a_long_sleep_fills_the_bucket_once),
	        cmocka_unit_test(put_back_gives_its_token_back),
	        cmocka_unit_test(the_breaker_lets_one_try),
	        cmocka_unit_test(the_wall_clock_is_set),
	        cmocka_unit_test(a_hundred_thousand_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
