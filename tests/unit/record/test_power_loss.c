/* SPDX-License-Identifier: Apache-2.0
 * The power fails: at every sync of the script's two hundred changes, and whenever an answer was
 * given. Of what was not synced any part may be on the disk (power.h). Whatever is found is opened:
 * it holds exactly what it held after the last answered change or, whole, the one under way; the
 * invariants hold, and work goes on.
 *
 * So that it is known to be able to fail: a disk that says yes and does not sync, and SQLite told
 * to sync less than the record does, must be found out. TOCSIN_POWER sets how many ways each point
 * comes out (8).
 */
#include "script.h"

#include <stdlib.h>
#include <unistd.h>

#include "disk_layer.h"
#include "power.h"
#include "store_db.h"

enum { WAYS = 8, CHECKPOINT_EVERY = 25, REOPEN_EVERY = 60, FEW = 7 };

struct run {
	struct disk_journal journal;
	uint64_t prints[SCRIPT_STEPS + 1]; /* after that many changes */
};

struct tally {
	long points, recoveries, lost, refused;
	bool count_only; /* a loss is what is expected: a few points tell */
};

/* --- the script, written down ----------------------------------------------------------------- */

static struct record *open_record(const char *folder)
{
	struct err err = {0};
	struct record *record = record_open(folder, &err);

	if (!record)
		fail_msg("%s", err.en);
	return record;
}

static uint64_t print_of(struct record *record)
{
	struct err err = {0};
	struct store *reader = record_reader_open(record, &err);

	assert_non_null(reader);
	uint64_t print = script_print(reader);
	record_reader_close(&reader);
	return print;
}

/* As the record does when nobody asks anything of it (move_log). */
static void move_log(const char *folder)
{
	char *path = mem_format("%s/record.db", folder);
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous=FULL", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL),
	        SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	free(path);
}

static void write_down(struct run *run)
{
	char *folder = folder_make();
	struct err err = {0};

	script_key(folder);
	disk_journal_start();
	struct record *record = open_record(folder);
	run->prints[0] = print_of(record);
	disk_mark(0);
	for (int step = 0; step < SCRIPT_STEPS; step++) {
		if (!record_do(record, step % 5, script_step, &step, &err))
			fail_msg("step %d: %s", step, err.en);
		disk_mark(step + 1);
		run->prints[step + 1] = print_of(record);
		if (step % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1)
			move_log(folder);
		if (step % REOPEN_EVERY == REOPEN_EVERY - 1) {
			record_close(&record);
			record = open_record(folder);
		}
	}
	record_close(&record);
	run->journal = disk_journal_take();
	folder_remove(&folder);
}

/* The same by a tool's store that syncs as `pragma` says. */
static void write_down_as(struct run *run, const char *pragma)
{
	char *folder = folder_make();
	struct err err = {0};

	script_key(folder);
	disk_journal_start();
	struct store *store = record_tool_open(folder, &err);
	assert_non_null(store);
	assert_int_equal(sqlite3_exec(store->db, pragma, NULL, NULL, NULL), SQLITE_OK);
	run->prints[0] = script_print(store);
	disk_mark(0);
	for (int step = 0; step < SCRIPT_STEPS; step++) {
		if (!record_tool_do(store, script_step, &step, &err))
			fail_msg("step %d: %s", step, err.en);
		disk_mark(step + 1);
		run->prints[step + 1] = script_print(store);
	}
	run->journal = disk_journal_take();
	record_tool_close(&store);
	folder_remove(&folder);
}

/* --- the power fails -------------------------------------------------------------------------- */

static bool goes_on(struct store *store)
{
	char ref[] = "after the loss";
	struct err err = {0};

	return record_tool_do(store, add_line, ref, &err);
}

/* true: what was answered is there. */
static bool look(const struct run *run, const struct power *power, unsigned way, const char *folder,
        struct tally *tally)
{
	char *where = mem_format(
	        "change %zu, way %u, %lld answered", power->next, way, (long long)power->mark);
	struct err err = {0};
	struct store *store = record_tool_open(folder, &err);

	if (!store && !tally->count_only)
		fail_msg("%s: %s", where, err.en);
	if (!store) {
		tally->refused++;
		free(where);
		return false;
	}
	uint64_t print = script_print(store);
	int64_t mark = power->mark < 0 ? 0 : power->mark;
	bool kept = print == run->prints[mark] ||
	            (mark < SCRIPT_STEPS && print == run->prints[mark + 1]);
	if (!kept && !tally->count_only)
		fail_msg("%s: the record holds something else", where);
	if (!tally->count_only)
		script_holds(store, where);
	if (kept && !goes_on(store))
		fail_msg("%s: it takes no more changes", where);
	record_tool_close(&store);
	free(where);
	return kept;
}

static void fail_at(
        const struct run *run, const struct power *power, unsigned way, struct tally *tally)
{
	char *folder = folder_make();

	script_key(folder);
	power_fail(power, way, folder);
	tally->recoveries++;
	tally->lost += !look(run, power, way, folder, tally);
	folder_remove(&folder);
}

static unsigned ways_wanted(void)
{
	const char *text = getenv("TOCSIN_POWER");

	return text ? (unsigned)strtoul(text, NULL, 10) : WAYS;
}

static void fail_everywhere(const struct run *run, unsigned ways, struct tally *tally)
{
	struct power power;

	power_start(&power, &run->journal);
	while (power_step(&power)) {
		unsigned here = power_open_ended(&power) ? ways : 1;
		if (tally->count_only && power.next % FEW != 0)
			continue;
		tally->points++;
		for (unsigned way = 0; way < here; way++)
			fail_at(run, &power, way, tally);
	}
	assert_int_equal(power.mark, SCRIPT_STEPS);
	power_finish(&power);
}

static void nothing_answered_is_lost(void **state)
{
	struct tally tally = {0};
	struct run run;
	long syncs = 0;

	(void)state;
	write_down(&run);
	for (size_t i = 0; i < run.journal.count; i++)
		syncs += run.journal.ops[i].kind == DISK_SYNC;
	fail_everywhere(&run, ways_wanted(), &tally);
	print_message("%d changes, %ld syncs; %ld losses of power, each come out in up to %u ways: "
	              "%ld records opened, %ld lost\n",
	        SCRIPT_STEPS, syncs, tally.points, ways_wanted(), tally.recoveries, tally.lost);
	assert_true(syncs > SCRIPT_STEPS);
	assert_int_equal(tally.lost, 0);
	disk_journal_finish(&run.journal);
}

/* Says what was lost, and lets the test fail if that is nothing. */
static void must_be_found_out(const char *what, struct run *run)
{
	struct tally tally = {.count_only = true};

	fail_everywhere(run, 2, &tally);
	print_message("%s: %ld of %ld records opened lost what was answered, or could not be "
	              "opened (%ld)\n",
	        what, tally.lost, tally.recoveries, tally.refused);
	assert_true(tally.lost > 10);
	disk_journal_finish(&run->journal);
}

static void a_disk_that_does_not_sync_is_found_out(void **state)
{
	struct run run;

	(void)state;
	disk_fail(0, DISK_DEAF, false);
	write_down(&run);
	disk_fail(0, DISK_WELL, false);
	must_be_found_out("a disk that does not sync", &run);
}

static void less_than_full_is_found_out(void **state)
{
	struct run run;

	(void)state;
	write_down_as(&run, "PRAGMA synchronous=NORMAL");
	must_be_found_out("synchronous=NORMAL", &run);
	write_down_as(&run, "PRAGMA synchronous=OFF");
	must_be_found_out("synchronous=OFF", &run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_answered_is_lost),
	        cmocka_unit_test(a_disk_that_does_not_sync_is_found_out),
	        cmocka_unit_test(less_than_full_is_found_out),
	};

	disk_install();
	int failed = cmocka_run_group_tests_name("power_loss", tests, NULL, NULL);
	disk_remove();
	return failed;
}
