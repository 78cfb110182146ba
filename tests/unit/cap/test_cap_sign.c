/* SPDX-License-Identifier: Apache-2.0
 * test_cap_sign - what we sign: held good by us, by the plain way, by the xmlsec1 command and by
 * the schema; no byte of it can change; several threads at once.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cap_signature.h"
#include "sign_fixture.h"

static char *signed_sample(const struct sign_place *place)
{
	struct buf out;
	struct err err = {0};

	buf_init(&out, 0);
	if (!signature_add(sign_sample, strlen(sign_sample), place->key, NULL, &out, &err))
		fail_msg("signing: %s", err.en);
	return buf_take(&out);
}

static void good_both_ways(void **state)
{
	struct sign_place *place = *state;
	char *text = signed_sample(place);
	struct err err = {0};

	assert_int_equal(
	        cap_verify(text, strlen(text), place->key, NULL, &err), CAP_SIGNATURE_GOOD);
	assert_int_equal(signature_verify_own(text, strlen(text), place->key, NULL, &err),
	        CAP_SIGNATURE_GOOD);
	assert_int_equal(
	        cap_verify(text, strlen(text), place->attacker, NULL, &err), CAP_SIGNATURE_BAD);
	assert_int_equal(signature_verify_own(text, strlen(text), place->attacker, NULL, &err),
	        CAP_SIGNATURE_BAD);
	assert_true(strlen(err.zh) > 0 && strlen(err.en) > 0);
	free(text);
}

static void unsigned_is_none(void **state)
{
	struct sign_place *place = *state;

	assert_int_equal(cap_verify(sign_sample, strlen(sign_sample), place->key, NULL, NULL),
	        CAP_SIGNATURE_MISSING);
	assert_int_equal(cap_verify("<", 1, place->key, NULL, NULL), CAP_SIGNATURE_BAD);
	assert_int_equal(cap_verify("", 0, place->key, NULL, NULL), CAP_SIGNATURE_BAD);
}

static void command_accepts(void **state)
{
	struct sign_place *place = *state;
	char *text = signed_sample(place);

	assert_true(sign_command_accepts(place, text, "--pubkey-pem", place->public_pem));
	free(text);
}

static void schema_accepts(void **state)
{
	struct sign_place *place = *state;
	const char *shared = getenv("TOCSIN_SHARED");
	char *xsd = mem_format("%s/corpus/schema/CAP-v1.2.xsd", shared ? shared : "");

	if (access(xsd, R_OK) != 0) {
		print_message("SKIPPED: no schema at %s\n", xsd);
		free(xsd);
		skip();
	}
	char *text = signed_sample(place);
	char *path = sign_file(place, "schema.xml");
	const char *const argv[] = {"xmllint", "--nonet", "--noout", "--schema", xsd, path, NULL};
	sign_put(path, text, strlen(text));
	assert_true(sign_run(argv));
	free(path);
	free(text);
	free(xsd);
}

static void signs_a_message(void **state)
{
	struct sign_place *place = *state;
	struct cap_problems problems = {0};
	struct cap_alert *alert =
	        cap_parse(sign_sample, strlen(sign_sample), CAP_LIMIT_API, &problems);
	struct buf out;
	struct err err = {0};

	assert_non_null(alert);
	buf_init(&out, 0);
	if (!cap_sign(alert, place->key, NULL, &out, &err))
		fail_msg("cap_sign: %s", err.en);
	cap_alert_destroy(&alert);
	alert = cap_parse(out.data, out.len, CAP_LIMIT_API, &problems);
	assert_non_null(alert);
	assert_int_equal(problems.errors, 0);
	assert_string_equal(alert->infos[0].description, "雨强 > 50 毫米 & 大风");
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	buf_finish(&out);
}

/* RSA and SM2 by the same code, and SM2 in each writing both sides may agree on. */
static void every_kind_of_key(void **state)
{
	struct cap_sm2 agreed = {.signature = "http://example.cn/sm2#sm2-sm3",
	        .digest = "http://example.cn/sm2#sm3",
	        .id = "tianjin",
	        .der = true};
	const struct {
		enum key_kind kind;
		const struct cap_sm2 *sm2, *other;
	} cases[] = {{KEY_P256, NULL, NULL}, {KEY_RSA, NULL, NULL}, {KEY_SM2, NULL, &agreed},
	        {KEY_SM2, &agreed, NULL}};
	struct sign_place *place = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct key *key = key_generate_kind(cases[i].kind);
		const struct cap_sm2 *sm2 = cases[i].sm2;
		struct err err = {0};
		struct buf out;
		buf_init(&out, 0);
		if (!signature_add(sign_sample, strlen(sign_sample), key, sm2, &out, &err) ||
		        cap_verify(out.data, out.len, key, sm2, &err) != CAP_SIGNATURE_GOOD)
			fail_msg("case %zu: %s", i, err.en);
		if (cases[i].kind == KEY_SM2)
			assert_int_equal(cap_verify(out.data, out.len, key, cases[i].other, &err),
			        CAP_SIGNATURE_UNSUPPORTED);
		assert_int_not_equal(
		        cap_verify(out.data, out.len, place->key, sm2, &err), CAP_SIGNATURE_GOOD);
		char *edited = sign_replace(out.data, "红色", "蓝色");
		assert_int_equal(
		        cap_verify(edited, strlen(edited), key, sm2, &err), CAP_SIGNATURE_BAD);
		free(edited);
		buf_finish(&out);
		key_destroy(&key);
	}
}

/* The same names, another identity or another writing of the value: not the same signature. */
static void sm2_settings_count(void **state)
{
	static const char *const others[] = {"id=other", "value=der"};
	struct key *key = key_generate_kind(KEY_SM2);
	struct buf out;
	struct err err = {0};

	(void)state;
	buf_init(&out, 0);
	assert_true(signature_add(sign_sample, strlen(sign_sample), key, NULL, &out, &err));
	for (size_t i = 0; i < 2; i++) {
		struct cap_sm2 sm2 = cap_sm2_default;
		assert_true(cap_sm2_set(&sm2, others[i], &err));
		assert_int_equal(cap_verify(out.data, out.len, key, &sm2, &err), CAP_SIGNATURE_BAD);
	}
	struct cap_sm2 sm2 = cap_sm2_default;
	static const char *const wrong[] = {
	        "", "id=", "value=hex", "signature=a b", "digest=\"", "uri=x"};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (cap_sm2_set(&sm2, wrong[i], &err))
			fail_msg("%s was taken", wrong[i]);
	buf_finish(&out);
	key_destroy(&key);
}

/* Every position, two ways of changing it: nothing may still be called good. */
static void every_byte_counts(void **state)
{
	struct sign_place *place = *state;
	char *text = signed_sample(place);
	size_t len = strlen(text);
	static const char others[] = {' ', 'A', '\n'};

	for (size_t i = 0; i < len; i++) {
		char was = text[i];
		char with = others[i % sizeof others];
		text[i] = with == was ? (char)(was ^ 1) : with;
		if (cap_verify(text, len, place->key, NULL, NULL) == CAP_SIGNATURE_GOOD)
			fail_msg("byte %zu: got GOOD after %02x became %02x, want BAD", i, was,
			        text[i]);
		text[i] = (char)(was ^ 4);
		if (signature_verify_own(text, len, place->key, NULL, NULL) == CAP_SIGNATURE_GOOD)
			fail_msg("byte %zu (plain): got GOOD, want BAD", i);
		text[i] = was;
	}
	assert_int_equal(cap_verify(text, len, place->key, NULL, NULL), CAP_SIGNATURE_GOOD);
	assert_int_not_equal(cap_verify(text, len - 1, place->key, NULL, NULL), CAP_SIGNATURE_GOOD);
	free(text);
}

/* Blanks and base64 spellings that leave the XML the same are still not our bytes. */
static void other_spellings(void **state)
{
	struct sign_place *place = *state;
	char *text = signed_sample(place);
	static const struct {
		const char *old, *spelt;
	} cases[] = {
	        {"<info>", "<info >"},
	        {"&gt;", "&#62;"},
	        {"<status>Actual", "<status><![CDATA[Actual]]>"},
	        {"URI=\"\"", "URI=''"},
	        {"<ds:KeyInfo>", " <ds:KeyInfo>"},
	        {"<ds:KeyName>", "<ds:KeyName/><ds:KeyName>"},
	        {"==</ds:SignatureValue>", "== </ds:SignatureValue>"},
	        {"</alert>\n", "</alert>\n\n"},
	        {"?>\n", "?>\n<!-- -->"},
	        {"<sender>", "<sender><!-- -->"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *other = sign_replace(text, cases[i].old, cases[i].spelt);
		if (cap_verify(other, strlen(other), place->key, NULL, NULL) != CAP_SIGNATURE_BAD)
			fail_msg("%s: got not BAD, want BAD", cases[i].spelt);
		free(other);
	}
	free(text);
}

struct worker {
	const struct sign_place *place;
	int good;
};

static void *work(void *arg)
{
	struct worker *worker = arg;

	for (int i = 0; i < 40; i++) {
		struct buf out;
		buf_init(&out, 0);
		if (signature_add(sign_sample, strlen(sign_sample), worker->place->key, NULL, &out,
		            NULL) &&
		        cap_verify(out.data, out.len, worker->place->key, NULL, NULL) ==
		                CAP_SIGNATURE_GOOD)
			worker->good++;
		buf_finish(&out);
	}
	return NULL;
}

static void several_threads(void **state)
{
	pthread_t threads[4];
	struct worker workers[4];

	for (int i = 0; i < 4; i++) {
		workers[i] = (struct worker){.place = *state};
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(workers[i].good, 40);
	}
}

static int setup(void **state)
{
	struct sign_place *place = mem_zero(sizeof *place);

	sign_place_init(place);
	*state = place;
	return cap_sign_setup(NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	sign_place_finish(*state);
	free(*state);
	cap_sign_shutdown();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(good_both_ways),
	        cmocka_unit_test(unsigned_is_none),
	        cmocka_unit_test(command_accepts),
	        cmocka_unit_test(schema_accepts),
	        cmocka_unit_test(signs_a_message),
	        cmocka_unit_test(every_kind_of_key),
	        cmocka_unit_test(sm2_settings_count),
	        cmocka_unit_test(every_byte_counts),
	        cmocka_unit_test(other_spellings),
	        cmocka_unit_test(several_threads),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
