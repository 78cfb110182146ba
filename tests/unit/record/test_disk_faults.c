/* SPDX-License-Identifier: Apache-2.0
 * Every write, sync, truncation, making and deletion of a file fails, in turn, once and for good,
 * with an error and with a full disk: while a record is made, and while a program opens one, works,
 * closes it and does so again. Where work fails the program ends (SIGABRT) and tries nothing a
 * second time; a record that cannot be opened is refused with a sentence. On a disk that is well
 * again it holds what was answered, and at most, whole, the change under way.
 */
#include "script.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "disk_layer.h"

enum { STEPS = 10, CLOSE_AFTER = 6, CHANGES_MOST = 5000 };
enum { ENDED_WELL, REFUSED, WENT_ON };

static uint64_t prints[STEPS + 1]; /* after that many changes */

struct outcomes {
	long aborted, refused, harmless;
};

/* What the child was told, in memory it shares with us. */
static struct told {
	int answered;
	long changes;
} * told;

static const struct fault_kind {
	enum disk_fault fault;
	bool for_good;
} kinds[] = {{DISK_EIO, false}, {DISK_FULL, true}};

static void look(const char *folder, int answered, const char *where)
{
	char ref[] = "after the fault";
	struct err err = {0};
	struct store *store = script_look(folder, prints, STEPS, answered, where);

	assert_true(record_tool_do(store, add_line, ref, &err));
	record_tool_close(&store);
}

/* --- a record that is made ---------------------------------------------------------------------
 */

static char *folder_with_key(void)
{
	char *folder = folder_make();

	script_key(folder);
	return folder;
}

static long changes_of_the_making(void)
{
	char *folder = folder_with_key();

	disk_install();
	disk_fail(0, DISK_WELL, false);
	struct store *store = record_tool_open(folder, NULL);
	long changes = disk_changes();
	record_tool_close(&store);
	disk_remove();
	folder_remove(&folder);
	return changes;
}

static void a_record_that_cannot_be_made_is_refused(void **state)
{
	struct outcomes outcomes = {0};
	const char *soak = getenv("TOCSIN_SOAK");
	long changes = changes_of_the_making();
	long stride = soak && *soak ? 1 : 3; /* one table after another: much of a kind */

	(void)state;
	for (long at = 1; at <= changes; at += stride)
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			char *folder = folder_with_key();
			char *where = mem_format("change %ld of the making, kind %zu", at, k);
			struct err err = {0};
			disk_install();
			disk_fail(at, kinds[k].fault, kinds[k].for_good);
			struct store *store = record_tool_open(folder, &err);
			if (!store && (!*err.en || !*err.zh))
				fail_msg("%s: refused without a word", where);
			*(store ? &outcomes.harmless : &outcomes.refused) += 1;
			record_tool_close(&store);
			disk_fail(0, DISK_WELL, false);
			disk_remove();
			look(folder, 0, where);
			free(where);
			folder_remove(&folder);
		}
	print_message(
	        "of %ld changes of the making every %ld. failed, each in 2 ways: %ld refused, "
	        "%ld harmless\n",
	        changes, stride, outcomes.refused, outcomes.harmless);
	assert_true(outcomes.refused > changes / stride);
}

/* --- a record that works ------------------------------------------------------------------------
 */

static void work(const char *folder)
{
	struct err err = {0};

	for (int step = 0; step < STEPS;) {
		struct record *record = record_open(folder, &err);
		if (!record)
			_exit(*err.en && *err.zh ? REFUSED : WENT_ON);
		do {
			bool well = disk_failed() == DISK_MARK;
			if (!record_do(record, 0, script_step, &step, &err))
				_exit(WENT_ON);
			told->answered = ++step;
			if (well && disk_failed() != DISK_MARK)
				_exit(WENT_ON); /* what failed was part of this change */
		} while (step % CLOSE_AFTER != 0 && step < STEPS);
		record_close(&record);
	}
}

/* How the child ended, as waitpid() says. */
static int run_child(const char *folder, long at, const struct fault_kind *kind)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
		disk_install();
		disk_fail(at, kind->fault, kind->for_good);
		work(folder);
		told->changes = disk_changes();
		_exit(ENDED_WELL);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void count(int status, const char *where, struct outcomes *outcomes)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
		outcomes->aborted++;
	else if (WIFEXITED(status) && WEXITSTATUS(status) == REFUSED)
		outcomes->refused++;
	else if (WIFEXITED(status) && WEXITSTATUS(status) == ENDED_WELL)
		outcomes->harmless++;
	else
		fail_msg("%s: it went on (%d)", where, status);
}

static void fail_one(long at, size_t k, struct outcomes *outcomes)
{
	char *where = mem_format("change %ld, kind %zu", at, k);
	char *folder = folder_with_key();
	struct store *store = record_tool_open(folder, NULL); /* the making is another test's */

	record_tool_close(&store);
	told->answered = 0;
	count(run_child(folder, at, &kinds[k]), where, outcomes);
	look(folder, told->answered, where);
	folder_remove(&folder);
	free(where);
}

static void whoever_works_ends_and_loses_nothing(void **state)
{
	struct outcomes outcomes = {0};
	static const struct fault_kind none = {DISK_WELL, false};
	char *folder = folder_with_key();

	(void)state;
	struct store *store = record_tool_open(folder, NULL);
	record_tool_close(&store);
	assert_int_equal(run_child(folder, 0, &none), 0);
	folder_remove(&folder);
	long changes = told->changes;
	assert_in_range(changes, STEPS, CHANGES_MOST);
	for (long at = 1; at <= changes; at++)
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
			fail_one(at, k, &outcomes);
	print_message("%ld changes of the work failed, each in %zu ways: %ld ended at once, %ld "
	              "refused, %ld harmless; 0 lost\n",
	        changes, sizeof kinds / sizeof *kinds, outcomes.aborted, outcomes.refused,
	        outcomes.harmless);
	assert_true(outcomes.aborted > changes);
}

/* A kill may leave the beginning of the key's file, but under another name. */
static void half_a_key_stops_no_start(void **state)
{
	char *folder = folder_make();
	char *half = mem_format("%s/audit.key.new", folder);
	struct err err = {0};
	int fd = open(half, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	struct store *store = record_tool_open(folder, &err);
	if (!store)
		fail_msg("%s", err.en);
	assert_int_not_equal(access(half, F_OK), 0);
	record_tool_close(&store);
	free(half);
	folder_remove(&folder);
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
	        cmocka_unit_test(half_a_key_stops_no_start),
	        cmocka_unit_test(a_record_that_cannot_be_made_is_refused),
	        cmocka_unit_test(whoever_works_ends_and_loses_nothing),
	};

	return cmocka_run_group_tests_name("disk_faults", tests, set_up, NULL);
}
