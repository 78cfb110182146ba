/* SPDX-License-Identifier: Apache-2.0
 * test_dispatch_lane - how much a lane gives at once: the window and its hysteresis, the place kept
 * for red, the breaker with and without a channel that looks for itself, quiet hours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "check.h"

enum { T0 = 1000000, MANY = 400, BLUE = 1, YELLOW = 2, ORANGE = 3, RED = 4 };

struct lane_test {
	struct dispatch *d;
	int64_t flying[MANY];
	size_t count;
};

static const struct dispatch_target plain = {
        .name = "plain", .back_off_first = 500, .back_off_most = 60000, .quiet_rank = 2};

static void start(struct lane_test *t, int most, enum level level, int count)
{
	*t = (struct lane_test){.d = dispatch_create(1)};
	dispatch_add_target(t->d, &plain);
	dispatch_set_window(t->d, 0, DISPATCH_ALL, most);
	for (int i = 1; i <= count; i++)
		give(t->d, (struct dispatch_delivery){.id = i, .level = level}, T0);
}

static size_t fill(struct lane_test *t, int64_t now)
{
	int64_t deadline;
	int64_t id;

	while ((id = dispatch_next(t->d, 0, DISPATCH_ALL, now, &deadline)))
		t->flying[t->count++] = id;
	return t->count;
}

/* The oldest in flight is answered. */
static void answer(struct lane_test *t, int verdict, int64_t now)
{
	dispatch_done(t->d, t->flying[0], verdict, 0, now);
	t->count--;
	for (size_t i = 0; i < t->count; i++)
		t->flying[i] = t->flying[i + 1];
}

static int window(const struct lane_test *t)
{
	struct dispatch_lane_now now;

	dispatch_lane_look(t->d, 0, DISPATCH_ALL, &now);
	return now.window;
}

static void it_begins_small_and_grows_by_one_a_round(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 16, LEVEL_BLUE, MANY);
	size_t want = 5;
	assert_int_equal(fill(&t, T0), want);
	for (int round = 0; round < 20; round++) {
		size_t before = t.count;
		for (size_t i = 0; i < before + 1; i++) { /* a window's worth, and rounding */
			answer(&t, DELIVERED, T0);
			fill(&t, T0);
		}
		want = want < 15 ? want + 1 : 15;
		assert_in_range(t.count, want, want + 1 > 15 ? 15 : want + 1);
	}
	assert_int_equal(t.count, 15); /* the sixteenth place is red's */
	give(t.d, (struct dispatch_delivery){.id = 1000, .level = LEVEL_I}, T0);
	give(t.d, (struct dispatch_delivery){.id = 1001, .level = LEVEL_RED}, T0);
	assert_int_equal(fill(&t, T0), 16);
	assert_int_equal(t.flying[15], 1000);
	dispatch_destroy(&t.d);
}

static void what_is_not_used_does_not_grow(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 16, LEVEL_BLUE, 0);
	for (int i = 1; i <= 100; i++) {
		give(t.d, (struct dispatch_delivery){.id = i}, T0);
		fill(&t, T0);
		answer(&t, DELIVERED, T0);
	}
	assert_int_equal(window(&t), 5);
	dispatch_destroy(&t.d);
}

static void a_failure_shrinks_it_at_once_the_next_ones_by_the_round(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 16, LEVEL_BLUE, MANY);
	for (int i = 0; i < 200; i++) {
		fill(&t, T0);
		answer(&t, DELIVERED, T0);
	}
	fill(&t, T0);
	assert_int_equal(window(&t), 15);
	answer(&t, DEFERRED, T0);
	assert_int_equal(window(&t), 14); /* the first of a run */
	for (int i = 0; i < 10; i++)
		answer(&t, DEFERRED, T0);
	assert_int_equal(window(&t), 14);
	for (int i = 0; i < 4; i++)
		answer(&t, DEFERRED, T0);
	assert_int_equal(window(&t), 13);
	dispatch_destroy(&t.d);
}

/* One in ten fails, for ever: the window neither runs away nor collapses. */
static void single_failures_do_not_sway_it(void **state)
{
	struct lane_test t;
	int least = 100, largest = 0;
	(void)state;
	start(&t, 64, LEVEL_BLUE, 0);
	for (int i = 1; i <= 5000; i++) {
		for (int k = 0; k < 3; k++)
			give(t.d, (struct dispatch_delivery){.id = i * 3 + k}, T0 + i * 100);
		if (fill(&t, T0 + i * 100) > MANY / 2)
			fail_msg("%zu in flight", t.count);
		for (int k = 0; k < 3 && t.count; k++)
			answer(&t, (i * 3 + k) % 10 ? DELIVERED : DEFERRED, T0 + i * 100);
		if (i < 1000)
			continue;
		least = window(&t) < least ? window(&t) : least;
		largest = window(&t) > largest ? window(&t) : largest;
	}
	if (least < 2 || largest - least > 8)
		fail_msg("the window went from %d to %d", least, largest);
	dispatch_destroy(&t.d);
}

static void one_place_is_no_reserve(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 1, LEVEL_BLUE, 3);
	assert_int_equal(fill(&t, T0), 1);
	give(t.d, (struct dispatch_delivery){.id = 9, .level = LEVEL_RED}, T0);
	assert_int_equal(fill(&t, T0), 1);
	answer(&t, DELIVERED, T0);
	assert_int_equal(fill(&t, T0), 1);
	assert_int_equal(t.flying[0], 9);
	dispatch_destroy(&t.d);
}

/* Five failures of a lane. */
static void break_it(struct lane_test *t)
{
	fill(t, T0);
	for (int i = 0; i < 5; i++)
		answer(t, DEFERRED, T0);
	assert_int_equal(t->count, 0);
}

static void whoever_is_back_gets_all_but_not_at_once(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 16, LEVEL_BLUE, 40);
	break_it(&t);
	struct dispatch_lane_now now;
	dispatch_lane_look(t.d, 0, DISPATCH_ALL, &now);
	assert_true(now.open);
	dispatch_done(t.d, 3, DEFERRED, 0, T0); /* says nothing new */
	give(t.d, (struct dispatch_delivery){.id = 77, .correction = true}, T0);
	int64_t wake = T0 + 500; /* the pause is over, not each back-off */
	assert_int_equal(fill(&t, wake), 1);
	answer(&t, DELIVERED, wake);
	assert_int_equal(fill(&t, wake), 1);
	for (int i = 0; i < 60 && t.count; i++) {
		answer(&t, DELIVERED, wake);
		fill(&t, wake);
	}
	assert_int_equal(waiting_in(t.d, 0, DISPATCH_ALL), 0); /* at the same moment */
	dispatch_destroy(&t.d);
}

static void a_channel_that_looks_for_itself(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 16, LEVEL_BLUE, 40);
	dispatch_far(t.d, 0, DISPATCH_ALL, false, T0);
	assert_int_equal(fill(&t, T0 + 40000), 0); /* no delivery tries */
	give(t.d, (struct dispatch_delivery){.id = 99, .level = LEVEL_RED}, T0);
	assert_int_equal(fill(&t, T0 + 40000), 1);
	assert_int_equal(t.flying[0], 99);
	answer(&t, DEFERRED, T0 + 40000);
	dispatch_far(t.d, 0, DISPATCH_ALL, true, T0 + 41000);
	fill(&t, T0 + 41000);
	assert_int_equal(t.flying[0], 99); /* at once, its back-off is over */
	dispatch_destroy(&t.d);
}

static void a_look_that_never_says_well_holds_for_back_off_most(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 16, LEVEL_BLUE, 40);
	dispatch_far(t.d, 0, DISPATCH_ALL, false, T0);
	int64_t wake = dispatch_wake(t.d, T0);
	assert_in_range(wake - T0, 48000, 60000);
	assert_int_equal(fill(&t, wake), 1);
	dispatch_destroy(&t.d);
}

static void an_agent_that_goes_looks_no_more(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 16, LEVEL_BLUE, 40);
	dispatch_far(t.d, 0, DISPATCH_ALL, false, T0);
	dispatch_far_unknown(t.d, 0, DISPATCH_ALL, T0);
	assert_int_equal(dispatch_wake(t.d, T0), T0 + 500);
	assert_int_equal(fill(&t, T0 + 500), 1);
	dispatch_destroy(&t.d);
}

static void quiet_hours(void **state)
{
	static const struct {
		enum level level;
		bool waits;
	} rows[] = {{LEVEL_NONE, true}, {LEVEL_BLUE, true}, {LEVEL_YELLOW, true},
	        {LEVEL_ORANGE, false}, {LEVEL_RED, false}, {LEVEL_IV, true}, {LEVEL_III, true},
	        {LEVEL_II, false}, {LEVEL_I, false}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct lane_test t;
		start(&t, 4, rows[i].level, 1);
		dispatch_set_quiet(t.d, 0, T0 + 5000);
		if (fill(&t, T0) != (rows[i].waits ? 0u : 1u))
			fail_msg("%s: wrong in quiet hours", level_text(rows[i].level));
		if (rows[i].waits)
			assert_int_equal(dispatch_wake(t.d, T0), T0 + 5000);
		assert_int_equal(fill(&t, T0 + 5000), 1);
		dispatch_destroy(&t.d);
	}
}

static void quiet_hours_end_early_and_do_not_stop_the_clock(void **state)
{
	struct lane_test t;
	(void)state;
	start(&t, 4, LEVEL_BLUE, 1);
	give(t.d, (struct dispatch_delivery){.id = 7, .expires = T0 + 1000}, T0);
	dispatch_set_quiet(t.d, 0, T0 + 5000);
	dispatch_tick(t.d, T0 + 1000);
	expect_change(t.d, 7, DELIVERY_EXPIRED); /* on record, not forgotten */
	assert_int_equal(fill(&t, T0 + 1000), 0);
	dispatch_set_quiet(t.d, 0, 0);
	assert_int_equal(fill(&t, T0 + 1000), 1);
	dispatch_destroy(&t.d);
}

static void a_quiet_rank_that_is_too_high_holds_yellow_at_most(void **state)
{
	const struct dispatch_target all = {.name = "all", .quiet_rank = 4};
	struct dispatch *d = dispatch_create(1);
	(void)state;
	dispatch_add_target(d, &all);
	dispatch_set_quiet(d, 0, T0 + 5000);
	give(d, (struct dispatch_delivery){.id = 1, .level = LEVEL_ORANGE}, T0);
	give(d, (struct dispatch_delivery){.id = 2, .level = LEVEL_YELLOW}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 1);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	dispatch_destroy(&d);
}

static void after_a_restart_only_the_reserve_is_there(void **state)
{
	const struct dispatch_target target = {.name = "t", .per_minute = 20};
	struct dispatch *d = dispatch_create(1);
	(void)state;
	dispatch_add_target(d, &target);
	dispatch_drain(d, T0);
	give(d, (struct dispatch_delivery){.id = 1, .level = LEVEL_ORANGE}, T0);
	give(d, (struct dispatch_delivery){.id = 2, .level = LEVEL_RED}, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 2);
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	expect_next(d, 0, DISPATCH_ALL, T0 + 6000, 1);
	dispatch_destroy(&d);
}

static void an_attempt_ends_with_its_expiry(void **state)
{
	struct dispatch *d = dispatch_create(1);
	(void)state;
	dispatch_add_target(d, &plain);
	give(d, (struct dispatch_delivery){.id = 1, .expires = T0 + 700}, T0);
	assert_int_equal(expect_next(d, 0, DISPATCH_ALL, T0, 1), T0 + 700);
	dispatch_destroy(&d);
}

/* As settle.c does it: forgotten, and added again when it is to go. */
static void parked_ones_are_settled(void **state)
{
	const struct dispatch_delivery old = {.id = 4, .order = 4, .chain = "c4", .attempt = 1};
	const struct dispatch_delivery over = {
	        .id = 5, .order = 5, .chain = "c5", .overtaken = true};
	struct dispatch *d = dispatch_create(1);
	struct dispatch_lane_now now;
	(void)state;
	dispatch_add_target(d, &plain);
	dispatch_replay(d, &old, DELIVERY_UNKNOWN, 0, T0);
	dispatch_replay(d, &over, DELIVERY_UNKNOWN, 0, T0);
	dispatch_lane_look(d, 0, DISPATCH_ALL, &now);
	assert_int_equal(now.parked, 1); /* nobody decides about what was overtaken */
	expect_next(d, 0, DISPATCH_ALL, T0, 0);
	dispatch_withdraw(d, 4, "settled", T0);
	expect_no_change(d);
	dispatch_add(d, &old, T0);
	expect_next(d, 0, DISPATCH_ALL, T0, 4);
	dispatch_destroy(&d);
}

/* What answers gets its red first, and what does not a moment later; nothing overtakes it there. */
static void the_prompt_go_first(void **state)
{
	static const struct dispatch_target target = {
	        .name = "t", .back_off_first = 1000, .back_off_most = 300000, .takes_key = true};
	struct dispatch *d = dispatch_create(3);
	(void)state;
	for (int i = 0; i < 3; i++) {
		dispatch_add_target(d, &target);
		dispatch_set_window(d, i, DISPATCH_ALL, 8);
		give(d, (struct dispatch_delivery){.id = 1 + i, .target = i}, T0);
		expect_next(d, i, DISPATCH_ALL, T0, 1 + i);
		assert_true(dispatch_prompt(d, i, RED, T0 + 1000));
		assert_false(dispatch_prompt(d, i, RED, T0 + 1001)); /* it has not answered */
	}
	dispatch_done(d, 1, DELIVERED, 0, T0 + 1000);
	dispatch_done(d, 2, DELIVERED, 0, T0 + 1001); /* slow */
	dispatch_done(d, 3, DEFERRED, 0, T0 + 10);    /* refuses */
	int64_t now = T0 + 5000;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(dispatch_prompt(d, i, RED, now), i == 0);
		give(d, (struct dispatch_delivery){.id = 10 + i, .target = i, .level = LEVEL_RED},
		        now);
		give(d, (struct dispatch_delivery){.id = 20 + i, .target = i}, now);
		expect_next(d, i, DISPATCH_ALL, now, i == 0 ? 10 : 0);
	}
	assert_false(dispatch_prompt(d, 1, RED, now)); /* one waits there */
	assert_int_equal(dispatch_wake(d, now), now + 25);
	expect_next(d, 1, DISPATCH_ALL, now + 25, 11);
	expect_next(d, 2, DISPATCH_ALL, now + 25, 12);
	dispatch_done(d, 11, DELIVERED, 0, now + 30);
	assert_true(dispatch_prompt(d, 1, RED, now + 30));
	dispatch_destroy(&d);
}

/* What may be recorded as on its way with its release: whatever would go at once, by its rank. */
static void what_would_go_at_once(void **state)
{
	struct dispatch_target target = plain;
	(void)state;

	target.lanes = true;
	target.per_minute = 10;
	struct dispatch *d = dispatch_create(3);

	dispatch_add_target(d, &target);
	assert_false(dispatch_prompt(d, 0, ORANGE, T0)); /* how much it takes is not known */
	dispatch_set_window(d, 0, DISPATCH_URGENT, 8);
	assert_true(dispatch_prompt(d, 0, ORANGE, T0));
	assert_false(dispatch_prompt(d, 0, YELLOW, T0)); /* of its own lane it is not */
	dispatch_set_window(d, 0, DISPATCH_ROUTINE, 8);
	assert_true(dispatch_prompt(d, 0, YELLOW, T0));
	dispatch_set_quiet(d, 0, T0 + 1000);
	assert_false(dispatch_prompt(d, 0, YELLOW, T0));
	assert_true(dispatch_prompt(d, 0, ORANGE, T0));
	dispatch_set_quiet(d, 0, 0);

	give(d, (struct dispatch_delivery){.id = 1, .level = LEVEL_YELLOW}, T0);
	assert_false(dispatch_prompt(d, 0, YELLOW, T0)); /* one stands before it */
	assert_false(dispatch_prompt(d, 0, BLUE, T0));
	assert_true(dispatch_prompt(d, 0, ORANGE, T0));
	expect_next(d, 0, DISPATCH_ROUTINE, T0, 1);
	assert_true(dispatch_prompt(d, 0, YELLOW, T0));

	/* The account has eight left, and one for red. */
	for (int i = 2; i <= 9; i++) {
		assert_true(dispatch_prompt(d, 0, ORANGE, T0));
		give(d, (struct dispatch_delivery){.id = i, .level = LEVEL_ORANGE}, T0);
		expect_next(d, 0, DISPATCH_URGENT, T0, i);
		dispatch_done(d, i, DELIVERED, 0, T0);
	}
	assert_false(dispatch_prompt(d, 0, ORANGE, T0));
	assert_false(dispatch_prompt(d, 0, YELLOW, T0));
	assert_true(dispatch_prompt(d, 0, RED, T0));
	dispatch_destroy(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_begins_small_and_grows_by_one_a_round),
	        cmocka_unit_test(what_is_not_used_does_not_grow),
	        cmocka_unit_test(a_failure_shrinks_it_at_once_the_next_ones_by_the_round),
	        cmocka_unit_test(single_failures_do_not_sway_it),
	        cmocka_unit_test(one_place_is_no_reserve),
	        cmocka_unit_test(whoever_is_back_gets_all_but_not_at_once),
	        cmocka_unit_test(a_channel_that_looks_for_itself),
	        cmocka_unit_test(a_look_that_never_says_well_holds_for_back_off_most),
	        cmocka_unit_test(an_agent_that_goes_looks_no_more),
	        cmocka_unit_test(quiet_hours),
	        cmocka_unit_test(quiet_hours_end_early_and_do_not_stop_the_clock),
	        cmocka_unit_test(a_quiet_rank_that_is_too_high_holds_yellow_at_most),
	        cmocka_unit_test(after_a_restart_only_the_reserve_is_there),
	        cmocka_unit_test(an_attempt_ends_with_its_expiry),
	        cmocka_unit_test(parked_ones_are_settled),
	        cmocka_unit_test(the_prompt_go_first),
	        cmocka_unit_test(what_would_go_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
