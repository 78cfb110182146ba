/* SPDX-License-Identifier: Apache-2.0
 * key - officers' keys (ECDSA P-256), and the signer's: P-256, RSA from 2048 bits or SM2.
 *
 * A private key is a PEM file (PKCS#8) nobody but its owner may read. A public key is written as
 * one line of base64 (SubjectPublicKeyInfo, DER), which is how it stands in the policy, or as a PEM
 * file. A signature is one line of base64 of what its kind makes (pkey.h): ECDSA in DER over
 * SHA-256, PKCS #1 v1.5 over SHA-256, SM2 in DER over SM3.
 */
#ifndef TOCSIN_KEY_H
#define TOCSIN_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "pkey.h"
#include "terms.h"

struct key; /* opaque: an EVP_PKEY and whether it can sign */

struct key *key_generate(void);                    /* P-256 */
struct key *key_generate_kind(enum key_kind kind); /* P-256, RSA (3072 bits) or SM2 */
/* An officer's, P-256 only; refuses a file others can read. */
struct key *key_read_private(const char *path, struct err *err);
struct key *key_read_signer(const char *path, struct err *err); /* the same for any of our kinds */
struct key *key_read_public(const char *path, struct err *err); /* PEM file; any of our kinds */
struct key *key_from_base64(const char *text, struct err *err); /* public; P-256 only */
void key_destroy(struct key **key);

/* Makes the file with mode 0600, tagged for its mode (mode_tag.h); refuses one that is there
 * already. */
bool key_write_private(const struct key *key, const char *path, enum mode mode, struct err *err);
bool key_write_public(const struct key *key, const char *path, enum mode mode, struct err *err);

char *key_base64(const struct key *key); /* the public half; the caller's */
void key_id(
        const struct key *key, char id[17]); /* first 16 hex digits of SHA-256 of the public half */
enum key_kind key_kind(const struct key *key);
EVP_PKEY *key_evp(const struct key *key); /* borrowed: for cap/ only */

/* base64; the caller's. NULL: the token the key lies in did not sign (keystore.h). */
char *key_sign(const struct key *key, const void *bytes, size_t len);
bool key_verify(const struct key *key, const void *bytes, size_t len, const char *signature);

#endif
