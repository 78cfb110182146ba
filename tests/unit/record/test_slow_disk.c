/* SPDX-License-Identifier: Apache-2.0
 * A disk that takes its time: a sync hangs until the test lets it go. Readers are answered
 * meanwhile, a red waits for the sync under way and its own and no other, and not at all for the
 * log that is moved into the tables. By order and count, not by the clock.
 */
#include "fixture.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "disk_layer.h"

enum { BLUES = 20, LARGE = 40, LARGE_BYTES = 200000 };

struct slow {
	char *folder;
	struct record *record;
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	bool hang_log, hang_tables; /* the next sync of this kind hangs */
	bool hangs;                 /* one does */
	int syncs;                  /* of the log since the one that hung was let go */
	sem_t told;
	bool red_told;
	int syncs_of_red, blues_told, blues_before_red;
};

/* The mutex is held on both sides of the wait. */
static void on_sync(void *arg, bool is_log)
{
	struct slow *s = arg;
	bool *due = is_log ? &s->hang_log : &s->hang_tables;

	pthread_mutex_lock(&s->mutex);
	if (*due) {
		s->hangs = true;
		pthread_cond_broadcast(&s->moved);
		while (*due)
			pthread_cond_wait(&s->moved, &s->mutex);
		s->hangs = false;
	} else if (is_log) {
		s->syncs++;
	}
	pthread_mutex_unlock(&s->mutex);
}

static void hang(struct slow *s, bool *which)
{
	pthread_mutex_lock(&s->mutex);
	*which = true;
	pthread_mutex_unlock(&s->mutex);
}

static void wait_until_it_hangs(struct slow *s)
{
	pthread_mutex_lock(&s->mutex);
	while (!s->hangs)
		pthread_cond_wait(&s->moved, &s->mutex);
	pthread_mutex_unlock(&s->mutex);
}

static void let_go(struct slow *s)
{
	pthread_mutex_lock(&s->mutex);
	s->syncs = 0;
	s->hang_log = s->hang_tables = false;
	pthread_cond_broadcast(&s->moved);
	pthread_mutex_unlock(&s->mutex);
}

static int setup(void **state)
{
	struct slow *s = mem_zero(sizeof *s);

	s->folder = folder_make();
	disk_install();
	disk_fail(0, DISK_WELL, false);
	pthread_mutex_init(&s->mutex, NULL);
	pthread_cond_init(&s->moved, NULL);
	sem_init(&s->told, 0, 0);
	disk_on_sync(on_sync, s);
	s->record = record_open(s->folder, NULL);
	*state = s;
	return s->record ? 0 : -1;
}

static int teardown(void **state)
{
	struct slow *s = *state;

	let_go(s);
	record_close(&s->record);
	disk_on_sync(NULL, NULL);
	disk_remove();
	folder_remove(&s->folder);
	sem_destroy(&s->told);
	pthread_cond_destroy(&s->moved);
	pthread_mutex_destroy(&s->mutex);
	free(s);
	return 0;
}

static void blue_told(void *arg, bool ok, const struct err *err)
{
	struct slow *s = arg;

	(void)err;
	assert_true(ok);
	s->blues_told++;
	sem_post(&s->told);
}

static void red_told(void *arg, bool ok, const struct err *err)
{
	struct slow *s = arg;

	(void)err;
	assert_true(ok);
	pthread_mutex_lock(&s->mutex);
	s->syncs_of_red = s->syncs;
	pthread_mutex_unlock(&s->mutex);
	s->blues_before_red = s->blues_told;
	s->red_told = true;
	sem_post(&s->told);
}

static bool write_blue(struct store *store, void *arg, struct err *err)
{
	(void)arg;
	return store_audit(store, "line", "blue", NULL, now, err);
}

static bool write_red(struct store *store, void *arg, struct err *err)
{
	(void)arg;
	return store_audit(store, "line", "red", NULL, now, err);
}

static int64_t seen(const struct slow *s, const char *ref)
{
	struct store *reader = record_reader_open(s->record, NULL);

	assert_non_null(reader);
	int64_t lines = lines_of(reader, ref);
	record_reader_close(&reader);
	return lines;
}

static void readers_are_answered_while_it_hangs(void **state)
{
	struct slow *s = *state;

	hang(s, &s->hang_log);
	record_post(s->record, 1, write_blue, blue_told, s);
	wait_until_it_hangs(s);
	seen(s, "blue"); /* answered at all; what a commit under way shows is not asked here */
	assert_int_equal(seen(s, "red"), 0);
	assert_int_equal(s->blues_told, 0); /* nobody is told before it is on disk */
	let_go(s);
	sem_wait(&s->told);
	assert_int_equal(seen(s, "blue"), 1);
}

static void a_red_waits_for_no_sync_but_its_own_behind_the_one_under_way(void **state)
{
	struct slow *s = *state;

	hang(s, &s->hang_log);
	record_post(s->record, 1, write_blue, blue_told, s);
	wait_until_it_hangs(s);
	for (int i = 0; i < BLUES; i++)
		record_post(s->record, 1, write_blue, blue_told, s);
	record_post(s->record, 4, write_red, red_told, s);
	let_go(s);
	for (int i = 0; i < BLUES + 2; i++)
		sem_wait(&s->told);
	assert_int_equal(s->syncs_of_red, 1);
	assert_int_equal(s->blues_before_red, 1); /* the one whose sync hung */
}

/* So much that the log is moved when work rests. */
static bool write_large(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = sample_bulletin("暴雨");

	(void)arg;
	free(b->cap);
	b->cap = mem_zero(LARGE_BYTES + 1);
	memset(b->cap, 'x', LARGE_BYTES);
	bool ok = store_put_bulletin(store, b, err);
	bulletin_destroy(&b);
	return ok;
}

static void a_red_does_not_wait_for_the_log_to_be_moved(void **state)
{
	struct slow *s = *state;

	hang(s, &s->hang_tables);
	for (int i = 0; i < LARGE; i++)
		record_post(s->record, 1, write_large, blue_told, s);
	for (int i = 0; i < LARGE; i++)
		sem_wait(&s->told);
	wait_until_it_hangs(s);
	record_post(s->record, 4, write_red, red_told, s);
	sem_wait(&s->told);
	assert_true(s->red_told && s->hangs);
	assert_int_equal(seen(s, "red"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	        CASE(readers_are_answered_while_it_hangs),
	        CASE(a_red_waits_for_no_sync_but_its_own_behind_the_one_under_way),
	        CASE(a_red_does_not_wait_for_the_log_to_be_moved),
#undef CASE
	};

	return cmocka_run_group_tests_name("slow_disk", tests, NULL, NULL);
}
