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
	if (!signature_add(sign_sample, strlen(sign_sample), place->key, &out, &err))
		fail_msg("signing: %s", err.en);
	return buf_take(&out);
}

static void good_both_ways(void **state)
{
	struct sign_place *place = *state;
	char *text = signed_sample(place);
	struct err err = {0};

	assert_int_equal(cap_verify(text, strlen(text), place->key, &err), CAP_SIGNATURE_GOOD);
	assert_int_equal(
	        cap_verify_plain(text, strlen(text), place->key, &err), CAP_SIGNATURE_GOOD);
	assert_int_equal(cap_verify(text, strlen(text), place->attacker, &err), CAP_SIGNATURE_BAD);
	assert_int_equal(
	        cap_verify_plain(text, strlen(text), place->attacker, &err), CAP_SIGNATURE_BAD);
	assert_true(strlen(err.zh) > 0 && strlen(err.en) > 0);
	free(text);
}

static void unsigned_is_none(void **state)
{
	struct sign_place *place = *state;

	assert_int_equal(
	        cap_verify(sign_sample, strlen(sign_sample), place->key, NULL), CAP_SIGNATURE_NONE);
	assert_int_equal(cap_verify("<", 1, place->key, NULL), CAP_SIGNATURE_BAD);
	assert_int_equal(cap_verify("", 0, place->key, NULL), CAP_SIGNATURE_BAD);
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
	if (!cap_sign(alert, place->key, &out, &err))
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
		if (cap_verify(text, len, place->key, NULL) == CAP_SIGNATURE_GOOD)
			fail_msg("byte %zu: got GOOD after %02x became %02x, want BAD", i, was,
			        text[i]);
		text[i] = (char)(was ^ 4);
		if (cap_verify_plain(text, len, place->key, NULL) == CAP_SIGNATURE_GOOD)
			fail_msg("byte %zu (plain): got GOOD, want BAD", i);
		text[i] = was;
	}
	assert_int_equal(cap_verify(text, len, place->key, NULL), CAP_SIGNATURE_GOOD);
	assert_int_not_equal(cap_verify(text, len - 1, place->key, NULL), CAP_SIGNATURE_GOOD);
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
		if (cap_verify(other, strlen(other), place->key, NULL) != CAP_SIGNATURE_BAD)
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
		if (signature_add(
		            sign_sample, strlen(sign_sample), worker->place->key, &out, NULL) &&
		        cap_verify(out.data, out.len, worker->place->key, NULL) ==
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
	        cmocka_unit_test(every_byte_counts),
	        cmocka_unit_test(other_spellings),
	        cmocka_unit_test(several_threads),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
