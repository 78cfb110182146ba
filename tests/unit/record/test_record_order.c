/* SPDX-License-Identifier: Apache-2.0
 * The record thread: who goes first, who shares a transaction, when one is told.
 */
#include "fixture.h"

#include <pthread.h>
#include <string.h>

/* What happened on the record thread, in order: a capital when a change ran, a small letter
 * when its caller was told. The gate keeps the thread busy until everything is queued. */
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

static void turn_told(void *arg)
{
	turn_done(arg, true, NULL);
}

/* What the first tells is told before the next change's caller hears of that one, whoever of them
 * sleeps longest: a pause must not overtake its release. In a group of their own, and in one. */
static void what_is_told_goes_in_order(void **state)
{
	static const struct {
		int rank;
		const char *story;
	} ways[] = {{4, "AaBb"}, {1, "ABab"}};

	(void)state;
	for (int tries = 0; tries < 40; tries++) {
		char *folder = folder_make();
		struct record *record = record_open(folder, NULL);
		struct story story = {.record = record};
		struct turn next = {.letter = 'B', .rank = 1, .story = &story};
		struct turn first = {.letter = 'A',
		        .rank = ways[tries % 2].rank,
		        .posts = &next,
		        .story = &story};
		pthread_mutex_init(&story.mutex, NULL);
		assert_true(record_do_and_tell(
		        record, first.rank, turn_change, turn_told, &first, NULL));
		record_close(&record);
		/* A busy machine may tell the second apart. */
		if (tries % 2 == 0 || strcmp(story.text, ways[0].story) != 0)
			assert_string_equal(story.text, ways[tries % 2].story);
		pthread_mutex_destroy(&story.mutex);
		folder_remove(&folder);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(higher_ranks_go_first),
	        cmocka_unit_test(a_red_is_not_held_back),
	        cmocka_unit_test(what_has_queued_shares),
	        cmocka_unit_test(what_is_told_goes_in_order),
	};

	return cmocka_run_group_tests_name("record_order", tests, NULL, NULL);
}
