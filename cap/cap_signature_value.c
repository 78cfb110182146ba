/* SPDX-License-Identifier: Apache-2.0
 * cap_signature_value - digest and signature value as XML carries them: base64, of r and s side by
 * side where libcrypto has DER. Strict: what is not exactly as long as the key asks is no value.
 */
#include "cap_signature.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

char *signature_digest_text(unsigned digest_method, const void *bytes, size_t len)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned hash_len = 0;

	if (EVP_Digest(bytes, len, hash, &hash_len,
	            digest_method == SIGNATURE_SM3 ? EVP_sm3() : EVP_sha256(), NULL) != 1)
		abort();
	return base64_text(hash, hash_len);
}

unsigned char *signature_bytes_of(const char *base64, size_t *len)
{
	char *copy = mem_text(base64);
	size_t kept = 0;

	for (const char *p = base64; *p; p++)
		if (!strchr(" \t\r\n", *p))
			copy[kept++] = *p;
	copy[kept] = '\0';
	unsigned char *bytes = base64_bytes(copy, len);
	free(copy);
	return bytes;
}

/* Bytes of r and of s; 0: the value is as libcrypto has it. */
static size_t half_of(const EVP_PKEY *pkey, const struct cap_sm2 *sm2)
{
	enum key_kind kind = pkey_kind(pkey);

	if (kind == KEY_RSA || (kind == KEY_SM2 && sm2->der))
		return 0;
	return ((size_t)EVP_PKEY_get_bits(pkey) + 7) / 8;
}

static char *side_by_side(const unsigned char *der, size_t len, size_t half)
{
	const unsigned char *at = der;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)len);
	unsigned char *raw = mem_zero(2 * half);
	bool ok = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, (int)half) == (int)half &&
	          BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + half, (int)half) == (int)half;
	char *text = ok ? base64_text(raw, 2 * half) : NULL;

	ECDSA_SIG_free(sig);
	free(raw);
	return text;
}

static unsigned char *as_der(const unsigned char *raw, size_t half, size_t *size)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, (int)half, NULL);
	BIGNUM *s = BN_bin2bn(raw + half, (int)half, NULL);
	unsigned char *der = NULL;

	if (!sig || !r || !s || ECDSA_SIG_set0(sig, r, s) != 1)
		abort();
	int len = i2d_ECDSA_SIG(sig, &der);
	ECDSA_SIG_free(sig);
	if (len <= 0)
		abort();
	unsigned char *copy = (unsigned char *)mem_text_n(der, (size_t)len);
	OPENSSL_free(der);
	*size = (size_t)len;
	return copy;
}

/* A key in a token signs by key_sign() only, and is never SM2; one of ours may have another
 * identity to sign as than the usual. */
static unsigned char *made(const struct key *key, const struct cap_sm2 *sm2, const void *info,
        size_t len, size_t *size)
{
	if (key_kind(key) == KEY_SM2)
		return pkey_sign(key_evp(key), sm2->id, info, len, size);
	char *text = key_sign(key, info, len);
	unsigned char *raw = text ? base64_bytes(text, size) : NULL;
	free(text);
	return raw;
}

char *signature_value_make(
        const struct key *key, const struct cap_sm2 *sm2, const void *info, size_t len)
{
	size_t size = 0;
	size_t half = half_of(key_evp(key), sm2);
	unsigned char *raw = made(key, sm2, info, len, &size);
	char *value = !raw ? NULL : half ? side_by_side(raw, size, half) : base64_text(raw, size);

	free(raw);
	return value;
}

bool signature_value_holds(
        EVP_PKEY *pkey, const struct cap_sm2 *sm2, const char *value, const void *info, size_t len)
{
	size_t size = 0, half = half_of(pkey, sm2);
	unsigned char *raw = signature_bytes_of(value, &size);

	if (raw && half) {
		unsigned char *der = size == 2 * half ? as_der(raw, half, &size) : NULL;
		free(raw);
		raw = der;
	}
	bool ok = raw && pkey_verify(pkey, sm2->id, info, len, raw, size);
	free(raw);
	return ok;
}
