/* SPDX-License-Identifier: Apache-2.0
 * Tests of the signer's own view of who handles an incident: by the steps, their proofs, its
 * policy, and what it has seen before.
 */
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char ID[] = "12000041600000_20261123090000";
static const char INCIDENT[] = "i-7";

/* The policy with one word changed: what the signer is given later. */
static void change_policy(struct scene *scene, const char *from, const char *to)
{
	const char *text = scene->signer.policy->text;
	const char *at = strstr(text, from);
	struct err err = {0};

	assert_non_null(at);
	char *changed = mem_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	struct policy *policy = policy_parse("changed", changed, strlen(changed), &err);
	if (!policy)
		fail_msg("%s", err.en);
	policy_destroy(&scene->signer.policy);
	scene->signer.policy = policy;
	free(changed);
}

/* The emergency bureau may handle weather too, so that something can be handed over. */
static void grant_both(struct scene *scene)
{
	change_policy(scene, "grants:\n",
	        "grants:\n  - {unit: tj-emb, role: charge, acts: [publish, update, cancel], "
	        "hazards: "
	        "[\"11B*\"], levels: [red, orange], areas: [\"12*\"], channels: [\"*\"], basis: "
	        "x}\n");
}

static void add_step(struct signed_steps *steps, struct scene *scene, enum act act,
        const char *from, const char *to, enum who who)
{
	struct incident_step step = {.incident = (char *)INCIDENT,
	        .sequence = (int64_t)steps->count + 1,
	        .act = act,
	        .mode = MODE_LIVE,
	        .hazard = (char *)"11B03",
	        .from = (char *)from,
	        .to = (char *)to,
	        .reason = (char *)""};
	struct buf text;

	texts_add(&step.areas, "120116");
	if (steps->count) {
		const char *before = steps->items[steps->count - 1].text;
		digest_sha256(before, strlen(before), step.previous);
	}
	struct signed_step *kept = mem_push(&steps->items, &steps->count, sizeof *kept);
	buf_init(&text, 0);
	incident_step_write(&step, &text);
	kept->text = buf_take(&text);
	kept->proof = (struct proof){
	        .act = act, .officer = mem_text(who_id[who]), .time = scene->now - 120000};
	digest_sha256(kept->text, strlen(kept->text), kept->proof.manifest);
	proof_make(&kept->proof, scene->keys[who]);
	texts_finish(&step.areas);
}

static void make_piece(struct piece *piece, struct scene *scene, const struct signed_steps *steps)
{
	piece_init(piece, scene, LEVEL_ORANGE, ID);
	mem_set_text(&piece->alert->incidents, INCIDENT);
	mem_set_text(&piece->manifest.incident, INCIDENT);
	piece_seal(piece, scene);
	piece_prove(piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(piece, scene, ACT_SIGN, CHEN);
	piece->steps = steps;
}

static void the_steps_say_who(void **state)
{
	struct scene *scene = *state;
	struct signed_steps steps = {0};
	struct piece piece;

	grant_both(scene);
	make_piece(&piece, scene, &steps);
	piece_refused("no steps", &piece, scene, "nobody handles incident i-7");
	add_step(&steps, scene, ACT_ASSIGN, "", "tj-met", WANG);
	piece_release(&piece, scene);
	add_step(&steps, scene, ACT_HANDOVER, "tj-met", "tj-emb", WANG);
	piece_refused("handed over", &piece, scene, "is handled by tj-emb");
	/* Seen once is not unseen. */
	steps.count = 1;
	piece_refused("cut off", &piece, scene, "was seen at step 2 already");
	steps.count = 2;
	add_step(&steps, scene, ACT_HANDOVER, "tj-emb", "tj-met", SUN);
	piece_release(&piece, scene);
	add_step(&steps, scene, ACT_CLOSE, "tj-met", "", WANG);
	piece_refused("closed", &piece, scene, "nobody handles incident i-7");
	piece_finish(&piece);
	signed_steps_finish(&steps);
}

/* Each is a first step (or two) that must not count. */
static void steps_that_do_not_hold(void **state)
{
	static const struct {
		const char *name;
		enum act act;
		const char *from, *to;
		enum who who, key;
		const char *word;
	} bad[] = {{"another's key", ACT_ASSIGN, "", "tj-met", WANG, LI,
	                   "each step is that officer's"},
	        {"no duty", ACT_ASSIGN, "", "tj-met", ZHAO, ZHAO, "not permitted by the policy"},
	        {"no grant", ACT_ASSIGN, "", "tj-met", SUN, SUN, "not permitted by the policy"},
	        {"to no grant", ACT_ASSIGN, "", "tj-emb", WANG, WANG,
	                "not permitted by the policy"},
	        {"from nobody", ACT_HANDOVER, "", "tj-met", WANG, WANG, "does not follow"},
	        {"from somebody", ACT_ASSIGN, "tj-emb", "tj-met", WANG, WANG, "does not follow"},
	        {"closed at once", ACT_CLOSE, "", "", WANG, WANG, "does not follow"}};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct signed_steps steps = {0};
		struct piece piece;
		add_step(&steps, scene, bad[i].act, bad[i].from, bad[i].to, bad[i].who);
		proof_make(&steps.items[0].proof, scene->keys[bad[i].key]);
		make_piece(&piece, scene, &steps);
		piece_refused(bad[i].name, &piece, scene, bad[i].word);
		piece_finish(&piece);
		signed_steps_finish(&steps);
	}
}

/* What somebody did who has left since still stands once another vouches for it. */
static void whoever_has_left(void **state)
{
	struct scene *scene = *state;
	struct signed_steps steps = {0};
	struct piece piece;

	grant_both(scene);
	add_step(&steps, scene, ACT_ASSIGN, "", "tj-emb", SUN);
	add_step(&steps, scene, ACT_HANDOVER, "tj-emb", "tj-met", SUN);
	make_piece(&piece, scene, &steps);
	change_policy(scene, "{id: sun,", "{id: sun, active: false,");
	piece_refused("the last one left", &piece, scene, "hand it over again");
	add_step(&steps, scene, ACT_HANDOVER, "tj-met", "tj-met", WANG);
	piece_release(&piece, scene);
	/* Gone from the policy altogether, nobody can say what they signed. */
	change_policy(scene, "{id: sun,", "{id: moon,");
	piece_refused("unknown by now", &piece, scene, "no officer sun");
	piece_finish(&piece);
	signed_steps_finish(&steps);
}

static void nothing_comes_unasked(void **state)
{
	struct scene *scene = *state;
	struct signed_steps steps = {0};
	struct piece piece;

	add_step(&steps, scene, ACT_ASSIGN, "", "tj-met", WANG);
	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	piece.steps = &steps;
	piece_refused("no incident", &piece, scene, "belongs to no incident");
	piece_finish(&piece);
	signed_steps_finish(&steps);
}

/* After a hand-over between equals the new handler ends what the former one has in force, in the
 * words that were approved with it; the former one does not. */
static void the_chain_moves(void **state)
{
	struct scene *scene = *state;
	struct signed_steps steps = {0};
	struct piece staged;
	struct piece first;

	grant_both(scene);
	add_step(&steps, scene, ACT_ASSIGN, "", "tj-met", WANG);
	make_piece(&first, scene, &steps);
	make_piece(&staged, scene, &steps);
	staged.proof_count = 0; /* proofs of other words; freed with the piece's memory below */
	for (size_t i = 0; i < 2; i++)
		proof_finish(&staged.proofs[i]);
	mem_set_text(&staged.alert->identifier, "12000041600000_20261123090001");
	mem_set_text(&staged.manifest.identifier, "12000041600000_20261123090001");
	piece_follows(&staged, &first, VERB_CANCEL);
	piece_stage(&first, &staged, scene, "cancel");
	for (size_t i = 0; i < first.proof_count; i++)
		proof_finish(&first.proofs[i]);
	first.proof_count = 0;
	piece_prove(&first, scene, ACT_REVIEW, ZHAO);
	piece_prove(&first, scene, ACT_SIGN, CHEN);
	piece_release(&first, scene);

	add_step(&steps, scene, ACT_HANDOVER, "tj-met", "tj-emb", WANG);
	piece_prove(&staged, scene, ACT_CANCEL, WANG);
	piece_refused("the former handler", &staged, scene, "condition 9");
	proof_finish(&staged.proofs[0]);
	staged.proof_count = 0;
	staged.officer = who_id[SUN];
	piece_prove(&staged, scene, ACT_CANCEL, SUN);
	piece_release(&staged, scene);
	piece_finish(&staged);
	piece_finish(&first);
	signed_steps_finish(&steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(the_steps_say_who, scene_open, scene_close),
	        cmocka_unit_test_setup_teardown(steps_that_do_not_hold, scene_open, scene_close),
	        cmocka_unit_test_setup_teardown(whoever_has_left, scene_open, scene_close),
	        cmocka_unit_test_setup_teardown(nothing_comes_unasked, scene_open, scene_close),
	        cmocka_unit_test_setup_teardown(the_chain_moves, scene_open, scene_close),
	};

	return cmocka_run_group_tests(tests, scene_setup, scene_teardown);
}
