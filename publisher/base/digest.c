/* SPDX-License-Identifier: Apache-2.0
 * digest - see digest.h.
 */
#include "digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static void *ask(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return mem_zero(size);
}

static void give_back(void *memory, const char *file, int line)
{
	(void)file;
	(void)line;
	free(memory);
}

static void *ask_again(void *old, size_t size, const char *file, int line)
{
	if (size)
		return mem_resize(old, 1, size);
	give_back(old, file, line);
	return NULL;
}

bool digest_setup(void)
{
	return CRYPTO_set_mem_functions(ask, ask_again, give_back) == 1;
}

static void must(bool ok)
{
	if (!ok) {
		fputs("<2>tocsin: libcrypto does not work\n", stderr);
		abort();
	}
}

void digest_unpack(const unsigned char bytes[DIGEST_BYTES], char hex[DIGEST_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < DIGEST_BYTES; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[DIGEST_HEX - 1] = '\0';
}

static unsigned nibble(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

void digest_pack(const char *hex, unsigned char bytes[DIGEST_BYTES])
{
	for (int i = 0; i < DIGEST_BYTES; i++)
		bytes[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
}

void digest_sha256(const void *bytes, size_t len, char hex[DIGEST_HEX])
{
	unsigned char out[EVP_MAX_MD_SIZE];

	must(EVP_Digest(len ? bytes : "", len, out, NULL, EVP_sha256(), NULL) == 1);
	digest_unpack(out, hex);
}

void digest_hmac(
        const void *key, size_t key_len, const void *bytes, size_t len, char hex[DIGEST_HEX])
{
	unsigned char out[EVP_MAX_MD_SIZE];

	must(HMAC(EVP_sha256(), key, (int)key_len, bytes, len, out, NULL) != NULL);
	digest_unpack(out, hex);
}

struct digest_stream {
	EVP_MD_CTX *context;
};

struct digest_stream *digest_begin(void)
{
	struct digest_stream *stream = mem_zero(sizeof *stream);

	stream->context = EVP_MD_CTX_new();
	must(stream->context && EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL) == 1);
	return stream;
}

void digest_more(struct digest_stream *stream, const void *bytes, size_t len)
{
	must(EVP_DigestUpdate(stream->context, len ? bytes : "", len) == 1);
}

void digest_drop(struct digest_stream **stream)
{
	if (*stream)
		EVP_MD_CTX_free((*stream)->context);
	free(*stream);
	*stream = NULL;
}

void digest_end(struct digest_stream **stream, char hex[DIGEST_HEX])
{
	unsigned char out[EVP_MAX_MD_SIZE];

	must(EVP_DigestFinal_ex((*stream)->context, out, NULL) == 1);
	digest_unpack(out, hex);
	digest_drop(stream);
}

void digest_so_far(const struct digest_stream *stream, char hex[DIGEST_HEX])
{
	struct digest_stream *now = digest_begin();

	must(EVP_MD_CTX_copy_ex(now->context, stream->context) == 1);
	digest_end(&now, hex);
}

void digest_of_list(const unsigned char *digests, size_t count, char hex[DIGEST_HEX])
{
	struct digest_stream *stream = digest_begin();

	for (size_t i = 0; i < count; i++) {
		char line[DIGEST_HEX];
		digest_unpack(digests + i * DIGEST_BYTES, line);
		line[DIGEST_HEX - 1] = '\n';
		digest_more(stream, line, sizeof line);
	}
	digest_end(&stream, hex);
}

bool digest_is_hex(const char *text)
{
	return text && strspn(text, "0123456789abcdef") == 64 && text[64] == '\0';
}

bool digest_same(const char *a, const char *b)
{
	size_t len = strlen(a);

	return len == strlen(b) && CRYPTO_memcmp(a, b, len) == 0;
}

char *base64_text(const void *bytes, size_t len)
{
	char *text = mem_zero(len / 3 * 4 + 5);

	EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);
	return text;
}

unsigned char *base64_bytes(const char *text, size_t *len)
{
	size_t chars = strlen(text);
	size_t padding = 0;

	if (chars % 4 != 0 || chars > (size_t)64 << 20)
		return NULL;
	while (padding < 2 && padding < chars && text[chars - 1 - padding] == '=')
		padding++;
	/* EVP_DecodeBlock skips blanks; a strict reader does not. */
	if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") !=
	        chars - padding)
		return NULL;
	unsigned char *bytes = mem_zero(chars / 4 * 3 + 1);
	int got = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)chars);
	if (got < 0) {
		free(bytes);
		return NULL;
	}
	/* One value has one spelling: the bits behind the last byte are zero. */
	size_t size = (size_t)got - padding;
	char *again = base64_text(bytes, size);
	bool same = strcmp(again, text) == 0;
	free(again);
	if (!same) {
		free(bytes);
		return NULL;
	}
	bytes[size] = 0;
	*len = size;
	return bytes;
}

char *base64url_text(const void *bytes, size_t len)
{
	char *text = base64_text(bytes, len);

	for (char *p = text; *p; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p == '=' ? '\0' : *p;
	return text;
}

unsigned char *base64url_bytes(const char *text, size_t *len)
{
	size_t chars = strlen(text);
	unsigned char *bytes = NULL;

	if (strpbrk(text, "+/=") || chars > (size_t)64 << 20)
		return NULL;
	char *copy = mem_zero(chars + 4);
	memcpy(copy, text, chars);
	for (char *p = copy; *p; p++)
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	while (chars % 4 != 0)
		copy[chars++] = '=';
	bytes = base64_bytes(copy, len);
	free(copy);
	return bytes;
}

void random_bytes(void *bytes, size_t len)
{
	must(RAND_bytes(bytes, (int)len) == 1);
}

char *random_token(void)
{
	unsigned char bytes[32];

	random_bytes(bytes, sizeof bytes);
	return base64url_text(bytes, sizeof bytes);
}
