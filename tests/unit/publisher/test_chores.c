/* SPDX-License-Identifier: Apache-2.0
 * What chores.h promises: each row of the table again and again, none of them twice at once, none
 * begun any more once stopped.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <fcntl.h>
#include <unistd.h>

#include "chores.h"
#include "folder.h"
#include "loop.h"

enum { TURNS = 3, GIVE_UP_SECONDS = 60 };

/* What the chores leave behind; in the house's place for what a use case knows. */
struct scene {
	struct house house; /* first: a chore gets it */
	struct chores *chores;
	struct event *look, *end;
	atomic_int quick, slow, inside, crowd, no_reader;
	atomic_int let_go; /* the slow one may leave */
};

static void quick(struct house *house, struct store *reader, int64_t now)
{
	struct scene *scene = (struct scene *)house;

	if (!reader || now <= 0)
		atomic_store(&scene->no_reader, 1);
	atomic_fetch_add(&scene->quick, 1);
}

/* Stays inside until the quick one has been run several times: its own moments pass meanwhile. */
static void slow(struct house *house, struct store *reader, int64_t now)
{
	struct scene *scene = (struct scene *)house;

	(void)reader;
	(void)now;
	if (atomic_fetch_add(&scene->inside, 1) > 0)
		atomic_store(&scene->crowd, 1);
	atomic_fetch_add(&scene->slow, 1);
	while (!atomic_load(&scene->let_go))
		usleep(1000);
	atomic_fetch_sub(&scene->inside, 1);
}

static const struct chore table[] = {{"quick", 1, quick}, {"slow", 1, slow}, {0}};
static const struct chore empty[] = {{0}};

static void stop(evutil_socket_t fd, short what, void *arg)
{
	struct scene *scene = arg;

	(void)fd;
	(void)what;
	loop_stop(scene->house.loop);
}

/* Ends the loop once the quick one has had its turns, and the slow one, let go, has come again. */
static void look(evutil_socket_t fd, short what, void *arg)
{
	struct scene *scene = arg;

	if (atomic_load(&scene->quick) >= TURNS)
		atomic_store(&scene->let_go, 1);
	if (atomic_load(&scene->quick) >= TURNS && atomic_load(&scene->slow) >= 2)
		stop(fd, what, arg);
}

static void watch(struct scene *scene)
{
	const struct timeval often = {.tv_usec = 5000};
	const struct timeval late = {.tv_sec = GIVE_UP_SECONDS};
	struct event_base *base = loop_base(scene->house.loop);

	scene->look = event_new(base, -1, EV_PERSIST, look, scene);
	scene->end = evtimer_new(base, stop, scene);
	event_add(scene->look, &often);
	event_add(scene->end, &late);
}

static void open_scene(struct scene *scene, const char *folder, const struct chore *rows)
{
	struct err err;

	scene->house.record = record_open(folder, &err);
	assert_non_null(scene->house.record);
	scene->house.loop = loop_create();
	scene->house.tenders = workers_create(scene->house.record, 4, 64, &err);
	assert_non_null(scene->house.tenders);
	scene->chores = chores_create(&scene->house, rows);
	watch(scene);
}

static void close_scene(struct scene *scene, char **folder)
{
	event_free(scene->look);
	event_free(scene->end);
	workers_destroy(&scene->house.tenders);
	chores_destroy(&scene->chores);
	record_close(&scene->house.record);
	loop_destroy(&scene->house.loop);
	folder_remove(folder);
}

static void each_again_and_never_twice_at_once(void **state)
{
	char *folder = folder_make();
	struct scene scene = {0};

	(void)state;
	open_scene(&scene, folder, table);
	loop_run(scene.house.loop);
	assert_true(atomic_load(&scene.quick) >= TURNS);
	assert_true(atomic_load(&scene.slow) >= 2);
	assert_int_equal(atomic_load(&scene.crowd), 0);
	assert_int_equal(atomic_load(&scene.no_reader), 0);

	/* Stopped, none begins any more: the loop goes round past several of their moments. */
	chores_stop(scene.chores);
	while (atomic_load(&scene.inside))
		usleep(1000);
	workers_destroy(&scene.house.tenders);
	int had = atomic_load(&scene.quick);
	const struct timeval past = {.tv_usec = 700000};
	event_del(scene.look);
	event_add(scene.end, &past);
	loop_run(scene.house.loop);
	assert_int_equal(atomic_load(&scene.quick), had);
	chores_stop(scene.chores); /* twice is fine */
	close_scene(&scene, &folder);
}

static void none_at_all_is_fine(void **state)
{
	char *folder = folder_make();
	struct scene scene = {0};

	(void)state;
	open_scene(&scene, folder, empty);
	close_scene(&scene, &folder);
	chores_destroy(&scene.chores);
}

static void hold_on(struct store *reader, void *arg)
{
	struct scene *scene = arg;

	(void)reader;
	atomic_store(&scene->inside, 1);
	while (!atomic_load(&scene->let_go))
		usleep(1000);
}

/* What gives way to calls asks this (watch/record_watch.c). */
static void busy_while_anything_is_done(void **state)
{
	char *folder = folder_make();
	struct scene scene = {0};

	(void)state;
	open_scene(&scene, folder, empty);
	assert_false(workers_busy(scene.house.tenders));
	assert_true(workers_add(scene.house.tenders, hold_on, &scene));
	assert_true(workers_busy(scene.house.tenders));
	while (!atomic_load(&scene.inside))
		usleep(1000);
	assert_true(workers_busy(scene.house.tenders)); /* nothing waits, one is at it */
	atomic_store(&scene.let_go, 1);
	while (workers_busy(scene.house.tenders))
		usleep(1000);
	close_scene(&scene, &folder);
}

/* When a house ends, the last look over the record still asks. */
static void whoever_has_ended_is_idle(void **state)
{
	char *folder = folder_make();
	struct scene scene = {0};

	(void)state;
	open_scene(&scene, folder, empty);
	atomic_store(&scene.let_go, 1);
	assert_true(workers_add(scene.house.tenders, hold_on, &scene));
	workers_end(scene.house.tenders);
	assert_true(atomic_load(&scene.inside)); /* what was queued is done */
	assert_false(workers_busy(scene.house.tenders));
	assert_false(workers_add(scene.house.tenders, hold_on, &scene));
	workers_end(scene.house.tenders);
	close_scene(&scene, &folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_again_and_never_twice_at_once),
	        cmocka_unit_test(none_at_all_is_fine),
	        cmocka_unit_test(busy_while_anything_is_done),
	        cmocka_unit_test(whoever_has_ended_is_idle),
	};

	return cmocka_run_group_tests_name("chores", tests, NULL, NULL);
}
