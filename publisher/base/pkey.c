/* SPDX-License-Identifier: Apache-2.0
 * pkey - see pkey.h. What libcrypto has to say about a failure is dropped: the callers word it.
 */
#include "pkey.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { RSA_LEAST_BITS = 2048, RSA_MOST_BITS = 8192 };

const char pkey_sm2_id[] = "1234567812345678";

static enum key_kind kind_by_curve(const EVP_PKEY *pkey)
{
	char group[32] = "";
	size_t len = 0;

	if (EVP_PKEY_get_group_name(pkey, group, sizeof group, &len) != 1)
		return KEY_NONE;
	if (strcmp(group, "prime256v1") == 0)
		return KEY_P256;
	return strcmp(group, "secp384r1") == 0 || strcmp(group, "secp521r1") == 0 ? KEY_EC
	                                                                          : KEY_NONE;
}

enum key_kind pkey_kind(const EVP_PKEY *pkey)
{
	if (!pkey)
		return KEY_NONE;
	if (EVP_PKEY_is_a(pkey, "SM2"))
		return KEY_SM2;
	if (EVP_PKEY_is_a(pkey, "EC"))
		return kind_by_curve(pkey);
	int bits = EVP_PKEY_is_a(pkey, "RSA") ? EVP_PKEY_get_bits(pkey) : 0;
	return bits >= RSA_LEAST_BITS && bits <= RSA_MOST_BITS ? KEY_RSA : KEY_NONE;
}

/* Ready for its one digest; NULL: no. */
static EVP_MD_CTX *begin(EVP_PKEY *pkey, const char *sm2_id, bool sign)
{
	bool sm2 = EVP_PKEY_is_a(pkey, "SM2");
	const EVP_MD *md = sm2 ? EVP_sm3() : EVP_sha256();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *settings = NULL; /* the digest context's own */

	if (!ctx)
		abort();
	bool ok = sign ? EVP_DigestSignInit(ctx, &settings, md, NULL, pkey) == 1
	               : EVP_DigestVerifyInit(ctx, &settings, md, NULL, pkey) == 1;
	if (ok && sm2)
		ok = EVP_PKEY_CTX_set1_id(settings, sm2_id, (int)strlen(sm2_id)) > 0;
	if (ok)
		return ctx;
	EVP_MD_CTX_free(ctx);
	return NULL;
}

unsigned char *pkey_sign(
        EVP_PKEY *pkey, const char *sm2_id, const void *bytes, size_t len, size_t *size)
{
	EVP_MD_CTX *ctx = begin(pkey, sm2_id, true);
	unsigned char signature[RSA_MOST_BITS / 8];

	*size = sizeof signature;
	bool done = ctx && EVP_DigestSign(ctx, signature, size, bytes, len) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return done ? (unsigned char *)mem_text_n(signature, *size) : NULL;
}

bool pkey_verify(EVP_PKEY *pkey, const char *sm2_id, const void *bytes, size_t len,
        const unsigned char *signature, size_t size)
{
	EVP_MD_CTX *ctx = begin(pkey, sm2_id, false);
	bool ok = ctx && EVP_DigestVerify(ctx, signature, size, bytes, len) == 1;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}
