/* SPDX-License-Identifier: Apache-2.0
 * test_signer_fresh - an approval counts for a time: what was approved and held back, or returned
 * and never voided here, does not go out days later on old signatures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scene.h"

#define ID "12000041600000_20261123090000_1"

static const int64_t HOUR = 3600 * 1000;

/* The last proof as it would have been made that long before the release. */
static void was_made(struct piece *piece, struct scene *scene, enum who who, int64_t before)
{
	struct proof *proof = &piece->proofs[piece->proof_count - 1];

	proof->time = scene->now - before;
	proof_make(proof, scene->keys[who]);
}

static void approved(struct piece *piece, struct scene *scene, int64_t reviewed, int64_t signed_)
{
	piece_init(piece, scene, LEVEL_ORANGE, ID);
	piece_prove(piece, scene, ACT_REVIEW, ZHAO);
	was_made(piece, scene, ZHAO, reviewed);
	piece_prove(piece, scene, ACT_SIGN, CHEN);
	was_made(piece, scene, CHEN, signed_);
}

static void approvals(void **state)
{
	struct piece piece;

	approved(&piece, *state, 24 * HOUR, 24 * HOUR);
	piece_release(&piece, *state);
	piece_finish(&piece);
	approved(&piece, *state, 24 * HOUR, 24 * HOUR + 1000);
	piece_refused("signed too long ago", &piece, *state, "signer chen approved at");
	piece_refused("signed too long ago", &piece, *state, "let them approve again");
	piece_finish(&piece);
	approved(&piece, *state, 25 * HOUR, HOUR);
	piece_refused("reviewed too long ago", &piece, *state, "reviewer zhao approved at");
	piece_finish(&piece);
	approved(&piece, *state, HOUR, HOUR);
	piece_prove(&piece, *state, ACT_SIGN, WU);
	was_made(&piece, *state, WU, 300 * 24 * HOUR);
	piece_refused("one more, of last year", &piece, *state, "signer wu approved at");
	piece_finish(&piece);
}

/* It is said of when; no other moment than the one that was signed holds. */
static void a_moment_said_to_be_later(void **state)
{
	struct piece piece;

	approved(&piece, *state, HOUR, 25 * HOUR);
	piece.proofs[1].time += 24 * HOUR;
	piece_refused("another moment", &piece, *state, "does not hold for this manifest");
	piece_finish(&piece);
}

static void the_policys_own_time(void **state)
{
	struct scene *scene = *state;
	int64_t own = scene->signer.policy->approvals_within;
	struct piece piece;

	scene->signer.policy->approvals_within = HOUR / 2;
	approved(&piece, scene, HOUR / 2, HOUR / 2);
	piece_release(&piece, scene);
	piece_finish(&piece);
	approved(&piece, scene, HOUR / 2 + 1000, HOUR / 2);
	piece_refused("31 minutes", &piece, scene, "over 30 min ago");
	piece_finish(&piece);
	scene->signer.policy->approvals_within = own;
}

static void overrides(void **state)
{
	static const int64_t ages[] = {24, 25};
	struct piece piece;

	for (size_t i = 0; i < 2; i++) {
		piece_init(&piece, *state, LEVEL_ORANGE, ID);
		piece.manifest.held = true;
		piece_write_manifest(&piece);
		piece_approve(&piece, *state);
		piece_override(&piece, *state, ZHAO, "公开电话");
		was_made(&piece, *state, ZHAO, ages[i] * HOUR);
		if (i == 0)
			piece_release(&piece, *state);
		else
			piece_refused("overridden too long ago", &piece, *state, "condition 6");
		piece_finish(&piece);
	}
}

/* One that was handed in and kept back. */
static void cancels(void **state)
{
	struct scene *scene = *state;
	struct piece original, staged;

	piece_staged_pair(&original, &staged, scene, VERB_CANCEL, "cancel");
	piece_prove(&staged, scene, ACT_CANCEL, WANG);
	was_made(&staged, scene, WANG, 25 * HOUR);
	piece_refused("an old cancel", &staged, scene, "the proof of wang (cancel) is of");
	piece_refused("an old cancel", &staged, scene, "over 24 h ago");
	was_made(&staged, scene, WANG, 23 * HOUR);
	piece_release(&staged, scene);
	piece_finish(&staged);
	piece_finish(&original);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(approvals),
	        cmocka_unit_test(a_moment_said_to_be_later),
	        cmocka_unit_test(the_policys_own_time),
	        cmocka_unit_test(overrides),
	        cmocka_unit_test_setup_teardown(cancels, scene_open, scene_close),
	};

	return cmocka_run_group_tests(tests, scene_setup, scene_teardown);
}
