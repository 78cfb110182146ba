/* SPDX-License-Identifier: Apache-2.0
 * passkey - see passkey.h. The rules are those of WebAuthn Level 2, 7.2, as far as they are ours:
 * what cannot be read in one way only is refused.
 */
#include "passkey.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char word[] = "passkey:";

enum {
	WORD = sizeof word - 1,
	FLAGS_AT = DIGEST_BYTES,
	PRESENT = 0x01,
	VERIFIED = 0x04,
	MAY_BACK_UP = 0x08,
	BACKED_UP = 0x10,
	CREDENTIAL_MOST = 1364, /* 1023 bytes */
	PART_MOST = 8192,
};

/* --- texts ------------------------------------------------------------------------------------ */

bool passkey_is_signature(const char *signature)
{
	return signature && strncmp(signature, word, WORD) == 0;
}

bool passkey_is_line(const char *line)
{
	return strncmp(line, word, WORD) == 0;
}

void passkey_finish(struct passkey *passkey)
{
	free(passkey->credential);
	key_destroy(&passkey->key);
	*passkey = (struct passkey){0};
}

bool passkey_read(struct passkey *passkey, const char *line, struct err *err)
{
	const char *colon = passkey_is_line(line) ? strchr(line + WORD, ':') : NULL;
	size_t len = 0;

	*passkey = (struct passkey){0};
	if (!colon)
		return err_set(
		        err, ERR_INPUT, "应为 passkey:凭据:公钥", "must be passkey:CREDENTIAL:KEY");
	passkey->credential = mem_text_n(line + WORD, (size_t)(colon - line) - WORD);
	unsigned char *id = base64url_bytes(passkey->credential, &len);
	bool ok = id && len && strlen(passkey->credential) <= CREDENTIAL_MOST;
	free(id);
	if (!ok)
		err_set(err, ERR_INPUT, "凭据标识不是 base64url", "the credential is no base64url");
	passkey->key = ok ? key_from_base64(colon + 1, err) : NULL;
	if (passkey->key)
		return true;
	passkey_finish(passkey);
	return false;
}

char *passkey_line(const char *credential, const struct key *key)
{
	char *text = key_base64(key);
	char *line = mem_format("%s%s:%s", word, credential, text);

	free(text);
	return line;
}

static void sha256(const void *bytes, size_t len, unsigned char out[DIGEST_BYTES])
{
	char hex[DIGEST_HEX];

	digest_sha256(bytes, len, hex);
	digest_pack(hex, out);
}

char *passkey_challenge(const struct proof *proof)
{
	unsigned char digest[DIGEST_BYTES];
	struct buf text;

	buf_init(&text, 0);
	proof_text(proof, &text);
	sha256(text.data, text.len, digest);
	buf_finish(&text);
	return base64url_text(digest, sizeof digest);
}

bool passkeys_allowed(const struct passkey_house *house, struct err *err)
{
	return house->rp || err_set(err, ERR_CONFLICT, "授权规则未启用通行密钥（passkeys）",
	                            "the policy has no passkeys");
}

/* --- what the page said ----------------------------------------------------------------------- */

static bool client_data_fits(const struct passkey_house *house, const json_t *json,
        const char *type, const char *challenge, struct err *err)
{
	const char *its_type = json_string_value(json_object_get(json, "type"));
	const char *its_challenge = json_string_value(json_object_get(json, "challenge"));
	const char *origin = json_string_value(json_object_get(json, "origin"));
	const json_t *crossed = json_object_get(json, "crossOrigin");

	if (!its_type || strcmp(its_type, type) != 0)
		return err_set(err, ERR_IDENTITY, "通行密钥的操作类型应为 %s",
		        "the passkey's type must be %s", type);
	if (!its_challenge || strcmp(its_challenge, challenge) != 0)
		return err_set(err, ERR_IDENTITY, "通行密钥所签的不是这一内容（challenge 不同）",
		        "the passkey signed something else (its challenge differs)");
	if (!origin || !texts_have(&house->origins, origin))
		return err_set(err, ERR_IDENTITY, "通行密钥来自未获准的网页 %s",
		        "the passkey was used on a page that may not ask: %s",
		        origin ? origin : "-");
	return ((!crossed || json_is_false(crossed)) && !json_object_get(json, "topOrigin")) ||
	       err_set(err, ERR_IDENTITY, "通行密钥在他人网页的框架内使用",
	               "the passkey was used inside another page's frame");
}

bool passkey_client_data(const struct passkey_house *house, const char *bytes, size_t len,
        const char *type, const char *challenge, struct err *err)
{
	json_t *json = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
	bool ok = json_is_object(json) ||
	          err_set(err, ERR_IDENTITY, "通行密钥的 clientDataJSON 不是明确的 JSON",
	                  "the passkey's clientDataJSON cannot be read in one way only");

	ok = ok && client_data_fits(house, json, type, challenge, err);
	json_decref(json);
	return ok;
}

/* --- what the authenticator said -------------------------------------------------------------- */

bool passkey_data_fits(
        const struct passkey_house *house, const unsigned char *data, size_t len, struct err *err)
{
	unsigned char rp[DIGEST_BYTES];

	if (len < PASSKEY_DATA_LEAST)
		return err_set(err, ERR_IDENTITY, "通行密钥的 authenticatorData 过短",
		        "the passkey's authenticatorData is too short");
	sha256(house->rp, strlen(house->rp), rp);
	if (memcmp(rp, data, DIGEST_BYTES) != 0)
		return err_set(err, ERR_IDENTITY, "通行密钥属于另一网站，而非 %s",
		        "the passkey is for another site than %s", house->rp);
	if (!(data[FLAGS_AT] & PRESENT) || !(data[FLAGS_AT] & VERIFIED))
		return err_set(err, ERR_IDENTITY, "通行密钥没有核验本人（须指纹、面容或密码）",
		        "the passkey did not verify its owner (finger, face or PIN)");
	return (data[FLAGS_AT] & MAY_BACK_UP) || !(data[FLAGS_AT] & BACKED_UP) ||
	       err_set(err, ERR_IDENTITY, "通行密钥的标志自相矛盾",
	               "the passkey's flags contradict each other");
}

static bool assertion_fits(
        const struct passkey_house *house, const unsigned char *data, size_t len, struct err *err)
{
	if (!passkey_data_fits(house, data, len, err))
		return false;
	bool more = data[FLAGS_AT] & PASSKEY_EXTENSIONS;
	return (!(data[FLAGS_AT] & PASSKEY_ATTESTED) && (more || len == PASSKEY_DATA_LEAST)) ||
	       err_set(err, ERR_IDENTITY, "通行密钥的 authenticatorData 不是一次签署",
	               "the passkey's authenticatorData is not that of an assertion");
}

/* --- a proof ---------------------------------------------------------------------------------- */

struct assertion {
	unsigned char *data, *client; /* authenticatorData, clientDataJSON */
	size_t data_len, client_len;
	char *signature; /* base64, as it stands */
};

static void assertion_finish(struct assertion *a)
{
	free(a->data);
	free(a->client);
	free(a->signature);
}

/* The part up to a dot (or the end), as bytes; *at moves behind it. */
static unsigned char *next_part(const char **at, size_t *len)
{
	size_t n = strcspn(*at, ".");
	char *part = n && n <= PART_MOST ? mem_text_n(*at, n) : NULL;
	unsigned char *bytes = part ? base64_bytes(part, len) : NULL;

	*at += n;
	*at += **at == '.';
	free(part);
	return bytes;
}

static bool assertion_read(struct assertion *a, const char *text, struct err *err)
{
	const char *at = passkey_is_signature(text) ? text + WORD : "";

	*a = (struct assertion){0};
	a->data = next_part(&at, &a->data_len);
	a->client = a->data ? next_part(&at, &a->client_len) : NULL;
	a->signature = mem_text(at);
	if (a->client && *at && !strchr(at, '.'))
		return true;
	assertion_finish(a);
	return err_set(err, ERR_IDENTITY,
	        "通行密钥凭证应为 passkey:authenticatorData.clientDataJSON.签名（base64）",
	        "a passkey's proof is passkey:AUTHENTICATORDATA.CLIENTDATAJSON.SIGNATURE in "
	        "base64");
}

/* ES256 over the authenticator data with the digest of the client data behind it. */
static bool signed_by(const struct assertion *a, const struct key *key)
{
	unsigned char digest[DIGEST_BYTES];
	struct buf bytes;

	sha256(a->client, a->client_len, digest);
	buf_init(&bytes, 0);
	buf_add(&bytes, a->data, a->data_len);
	buf_add(&bytes, digest, sizeof digest);
	bool ok = key_verify(key, bytes.data, bytes.len, a->signature);
	buf_finish(&bytes);
	return ok;
}

bool passkey_answers(const struct passkey_house *house, const struct passkey *passkey,
        const char *challenge, const char *signature, struct err *err)
{
	struct assertion a;

	if (!passkeys_allowed(house, err) || !assertion_read(&a, signature, err))
		return false;
	bool ok = passkey_client_data(house, (const char *)a.client, a.client_len, "webauthn.get",
	                  challenge, err) &&
	          assertion_fits(house, a.data, a.data_len, err) &&
	          (signed_by(&a, passkey->key) ||
	                  err_set(err, ERR_IDENTITY, "通行密钥的签名不是用登记的公钥所作",
	                          "the passkey's signature is not by the key that was enrolled"));
	assertion_finish(&a);
	return ok;
}

bool passkey_holds(const struct passkey_house *house, const struct passkey *passkey,
        const struct proof *proof, struct err *err)
{
	char *challenge = passkey_challenge(proof);
	bool ok = passkey_answers(house, passkey, challenge, proof->signature, err);

	free(challenge);
	return ok;
}
