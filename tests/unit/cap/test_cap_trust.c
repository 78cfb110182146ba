/* SPDX-License-Identifier: Apache-2.0
 * test_cap_trust - upstream producers' signatures: RSA and ECDSA, exclusive and (when opted in)
 * inclusive C14N; the shapes producers really use; and their real messages, when the shared corpus
 * is there.
 */
#include <glob.h>
#include <libxml/parser.h>
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
#include "sign_fixture.h"

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
static void expect(const char *name, const char *text, const char *pem, enum cap_signature strict,
        enum cap_signature inclusive)
{
	for (int opted = 0; opted <= 1; opted++) {
		struct err err = {0};
		struct cap_trust *trust = cap_trust_read(pem, opted == 1, &err);
		if (!trust)
			fail_msg("%s: %s", name, err.en);
		enum cap_signature got = cap_verify_upstream(text, strlen(text), trust, &err);
		enum cap_signature want = opted ? inclusive : strict;
		if (got != want)
			fail_msg("%s, inclusive %d: got %d, want %d (%s)", name, opted, got, want,
			        err.en);
		cap_trust_destroy(&trust);
	}
}

static void shapes(void **state)
{
	struct sign_place *place = *state;
	char *rsa_private, *rsa_public, *mallory_private, *mallory_public;
	const enum cap_signature good = CAP_SIGNATURE_GOOD, bad = CAP_SIGNATURE_BAD;

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
	                rsa_public, bad, good},
	        {"ecdsa C14N 1.1", C14N11, ECDSA_SHA256,
	                ENVELOPED "<ds:Transform Algorithm=\"" C14N11 "\"/>", SHA256,
	                place->private_pem, place->public_pem, bad, good},
	        {"ecdsa C14N 1.0", C14N10, ECDSA_SHA256,
	                ENVELOPED "<ds:Transform Algorithm=\"" C14N10 "\"/>", SHA256,
	                place->private_pem, place->public_pem, bad, good},
	        {"rsa-sha1", EXC_C14N, "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
	                ENVELOPED EXC_TRANSFORM, SHA256, rsa_private, rsa_public, bad, bad},
	        {"other key", EXC_C14N, ECDSA_SHA256, ENVELOPED EXC_TRANSFORM, SHA256,
	                place->attacker_pem, place->public_pem, bad, bad},
	        {"key of the other kind", EXC_C14N, ECDSA_SHA256, ENVELOPED EXC_TRANSFORM, SHA256,
	                place->private_pem, rsa_public, bad, bad},
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
		expect(cases[i].name, text, cases[i].public_pem, cases[i].strict,
		        cases[i].inclusive);
		char *edited = sign_replace(text, "红色", "蓝色");
		expect(cases[i].name, edited, cases[i].public_pem, bad, bad);
		free(edited);
		free(text);
		free(whole);
		free(template);
		free(reference);
	}
	expect("unsigned", sign_sample, rsa_public, CAP_SIGNATURE_NONE, CAP_SIGNATURE_NONE);
	free(rsa_private);
	free(rsa_public);
	free(mallory_private);
	free(mallory_public);
}

static void files(void **state)
{
	struct sign_place *place = *state;
	char *weak_private, *weak_public;
	struct err err = {0};

	rsa_files(place, 1024, "weak", &weak_private, &weak_public);
	assert_null(cap_trust_read(weak_public, false, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_null(cap_trust_read("/nonexistent/key.pem", false, &err));
	sign_put(weak_public, "hello", 5);
	assert_null(cap_trust_read(weak_public, false, &err));
	struct cap_trust *none = NULL;
	cap_trust_destroy(&none);
	free(weak_private);
	free(weak_public);
}

/* The certificate in the message itself as a PEM file: for these tests only, never a reason to
 * believe it. */
static bool certificate_of(const char *text, const char *path)
{
	const char *from = strstr(text, "X509Certificate>");
	const char *to = from ? strstr(from, "</") : NULL;
	struct buf pem;
	int column = 0;

	if (!to)
		return false;
	buf_init(&pem, 0);
	buf_text(&pem, "-----BEGIN CERTIFICATE-----\n");
	for (const char *p = from + strlen("X509Certificate>"); p < to; p++) {
		if (strncmp(p, "-----", 5) == 0) {
			const char *end = strstr(p + 5, "-----");
			p = end ? end + 4 : p;
		} else if (!strchr(" \t\r\n", *p)) {
			buf_char(&pem, *p);
			if (++column % 64 == 0)
				buf_char(&pem, '\n');
		}
	}
	buf_text(&pem, "\n-----END CERTIFICATE-----\n");
	sign_put(path, pem.data, pem.len);
	buf_finish(&pem);
	return true;
}

/* What some producers signed before they laid it out for the page: no stylesheet, no blank texts.
 */
static char *as_signed(const char *text)
{
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL,
	        XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlChar *out = NULL;
	int len = 0;

	assert_non_null(doc);
	for (xmlNodePtr n = doc->children, next; n; n = next) {
		next = n->next;
		if (n->type == XML_PI_NODE) {
			xmlUnlinkNode(n);
			xmlFreeNode(n);
		}
	}
	xmlDocDumpMemoryEnc(doc, &out, &len, "UTF-8");
	char *copy = mem_text_n(out, (size_t)len);
	xmlFree(out);
	xmlFreeDoc(doc);
	return copy;
}

static enum cap_signature verdict(const char *text, const char *pem)
{
	struct cap_trust *trust = cap_trust_read(pem, true, NULL);
	enum cap_signature got =
	        trust ? cap_verify_upstream(text, strlen(text), trust, NULL) : CAP_SIGNATURE_BAD;

	cap_trust_destroy(&trust);
	return got;
}

/* GOOD exactly where the xmlsec1 command agrees and no SHA-1 takes part; returns whether it was
 * GOOD. */
static bool corpus_text(
        const struct sign_place *place, const char *path, const char *text, const char *pem)
{
	bool command = sign_command_accepts(place, text, "--pubkey-cert-pem", pem);
	enum cap_signature want = command && !strstr(text, "xmldsig#rsa-sha1") ? CAP_SIGNATURE_GOOD
	                                                                       : CAP_SIGNATURE_BAD;
	enum cap_signature got = verdict(text, pem);

	if (got != want)
		fail_msg("%s: got %d, want %d", path, got, want);
	return got == CAP_SIGNATURE_GOOD;
}

static void corpus(void **state)
{
	struct sign_place *place = *state;
	const char *shared = getenv("TOCSIN_SHARED");
	char *pattern = mem_format("%s/corpus/signed/*/*", shared ? shared : "");
	char *pem = sign_file(place, "cert.pem");
	glob_t found;
	int good = 0, looked = 0;

	if (!shared || glob(pattern, 0, NULL, &found) != 0) {
		print_message("SKIPPED: no signed corpus at %s\n", pattern);
		free(pattern);
		free(pem);
		skip();
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		size_t len;
		char *text = sign_get(found.gl_pathv[i], &len);
		if (strlen(text) == len && certificate_of(text, pem)) {
			char *stripped = as_signed(text);
			bool a = corpus_text(place, found.gl_pathv[i], text, pem);
			bool b = corpus_text(place, found.gl_pathv[i], stripped, pem);
			if (a && (strstr(found.gl_pathv[i], "invalid_") ||
			                 strstr(found.gl_pathv[i], "incorrect_")))
				fail_msg("%s: got GOOD, want BAD", found.gl_pathv[i]);
			good += a || b;
			looked++;
			free(stripped);
		}
		free(text);
	}
	print_message("corpus: %d signed messages, %d good\n", looked, good);
	assert_true(good > 0);
	globfree(&found);
	free(pattern);
	free(pem);
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
	        cmocka_unit_test(files),
	        cmocka_unit_test(corpus),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
