/* SPDX-License-Identifier: Apache-2.0
 * seal - see seal.h. Relies on libcrypto; a libcrypto that does not work ends the program, bytes
 * that do not open are an answer.
 */
#include "seal.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "mem.h"

enum { NONCE = 12, TAG = 16, KEY = 32, SEALED_MOST = 65536 };

static void must(bool ok)
{
	if (!ok) {
		fputs("<2>tocsin: libcrypto cannot seal\n", stderr);
		abort();
	}
}

static void key_of(const char *secret, unsigned char key[KEY])
{
	static const char purpose[] = "tocsin seal 1";
	unsigned len = KEY;
	char hex[DIGEST_HEX];

	digest_hmac(secret, strlen(secret), purpose, sizeof purpose - 1, hex);
	/* The hex form is a uniform 256-bit value too: one more hash makes bytes of it. */
	must(EVP_Digest(hex, DIGEST_HEX - 1, key, &len, EVP_sha256(), NULL) == 1);
	explicit_bzero(hex, sizeof hex);
}

static EVP_CIPHER_CTX *begin(
        const char *secret, const char *about, const unsigned char nonce[NONCE], int closing)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char key[KEY];
	int len;

	key_of(secret, key);
	must(ctx && EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce, closing) == 1 &&
	        EVP_CipherUpdate(
	                ctx, NULL, &len, (const unsigned char *)about, (int)strlen(about)) == 1);
	explicit_bzero(key, sizeof key);
	return ctx;
}

char *seal_close(const char *secret, const char *about, const void *bytes, size_t len)
{
	unsigned char *out = mem_zero(NONCE + len + TAG);
	int written = 0;
	int rest = 0;

	must(len < SEALED_MOST);
	random_bytes(out, NONCE);
	EVP_CIPHER_CTX *ctx = begin(secret, about, out, 1);
	must(EVP_CipherUpdate(ctx, out + NONCE, &written, bytes, (int)len) == 1 &&
	        EVP_CipherFinal_ex(ctx, out + NONCE + written, &rest) == 1 &&
	        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG, out + NONCE + len) == 1);
	EVP_CIPHER_CTX_free(ctx);
	char *text = base64_text(out, NONCE + len + TAG);
	free(out);
	return text;
}

unsigned char *seal_open(const char *secret, const char *about, const char *sealed, size_t *len)
{
	size_t room;
	unsigned char *in = base64_bytes(sealed, &room);
	int written = 0;
	int rest = 0;

	if (!in || room < NONCE + TAG || room > SEALED_MOST) {
		free(in);
		return NULL;
	}
	*len = room - NONCE - TAG;
	unsigned char *out = mem_zero(*len + 1);
	EVP_CIPHER_CTX *ctx = begin(secret, about, in, 0);
	bool ok = EVP_CipherUpdate(ctx, out, &written, in + NONCE, (int)*len) == 1 &&
	          EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG, in + NONCE + *len) == 1 &&
	          EVP_CipherFinal_ex(ctx, out + written, &rest) == 1;
	EVP_CIPHER_CTX_free(ctx);
	free(in);
	if (ok)
		return out;
	explicit_bzero(out, *len);
	free(out);
	return NULL;
}
