/* SPDX-License-Identifier: Apache-2.0
 * veil - see veil.h. Relies on libcrypto; one that does not work ends the program.
 */
#include "veil.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "mem.h"

enum { KEY = 32, COUNTER = 16 };

struct veil {
	EVP_CIPHER_CTX *ctx;
	unsigned char key[KEY];
};

static void must(int ok)
{
	if (ok != 1) {
		fputs("<2>tocsin: libcrypto cannot encrypt\n", stderr);
		abort();
	}
}

struct veil *veil_create(void)
{
	struct veil *veil = mem_zero(sizeof *veil);

	random_bytes(veil->key, KEY);
	veil->ctx = EVP_CIPHER_CTX_new();
	must(veil->ctx != NULL);
	return veil;
}

void veil_destroy(struct veil **place)
{
	struct veil *veil = *place;

	*place = NULL;
	if (!veil)
		return;
	EVP_CIPHER_CTX_free(veil->ctx);
	explicit_bzero(veil->key, KEY);
	free(veil);
}

void veil_turn(struct veil *veil, int64_t offset, void *bytes, size_t len)
{
	unsigned char counter[COUNTER] = {0};
	uint64_t block = (uint64_t)offset / COUNTER;
	int done;

	for (int i = COUNTER - 1; block; i--, block >>= 8)
		counter[i] = (unsigned char)block;
	must(EVP_EncryptInit_ex(veil->ctx, EVP_aes_256_ctr(), NULL, veil->key, counter));
	must(EVP_EncryptUpdate(veil->ctx, bytes, &done, bytes, (int)len));
}
