/* SPDX-License-Identifier: Apache-2.0
 * test_signer_seen - what the signer remembers outlives it: kill -9 at the worst moment, a full
 * disk; and what has expired is left out. (The file: test_signer_seen_file.)
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "memory.h"
#include "scene.h"

static void outlives_the_program(void **state)
{
	struct seen *seen = memory_open(*state, MEMORY_NOW);

	assert_true(memory_end(seen, "m-1", MEMORY_NOW + MEMORY_DAY, NULL));
	assert_true(memory_go(seen, "i-1", 1, MEMORY_NOW, false));
	assert_true(memory_go(seen, "i-1", 3, MEMORY_NOW, false));
	assert_true(memory_go(seen, "i-2", 2, MEMORY_NOW, true));
	seen_close(&seen);
	seen = memory_open(*state, MEMORY_NOW);
	assert_true(memory_has_ended(seen, "m-1"));
	assert_false(memory_has_ended(seen, "m-2"));
	assert_false(memory_go(seen, "i-1", 2, MEMORY_NOW, false));
	assert_false(memory_go(seen, "i-1", 0, MEMORY_NOW, false));
	assert_false(memory_go(seen, "i-2", 1, MEMORY_NOW, false));
	assert_true(memory_go(seen, "i-1", 4, MEMORY_NOW, false));
	seen_close(&seen);
	seen = memory_open(*state, MEMORY_NOW);
	assert_false(memory_go(seen, "i-1", 3, MEMORY_NOW, false));
	assert_true(memory_go(seen, "i-3", 1, MEMORY_NOW, false));
	seen_close(&seen);
}

/* Names as hostile as a feed can make them are digests in the file. */
static void any_name(void **state)
{
	static const char *const names[] = {"a\nb", "", "ended 0", "名", " "};
	struct seen *seen = memory_open(*state, MEMORY_NOW);

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_true(memory_end(seen, names[i], 0, NULL));
		assert_true(memory_go(seen, names[i], 1 + i, MEMORY_NOW, false));
	}
	seen_close(&seen);
	seen = memory_open(*state, MEMORY_NOW);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_true(memory_has_ended(seen, names[i]));
		assert_false(memory_go(seen, names[i], i, MEMORY_NOW, false) && i > 0);
	}
	seen_close(&seen);
}

static void what_is_over_is_left_out(void **state)
{
	struct seen *seen = memory_open(*state, MEMORY_NOW);

	assert_true(memory_end(seen, "expired", MEMORY_NOW - 7 * MEMORY_DAY, NULL));
	assert_true(memory_end(seen, "in force", MEMORY_NOW + MEMORY_DAY, NULL));
	assert_true(memory_end(seen, "for ever", 0, NULL));
	assert_true(memory_go(seen, "closed long ago", 2, MEMORY_NOW - 91 * MEMORY_DAY, true));
	assert_true(memory_go(seen, "closed", 2, MEMORY_NOW - 89 * MEMORY_DAY, true));
	assert_true(memory_go(seen, "open", 2, MEMORY_NOW - 400 * MEMORY_DAY, false));
	seen_close(&seen);
	char *before = memory_read(*state);
	seen = memory_open(*state, MEMORY_NOW);
	seen_close(&seen);
	char *after = memory_read(*state);
	assert_true(strlen(after) < strlen(before));
	for (int again = 0; again < 2; again++) {
		seen = memory_open(*state, MEMORY_NOW);
		assert_false(memory_has_ended(seen, "expired"));
		assert_true(
		        memory_has_ended(seen, "in force") && memory_has_ended(seen, "for ever"));
		assert_false(memory_go(seen, "closed", 1, MEMORY_NOW, false));
		assert_false(memory_go(seen, "open", 1, MEMORY_NOW, false));
		seen_close(&seen);
	}
	char *same = memory_read(*state);
	assert_string_equal(same, after);
	seen = memory_open(*state, MEMORY_NOW);
	assert_true(memory_go(seen, "closed long ago", 1, MEMORY_NOW, false));
	seen_close(&seen);
	free(before);
	free(after);
	free(same);
}

/* The hardware's clock kept local time and was read as UTC, until the network said better. */
static void a_clock_that_was_ahead_at_the_start_forgets_nothing(void **state)
{
	struct seen *seen = memory_open(*state, MEMORY_NOW);

	assert_true(memory_end(seen, "in force", MEMORY_NOW + MEMORY_DAY / 6, NULL));
	assert_true(memory_end(seen, "expired", MEMORY_NOW - 7 * MEMORY_DAY + 1, NULL));
	seen_close(&seen);
	seen = memory_open(*state, MEMORY_NOW + MEMORY_DAY / 3);
	seen_close(&seen);
	seen = memory_open(*state, MEMORY_NOW);
	assert_true(memory_has_ended(seen, "in force"));
	assert_false(memory_has_ended(seen, "expired"));
	seen_close(&seen);
}

/* --- the worst moments ------------------------------------------------------------------------ */

static void room_for(long bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < 0 ? limit.rlim_max : (rlim_t)bytes;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_is_said_and_leaves_the_file_good(void **state)
{
	char *text = memory_of_three(*state);
	struct seen *seen = memory_open(*state, MEMORY_NOW);

	for (long more = 0; more < 60; more += 7) {
		struct err err = {0};
		room_for((long)strlen(text) + more);
		bool kept = memory_end(seen, "m-4", 0, &err);
		bool there = memory_has_ended(seen, "m-4");
		bool going = memory_go(seen, "i-1", 1, MEMORY_NOW, false);
		room_for(-1);
		assert_false(kept || there || going);
		assert_non_null(strstr(err.en, "Make room"));
		assert_non_null(strstr(err.zh, "腾出空间"));
		char *now = memory_read(*state);
		assert_string_equal(now, text);
		free(now);
	}
	assert_true(memory_end(seen, "m-4", 0, NULL));
	seen_close(&seen);
	seen = memory_open(*state, MEMORY_NOW);
	assert_true(memory_has_ended(seen, "m-3") && memory_has_ended(seen, "m-4"));
	seen_close(&seen);
	free(text);
}

/* What is over stays in the file then, and the signer starts: a cancel may be waiting. */
static void a_full_disk_keeps_no_signer_from_starting(void **state)
{
	struct seen *seen = memory_open(*state, MEMORY_NOW);

	assert_true(memory_end(seen, "expired", MEMORY_NOW - 7 * MEMORY_DAY, NULL));
	assert_true(memory_end(seen, "in force", MEMORY_NOW + MEMORY_DAY, NULL));
	seen_close(&seen);
	char *before = memory_read(*state);
	for (long room = 0; room < 60; room += 20) {
		room_for(room);
		seen = seen_open(((struct memory *)*state)->path, MODE_LIVE, MEMORY_NOW, NULL);
		room_for(-1);
		assert_non_null(seen);
		assert_true(memory_has_ended(seen, "in force"));
		char *after = memory_read(*state);
		assert_string_equal(after, before);
		free(after);
		seen_close(&seen);
	}
	seen = memory_open(*state, MEMORY_NOW); /* there is room again */
	assert_true(memory_end(seen, "m-4", 0, NULL));
	seen_close(&seen);
	char *after = memory_read(*state);
	assert_null(strstr(after, strstr(before, "ended ")));
	seen = memory_open(*state, MEMORY_NOW);
	assert_true(memory_has_ended(seen, "in force") && memory_has_ended(seen, "m-4"));
	seen_close(&seen);
	free(after);
	free(before);
}

static void remember_in(struct scene *scene, const struct memory *memory)
{
	seen_close(&scene->signer.seen);
	scene->signer.seen = memory_open(memory, scene->now);
}

/* The scene's original, released, and its cancel, ready. */
static void pair(struct piece *original, struct piece *staged, struct scene *scene)
{
	piece_staged_pair(original, staged, scene, VERB_CANCEL, "cancel");
	staged->sent = original->sent + 1000;
	piece_prove(staged, scene, ACT_CANCEL, WANG);
}

/* Nothing is given out that is not remembered; once there is room it is. */
static void a_full_disk_gets_nothing_signed_that_ends_something(void **state)
{
	struct piece original, staged;
	struct scene scene;

	scene_init(&scene);
	remember_in(&scene, *state);
	pair(&original, &staged, &scene);
	char *text = memory_read(*state);
	room_for((long)strlen(text) + 20);
	piece_refused("no room", &staged, &scene, "Make room");
	piece_release(&original, &scene); /* nothing has followed it */
	room_for(-1);
	piece_release(&staged, &scene);
	original.sent += 2000;
	piece_refused("cancelled", &original, &scene, "not issued again");
	piece_finish(&staged);
	piece_finish(&original);
	scene_finish(&scene);
	free(text);
}

/* The cancel is signed, and its answer never arrives; the program is killed (test_signer_program
 * does that for real). The next one does not bring the original back, and signs the cancel again.
 */
static void an_answer_that_was_lost(void **state)
{
	struct piece original, staged;
	struct scene scene;

	scene_init(&scene);
	remember_in(&scene, *state);
	pair(&original, &staged, &scene);
	piece_release(&staged, &scene);
	remember_in(&scene, *state);
	original.sent = staged.sent + 1000;
	piece_refused("cancelled before", &original, &scene, "not issued again");
	piece_release(&staged, &scene);
	piece_finish(&staged);
	piece_finish(&original);
	scene_finish(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                outlives_the_program, memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(any_name, memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(
	                what_is_over_is_left_out, memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(a_clock_that_was_ahead_at_the_start_forgets_nothing,
	                memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(a_full_disk_is_said_and_leaves_the_file_good,
	                memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_full_disk_keeps_no_signer_from_starting, memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(a_full_disk_gets_nothing_signed_that_ends_something,
	                memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(
	                an_answer_that_was_lost, memory_setup, memory_teardown),
	};

	if (!cap_sign_setup(NULL))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
