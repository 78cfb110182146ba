/* SPDX-License-Identifier: Apache-2.0
 * pkey - libcrypto's keys by their kind, and the one signature each kind makes: ECDSA and RSA
 * (PKCS #1 v1.5) over SHA-256, SM2 over SM3 (GB/T 32918). For key.c, and for cap/, which has keys
 * of others in certificates.
 */
#ifndef TOCSIN_PKEY_H
#define TOCSIN_PKEY_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

/* P-256, RSA of 2048 to 8192 bits, SM2; of other people's also P-384 and P-521. */
enum key_kind { KEY_NONE, KEY_P256, KEY_RSA, KEY_SM2, KEY_EC };

enum key_kind pkey_kind(const EVP_PKEY *pkey); /* KEY_NONE: of no kind we take; NULL is none */

/* The user identity that goes into an SM2 signature where nobody agreed on another (GB/T 35276). */
extern const char pkey_sm2_id[];

/* The signature as the kind has it: r and s in DER (ECDSA, SM2) or as long as the modulus (RSA).
 * sm2_id: used by SM2 only. NULL: it was not made (a token may say no); else the caller's. */
unsigned char *pkey_sign(
        EVP_PKEY *pkey, const char *sm2_id, const void *bytes, size_t len, size_t *size);
bool pkey_verify(EVP_PKEY *pkey, const char *sm2_id, const void *bytes, size_t len,
        const unsigned char *signature, size_t size);

#endif
