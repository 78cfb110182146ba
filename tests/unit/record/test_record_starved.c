/* SPDX-License-Identifier: Apache-2.0
 * SQLite gets no memory, once and for good, at one request after another (TOCSIN_SOAK: at every
 * one): while a record is opened, and in the middle of the script's changes. What was answered is
 * there; a store that failed so takes no further change, and says why.
 */
#include "script.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { STEPS = 10, POINTS = 150 };

static sqlite3_mem_methods below;
static long requests, fail_at; /* fail_at 0: never */
static bool for_good;

static bool starved(void)
{
	requests++;
	return fail_at > 0 && (requests == fail_at || (for_good && requests > fail_at));
}

static void *give(int size)
{
	return starved() ? NULL : below.xMalloc(size);
}

static void *resize(void *old, int size)
{
	return starved() ? NULL : below.xRealloc(old, size);
}

static void starve(long at, bool from_then_on)
{
	requests = 0;
	fail_at = at;
	for_good = from_then_on;
}

static uint64_t prints[STEPS + 1]; /* after that many changes */

/* How many changes were answered. */
static int work(struct store *store, const char *where)
{
	struct err err = {0};

	for (int step = 0; step < STEPS; step++) {
		int next = step + 1;
		if (record_tool_do(store, script_step, &step, &err))
			continue;
		if (!*err.en || !*err.zh)
			fail_msg("%s: refused without a word", where);
		if (for_good && record_tool_do(store, script_step, &next, &err))
			fail_msg("%s: it went on", where);
		return step;
	}
	return STEPS;
}

static bool fail_one(long at, bool from_then_on)
{
	char *where = mem_format("request %ld, %s", at, from_then_on ? "for good" : "once");
	char *folder = folder_make();
	struct err err = {0};
	int answered = 0;

	script_key(folder);
	starve(0, false);
	struct store *store = record_tool_open(folder, &err); /* made in peace */
	record_tool_close(&store);
	starve(at, from_then_on);
	store = record_tool_open(folder, &err);
	if (!store && (!*err.en || !*err.zh))
		fail_msg("%s: refused without a word", where);
	if (store)
		answered = work(store, where);
	record_tool_close(&store);
	starve(0, false);
	store = script_look(folder, prints, STEPS, answered, where);
	record_tool_close(&store);
	folder_remove(&folder);
	free(where);
	return answered < STEPS;
}

static long requests_in_peace(void)
{
	char *folder = folder_make();
	struct err err = {0};

	script_key(folder);
	struct store *store = record_tool_open(folder, &err);
	record_tool_close(&store);
	starve(0, false);
	store = record_tool_open(folder, &err);
	assert_non_null(store);
	for (int step = 0; step <= STEPS; step++) {
		long so_far = requests; /* looking is no work */
		prints[step] = script_print(store);
		requests = so_far;
		if (step < STEPS && !record_tool_do(store, script_step, &step, &err))
			fail_msg("%s", err.en);
	}
	record_tool_close(&store);
	folder_remove(&folder);
	return requests;
}

static void nothing_is_lost_for_want_of_memory(void **state)
{
	const char *soak = getenv("TOCSIN_SOAK");
	long all = requests_in_peace();
	long stride = soak && *soak ? 1 : all / POINTS + 1;
	long points = 0, felt = 0;

	(void)state;
	for (long at = 1; at <= all; at += stride)
		for (int good = 0; good < 2; good++) {
			felt += fail_one(at, good);
			points++;
		}
	print_message("%ld of %ld requests refused, once and for good: %ld runs, %ld ended early, "
	              "0 lost\n",
	        points / 2, all, points, felt);
	assert_true(felt > points / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_lost_for_want_of_memory),
	};

	assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &below), SQLITE_OK);
	sqlite3_mem_methods mine = below;
	mine.xMalloc = give;
	mine.xRealloc = resize;
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &mine), SQLITE_OK);
	return cmocka_run_group_tests_name("record_starved", tests, NULL, NULL);
}
