/* SPDX-License-Identifier: Apache-2.0
 * The record: committed or refused, from many threads at once; and who may not open it at all.
 */
#include "fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_db.h"
#include "when.h"

static int64_t lines_in(struct house *house, const char *ref)
{
	struct store *reader = record_reader_open(house->record, NULL);

	assert_non_null(reader);
	int64_t count = lines_of(reader, ref);
	record_reader_close(&reader);
	return count;
}

/* --- doing and refusing ----------------------------------------------------------------------- */

static char one[] = "one", two[] = "two", three[] = "three";

static void committed_or_refused(void **state)
{
	struct house *house = *state;
	struct err err = {0};

	assert_true(record_do(house->record, 2, add_line, one, &err));
	assert_false(record_do(house->record, 2, refuse, two, &err));
	assert_int_equal(err.kind, ERR_DENIED);
	assert_string_equal(err.en, "this is refused");
	assert_false(record_do(house->record, 2, refuse, two, NULL));
	assert_int_equal(lines_in(house, "one"), 1);
	assert_int_equal(lines_in(house, "two"), 0);
}

static bool wait_for_itself(struct store *store, void *arg, struct err *err)
{
	(void)store;
	return record_do(arg, 2, add_line, one, err);
}

static void the_thread_does_not_wait_for_itself(void **state)
{
	struct house *house = *state;
	struct err err = {0};

	assert_false(record_do(house->record, 2, wait_for_itself, house->record, &err));
	assert_int_equal(err.kind, ERR_INTERNAL);
}

static void a_reader_cannot_write(void **state)
{
	struct house *house = *state;
	struct store *reader = record_reader_open(house->record, NULL);
	struct err err = {0};

	assert_false(store_audit(reader, "line", "one", NULL, now, &err));
	assert_int_equal(err.kind, ERR_INTERNAL);
	record_reader_close(&reader);
	assert_null(reader);
	record_reader_close(&reader);
}

/* --- many threads ----------------------------------------------------------------------------- */

enum { THREADS = 4, EACH = 150 };

struct worker {
	struct house *house;
	pthread_t thread;
	int number;
	int committed;
	int refused;
};

static void *work(void *arg)
{
	struct worker *worker = arg;
	struct store *reader = record_reader_open(worker->house->record, NULL);
	int64_t records;
	char head[DIGEST_HEX];

	for (int i = 0; i < EACH; i++) {
		bool bad = i % 7 == 3;
		bool ok =
		        record_do(worker->house->record, i % 5, bad ? refuse : add_line, one, NULL);
		*(ok ? &worker->committed : &worker->refused) += 1;
		if (i % 50 == 0)
			assert_true(store_audit_verify(reader, &records, head, NULL));
	}
	record_reader_close(&reader);
	return NULL;
}

static void many_threads_lose_nothing(void **state)
{
	struct house *house = *state;
	struct worker workers[THREADS] = {0};
	struct store *reader = record_reader_open(house->record, NULL);
	int committed = 0;
	int64_t records;
	char head[DIGEST_HEX];

	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){.house = house, .number = i};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		committed += workers[i].committed;
		assert_int_equal(workers[i].committed + workers[i].refused, EACH);
	}
	assert_true(store_audit_verify(reader, &records, head, NULL));
	assert_int_equal(records, committed);
	record_reader_close(&reader);
}

static void closing_finishes_the_queue(void **state)
{
	struct house *house = *state;
	struct err err = {0};

	for (int i = 0; i < 300; i++)
		record_post(house->record, i % 5, add_line, NULL, three);
	record_close(&house->record);
	struct store *tool = record_tool_open(house->folder, &err);
	assert_non_null(tool);
	assert_int_equal(lines_of(tool, "three"), 300);
	record_tool_close(&tool);
}

/* --- opening ---------------------------------------------------------------------------------- */

static void a_second_one_is_refused(void **state)
{
	struct house *house = *state;
	struct err err = {0};
	char pid[32];

	assert_null(record_open(house->folder, &err));
	assert_int_equal(err.kind, ERR_BUSY);
	snprintf(pid, sizeof pid, "pid %ld", (long)getpid());
	assert_non_null(strstr(err.en, pid));
	assert_non_null(strstr(err.en, house->folder));
	assert_non_null(strstr(err.zh, pid));
	assert_null(record_tool_open(house->folder, &err));
	record_close(&house->record);
	struct store *tool = record_tool_open(house->folder, &err);
	assert_non_null(tool);
	assert_true(record_tool_do(tool, add_line, one, &err));
	assert_false(record_tool_do(tool, refuse, one, &err));
	assert_int_equal(err.kind, ERR_DENIED);
	assert_int_equal(lines_of(tool, "one"), 1);
	record_tool_close(&tool);
}

static void run_sql(const char *folder, const char *sql)
{
	char *path = mem_format("%s/record.db", folder);
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	free(path);
}

static void a_newer_record_is_refused(void **state)
{
	struct house *house = *state;
	struct err err = {0};

	record_close(&house->record);
	run_sql(house->folder, "UPDATE schema_version SET version = version + 900");
	assert_null(record_open(house->folder, &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	assert_non_null(strstr(err.en, "version 9"));
	run_sql(house->folder, "UPDATE schema_version SET version = version - 900");
	house->record = record_open(house->folder, &err); /* nothing was changed, nothing is held */
	assert_non_null(house->record);
}

static void a_damaged_record_is_refused(void **state)
{
	struct house *house = *state;
	char *path = mem_format("%s/record.db", house->folder);
	struct err err = {0};

	record_close(&house->record);
	FILE *file = fopen(path, "r+");
	assert_non_null(file);
	assert_true(fputs("this is no record at all", file) >= 0);
	fclose(file);
	assert_null(record_open(house->folder, &err));
	assert_int_equal(err.kind, ERR_DAMAGED);
	assert_non_null(strstr(err.en, path));
	free(path);
}

static bool put_much(struct store *store, void *arg, struct err *err)
{
	bool ok = true;

	(void)arg;
	for (int i = 0; ok && i < 100; i++) {
		struct bulletin *b = sample_bulletin("暴雨");
		free(b->cap);
		b->cap = mem_zero(60001);
		memset(b->cap, 'x', 60000);
		ok = store_put_bulletin(store, b, err);
		bulletin_destroy(&b);
	}
	return ok;
}

static int64_t size_of(const char *path)
{
	struct stat about;

	assert_int_equal(stat(path, &about), 0);
	return about.st_size;
}

/* Nobody asks any more, and the tables have it: and whoever asks then is answered. */
static void the_log_is_moved_when_nothing_comes(void **state)
{
	struct house *house = *state;
	char *path = mem_format("%s/record.db", house->folder);
	int64_t before = size_of(path);
	int64_t end = when_boot() + 20000;

	assert_true(record_do(house->record, 0, put_much, NULL, NULL));
	while (size_of(path) < before + 3000000 && when_boot() < end)
		usleep(20000);
	assert_true(size_of(path) >= before + 3000000);
	assert_true(record_do(house->record, 4, add_line, one, NULL));
	assert_int_equal(lines_in(house, "one"), 1);
	free(path);
}

static void a_folder_that_cannot_be_is_refused(void **state)
{
	struct err err = {0};

	(void)state;
	assert_null(record_open("/proc/no-such-folder", &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	assert_null(record_open("/dev/null", &err));
}

static void pragma_is(struct store *store, const char *sql, const char *want)
{
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	const char *got = (const char *)sqlite3_column_text(stmt, 0);
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", sql, got, want);
	sqlite3_finalize(stmt);
}

/* Promise 1 rests on these. */
static void the_disk_is_waited_for(void **state)
{
	struct house *house = *state;

	record_close(&house->record);
	struct store *tool = record_tool_open(house->folder, NULL);
	pragma_is(tool, "PRAGMA journal_mode", "wal");
	pragma_is(tool, "PRAGMA synchronous", "2"); /* FULL */
	pragma_is(tool, "PRAGMA foreign_keys", "1");
	pragma_is(tool, "PRAGMA wal_autocheckpoint", "0");
	record_tool_close(&tool);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
	const struct CMUnitTest tests[] = {
	        CASE(committed_or_refused),
	        CASE(the_thread_does_not_wait_for_itself),
	        CASE(a_reader_cannot_write),
	        CASE(many_threads_lose_nothing),
	        CASE(closing_finishes_the_queue),
	        CASE(the_disk_is_waited_for),
	        CASE(a_second_one_is_refused),
	        CASE(a_newer_record_is_refused),
	        CASE(a_damaged_record_is_refused),
	        CASE(the_log_is_moved_when_nothing_comes),
	        cmocka_unit_test(a_folder_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
