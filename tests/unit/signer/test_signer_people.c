/* SPDX-License-Identifier: Apache-2.0
 * test_signer_people - by whom it was approved, held by the signer itself against the manifest and
 * its own policy: nobody who wrote any of it, and, where the duty roster binds, only those who
 * stood on it at the moment of their own proof. Proofs are of 08:59, the message goes at 09:00.
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

static const char roster[] =
        "sign_by_roster: yes\n"
        "roster:\n"
        "  - {unit: tj-met, officer: zhao, steps: [review], hours: \"08:00-09:00\"}\n"
        "  - {unit: tj-met, officer: chen, steps: [sign], hours: \"08:00-09:00\"}\n"
        "  - {unit: tj-met, officer: wu, steps: [sign], hours: \"09:00-10:00\"}\n";

static void bind_to_the_roster(struct scene *scene)
{
	char *text = mem_format("%s%s", scene->signer.policy->text, roster);
	struct err err = {0};
	struct policy *bound = policy_parse("authority.yaml", text, strlen(text), &err);

	if (!bound)
		fail_msg("policy: %s", err.en);
	policy_destroy(&scene->signer.policy);
	scene->signer.policy = bound;
	free(text);
}

static void signed_in_the_turn(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	bind_to_the_roster(scene);
	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_prove(&piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(&piece, scene, ACT_SIGN, CHEN);
	piece_release(&piece, scene);
	piece_finish(&piece);
}

static void signed_outside_the_turn(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	bind_to_the_roster(scene);
	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_prove(&piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(&piece, scene, ACT_SIGN, WU);
	piece_refused("a minute before the turn", &piece, scene,
	        "wu was not on the roster of tj-met to sign at 2026-11-23T08:59:00+08:00");
	piece.proofs[1].time = scene->now;
	proof_make(&piece.proofs[1], scene->keys[WU]);
	piece_release(&piece, scene);
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_prove(&piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(&piece, scene, ACT_SIGN, CHEN);
	piece.proofs[1].time = scene->now;
	proof_make(&piece.proofs[1], scene->keys[CHEN]);
	piece_refused("after the turn", &piece, scene, "chen was not on the roster");
	piece.proofs[1].time = scene->now - 1;
	piece_refused("said to be of the turn", &piece, scene, "does not hold");
	piece_finish(&piece);
}

static void cancelled_off_duty(void **state)
{
	struct scene *scene = *state;
	struct piece first, lift;

	piece_init(&first, scene, LEVEL_ORANGE, ID);
	piece_init(&lift, scene, LEVEL_ORANGE, "12000041600000_20261123090000_2");
	piece_follows(&lift, &first, VERB_CANCEL);
	mem_set_text(&lift.alert->references, "");
	piece_seal(&lift, scene);
	struct manifest_staged *staged =
	        mem_push(&first.manifest.staged, &first.manifest.staged_count, sizeof *staged);
	staged->as = mem_text("cancel");
	digest_sha256(lift.bulletin->manifest, strlen(lift.bulletin->manifest), staged->digest);
	piece_write_manifest(&first);
	piece_approve(&first, scene);
	piece_release(&first, scene);
	bind_to_the_roster(scene);
	scene->now += 60000;
	lift.sent = scene->now;
	piece_prove(&lift, scene, ACT_CANCEL, WANG);
	piece_release(&lift, scene);
	piece_finish(&lift);
	piece_finish(&first);
}

static void written_earlier(void **state)
{
	static const struct {
		enum who who;
		const char *why;
	} cases[] = {{ZHAO, "reviewer zhao drafted it earlier"},
	        {CHEN, "signer chen drafted it earlier"}, {WANG, NULL}};
	struct scene *scene = *state;
	struct piece piece;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		piece_init(&piece, scene, LEVEL_ORANGE, ID);
		texts_add(&piece.manifest.earlier, "sun");
		texts_add(&piece.manifest.earlier, who_id[cases[i].who]);
		piece_write_manifest(&piece);
		piece_approve(&piece, scene);
		if (cases[i].why)
			piece_refused("by one who wrote", &piece, scene, cases[i].why);
		else
			piece_release(&piece, scene);
		piece_finish(&piece);
	}
}

/* Nor let pass by one of them what the screen found. */
static void overridden_by_one_who_wrote(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	scene->signer.policy->officers[WANG].duties |= DUTY_REVIEW;
	for (int wrote = 0; wrote < 2; wrote++) {
		piece_init(&piece, scene, LEVEL_ORANGE, ID);
		piece.manifest.held = true;
		if (wrote)
			texts_add(&piece.manifest.earlier, "wang");
		piece_write_manifest(&piece);
		piece_approve(&piece, scene);
		piece_override(&piece, scene, WANG, "公开电话");
		if (wrote)
			piece_refused("by one who wrote", &piece, scene, "condition 6");
		else
			piece_release(&piece, scene);
		piece_finish(&piece);
	}
}

static int setup(void **state)
{
	struct scene *scene = mem_zero(sizeof *scene);

	if (!cap_sign_setup(NULL))
		return -1;
	scene_init(scene);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	scene_finish(*state);
	free(*state);
	cap_sign_shutdown();
	return 0;
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        SCENE(signed_in_the_turn),
	        SCENE(signed_outside_the_turn),
	        SCENE(cancelled_off_duty),
	        SCENE(written_earlier),
	        SCENE(overridden_by_one_who_wrote),
	};

	return cmocka_run_group_tests_name("signer people", tests, NULL, NULL);
}
