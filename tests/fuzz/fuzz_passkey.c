/* SPDX-License-Identifier: Apache-2.0
 * fuzz_passkey - any bytes as what a browser hands over of a passkey. The first byte says as what:
 * c clientDataJSON, o attestation object (CBOR), s a proof's signature, l a line of the policy.
 * What is taken reads back; what is refused comes with a sentence; and no signature holds, as the
 * key is made anew each time and nobody signed with it.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "passkey_enrol.h"
#include "utf8.h"

static const char rp[] = "localhost";
static const char origin[] = "http://localhost:8080";
static const char challenge[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static void said(const struct err *err)
{
	must(err->kind != ERR_NONE && *err->en && *err->zh);
	must(utf8_valid(err->en, strlen(err->en), NULL));
	must(utf8_valid(err->zh, strlen(err->zh), NULL));
}

static const struct passkey_house *the_house(void)
{
	static struct passkey_house house;

	if (!house.rp) {
		house.rp = mem_text(rp);
		texts_add(&house.origins, origin);
	}
	return &house;
}

static const struct passkey *the_passkey(void)
{
	static struct passkey passkey;

	if (!passkey.key) {
		passkey.credential = mem_text("AAAA");
		passkey.key = key_generate();
	}
	return &passkey;
}

static void client_data(const char *bytes, size_t len)
{
	struct err err = {0};

	if (!passkey_client_data(the_house(), bytes, len, "webauthn.get", challenge, &err)) {
		said(&err);
		return;
	}
	/* Whoever reads it in another way, the last of two members say, finds the same. */
	json_t *json = json_loadb(bytes, len, 0, NULL);
	const char *text = json_string_value(json_object_get(json, "challenge"));
	must(text && strcmp(text, challenge) == 0);
	text = json_string_value(json_object_get(json, "origin"));
	must(text && strcmp(text, origin) == 0);
	json_decref(json);
}

static void line(const char *text)
{
	struct passkey passkey;
	struct passkey again;
	struct err err = {0};

	if (!passkey_read(&passkey, text, &err)) {
		said(&err);
		return;
	}
	char *back = passkey_line(passkey.credential, passkey.key);
	must(passkey_read(&again, back, &err));
	must(strcmp(again.credential, passkey.credential) == 0);
	free(back);
	passkey_finish(&again);
	passkey_finish(&passkey);
}

static void object(const uint8_t *bytes, size_t len)
{
	char *client = mem_format("{\"type\":\"webauthn.create\",\"challenge\":\"%s\",\"origin\":"
	                          "\"%s\"}",
	        challenge, origin);
	struct err err = {0};
	char *made =
	        passkey_enrol(the_house(), challenge, client, strlen(client), bytes, len, &err);

	free(client);
	if (made)
		line(made);
	else
		said(&err);
	free(made);
}

static void signature(char *text)
{
	char officer[] = "li";
	struct proof proof = {.act = ACT_SIGN, .officer = officer, .signature = text};
	struct err err = {0};

	if (!passkey_is_signature(text))
		return;
	digest_sha256("", 0, proof.manifest);
	must(!passkey_holds(the_house(), the_passkey(), &proof, &err));
	said(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return 0;
	char *rest = mem_text_n(bytes + 1, len - 1);

	switch (*bytes) {
	case 'c':
		client_data(rest, len - 1);
		break;
	case 'o':
		object(bytes + 1, len - 1);
		break;
	case 's':
		signature(rest);
		break;
	case 'l':
		line(rest);
		break;
	default:
		break;
	}
	free(rest);
	return 0;
}
