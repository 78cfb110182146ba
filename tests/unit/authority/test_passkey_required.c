/* SPDX-License-Identifier: Apache-2.0
 * Where the policy requires passkeys, a proof by a key file does not count, for these acts and no
 * others; and a rule that would leave a unit without anybody is a fault of the document.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "authenticator.h"

/* Who signs, and with what: a key file, a passkey, or both. */
struct people {
	struct scene *scene; /* li's passkey is its own, li's key file its other */
	char *file, *passkey;
};

static int open_people(void **state)
{
	struct people *people = mem_zero(sizeof *people);

	open_scene((void **)&people->scene);
	people->file = key_base64(people->scene->other);
	people->passkey = passkey_line("Y3JlZA", people->scene->own);
	*state = people;
	return 0;
}

static int close_people(void **state)
{
	struct people *people = *state;

	close_scene((void **)&people->scene);
	free(people->file);
	free(people->passkey);
	free(people);
	return 0;
}

/* li has both and every duty of an officer; `more` are further officers, a line each. */
static char *document(const struct people *people, const char *required, const char *more)
{
	return mem_format("version: 1\nunits: [{id: a}, {id: b}]\nofficers:\n"
	                  "- {id: li, unit: a, duties: [review, sign, publish], keys: [\"%s\", "
	                  "\"%s\"]}\n%s"
	                  "passkeys: {rp: %s, origins: [\"%s\"]%s%s%s}\n",
	        people->file, people->passkey, more, desk_rp, desk_origin,
	        required ? ", required: [" : "", required ? required : "", required ? "]" : "");
}

static struct policy *policy_of(const struct people *people, const char *required)
{
	char *text = document(people, required, "");
	struct policy *policy = policy_of_text(text);

	free(text);
	return policy;
}

static void by_file(const struct people *people, enum act act)
{
	people->scene->proof.act = act;
	proof_make(&people->scene->proof, people->scene->other);
}

static void by_passkey(const struct people *people, enum act act)
{
	struct proof *proof = &people->scene->proof;
	const struct bend plain = {.name = "plain"};

	proof->act = act;
	free(people->scene->challenge);
	people->scene->challenge = passkey_challenge(proof);
	free(proof->signature);
	proof->signature = signature_of(people->scene, &plain);
}

static void test_which_acts(void **state)
{
	const struct people *people = *state;
	struct policy *free_choice = policy_of(people, NULL);
	struct policy *policy = policy_of(people, "review, override, correct");
	const unsigned required = 1u << ACT_REVIEW | 1u << ACT_OVERRIDE | 1u << ACT_CORRECT;

	assert_int_equal(free_choice->passkeys.required, 0);
	assert_int_equal(policy->passkeys.required, required);
	for (int act = 0; act < ACT_COUNT; act++) {
		const struct proof *proof = &people->scene->proof;
		struct err err = {0};
		by_file(people, (enum act)act);
		assert_true(policy_proof_holds(free_choice, proof, &err));
		bool holds = policy_proof_holds(policy, proof, &err);
		assert_int_equal(holds, !(required & 1u << act));
		if (!holds) {
			assert_int_equal(err.kind, ERR_DENIED);
			assert_non_null(strstr(err.en, "asks for a passkey to "));
			assert_non_null(strstr(err.en, act_text((enum act)act)));
			assert_non_null(strstr(err.zh, act_zh((enum act)act)));
		}
		/* What was done under an earlier policy goes on being that officer's. */
		assert_true(policy_proof_signed(policy, proof, &err));
		by_passkey(people, (enum act)act);
		assert_true(policy_proof_holds(policy, proof, &err));
		assert_true(policy_proof_holds(free_choice, proof, &err));
	}
	policy_destroy(&policy);
	policy_destroy(&free_choice);
}

/* A passkey's form with a key file's signature in it is neither. */
static void test_dressed_up(void **state)
{
	const struct people *people = *state;
	struct policy *policy = policy_of(people, "sign");
	struct proof *proof = &people->scene->proof;
	struct err err;

	by_file(people, ACT_SIGN);
	char *dressed = mem_format("passkey:%s", proof->signature);
	free(proof->signature);
	proof->signature = dressed;
	assert_false(policy_proof_holds(policy, proof, &err));
	policy_destroy(&policy);
}

static void faults(const char *name, char *text, const char *want)
{
	struct buf found;

	buf_init(&found, 0);
	struct policy *policy = policy_parse_all("t", text, strlen(text), &found);
	if ((policy != NULL) != (want == NULL) || (want && !strstr(found.data, want)))
		fail_msg("%s: %s", name, found.len ? found.data : "loads");
	policy_destroy(&policy);
	buf_finish(&found);
	free(text);
}

static void test_what_cannot_be_required(void **state)
{
	const struct people *people = *state;
	static const char *const words[] = {
	        "assign", "handover", "close", "draft", "Sign", "publish"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		faults(words[i], document(people, words[i], ""),
		        "required names review, sign, override, cancel, correct or change");
	faults("none", document(people, "", ""), NULL);
}

/* wu of unit b, who signs. */
static char *wu(const char *more, const char *form, const struct key *key)
{
	char *text = key_base64(key);
	char *line = mem_format(
	        "- {id: wu, unit: b, duties: [sign]%s, keys: [\"%s%s\"]}\n", more, form, text);

	free(text);
	return line;
}

/* Another unit's signer without a passkey would be locked out; who has no key at all is not. */
static void test_nobody_is_locked_out(void **state)
{
	const struct people *people = *state;
	struct key *key = key_generate();
	char *file = wu("", "", key);
	char *passkey = wu("", "passkey:AA:", key);
	char *gone = wu(", active: false", "", key);
	const char *bare = "- {id: wu, unit: b, duties: [sign]}\n";
	const char *of_b = "required names sign, but nobody of b who may do it has a passkey";

	faults("a file", document(people, "review, sign", file), of_b);
	faults("for another act", document(people, "review, cancel", file), NULL);
	faults("to override", document(people, "override", file), "required names override");
	faults("a passkey", document(people, "review, sign", passkey), NULL);
	faults("no longer", document(people, "sign", gone), NULL);
	faults("nothing", document(people, "sign", bare), NULL);
	free(file);
	free(passkey);
	free(gone);
	key_destroy(&key);
}

static char *administrators(const struct key *one, const struct key *two, const char *form)
{
	char *a = key_base64(one);
	char *b = key_base64(two);
	char *text =
	        mem_format("- {id: one, unit: a, duties: [audit], keys: [\"%s%s\"]}\n"
	                   "- {id: two, unit: a, duties: [audit], keys: [\"passkey:AQ:%s\"]}\n",
	                form, a, b);

	free(a);
	free(b);
	return text;
}

static void test_a_change_takes_two(void **state)
{
	const struct people *people = *state;
	struct key *one = key_generate();
	struct key *two = key_generate();
	char *files = administrators(one, two, "");
	char *passkeys = administrators(one, two, "passkey:AA:");

	faults("one has a file", document(people, "change", files),
	        "with the duty audit fewer than 2 have a passkey");
	faults("both have one", document(people, "change", passkeys), NULL);
	faults("for another act", document(people, "sign", files), NULL);
	free(files);
	free(passkeys);
	key_destroy(&one);
	key_destroy(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(test_which_acts, open_people, close_people),
	        cmocka_unit_test_setup_teardown(test_dressed_up, open_people, close_people),
	        cmocka_unit_test_setup_teardown(
	                test_what_cannot_be_required, open_people, close_people),
	        cmocka_unit_test_setup_teardown(
	                test_nobody_is_locked_out, open_people, close_people),
	        cmocka_unit_test_setup_teardown(test_a_change_takes_two, open_people, close_people),
	};

	return cmocka_run_group_tests_name("passkey_required", tests, NULL, NULL);
}
