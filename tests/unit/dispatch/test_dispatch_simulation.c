/* SPDX-License-Identifier: Apache-2.0
 * test_dispatch_simulation - a hundred thousand alerts through far sides that fail, with some two
 * hundred deaths of tocsind, watched by the model and at the far sides; and the same seed gives the
 * same run, told by a digest of its trace. TOCSIN_SIMULATION_SEED and TOCSIN_SIMULATION_ALERTS
 * choose another run; with TOCSIN_SOAK set a hundred more follow.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "check.h"
#include "world.h"

enum { ALERTS = 100000, SOAK_RUNS = 100, STEPS_TO_END = 2000000 };

static uint64_t setting(const char *name, uint64_t fallback)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 10) : fallback;
}

static uint64_t run(uint64_t seed, size_t alerts, bool tell)
{
	struct world world;

	world_init(&world, seed);
	while (world.alerts < alerts)
		world_step(&world, true);
	for (long step = 0; !world_over(&world); step++) {
		if (step > STEPS_TO_END)
			fail_msg("seed %" PRIu64 ": some deliveries never end", seed);
		world_step(&world, false);
	}
	size_t kept_open = 0;
	for (size_t id = 1; id < world.ledger.count; id++) {
		enum delivery_state state = world.ledger.kept[id].state;
		kept_open += state == DELIVERY_WAITING || state == DELIVERY_SENDING;
		if (state == DELIVERY_DELIVERED && !world.arrivals[id])
			fail_msg("seed %" PRIu64 ": %zu is delivered and never arrived", seed, id);
	}
	assert_int_equal(kept_open, 0);
	int64_t ended = 0;
	for (int state = 0; state < DELIVERY_STATE_COUNT; state++) {
		ended += world.model.ends[state];
		if (tell && world.model.ends[state])
			printf("  %-10s %" PRId64 "\n",
			        delivery_state_text((enum delivery_state)state),
			        world.model.ends[state]);
	}
	assert_int_equal(ended, world.model.count - 1);
	for (int i = 0; i < MODEL_TARGETS * MODEL_LANES; i++)
		assert_int_equal(waiting_in(world.dispatch, i / MODEL_LANES,
		                         (enum dispatch_lane)(i % MODEL_LANES)),
		        0);
	if (tell)
		printf("  seed %" PRIu64 ": %zu alerts, %zu deliveries, %" PRId64
		       " handed out, %zu crashes, %zu pauses, %zu stayed on disk, %zu repeats, "
		       "trace %016" PRIx64 "\n",
		        seed, world.alerts, world.model.count - 1, world.model.handed,
		        world.crashes, world.paused, world.stayed, world.repeats,
		        world.model.trace);
	uint64_t trace = world.model.trace;
	world_finish(&world);
	return trace;
}

static void every_promise_holds(void **state)
{
	(void)state;
	run(setting("TOCSIN_SIMULATION_SEED", 2026), setting("TOCSIN_SIMULATION_ALERTS", ALERTS),
	        true);
}

static void many_short_runs(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++)
		run(seed, 200, false);
}

static void many_long_runs(void **state)
{
	const char *soak = getenv("TOCSIN_SOAK");
	(void)state;
	if (!soak || !*soak)
		skip();
	for (uint64_t seed = 1; seed <= SOAK_RUNS; seed++)
		run(seed, ALERTS, true);
}

static void same_seed_same_run(void **state)
{
	(void)state;
	uint64_t first = run(11, 1000, false);
	assert_int_equal(first, run(11, 1000, false));
	assert_int_not_equal(first, run(12, 1000, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_promise_holds),
	        cmocka_unit_test(many_short_runs),
	        cmocka_unit_test(many_long_runs),
	        cmocka_unit_test(same_seed_same_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
