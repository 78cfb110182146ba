/* SPDX-License-Identifier: Apache-2.0
 * A step of the policy's history is taken with two administrators' proofs under the policy before,
 * and in no other way.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "policy_change.h"

enum { ONE, TWO, ONE_AGAIN, ACCOUNTS, FORMER, PEOPLE };

static const char *const names[PEOPLE] = {"one", "two", "one-again", "accounts", "former"};

struct scene {
	struct key *keys[PEOPLE];
	struct policy *policy;
	char head[DIGEST_HEX];
};

static char *document(const struct scene *scene, const char *tail)
{
	struct buf text;

	buf_init(&text, 0);
	buf_text(&text, "version: 1\nunits: [{id: a}]\nofficers:\n");
	for (int i = 0; i < PEOPLE; i++) {
		char *key = key_base64(scene->keys[i]);
		buf_format(&text,
		        "  - {id: %s, unit: a, duties: [%s], person: %s%s, keys: [\"%s\"]}\n",
		        names[i], i == ACCOUNTS ? "accounts" : "admin",
		        i == ONE_AGAIN ? "one" : names[i], i == FORMER ? ", active: false" : "",
		        key);
		free(key);
	}
	buf_text(&text, tail);
	return buf_take(&text);
}

static int set_up(void **state)
{
	struct scene *scene = mem_zero(sizeof *scene);

	for (int i = 0; i < PEOPLE; i++)
		scene->keys[i] = key_generate();
	char *text = document(scene, "");
	scene->policy = policy_of_text(text);
	free(text);
	memcpy(scene->head, scene->policy->version, DIGEST_HEX);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < PEOPLE; i++)
		key_destroy(&scene->keys[i]);
	policy_destroy(&scene->policy);
	free(scene);
	return 0;
}

/* A step to the document with this tail, signed by `who` (ends with -1). */
static struct policy_step step_to(const struct scene *scene, const char *tail, const int *who)
{
	struct policy_step step = {.body = document(scene, tail)};
	struct change_text text = {.id = mem_text("c-test"), .kind = mem_text("policy")};
	struct buf lines;
	char digest[DIGEST_HEX];

	step.body_len = strlen(step.body);
	digest_sha256(step.body, step.body_len, text.body);
	memcpy(text.follows, scene->head, DIGEST_HEX);
	change_text_digest(&text, digest);
	buf_init(&lines, 0);
	change_text_write(&text, &lines);
	step.text = buf_take(&lines);
	for (; *who >= 0; who++) {
		struct proof *proof = mem_push(&step.proofs, &step.proof_count, sizeof *proof);
		*proof = (struct proof){.act = ACT_CHANGE, .officer = mem_text(names[*who])};
		memcpy(proof->manifest, digest, DIGEST_HEX);
		proof_make(proof, scene->keys[*who]);
	}
	change_text_finish(&text);
	return step;
}

static void refused(const struct scene *scene, struct policy_step *step, const char *word)
{
	char head[DIGEST_HEX];
	struct err err = {0};
	struct policy *next =
	        policy_step_take(scene->policy, scene->head, MODE_LIVE, step, head, &err);

	if (next || !strstr(err.en, word))
		fail_msg("wanted \"%s\", got \"%s\"", word, next ? "taken" : err.en);
	policy_step_finish(step);
}

static void two_administrators_lead_on(void **state)
{
	const struct scene *scene = *state;
	struct policy_step step = step_to(scene, "# next\n", (const int[]){ONE, TWO, -1});
	char head[DIGEST_HEX], again[DIGEST_HEX], digest[DIGEST_HEX];
	struct err err = {0};
	struct policy *next =
	        policy_step_take(scene->policy, scene->head, MODE_LIVE, &step, head, &err);

	assert_non_null(next);
	digest_sha256(step.text, strlen(step.text), digest);
	assert_string_equal(head, digest);
	/* From there the same step leads nowhere, nor does it in another mode. */
	assert_null(policy_step_take(next, head, MODE_LIVE, &step, again, &err));
	assert_non_null(strstr(err.en, "does not follow"));
	assert_null(policy_step_take(scene->policy, scene->head, MODE_TEST, &step, again, &err));
	policy_destroy(&next);
	policy_step_finish(&step);
}

static void nobody_else_does(void **state)
{
	const struct scene *scene = *state;
	static const struct {
		int who[4];
		const char *word;
	} cases[] = {
	        {{-1}, "has 0 administrators' proofs"},
	        {{ONE, -1}, "has 1 administrators' proofs"},
	        {{ONE, ONE, -1}, "are one person"},
	        {{ONE, ONE_AGAIN, -1}, "one and one-again are one person"},
	        {{ONE, ACCOUNTS, -1}, "accounts does not hold the duty admin"},
	        {{ONE, TWO, ACCOUNTS, -1}, "accounts does not hold the duty admin"},
	        {{ONE, FORMER, -1}, "former is not active"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct policy_step step = step_to(scene, "# next\n", cases[i].who);
		refused(scene, &step, cases[i].word);
	}
}

static void proofs_of_other_things(void **state)
{
	const struct scene *scene = *state;
	const int both[] = {ONE, TWO, -1};

	struct policy_step step = step_to(scene, "# next\n", both);
	step.proofs[1].act = ACT_SIGN;
	proof_make(&step.proofs[1], scene->keys[TWO]);
	refused(scene, &step, "signed with the act change");

	step = step_to(scene, "# next\n", both);
	step.proofs[1].act = ACT_SIGN;
	proof_make(&step.proofs[1], scene->keys[TWO]);
	step.proofs[1].act = ACT_CHANGE; /* said to be a change */
	refused(scene, &step, "none of officer two's 1 keys");

	step = step_to(scene, "# next\n", both);
	proof_make(&step.proofs[1], scene->keys[ONE]);
	refused(scene, &step, "none of officer two's 1 keys");

	step = step_to(scene, "# next\n", both);
	step.body[step.body_len - 2] = 'T';
	refused(scene, &step, "not the one that was signed");
}

static void documents_that_cannot_be(void **state)
{
	const struct scene *scene = *state;
	const int both[] = {ONE, TWO, -1};

	struct policy_step step = step_to(scene, "", both);
	refused(scene, &step, "in force already");
	step = step_to(scene, "grunts: []\n", both);
	refused(scene, &step, "authority.yaml:");
}

/* Retired, yes; not deleted, or what they drafted could be neither updated nor cancelled. */
static void nobody_is_left_out(void **state)
{
	const struct scene *scene = *state;
	struct err err = {0};
	char *whole = document(scene, "# another\n");
	char *last = strstr(whole, "  - {id: former");
	char *text = mem_format("%.*s# another\n", (int)(last - whole), whole);

	assert_null(policy_successor(scene->policy, text, strlen(text), &err));
	assert_int_equal(err.kind, ERR_DENIED);
	assert_non_null(strstr(err.en, "leaves out officer former"));
	struct policy *next = policy_successor(scene->policy, whole, strlen(whole), &err);
	assert_non_null(next);
	policy_destroy(&next);
	free(text);
	free(whole);
}

static void nobody_is_locked_out(void **state)
{
	const struct scene *scene = *state;
	struct err err = {0};
	const char text[] = "version: 1\nunits: [{id: a}]\nofficers:\n"
	                    "  - {id: one, unit: a, duties: [admin]}\n"
	                    "  - {id: two, unit: a, duties: [admin]}\n"
	                    "  - {id: one-again, unit: a, active: false}\n"
	                    "  - {id: accounts, unit: a, active: false}\n"
	                    "  - {id: former, unit: a, active: false}\n";

	/* Two administrators, but without keys. */
	assert_null(policy_successor(scene->policy, text, strlen(text), &err));
	assert_int_equal(err.kind, ERR_DENIED);
	assert_non_null(strstr(err.en, "leaves 0 active administrators"));
	assert_int_equal(policy_people(scene->policy, DUTY_ADMIN), 2);
	assert_int_equal(policy_people(scene->policy, DUTY_AUDIT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(two_administrators_lead_on, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(nobody_else_does, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(proofs_of_other_things, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(documents_that_cannot_be, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(nobody_is_left_out, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(nobody_is_locked_out, set_up, tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
