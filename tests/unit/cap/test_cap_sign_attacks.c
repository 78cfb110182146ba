/* SPDX-License-Identifier: Apache-2.0
 * test_cap_sign_attacks - documents made to be believed. Where the attack leaves the XML Signature
 * itself in order (the xmlsec1 command says OK), cap_verify must still refuse.
 */
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

#define EXC_TRANSFORM "<ds:Transform Algorithm=\"" EXC_C14N "\"/>"
#define XPATH_TRANSFORM                                                                            \
	"<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath "      \
	"xmlns:cap=\"urn:oasis:names:tc:emergency:cap:1.2\">not(ancestor-or-self::cap:info)</"     \
	"ds:XPath>"                                                                                \
	"</ds:Transform>"

static char *signed_sample(const struct sign_place *place)
{
	struct buf out;

	buf_init(&out, 0);
	assert_true(signature_add(sign_sample, strlen(sign_sample), place->key, NULL, &out, NULL));
	return buf_take(&out);
}

/* Refused both as our own form and, with this key trusted for the sender, as another's: with a
 * reason that has this word in it. */
static void refused(const struct sign_place *place, const char *name, const char *text,
        enum cap_signature want, const char *word)
{
	char *lines = mem_format("warning@example.cn key %s\n", place->public_pem);
	char *list = sign_list(place, lines);
	struct err err = {0};
	struct cap_trust *trust = cap_trust_read(list, false, &err);

	if (!trust)
		fail_msg("%s", err.en);
	enum cap_signature own = cap_verify(text, strlen(text), place->key, NULL, &err);
	if (own == CAP_SIGNATURE_GOOD || !err.zh[0] || !err.en[0])
		fail_msg("%s: good as our own, or no sentence", name);
	err = (struct err){0};
	enum cap_signature got = cap_trust_verify(trust, text, strlen(text), 0, &err);
	if (got != want || !strstr(err.en, word) || !err.zh[0])
		fail_msg("%s: got %s (%s), want %s, \"%s\"", name, cap_signature_text(got), err.en,
		        cap_signature_text(want), word);
	cap_trust_destroy(&trust);
	free(list);
	free(lines);
}

/* A document signed by the command with `key`, from these parts. */
static char *made(const struct sign_place *place, const char *document, const char *method,
        const char *references, const char *key_info, const char *keyopt, const char *key)
{
	char *template = sign_template(EXC_C14N, method, references, key_info);
	char *whole = sign_insert(document, "</alert>", true, template);
	char *text = sign_by_command(place, whole, keyopt, key);

	free(template);
	free(whole);
	return text;
}

/* With a KeyValue of the attacker's own: test_cap_trust.c, on RSA, where the command can write one.
 */
static void attacker_signs_again(void **state)
{
	struct sign_place *place = *state;
	char *reference = sign_reference("", ENVELOPED EXC_TRANSFORM, SHA256);
	char id[17];

	key_id(place->key, id);
	char *name = mem_format("<ds:KeyInfo><ds:KeyName>%s</ds:KeyName></ds:KeyInfo>", id);
	char *text = made(place, sign_sample, ECDSA_SHA256, reference, name, "--privkey-pem",
	        place->attacker_pem);
	refused(place, "another's KeyName", text, CAP_SIGNATURE_BAD, "not made with the key");
	free(text);
	free(name);
	free(reference);

	struct buf out;
	buf_init(&out, 0);
	assert_true(
	        signature_add(sign_sample, strlen(sign_sample), place->attacker, NULL, &out, NULL));
	refused(place, "attacker in our form", out.data, CAP_SIGNATURE_BAD,
	        "not made with the key");
	buf_finish(&out);
}

static void xpath_leaves_info_out(void **state)
{
	struct sign_place *place = *state;
	char *reference = sign_reference("", ENVELOPED XPATH_TRANSFORM EXC_TRANSFORM, SHA256);
	char *text = made(place, sign_sample, ECDSA_SHA256, reference, "", "--privkey-pem",
	        place->private_pem);
	char *edited = sign_replace(text, "红色", "蓝色");

	assert_true(sign_command_accepts(place, edited, "--pubkey-pem", place->public_pem));
	refused(place, "XPath", edited, CAP_SIGNATURE_UNSUPPORTED, "REC-xpath");
	free(edited);
	free(text);
	free(reference);
}

static void changed_and_moved(void **state)
{
	struct sign_place *place = *state;
	char *text = signed_sample(place);
	char *from = strstr(text, "  <ds:Signature");
	char *signature = mem_text_n(from, (size_t)(strstr(from, "</alert>") - from));
	char *bare = sign_replace(text, signature, "");
	const struct {
		char *text;
		const char *word;
	} cases[] = {
	        {sign_insert(text, "</sender>", false, "<!-- x -->"), "text of: sender"},
	        {sign_insert(text, "</identifier>", false, "<!-- x -->"), "text of: identifier"},
	        {sign_insert(text, "</sender>", false, "<?x y?>"), ""},
	        {sign_replace(text, "红色", "蓝色"), "was changed after"},
	        {sign_replace(text, "</status>", " </status>"), "was changed after"},
	        {sign_insert(text, "</alert>", true, signature), "more than one Signature"},
	        {sign_insert(bare, "  <info>", false, signature), "not the last child"},
	        {sign_insert(bare, "    <area>", false, signature),
	                "not under the root but in: info"},
	        {sign_insert(text, "    <area>", false, signature),
	                "not under the root but in: info"},
	        {sign_insert(text, "</alert>", true, "  <note>x</note>\n"), "not the last child"},
	        {sign_insert(text, "<ds:KeyInfo>", false, "<ds:Object>x</ds:Object>"), "KeyInfo"},
	        {sign_insert(text, "</ds:Signature>", false, "<ds:Object>x</ds:Object>"), "Object"},
	        {sign_insert(text, "<info>", false,
	                 "<ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>"),
	                "outside the Signature: KeyInfo"},
	        {sign_insert(text, "<alert ", false, "<!DOCTYPE alert>\n"), "DOCTYPE"},
	        {sign_replace(text, "warning@example.cn", "other@example.cn"), "was changed after"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char name[32];
		snprintf(name, sizeof name, "case %zu", i);
		refused(place, name, cases[i].text, CAP_SIGNATURE_BAD, cases[i].word);
		free(cases[i].text);
	}
	free(bare);
	free(signature);
	free(text);
}

static void wrapped(void **state)
{
	struct sign_place *place = *state;
	char *text = signed_sample(place);
	const char *body = strchr(text, '\n') + 1;
	char *other_root =
	        mem_format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<x>%s</x>\n", body);
	char *same_root =
	        mem_format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	                   "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n%s</alert>\n",
	                body);

	refused(place, "wrapped in x", other_root, CAP_SIGNATURE_BAD,
	        "not under the root but in: alert");
	refused(place, "wrapped in alert", same_root, CAP_SIGNATURE_BAD,
	        "not under the root but in: alert");
	free(other_root);
	free(same_root);
	free(text);
}

static void refers_elsewhere(void **state)
{
	struct sign_place *place = *state;
	char *named = sign_replace(sign_sample, "<alert ", "<alert Id=\"a\" ");
	char *by_id = sign_reference("#a", ENVELOPED EXC_TRANSFORM, SHA256);
	char *whole = sign_reference("", ENVELOPED EXC_TRANSFORM, SHA256);
	char *both = mem_format("%s%s", whole, whole);
	char *text =
	        made(place, named, ECDSA_SHA256, by_id, "", "--privkey-pem", place->private_pem);

	assert_true(sign_command_accepts(place, text, "--pubkey-pem", place->public_pem));
	refused(place, "#id", text, CAP_SIGNATURE_UNSUPPORTED, "#a");
	free(text);
	text = made(
	        place, sign_sample, ECDSA_SHA256, both, "", "--privkey-pem", place->private_pem);
	assert_true(sign_command_accepts(place, text, "--pubkey-pem", place->public_pem));
	refused(place, "two References", text, CAP_SIGNATURE_BAD, "Reference");
	free(text);
	free(both);
	free(whole);
	free(by_id);
	free(named);
}

static void weak_algorithms(void **state)
{
	struct sign_place *place = *state;
	char *sha256 = sign_reference("", ENVELOPED EXC_TRANSFORM, SHA256);
	char *sha1 = sign_reference(
	        "", ENVELOPED EXC_TRANSFORM, "http://www.w3.org/2000/09/xmldsig#sha1");
	char *c14n10 =
	        sign_reference("", ENVELOPED "<ds:Transform Algorithm=\"" C14N10 "\"/>", SHA256);
	char *implied = sign_reference("", ENVELOPED, SHA256);
	const struct {
		const char *name, *method, *reference, *keyopt, *key, *word;
	} cases[] = {
	        {"HMAC with the public key", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
	                sha256, "--hmackey", place->public_pem, "hmac-sha256"},
	        {"ECDSA-SHA1", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", sha256,
	                "--privkey-pem", place->private_pem, "ecdsa-sha1"},
	        {"digest SHA-1", ECDSA_SHA256, sha1, "--privkey-pem", place->private_pem, "#sha1"},
	        {"inclusive C14N", ECDSA_SHA256, c14n10, "--privkey-pem", place->private_pem,
	                "opted in"},
	        {"implied C14N", ECDSA_SHA256, implied, "--privkey-pem", place->private_pem,
	                "opted in"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = made(place, sign_sample, cases[i].method, cases[i].reference, "",
		        cases[i].keyopt, cases[i].key);
		refused(place, cases[i].name, text, CAP_SIGNATURE_UNSUPPORTED, cases[i].word);
		free(text);
	}
	free(implied);
	free(c14n10);
	free(sha1);
	free(sha256);
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
	        cmocka_unit_test(attacker_signs_again),
	        cmocka_unit_test(xpath_leaves_info_out),
	        cmocka_unit_test(changed_and_moved),
	        cmocka_unit_test(wrapped),
	        cmocka_unit_test(refers_elsewhere),
	        cmocka_unit_test(weak_algorithms),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
