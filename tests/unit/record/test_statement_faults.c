/* SPDX-License-Identifier: Apache-2.0
 * Each call by which the record asks SQLite something fails in turn, once or for good, in one of
 * six ways (statement_layer.h; TOCSIN_SOAK: in all of them): while a record is made and opened, in
 * each change of a script that goes from what came in to a cancel and an expiry, in each question,
 * in a backup and in the end of a hold. Whoever asked gets a sentence, never "there is no such
 * thing" and never half an answer; what a change was refused is not in the record; what it was told
 * is; the same again succeeds.
 */
#include "script.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backup.h"
#include "statement_layer.h"
#include "store_db.h"

enum { STEPS = 40, WORK_STEPS = 10, STRIDE = 5, CALLS_MOST = 3000, WAYS = STATEMENT_FAULTS * 2 };
enum { ENDED_WELL, REFUSED, WENT_ON };

static uint64_t prints[STEPS + 1]; /* after that many changes */

static struct totals {
	long failures, swallowed, undecided;
} totals;

static bool soak(void)
{
	const char *text = getenv("TOCSIN_SOAK");

	return text && *text;
}

static struct store *must_open(const char *folder)
{
	struct err err = {0};
	struct store *store = record_tool_open(folder, &err);

	if (!store)
		fail_msg("%s", err.en);
	return store;
}

/* --- changes ------------------------------------------------------------------------------------
 */

struct trial {
	int *step;
	long at;
	bool unfelt; /* the call that should have failed did not: taken back, so that the next may
	              */
};

static bool try_change(struct store *store, void *arg, struct err *err)
{
	struct trial *trial = arg;
	bool ok = script_step(store, trial->step, err);

	trial->unfelt = ok && statement_calls() >= trial->at && !statement_failed();
	return ok && (!trial->unfelt || err_set(err, ERR_DENIED, "不行", "no"));
}

/* Tries a step with one of its calls failing. false: it has no such call, and is done. */
static bool try_step(struct store **store, const char *folder, int *step, long at,
        enum statement_fault fault, bool good)
{
	char *where = statement_where("step", *step, at, fault, good);
	struct trial trial = {.step = step, .at = at};
	struct err err = {0};

	statement_fail(at, fault, good);
	bool ok = record_tool_do(*store, try_change, &trial, &err);
	bool reached = statement_calls() >= at, failed = statement_failed() != NULL;
	statement_heal();
	if (!ok && !trial.unfelt) {
		assert_true(failed);
		statement_told(&err, where);
		totals.failures++;
	}
	if ((*store)->broken) {
		record_tool_close(store);
		*store = must_open(folder);
	}
	uint64_t print = script_print(*store);
	bool done = print == prints[*step + 1];
	if (!done && print != prints[*step])
		fail_msg("%s: the record holds something else", where);
	if (ok != done && !(done && fault == STATEMENT_DONE))
		fail_msg("%s: it was told %d, and stands %d", where, ok, done);
	totals.swallowed += ok && failed;
	totals.undecided += !ok && done;
	free(where);
	*step += done;
	return reached && !done;
}

/* way: one for every call, of WAYS; -1: each call in another. */
static void play(int way)
{
	char *folder = folder_make();

	script_key(folder);
	struct store *store = must_open(folder);
	for (int step = 0; step < STEPS;) {
		int next = step + 1;
		for (long at = 1; step < next; at++) {
			int this = way >= 0 ? way : (int)(at + step) % WAYS;
			if (!try_step(&store, folder, &step, at, (enum statement_fault)(this / 2),
			            this % 2))
				break;
		}
		if (step < next && record_tool_do(store, script_step, &step, NULL))
			step++;
		assert_int_equal(step, next);
	}
	script_holds(store, "at the end");
	record_tool_close(&store);
	folder_remove(&folder);
}

static void each_call_of_each_change_fails(void **state)
{
	(void)state;
	totals = (struct totals){0};
	for (int way = soak() ? 0 : -1; way < (soak() ? WAYS : 0); way++)
		play(way);
	print_message("%d changes: %ld refused with a sentence, %ld answered all the same, "
	              "%ld done though refused; 0 lost\n",
	        STEPS, totals.failures, totals.swallowed, totals.undecided);
	assert_true(totals.failures > STEPS * 10);
}

/* --- made, opened, copied ------------------------------------------------------------------------
 */

/* What is tried with each of its calls failing, in a folder prepared for it. */
struct deed {
	const char *name;
	bool (*act)(const char *folder, struct err *err);
	int steps; /* that the folder's record has had; -1: there is none */
};

static bool open_it(const char *folder, struct err *err)
{
	struct store *store = record_tool_open(folder, err);
	bool ok = store != NULL;

	record_tool_close(&store);
	return ok;
}

static bool copy_it(const char *folder, struct err *err)
{
	char *to = mem_format("%s/copy.db", folder);
	struct backup_facts facts;
	bool ok = backup_copy(folder, to, &facts, err);

	if (ok)
		assert_int_equal(unlink(to), 0);
	else
		assert_int_not_equal(access(to, F_OK), 0);
	free(to);
	return ok;
}

static bool begin_hold(struct store *store, void *arg, struct err *err)
{
	struct hold hold = {.since = now, .copied = now - 1};

	(void)arg;
	return store_hold_begin(store, &hold, "0000", err);
}

static bool end_hold(struct store *store, void *arg, struct err *err)
{
	int64_t begun;

	(void)arg;
	return store_hold_end(store, "chen", SENT_UNKNOWN, now, &begun, err);
}

static bool hold_it(const char *folder, struct err *err)
{
	struct store *store = record_tool_open(folder, err);
	bool ok = store && record_tool_do(store, begin_hold, NULL, err) &&
	          record_tool_do(store, end_hold, NULL, err);

	record_tool_close(&store);
	return ok;
}

static char *folder_after(int steps)
{
	char *folder = folder_make();

	script_key(folder);
	if (steps < 0)
		return folder;
	struct store *store = must_open(folder);
	for (int step = 0; step < steps; step++)
		assert_true(record_tool_do(store, script_step, &step, NULL));
	record_tool_close(&store);
	return folder;
}

/* Once; then the same again. How many calls it has, when it went through. */
static bool try_deed(const struct deed *deed, long at, enum statement_fault fault)
{
	char *where = statement_where(deed->name, 0, at, fault, false);
	char *folder = folder_after(deed->steps);
	struct err err = {0};

	statement_fail(at, fault, false);
	bool ok = deed->act(folder, &err), reached = statement_calls() >= at;
	statement_heal();
	if (!ok) {
		statement_told(&err, where);
		if (err.kind == ERR_DAMAGED && fault != STATEMENT_IOERR && fault != STATEMENT_DONE)
			fail_msg("%s: called damage: %s", where, err.en);
		totals.failures++;
		if (!deed->act(folder, &err))
			fail_msg("%s: the same again: %s", where, err.en);
	}
	struct store *store = must_open(folder);
	script_holds(store, where);
	record_tool_close(&store);
	folder_remove(&folder);
	free(where);
	return reached;
}

static void each_call_of_each_deed_fails(void **state)
{
	static const struct deed deeds[] = {
	        {"the making", open_it, -1},
	        {"the opening", open_it, WORK_STEPS - 2},
	        {"a backup", copy_it, WORK_STEPS},
	        {"a hold", hold_it, WORK_STEPS - 2},
	};
	(void)state;

	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		totals = (struct totals){0};
		long stride =
		        soak() || i > 0 ? 1 : STRIDE; /* the making: one table after another */
		for (int way = 0; way < (soak() ? STATEMENT_FAULTS : 1); way++)
			for (long at = 1; try_deed(&deeds[i], at,
			             (enum statement_fault)((way + at) % STATEMENT_FAULTS));)
				at += stride;
		print_message("%s: %ld refused with a sentence\n", deeds[i].name, totals.failures);
		assert_true(totals.failures > 5);
	}
}

/* --- the one writer ----------------------------------------------------------------------------
 */

/* What the child was told, in memory it shares with us. */
static struct told {
	int answered;
	long calls, refused;
} * told;

/* Tries each step until it is taken, as whoever is refused would; a fault for good ends that. */
static void work(const char *folder, bool good)
{
	struct err err = {0};
	struct record *record = record_open(folder, &err);

	if (!record)
		_exit(*err.en && *err.zh ? REFUSED : WENT_ON);
	for (int step = 0; step < WORK_STEPS;) {
		if (record_do(record, 0, script_step, &step, &err)) {
			told->answered = ++step;
			continue;
		}
		if (!*err.en || !*err.zh || err.kind == ERR_MISSING)
			_exit(WENT_ON);
		if (++told->refused > 1)
			_exit(good ? REFUSED : WENT_ON);
	}
	record_close(&record);
}

static int run_child(const char *folder, long at, enum statement_fault fault, bool good)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen("/dev/null", "we", stderr))
			_exit(WENT_ON);
		statement_fail(at, fault, good);
		work(folder, good);
		told->calls = statement_calls();
		_exit(ENDED_WELL);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static bool is_one_of_three(int status)
{
	return (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) ||
	       (WIFEXITED(status) && WEXITSTATUS(status) != WENT_ON);
}

static bool run_one(long at, enum statement_fault fault, bool good)
{
	char *where = statement_where("the writer", 0, at, fault, good);
	char *folder = folder_after(0);

	*told = (struct told){0};
	int status = run_child(folder, at, fault, good);
	if (!is_one_of_three(status))
		fail_msg("%s: it went on (%d)", where, status);
	struct store *store = script_look(folder, prints, WORK_STEPS, told->answered, where);
	record_tool_close(&store);
	folder_remove(&folder);
	free(where);
	return !WIFEXITED(status) || told->refused > 0;
}

static void the_writer_refuses_or_ends(void **state)
{
	long runs = 0, felt = 0;
	char *folder = folder_after(0);

	(void)state;
	assert_int_equal(run_child(folder, 0, STATEMENT_BUSY, false), 0);
	folder_remove(&folder);
	long calls = told->calls, stride = soak() ? 1 : STRIDE;
	assert_in_range(calls, WORK_STEPS * 10, CALLS_MOST);
	for (int way = 0; way < (soak() ? STATEMENT_FAULTS : 1); way++)
		for (long at = 1; at <= calls; at += stride, runs++)
			felt += run_one(
			        at, (enum statement_fault)((way + at) % STATEMENT_FAULTS), at % 2);
	print_message("the writer: of %ld calls every %ld. failed: %ld runs, %ld felt; "
	              "0 lost\n",
	        calls, stride, runs, felt);
	assert_true(felt > runs / 3);
}

static int set_up(void **state)
{
	(void)state;
	told = shared_with_children(sizeof *told);
	script_prints(STEPS, prints);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_call_of_each_change_fails),
	        cmocka_unit_test(each_call_of_each_deed_fails),
	        cmocka_unit_test(the_writer_refuses_or_ends),
	};

	return cmocka_run_group_tests_name("statement_faults", tests, set_up, NULL);
}
