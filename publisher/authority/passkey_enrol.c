/* SPDX-License-Identifier: Apache-2.0
 * passkey_enrol - see passkey_enrol.h. Reads as much CBOR as it takes (RFC 8949, shortest lengths
 * only): the attestation object's three members and a COSE key of P-256 (RFC 9053). Bytes past the
 * end of what is needed, and keys of any other kind, are refused.
 */
#include "passkey_enrol.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

enum { CBOR_UINT = 0, CBOR_NEGATIVE = 1, CBOR_BYTES = 2, CBOR_TEXT = 3, CBOR_MAP = 5 };
enum {
	AAGUID = 16,
	COORDINATE = 32,
	KTY = 1,
	ALG = 3,
	CRV = -1,
	X = -2,
	Y = -3,
	EC2 = 2,
	ES256 = -7,
	P256 = 1,
};

struct cbor {
	const unsigned char *at, *end;
	bool spoilt;
};

/* The head of the next item: its major type, and its value or length. */
static int64_t cbor_head(struct cbor *c, int *type)
{
	*type = -1;
	if (c->spoilt || c->at == c->end) {
		c->spoilt = true;
		return 0;
	}
	int more = *c->at & 0x1f;
	*type = *c->at++ >> 5;
	if (more < 24)
		return more;
	size_t bytes = more == 24 ? 1 : more == 25 ? 2 : 0;
	int64_t value = 0;
	if (!bytes || (size_t)(c->end - c->at) < bytes) {
		c->spoilt = true;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | *c->at++;
	c->spoilt = c->spoilt || value < (bytes == 1 ? 24 : 256);
	return value;
}

static const unsigned char *cbor_bytes(struct cbor *c, int want, size_t *len)
{
	int type;
	int64_t n = cbor_head(c, &type);

	*len = 0;
	if (c->spoilt || type != want || n > c->end - c->at) {
		c->spoilt = true;
		return NULL;
	}
	const unsigned char *bytes = c->at;
	*len = (size_t)n;
	c->at += n;
	return bytes;
}

static int64_t cbor_int(struct cbor *c)
{
	int type;
	int64_t value = cbor_head(c, &type);

	if (type != CBOR_UINT && type != CBOR_NEGATIVE)
		c->spoilt = true;
	return type == CBOR_NEGATIVE ? -1 - value : value;
}

static int64_t cbor_map(struct cbor *c)
{
	int type;
	int64_t count = cbor_head(c, &type);

	if (type != CBOR_MAP)
		c->spoilt = true;
	return c->spoilt ? 0 : count;
}

/* --- the key ---------------------------------------------------------------------------------- */

/* A SubjectPublicKeyInfo of P-256 up to its point. */
static const unsigned char spki[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce,
        0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42,
        0x00, 0x04};

/* One member of the COSE key; *seen keeps a bit for each of the five. */
static void take_member(struct cbor *c, unsigned char *point, unsigned *seen)
{
	int64_t label = cbor_int(c);
	unsigned bit = 0;
	size_t len;

	if (label == X || label == Y) {
		const unsigned char *bytes = cbor_bytes(c, CBOR_BYTES, &len);
		bit = label == X ? 1 : 2;
		if (bytes && len == COORDINATE)
			memcpy(point + (label == X ? 0 : COORDINATE), bytes, COORDINATE);
		else
			c->spoilt = true;
	} else {
		int64_t value = cbor_int(c);
		if (label == KTY && value == EC2)
			bit = 4;
		else if (label == ALG && value == ES256)
			bit = 8;
		else if (label == CRV && value == P256)
			bit = 16;
	}
	if (!bit || (*seen & bit))
		c->spoilt = true;
	*seen |= bit;
}

static struct key *take_key(struct cbor *c, struct err *err)
{
	unsigned char der[sizeof spki + 2 * COORDINATE];
	unsigned seen = 0;

	memcpy(der, spki, sizeof spki);
	if (cbor_map(c) != 5)
		c->spoilt = true;
	for (int i = 0; i < 5 && !c->spoilt; i++)
		take_member(c, der + sizeof spki, &seen);
	if (c->spoilt || c->at != c->end) {
		err_set(err, ERR_INPUT, "通行密钥的公钥不是 ES256（P-256）",
		        "the passkey's public key is not ES256 (P-256)");
		return NULL;
	}
	char *text = base64_text(der, sizeof der);
	struct key *key = key_from_base64(text, err); /* refuses a point off the curve */
	free(text);
	return key;
}

/* --- the attestation object ------------------------------------------------------------------- */

/* The value of one of the three members; *seen keeps a bit for each: none stands twice. */
static void take_part(struct cbor *c, unsigned *seen, const unsigned char **data, size_t *data_len)
{
	size_t name_len, len;
	const unsigned char *name = cbor_bytes(c, CBOR_TEXT, &name_len);
	unsigned bit = 0;

	if (name && name_len == 3 && memcmp(name, "fmt", 3) == 0) {
		const unsigned char *fmt = cbor_bytes(c, CBOR_TEXT, &len);
		bit = fmt && len == 4 && memcmp(fmt, "none", 4) == 0 ? 1 : 0;
	} else if (name && name_len == 7 && memcmp(name, "attStmt", 7) == 0) {
		bit = cbor_map(c) == 0 ? 2 : 0;
	} else if (name && name_len == 8 && memcmp(name, "authData", 8) == 0) {
		*data = cbor_bytes(c, CBOR_BYTES, data_len);
		bit = 4;
	}
	if (!bit || (*seen & bit))
		c->spoilt = true;
	*seen |= bit;
}

/* Only what attestation "none" looks like: {"fmt": "none", "attStmt": {}, "authData": bytes}. */
static const unsigned char *auth_data(
        const unsigned char *object, size_t object_len, size_t *len, struct err *err)
{
	struct cbor c = {object, object + object_len, false};
	const unsigned char *data = NULL;
	unsigned seen = 0;

	if (cbor_map(&c) != 3)
		c.spoilt = true;
	for (int i = 0; i < 3 && !c.spoilt; i++)
		take_part(&c, &seen, &data, len);
	if (!c.spoilt && data && c.at == c.end)
		return data;
	err_set(err, ERR_INPUT, "通行密钥的登记不合格式（attestation 应为 none）",
	        "the passkey's registration is not of its form (attestation must be none)");
	return NULL;
}

/* rp digest, flags, counter, then: AAGUID, length of the credential's id, the id, the key. */
static char *line_of(const unsigned char *data, size_t len, struct err *err)
{
	const size_t head = PASSKEY_DATA_LEAST + AAGUID + 2;
	unsigned flags = data[32];

	if (!(flags & PASSKEY_ATTESTED) || (flags & PASSKEY_EXTENSIONS) || len < head) {
		err_set(err, ERR_INPUT, "通行密钥的登记中没有公钥",
		        "the passkey's registration holds no key");
		return NULL;
	}
	size_t id_len = (size_t)data[head - 2] << 8 | data[head - 1];
	if (id_len == 0 || id_len > 1023 || len - head < id_len) {
		err_set(err, ERR_INPUT, "通行密钥的凭据标识长度不对",
		        "the length of the passkey's credential is wrong");
		return NULL;
	}
	struct cbor c = {data + head + id_len, data + len, false};
	struct key *key = take_key(&c, err);
	if (!key)
		return NULL;
	char *credential = base64url_text(data + head, id_len);
	char *line = passkey_line(credential, key);
	free(credential);
	key_destroy(&key);
	return line;
}

char *passkey_enrol_challenge(const char *officer, int64_t time)
{
	char digest[DIGEST_HEX];
	char moment[WHEN_TEXT];

	when_text(time, moment);
	char *text = mem_format("tocsin-passkey 1\nofficer %s\ntime %s\n", officer, moment);
	digest_sha256(text, strlen(text), digest);
	free(text);
	return base64url_text(digest, strlen(digest));
}

char *passkey_enrol(const struct passkey_house *house, const char *challenge, const char *client,
        size_t client_len, const unsigned char *object, size_t object_len, struct err *err)
{
	size_t len = 0;

	if (!passkeys_allowed(house, err) ||
	        !passkey_client_data(house, client, client_len, "webauthn.create", challenge, err))
		return NULL;
	const unsigned char *data = auth_data(object, object_len, &len, err);
	return data && passkey_data_fits(house, data, len, err) ? line_of(data, len, err) : NULL;
}
