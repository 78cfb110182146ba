/* SPDX-License-Identifier: Apache-2.0
 * test_dispatch_rest - blocks that stay on disk: few of a job are here at a time, they have their
 * rank while they are not, and they end together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "check.h"

enum { T0 = 1000000, REST = -1, BLOCKS = 10000 };

static const struct dispatch_target plain = {
        .name = "plain", .back_off_first = 500, .back_off_most = 60000, .quiet_rank = 2};

static struct dispatch_delivery block(int64_t id, enum level level)
{
	return (struct dispatch_delivery){
	        .id = id, .order = 1, .chain = "job", .level = level, .counted = true};
}

static struct dispatch *with_rest(int64_t count, int64_t expires)
{
	struct dispatch *d = dispatch_create(1);
	struct dispatch_delivery like = block(REST, LEVEL_BLUE);

	dispatch_add_target(d, &plain);
	dispatch_set_window(d, 0, DISPATCH_ALL, 4);
	like.expires = expires;
	dispatch_add_rest(d, &like, count, T0);
	return d;
}

static void expect_wish(struct dispatch *d, int most)
{
	struct dispatch_wish wish = {0};

	assert_int_equal(dispatch_take_wish(d, &wish), most > 0);
	assert_int_equal(wish.most, most);
	assert_int_equal(wish.rest, most ? REST : 0);
}

/* Ten thousand blocks, read as they are wished for: in order, and never more than may be here. */
static void a_job_comes_a_few_at_a_time(void **state)
{
	(void)state;
	struct dispatch *d = with_rest(BLOCKS, 0);
	int64_t read = 0, deadline, id;
	struct dispatch_wish wish;
	int wishes = 0;
	for (int64_t want = 1; want <= BLOCKS;) {
		id = dispatch_next(d, 0, DISPATCH_ALL, T0, &deadline);
		if (id) {
			assert_int_equal(id, want++);
			dispatch_done(d, id, DELIVERED, 0, T0);
			expect_change(d, id, DELIVERY_DELIVERED);
			continue;
		}
		assert_true(dispatch_take_wish(d, &wish));
		assert_in_range(wish.most, 1, DISPATCH_LOADED);
		for (int i = 0; i < wish.most; i++) {
			struct dispatch_delivery one = block(++read, LEVEL_BLUE);
			dispatch_add(d, &one, T0);
		}
		dispatch_rest_read(d, REST, BLOCKS - read, T0);
		assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), BLOCKS - want + 1);
		wishes++;
	}
	assert_int_equal(wishes, (BLOCKS + DISPATCH_LOADED - 1) / DISPATCH_LOADED);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), 0);
	dispatch_destroy(&d);
}

static void nothing_worse_goes_before_it_and_a_red_does(void **state)
{
	(void)state;
	struct dispatch *d = with_rest(3, 0);
	give(d, (struct dispatch_delivery){.id = 7, .level = LEVEL_BLUE}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	give(d, (struct dispatch_delivery){.id = 8, .level = LEVEL_RED}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 8);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	expect_wish(d, 3);
	expect_wish(d, 0); /* once is enough */
	dispatch_rest_unread(d, REST, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 7);
	assert_int_equal(dispatch_wake(d, T0), T0 + 1000);
	expect_next(d, 0, DISPATCH_ALL, T0 + 1000, 0);
	expect_wish(d, 3);
	dispatch_rest_read(d, REST, 0, T0 + 1000); /* the record has none */
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), 0);
	expect_no_change(d);
	dispatch_destroy(&d);
}

/* Half of what may be here backs off: no more are read until one of them has gone. */
static void a_job_that_fails_is_not_read_on(void **state)
{
	(void)state;
	struct dispatch *d = with_rest(100, 0);
	int64_t now = T0;
	dispatch_set_loaded(d, 4);
	give(d, (struct dispatch_delivery){.id = 50, .level = LEVEL_NONE}, now);
	expect_next(d, 0, DISPATCH_ALL, now, 0);
	expect_wish(d, 4);
	for (int64_t id = 1; id <= 2; id++) {
		struct dispatch_delivery one = block(id, LEVEL_BLUE);
		dispatch_add(d, &one, now);
	}
	dispatch_rest_read(d, REST, 98, now);
	for (int64_t id = 1; id <= 2; id++) {
		expect_next(d, 0, DISPATCH_ALL, now, id);
		dispatch_done(d, id, DEFERRED, 0, now);
		expect_change(d, id, DELIVERY_WAITING);
	}
	expect_next(d, 0, DISPATCH_ALL, now, 50);
	expect_wish(d, 0);
	dispatch_done(d, 50, DELIVERED, 0, now);
	expect_change(d, 50, DELIVERY_DELIVERED);
	dispatch_target_back(d, 0, now);
	expect_next(d, 0, DISPATCH_ALL, now, 1);
	dispatch_done(d, 1, DELIVERED, 0, now);
	expect_change(d, 1, DELIVERY_DELIVERED);
	expect_next(d, 0, DISPATCH_ALL, now, 2);
	expect_next(d, 0, DISPATCH_ALL, now, 0);
	expect_wish(d, 4);
	dispatch_destroy(&d);
}

static void expect_end(struct dispatch *d, enum delivery_state state, int64_t count)
{
	struct dispatch_change change;

	assert_true(dispatch_take_change(d, &change));
	assert_int_equal(change.id, REST);
	assert_int_equal(change.rest, count);
	assert_int_equal(change.state, state);
	expect_no_change(d);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), 0);
	dispatch_rest_read(d, REST, 5, T0); /* too late: it has ended */
	expect_wish(d, 0);
}

static void it_ends_as_any_delivery_does(void **state)
{
	(void)state;
	struct dispatch *d = with_rest(BLOCKS, T0 + 50);
	dispatch_hold_back(d, REST, true, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	expect_wish(d, 0); /* what is held back is not read */
	assert_int_equal(dispatch_wake(d, T0), T0 + 50);
	dispatch_tick(d, T0 + 50);
	expect_end(d, DELIVERY_EXPIRED, BLOCKS);
	dispatch_destroy(&d);

	d = with_rest(BLOCKS, 0);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	dispatch_withdraw(d, REST, "cancelled", T0); /* on its way here */
	expect_end(d, DELIVERY_WITHDRAWN, BLOCKS);
	dispatch_destroy(&d);

	d = with_rest(BLOCKS, 0);
	struct dispatch_delivery newer = {.id = 9, .order = 2, .chain = "job", .level = LEVEL_BLUE};
	dispatch_add(d, &newer, T0);
	struct dispatch_change change;
	assert_true(dispatch_take_change(d, &change));
	assert_int_equal(change.state, DELIVERY_SUPERSEDED);
	assert_int_equal(change.rest, BLOCKS);
	expect_next(d, 0, DISPATCH_ALL, T0, 9);
	dispatch_destroy(&d);

	d = with_rest(BLOCKS, 0); /* an overtaken one at a start */
	struct dispatch_delivery like = block(-2, LEVEL_BLUE);
	like.order = 0;
	dispatch_add_rest(d, &like, 7, T0);
	assert_true(dispatch_take_change(d, &change));
	assert_int_equal(change.id, -2);
	assert_int_equal(change.rest, 7);
	assert_int_equal(waiting_in(d, 0, DISPATCH_ALL), BLOCKS);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	expect_wish(d, DISPATCH_LOADED);
	dispatch_destroy(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_job_comes_a_few_at_a_time),
	        cmocka_unit_test(nothing_worse_goes_before_it_and_a_red_does),
	        cmocka_unit_test(a_job_that_fails_is_not_read_on),
	        cmocka_unit_test(it_ends_as_any_delivery_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
