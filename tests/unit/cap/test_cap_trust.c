/* SPDX-License-Identifier: Apache-2.0
 * test_cap_trust - other people's signatures: RSA, ECDSA and SM2, exclusive and (when opted in)
 * inclusive C14N; who may sign for which sender and when; faults in a list. Certificates and real
 * messages: tests/e2e/test_11_signatures.py.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cap_signature.h"
#include "cap_trust.h"
#include "sign_fixture.h"
#include "when.h"

#define EXC_TRANSFORM "<ds:Transform Algorithm=\"" EXC_C14N "\"/>"

static void rsa_files(const struct sign_place *place, unsigned bits, const char *name,
        char **private_pem, char **public_pem)
{
	char private_name[32], public_name[32];

	snprintf(private_name, sizeof private_name, "%s.pem", name);
	snprintf(public_name, sizeof public_name, "%s-pub.pem", name);
	EVP_PKEY *key = EVP_RSA_gen(bits);
	*private_pem = sign_file(place, private_name);
	*public_pem = sign_file(place, public_name);
	FILE *private_file = fopen(*private_pem, "we");
	FILE *public_file = fopen(*public_pem, "we");

	assert_true(key && private_file && public_file);
	assert_int_equal(PEM_write_PrivateKey(private_file, key, NULL, NULL, 0, NULL, NULL), 1);
	assert_int_equal(PEM_write_PUBKEY(public_file, key), 1);
	fclose(private_file);
	fclose(public_file);
	EVP_PKEY_free(key);
}

/* What the document is under this key file, without and with inclusive C14N opted in. */
static void expect(const struct sign_place *place, const char *name, const char *text,
        const char *pem, enum cap_signature strict, enum cap_signature inclusive)
{
	char *lines = mem_format("warning@example.cn key %s", pem);
	char *list = sign_list(place, lines);

	for (int opted = 0; opted <= 1; opted++) {
		struct err err = {0};
		struct cap_trust *trust = cap_trust_read(list, opted == 1, &err);
		if (!trust)
			fail_msg("%s: %s", name, err.en);
		enum cap_signature got = cap_trust_verify(trust, text, strlen(text), 0, &err);
		enum cap_signature want = opted ? inclusive : strict;
		if (got != want)
			fail_msg("%s, inclusive %d: got %d, want %d (%s)", name, opted, got, want,
			        err.en);
		cap_trust_destroy(&trust);
	}
	free(list);
	free(lines);
}

static void shapes(void **state)
{
	struct sign_place *place = *state;
	char *rsa_private, *rsa_public, *mallory_private, *mallory_public;
	const enum cap_signature good = CAP_SIGNATURE_GOOD, bad = CAP_SIGNATURE_BAD;
	const enum cap_signature untrusted = CAP_SIGNATURE_UNTRUSTED,
	                         not_taken = CAP_SIGNATURE_UNSUPPORTED;

	rsa_files(place, 2048, "rsa", &rsa_private, &rsa_public);
	rsa_files(place, 2048, "mallory", &mallory_private, &mallory_public);
	const struct {
		const char *name, *c14n, *method, *transforms, *digest, *private_pem, *public_pem;
		enum cap_signature strict, inclusive;
	} cases[] = {
	        {"ecdsa exclusive", EXC_C14N, ECDSA_SHA256, ENVELOPED EXC_TRANSFORM, SHA256,
	                place->private_pem, place->public_pem, good, good},
	        {"rsa exclusive", EXC_C14N, RSA_SHA256, ENVELOPED EXC_TRANSFORM, SHA256,
	                rsa_private, rsa_public, good, good},
	        {"rsa, implied C14N", EXC_C14N, RSA_SHA256, ENVELOPED, SHA256, rsa_private,
	                rsa_public, not_taken, good},
	        {"ecdsa C14N 1.1", C14N11, ECDSA_SHA256,
	                ENVELOPED "<ds:Transform Algorithm=\"" C14N11 "\"/>", SHA256,
	                place->private_pem, place->public_pem, not_taken, good},
	        {"ecdsa C14N 1.0", C14N10, ECDSA_SHA256,
	                ENVELOPED "<ds:Transform Algorithm=\"" C14N10 "\"/>", SHA256,
	                place->private_pem, place->public_pem, not_taken, good},
	        {"rsa-sha1", EXC_C14N, "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
	                ENVELOPED EXC_TRANSFORM, SHA256, rsa_private, rsa_public, not_taken,
	                not_taken},
	        {"other key", EXC_C14N, ECDSA_SHA256, ENVELOPED EXC_TRANSFORM, SHA256,
	                place->attacker_pem, place->public_pem, bad, bad},
	        {"key of the other kind", EXC_C14N, ECDSA_SHA256, ENVELOPED EXC_TRANSFORM, SHA256,
	                place->private_pem, rsa_public, untrusted, untrusted},
	        {"attacker with a KeyValue", EXC_C14N, RSA_SHA256, ENVELOPED EXC_TRANSFORM, SHA256,
	                mallory_private, rsa_public, bad, bad},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *reference = sign_reference("", cases[i].transforms, cases[i].digest);
		char *template = sign_template(cases[i].c14n, cases[i].method, reference,
		        strstr(cases[i].method, "#rsa") ? "<ds:KeyInfo><ds:KeyValue/></ds:KeyInfo>"
		                                        : "");
		char *whole = sign_insert(sign_sample, "</alert>", true, template);
		char *text = sign_by_command(place, whole, "--privkey-pem", cases[i].private_pem);
		expect(place, cases[i].name, text, cases[i].public_pem, cases[i].strict,
		        cases[i].inclusive);
		char *edited = sign_replace(text, "红色", "蓝色");
		expect(place, cases[i].name, edited, cases[i].public_pem,
		        cases[i].strict == not_taken ? not_taken : bad,
		        cases[i].inclusive == not_taken ? not_taken : bad);
		free(edited);
		free(text);
		free(whole);
		free(template);
		free(reference);
	}
	expect(place, "unsigned", sign_sample, rsa_public, CAP_SIGNATURE_MISSING,
	        CAP_SIGNATURE_MISSING);
	free(rsa_private);
	free(rsa_public);
	free(mallory_private);
	free(mallory_public);
}

/* --- senders, dates, lists ------------------------------------------------------------------ */

static char *signed_by(const struct key *key, const struct cap_sm2 *sm2)
{
	struct buf out;

	buf_init(&out, 0);
	assert_true(signature_add(sign_sample, strlen(sign_sample), key, sm2, &out, NULL));
	return buf_take(&out);
}

static void under(const struct sign_place *place, const char *text, const char *lines,
        const char *at, enum cap_signature want, const char *word)
{
	char *list = sign_list(place, lines);
	struct err err = {0};
	struct cap_trust *trust = cap_trust_read(list, false, &err);
	int64_t now = 0;

	if (!trust)
		fail_msg("%s: %s", lines, err.en);
	assert_true(when_read_day(at, &now));
	enum cap_signature got = cap_trust_verify(trust, text, strlen(text), now, &err);
	if (got != want || !strstr(err.en, word) || !*err.zh)
		fail_msg("%s: got %s (%s), want %s, \"%s\"", lines, cap_signature_text(got), err.en,
		        cap_signature_text(want), word);
	cap_trust_destroy(&trust);
	free(list);
}

static void senders_and_dates(void **state)
{
	struct sign_place *place = *state;
	const enum cap_signature good = CAP_SIGNATURE_GOOD, untrusted = CAP_SIGNATURE_UNTRUSTED;
	char *text = signed_by(place->key, NULL);
	const struct {
		const char *lines, *at;
		enum cap_signature want;
		const char *word;
	} cases[] = {
	        {"warning@example.cn key pub.pem", "2026-11-23", good, "pub.pem"},
	        {"# ours\n\n  warning@example.cn\tkey  pub.pem\r\n", "2026-11-23", good, "pub.pem"},
	        {"other@example.cn key pub.pem", "2026-11-23", untrusted, "warning@example.cn"},
	        {"WARNING@example.cn key pub.pem", "2026-11-23", untrusted, "no key is trusted"},
	        {"warning@example.cn key pub.pem from=2026-11-24", "2026-11-23", untrusted,
	                ">= 2026-11-24T00:00:00+08:00"},
	        {"warning@example.cn key pub.pem from=2026-11-23 until=2026-11-23", "2026-11-23",
	                good, ""},
	        {"warning@example.cn key pub.pem until=2026-11-22", "2026-11-23", untrusted,
	                "< 2026-11-23T00:00:00+08:00"},
	        {"warning@example.cn key attacker-pub.pem", "2026-11-23", CAP_SIGNATURE_BAD,
	                "attacker-pub.pem"},
	        {"warning@example.cn key attacker-pub.pem\nwarning@example.cn key pub.pem",
	                "2026-11-23", good, ""},
	        {"warning@example.cn key attacker-pub.pem\nwarning@example.cn key pub.pem "
	         "until=2020-01-01",
	                "2026-11-23", CAP_SIGNATURE_BAD, "attacker-pub.pem"},
	        {"other@example.cn key pub.pem\nwarning@example.cn key attacker-pub.pem",
	                "2026-11-23", CAP_SIGNATURE_BAD, "not made with"},
	};
	char *attacker_pub = sign_file(place, "attacker-pub.pem");

	assert_true(key_write_public(place->attacker, attacker_pub, MODE_LIVE, NULL));
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		under(place, text, cases[i].lines, cases[i].at, cases[i].want, cases[i].word);
	under(place, sign_sample, cases[0].lines, "2026-11-23", CAP_SIGNATURE_MISSING, "none");
	free(attacker_pub);
	free(text);
}

/* The sender is the one in the bytes that are verified, and it must be one. */
static void whose_it_is(void **state)
{
	struct sign_place *place = *state;
	static const char *const twists[][2] = {
	        {"<sender>warning@example.cn</sender>",
	                "<sender>a@example.cn</sender><sender>warning@example.cn</sender>"},
	        {"<sender>warning@example.cn</sender>", ""},
	        {"<sender>warning@example.cn</sender>",
	                "<sender><b></b>warning@example.cn</sender>"},
	};

	for (size_t i = 0; i < 3; i++) {
		char *body = sign_replace(sign_sample, twists[i][0], twists[i][1]);
		struct buf out;
		buf_init(&out, 0);
		assert_true(signature_add(body, strlen(body), place->key, NULL, &out, NULL));
		under(place, out.data, "warning@example.cn key pub.pem", "2026-11-23",
		        CAP_SIGNATURE_BAD, "no one sender");
		buf_finish(&out);
		free(body);
	}
}

static void sm2_by_the_list(void **state)
{
	struct sign_place *place = *state;
	struct key *key = key_generate_kind(KEY_SM2);
	struct cap_sm2 agreed = {"http://a.cn/x#s", "http://a.cn/x#d", "alice", true};
	char *usual = signed_by(key, NULL), *other = signed_by(key, &agreed);
	char *pem = sign_file(place, "sm2.pem");
	static const char row[] = "warning@example.cn key sm2.pem";
	static const char settled[] =
	        "sm2 signature=http://a.cn/x#s digest=http://a.cn/x#d id=alice value=der\n"
	        "warning@example.cn key sm2.pem";

	assert_true(key_write_public(key, pem, MODE_LIVE, NULL));
	under(place, usual, row, "2026-11-23", CAP_SIGNATURE_GOOD, "");
	under(place, other, settled, "2026-11-23", CAP_SIGNATURE_GOOD, "");
	under(place, other, row, "2026-11-23", CAP_SIGNATURE_UNSUPPORTED, "http://a.cn/x#s");
	under(place, usual, settled, "2026-11-23", CAP_SIGNATURE_UNSUPPORTED, "sm2-sm3");
	free(pem);
	free(usual);
	free(other);
	key_destroy(&key);
}

static void lists_with_faults(void **state)
{
	struct sign_place *place = *state;
	static const char *const lists[][2] = {
	        {"", ":1"},
	        {"# nobody\n", "no row"},
	        {"a@b key pub.pem\na@b key nowhere.pem\n", ":2: "},
	        {"a@b key list.trust", "no public key or certificate"},
	        {"a@b key weak-pub.pem", "RSA from 2048"},
	        {"a@b pub.pem", "SENDER key|ca FILE"},
	        {"a@b key", "SENDER key|ca FILE"},
	        {"a@b trust pub.pem", "SENDER key|ca FILE"},
	        {"* key pub.pem", "only with ca"},
	        {"a@b ca pub.pem", "no certificate of an issuer"},
	        {"a@b key pub.pem from=2026-02-30", "from=2026-02-30"},
	        {"a@b key pub.pem until=", "until="},
	        {"a@b key pub.pem crl=pub.pem", "crl="},
	        {"a@b key pub.pem subject=A B", "subject=A"},
	        {"a@b key pub.pem inclusive", "inclusive"},
	        {"sm2 value=hex\na@b key pub.pem", "value=hex"},
	};
	char *weak_private, *weak_public;

	rsa_files(place, 1024, "weak", &weak_private, &weak_public);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		char *list = sign_list(place, lists[i][0]);
		struct err err = {0};
		if (cap_trust_read(list, false, &err))
			fail_msg("taken: %s", lists[i][0]);
		if (err.kind != ERR_CONFIG || !strstr(err.en, lists[i][1]) ||
		        !strstr(err.en, "list.trust"))
			fail_msg("%s: got \"%s\", want \"%s\"", lists[i][0], err.en, lists[i][1]);
		free(list);
	}
	assert_null(cap_trust_read("/nonexistent/list", false, NULL));
	struct cap_trust *none = NULL;
	cap_trust_destroy(&none);
	free(weak_private);
	free(weak_public);
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
	        cmocka_unit_test(shapes),
	        cmocka_unit_test(senders_and_dates),
	        cmocka_unit_test(whose_it_is),
	        cmocka_unit_test(sm2_by_the_list),
	        cmocka_unit_test(lists_with_faults),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
