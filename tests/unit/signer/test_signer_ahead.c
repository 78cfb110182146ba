/* SPDX-License-Identifier: Apache-2.0
 * test_signer_ahead - what the signer looks through before a release: it is found again by the very
 * words only, and changes no answer (the other files run a second time with all of it looked through
 * beforehand). That another policy forgets it: tests/e2e/test_23_changes.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ahead.h"
#include "scene.h"

#define ID "12000041600000_20261123090000_1"

static int open_with(void **state)
{
	int code = scene_open(state);
	struct scene *scene = *state;

	if (!scene->signer.ahead)
		scene->signer.ahead = ahead_create();
	return code;
}

/* Is something kept for these words? Takes it, as a release does. */
static bool kept(const struct piece *piece, struct scene *scene, size_t *proofs)
{
	struct signing s = {.manifest_text = mem_text(piece->bulletin->manifest),
	        .cap = mem_text(piece->bulletin->cap)};

	for (size_t i = 0; i < piece->bulletin->text_count; i++) {
		struct bulletin_text *text = mem_push(&s.texts, &s.text_count, sizeof *text);
		text->target = mem_text(piece->bulletin->texts[i].target);
		text->body = mem_text(piece->bulletin->texts[i].body);
	}
	bool found = ahead_take(scene->signer.ahead, &s);
	*proofs = s.known_count;
	signing_finish(&s);
	return found;
}

static void prepared(struct piece *piece, struct scene *scene)
{
	struct err err;

	piece_init(piece, scene, LEVEL_ORANGE, ID);
	piece_seal(piece, scene);
	piece_approve(piece, scene);
	if (!piece_prepare(piece, scene, &err))
		fail_msg("%s", err.en);
}

static void found_once_by_its_words(void **state)
{
	struct piece piece, other;
	struct err err;
	size_t proofs;

	prepared(&piece, *state);
	piece_init(&other, *state, LEVEL_ORANGE, ID);
	mem_set_text(&other.alert->infos[0].instruction, "请留在家中。");
	piece_seal(&other, *state);
	assert_false(kept(&other, *state, &proofs));
	assert_true(kept(&piece, *state, &proofs));
	assert_int_equal(proofs, piece.proof_count);
	assert_false(kept(&piece, *state, &proofs));
	assert_true(piece_prepare(&piece, *state, &err));
	assert_true(piece_prepare(&piece, *state, &err)); /* once more: one place all the same */
	assert_true(kept(&piece, *state, &proofs));
	assert_false(kept(&piece, *state, &proofs));
	piece_finish(&other);
	piece_finish(&piece);
}

static void a_few_are_kept(void **state)
{
	struct piece piece, later;
	struct err err;
	size_t proofs;

	prepared(&piece, *state);
	for (int i = 0; i < AHEAD_MOST; i++) {
		char *words = mem_format("请留在家中%d。", i);
		piece_init(&later, *state, LEVEL_ORANGE, ID);
		mem_set_text(&later.alert->infos[0].instruction, words);
		piece_seal(&later, *state);
		piece_approve(&later, *state);
		assert_true(piece_prepare(&later, *state, &err));
		free(words);
		if (i < AHEAD_MOST - 1)
			piece_finish(&later);
	}
	assert_false(kept(&piece, *state, &proofs));
	assert_true(kept(&later, *state, &proofs));
	piece_finish(&later);
	piece_finish(&piece);
}

/* What comes with the release is looked at there: who releases, other proofs, the time. */
static void the_rest_is_looked_at_again(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	prepared(&piece, scene);
	piece_release(&piece, scene);
	piece_finish(&piece);

	prepared(&piece, scene);
	piece.officer = who_id[SUN];
	piece_refused("an officer without a grant", &piece, scene, "does not permit");
	piece_finish(&piece);

	prepared(&piece, scene);
	piece.proofs[0].signature[4] ^= 1;
	piece_refused("a changed proof", &piece, scene, "does not hold");
	piece_finish(&piece);

	prepared(&piece, scene);
	size_t count = piece.proof_count;
	piece.proof_count = 1;
	piece_refused("a proof too few", &piece, scene, "does not permit");
	piece.proof_count = count;
	piece_finish(&piece);

	prepared(&piece, scene);
	piece.sent -= 3600000;
	piece_refused("another time", &piece, scene, "sent");
	piece_finish(&piece);
}

static void a_refusal_keeps_nothing(void **state)
{
	struct scene *scene = *state;
	struct piece piece;
	struct err err;
	size_t proofs;

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	mem_set_text(&piece.alert->infos[0].instruction, "请联系13812345678。");
	piece_seal(&piece, scene);
	piece_approve(&piece, scene);
	assert_false(piece_prepare(&piece, scene, &err));
	assert_non_null(strstr(err.en, "screen.mobile"));
	assert_false(kept(&piece, scene, &proofs));
	piece_finish(&piece);

	piece_relay(&piece, scene, ID);
	assert_false(piece_prepare(&piece, scene, &err));
	assert_false(kept(&piece, scene, &proofs));
	piece_finish(&piece);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(found_once_by_its_words, open_with, scene_close),
	        cmocka_unit_test_setup_teardown(a_few_are_kept, open_with, scene_close),
	        cmocka_unit_test_setup_teardown(
	                the_rest_is_looked_at_again, open_with, scene_close),
	        cmocka_unit_test_setup_teardown(a_refusal_keeps_nothing, open_with, scene_close),
	};
	return cmocka_run_group_tests(tests, scene_setup, scene_teardown);
}
