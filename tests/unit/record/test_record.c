/* SPDX-License-Identifier: Apache-2.0
 * The record thread: who goes first, who shares a transaction, when one is told; and who may not
 * open the record at all. Built with the thread sanitizer too.
 */
#include "fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store_db.h"

struct house {
	char *folder;
	struct record *record;
};

static int house_open(void **state)
{
	struct house *house = mem_zero(sizeof *house);
	struct err err = {0};

	house->folder = folder_make();
	house->record = record_open(house->folder, &err);
	if (!house->record)
		print_error("%s\n", err.en);
	*state = house;
	return house->record ? 0 : -1;
}

static int house_close(void **state)
{
	struct house *house = *state;

	record_close(&house->record);
	folder_remove(&house->folder);
	free(house);
	return 0;
}

static bool add_line(struct store *store, void *arg, struct err *err)
{
	return store_audit(store, "line", arg, NULL, now, err);
}

static bool refuse(struct store *store, void *arg, struct err *err)
{
	return add_line(store, arg, err) && err_set(err, ERR_DENIED, "不行", "this is refused");
}

static int64_t lines_of(struct store *store, const char *ref)
{
	json_t *list = NULL;

	assert_true(store_list_audit(store, ref, &list, NULL));
	int64_t count = (int64_t)json_array_size(list);
	json_decref(list);
	return count;
}

static int64_t lines_in(struct house *house, const char *ref)
{
	struct store *reader = record_reader_open(house->record, NULL);

	assert_non_null(reader);
	int64_t count = lines_of(reader, ref);
	record_reader_close(&reader);
	return count;
}

/* --- doing and refusing -------------------------------------------------------------------------
 */

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

/* --- order and groups ---------------------------------------------------------------------------
 */

/* What happened on the record thread, in order: a capital when a change ran, a small letter when
 * its caller was told. The gate keeps the thread busy until everything is queued. */
struct story {
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	bool at_gate;
	bool gate_open;
	char text[64];
	size_t len;
	struct record *record;
};

struct turn {
	char letter;
	int rank;
	bool refuse;
	struct turn *posts; /* when its change runs */
	struct story *story;
};

static void tell_story(struct story *story, char letter)
{
	pthread_mutex_lock(&story->mutex);
	if (story->len < sizeof story->text - 1)
		story->text[story->len++] = letter;
	pthread_mutex_unlock(&story->mutex);
}

static void post_turn(struct turn *turn);

static bool turn_change(struct store *store, void *arg, struct err *err)
{
	struct turn *turn = arg;
	char ref[2] = {turn->letter, '\0'};

	tell_story(turn->story, turn->letter);
	if (turn->posts)
		post_turn(turn->posts);
	if (!store_audit(store, "line", ref, NULL, now, err))
		return false;
	return !turn->refuse || err_set(err, ERR_DENIED, "不行", "this is refused");
}

/* Told means: anybody who looks now sees it. */
static void turn_done(void *arg, bool ok, const struct err *err)
{
	struct turn *turn = arg;
	char ref[2] = {turn->letter, '\0'};
	struct store *reader = record_reader_open(turn->story->record, NULL);

	assert_int_equal(ok, !turn->refuse);
	assert_true(ok == (err == NULL));
	assert_int_equal(lines_of(reader, ref), ok ? 1 : 0);
	record_reader_close(&reader);
	tell_story(turn->story, (char)(turn->letter + 'a' - 'A'));
}

static void post_turn(struct turn *turn)
{
	record_post(turn->story->record, turn->rank, turn_change, turn_done, turn);
}

static bool wait_at_gate(struct store *store, void *arg, struct err *err)
{
	struct story *story = arg;

	(void)store;
	(void)err;
	pthread_mutex_lock(&story->mutex);
	story->at_gate = true;
	pthread_cond_broadcast(&story->moved);
	while (!story->gate_open)
		pthread_cond_wait(&story->moved, &story->mutex);
	pthread_mutex_unlock(&story->mutex);
	return true;
}

static void stand_at_gate(struct story *story)
{
	record_post(story->record, 0, wait_at_gate, NULL, story);
	pthread_mutex_lock(&story->mutex);
	while (!story->at_gate)
		pthread_cond_wait(&story->moved, &story->mutex);
	pthread_mutex_unlock(&story->mutex);
}

static void open_gate(struct story *story)
{
	pthread_mutex_lock(&story->mutex);
	story->gate_open = true;
	pthread_cond_broadcast(&story->moved);
	pthread_mutex_unlock(&story->mutex);
}

/* Queues the turns while the thread stands at the gate, lets it go, and closes the record, which
 * finishes what is queued. */
static void play(struct turn *turns, size_t count, char text[64])
{
	char *folder = folder_make();
	struct record *record = record_open(folder, NULL);
	struct story story = {.record = record};

	pthread_mutex_init(&story.mutex, NULL);
	pthread_cond_init(&story.moved, NULL);
	stand_at_gate(&story);
	for (size_t i = 0; i < count; i++) {
		turns[i].story = &story;
		if (turns[i].posts)
			turns[i].posts->story = &story;
		post_turn(&turns[i]);
	}
	open_gate(&story);
	record_close(&record);
	pthread_cond_destroy(&story.moved);
	pthread_mutex_destroy(&story.mutex);
	memcpy(text, story.text, sizeof story.text);
	folder_remove(&folder);
}

static void higher_ranks_go_first(void **state)
{
	struct turn turns[] = {{.letter = 'A', .rank = 0}, {.letter = 'B', .rank = 4},
	        {.letter = 'C', .rank = 2}, {.letter = 'D', .rank = 4}, {.letter = 'E', .rank = 1},
	        {.letter = 'F', .rank = 3}};
	char text[64];
	char ran[8] = "";
	size_t len = 0;

	(void)state;
	play(turns, 6, text);
	for (const char *p = text; *p; p++)
		if (*p <= 'Z')
			ran[len++] = *p;
	assert_string_equal(ran, "BDFCEA");
}

/* A red that comes in while a group of others is under way ends that group at once, and shares with
 * none. */
static void a_red_is_not_held_back(void **state)
{
	struct turn red = {.letter = 'R', .rank = 4};
	struct turn turns[] = {
	        {.letter = 'A', .rank = 1, .posts = &red}, {.letter = 'B', .rank = 1}};
	char text[64];

	(void)state;
	play(turns, 2, text);
	assert_string_equal(text, "AaRrBb");
}

static void what_has_queued_shares(void **state)
{
	bool shared = false;

	(void)state;
	/* A busy machine may use up the chunk between two changes: then they are told apart,
	 * rightly. */
	for (int tries = 0; tries < 50 && !shared; tries++) {
		struct turn turns[] = {{.letter = 'A', .rank = 1},
		        {.letter = 'B', .rank = 1, .refuse = true}, {.letter = 'C', .rank = 1}};
		char text[64];
		play(turns, 3, text);
		assert_int_equal(strlen(text), 6);
		shared = strcmp(text, "ABCabc") == 0;
	}
	assert_true(shared);
}

/* --- many threads -------------------------------------------------------------------------------
 */

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

/* --- opening ------------------------------------------------------------------------------------
 */

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
	run_sql(house->folder, "UPDATE schema_version SET version = 99");
	assert_null(record_open(house->folder, &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	assert_non_null(strstr(err.en, "version 99"));
	run_sql(house->folder, "UPDATE schema_version SET version = 1");
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
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	assert_non_null(strstr(err.en, path));
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

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
	const struct CMUnitTest tests[] = {
	        CASE(committed_or_refused),
	        CASE(the_thread_does_not_wait_for_itself),
	        CASE(a_reader_cannot_write),
	        cmocka_unit_test(higher_ranks_go_first),
	        cmocka_unit_test(a_red_is_not_held_back),
	        cmocka_unit_test(what_has_queued_shares),
	        CASE(many_threads_lose_nothing),
	        CASE(closing_finishes_the_queue),
	        CASE(a_second_one_is_refused),
	        CASE(a_newer_record_is_refused),
	        CASE(a_damaged_record_is_refused),
	        cmocka_unit_test(a_folder_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
