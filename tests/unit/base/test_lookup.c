/* SPDX-License-Identifier: Apache-2.0
 * test_lookup - publisher/base/lookup: against a plain list, through a long run of random puts and
 * drops.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lookup.h"

enum { NAMES = 300, STEPS = 60000 };

static void empty(void **state)
{
	struct lookup map = {0};
	size_t at = 0;

	(void)state;
	assert_null(lookup_get(&map, "b1"));
	lookup_drop(&map, "b1");
	assert_null(lookup_next(&map, &at));
	lookup_finish(&map);
}

static void last_put_counts(void **state)
{
	struct lookup map = {0};
	int one = 1;
	int two = 2;

	(void)state;
	lookup_put(&map, "b1", &one);
	lookup_put(&map, "b1", &two);
	assert_ptr_equal(lookup_get(&map, "b1"), &two);
	assert_int_equal(map.count, 1);
	lookup_drop(&map, "b1");
	assert_null(lookup_get(&map, "b1"));
	assert_int_equal(map.count, 0);
	lookup_finish(&map);
}

static void check_all(const struct lookup *map, int *const *there)
{
	const struct lookup_slot *slot;
	size_t count = 0;
	size_t walked = 0;
	char name[16];

	for (int i = 0; i < NAMES; i++) {
		snprintf(name, sizeof name, "b%d", i);
		assert_ptr_equal(lookup_get(map, name), there[i]);
		count += there[i] != NULL;
	}
	assert_int_equal(map->count, count);
	for (size_t at = 0; (slot = lookup_next(map, &at)); walked++)
		assert_ptr_equal(slot->thing, there[strtol(slot->name + 1, NULL, 10)]);
	assert_int_equal(walked, count);
}

static void as_a_list(void **state)
{
	static int things[NAMES];
	int *there[NAMES] = {0};
	struct lookup map = {0};
	uint32_t seed = 20261128;
	char name[16];

	(void)state;
	for (int step = 0; step < STEPS; step++) {
		seed = seed * 1664525 + 1013904223;
		int i = (int)(seed >> 8) % NAMES;
		snprintf(name, sizeof name, "b%d", i);
		/* Mostly full for a while, mostly empty for a while. */
		bool put = (seed >> 28) < (step / 5000 % 2 ? 3u : 13u);
		if (put)
			lookup_put(&map, name, &things[i]);
		else
			lookup_drop(&map, name);
		there[i] = put ? &things[i] : NULL;
		if (step % 97 == 0)
			check_all(&map, there);
	}
	check_all(&map, there);
	lookup_finish(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(empty),
	        cmocka_unit_test(last_put_counts),
	        cmocka_unit_test(as_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
