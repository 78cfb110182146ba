/* SPDX-License-Identifier: Apache-2.0
 * cap_signature - private to cap/: the one form of an XML Signature we look at, taken apart.
 *
 * cap_signature.c and cap_signature_form.c ask about structure: where the Signature stands, what it
 * consists of, which algorithms it names. Whether it holds is asked afterwards
 * (cap_signature_holds.c, and libxmlsec1 once more in cap_verify.c).
 */
#ifndef TOCSIN_CAP_SIGNATURE_H
#define TOCSIN_CAP_SIGNATURE_H

#include "cap_io.h"
#include "cap_sign.h"
#include "cap_whole.h"

#define DSIG_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"

/* What a Signature may name. A profile is a set of these. */
enum signature_algorithm {
	SIGNATURE_ENVELOPED = 1,
	SIGNATURE_EXC_C14N = 2,
	SIGNATURE_C14N10 = 4,
	SIGNATURE_C14N11 = 8,
	SIGNATURE_SHA256 = 16,
	SIGNATURE_SM3 = 32,
	SIGNATURE_ECDSA_SHA256 = 64,
	SIGNATURE_RSA_SHA256 = 128,
	SIGNATURE_SM2_SM3 = 256,

	SIGNATURE_ANY_C14N = SIGNATURE_EXC_C14N | SIGNATURE_C14N10 | SIGNATURE_C14N11,
	SIGNATURE_ANY_DIGEST = SIGNATURE_SHA256 | SIGNATURE_SM3,
	SIGNATURE_ANY_METHOD = SIGNATURE_ECDSA_SHA256 | SIGNATURE_RSA_SHA256 | SIGNATURE_SM2_SM3,
};

struct signature_profile {
	unsigned algorithms;
	bool exact; /* our own: no blanks, no Id, both transforms, KeyInfo with one KeyName,
	               canonical bytes */
	struct cap_sm2 sm2;
};

/* What we write with a key of this kind, and nothing else. sm2 may be NULL. */
struct signature_profile signature_own(const struct key *key, const struct cap_sm2 *sm2);
unsigned signature_method_of(enum key_kind kind); /* SIGNATURE_..., 0: none */
const char *signature_uri(const struct cap_sm2 *sm2, unsigned algorithm);

/* One document with its one Signature. Texts are borrowed from the tree. */
struct signature {
	struct whole whole;
	const struct whole_node *node;
	const struct whole_node *signed_info;
	const struct whole_node *key_info;               /* or NULL; never believed */
	unsigned info_c14n, c14n, digest_method, method; /* one SIGNATURE_ each */
	const char *digest;                              /* base64, as it stands */
	const char *value;                               /* base64, as it stands */
	const char *key_name;                            /* exact profile only */
};

/* Parses, finds and takes apart. GOOD here means only: of the allowed form. Otherwise *out is
 * empty. */
enum cap_signature signature_open(const void *bytes, size_t len,
        const struct signature_profile *profile, struct signature *out, struct err *err);
void signature_close(struct signature *signature);

enum cap_signature signature_take_apart(const struct signature_profile *profile,
        struct signature *s, struct err *err); /* s->node is there; fills in the rest */

/* `what`, and *err says why: both sentences are followed by `detail` (NULL: nothing). */
enum cap_signature signature_say(struct err *err, enum cap_signature what, const char *zh,
        const char *en, const char *detail);
/* Want of memory: BAD, and *err is ERR_UNAVAILABLE: nothing was found out. */
enum cap_signature signature_starved(struct err *err);
bool signature_is(const struct whole_node *node, const char *space,
        const char *name);                           /* this element? NULL = any name */
bool signature_blank(const struct whole_node *node); /* a text of white space only */
/* The node's one text ("" without one); NULL when anything but one text is in it. */
const char *signature_only_text(const struct whole_node *node);
const struct whole_node *signature_first(
        const struct whole_node *node);                                 /* element in it, or NULL */
const struct whole_node *signature_next(const struct whole_node *node); /* element behind it */

/* The bytes of an unsigned canonical document, signed: head, Signature, "</alert>". What cap_sign
 * does once the message is written. */
bool signature_add(const char *canonical, size_t len, const struct key *key,
        const struct cap_sm2 *sm2, struct buf *out, struct err *err);

/* cap_signature_value.c. Base64 of SHA-256 or SM3; the caller's. */
char *signature_digest_text(unsigned digest_method, const void *bytes, size_t len);
/* Base64 of the value over SignedInfo; the caller's. NULL: the key did not sign. */
char *signature_value_make(
        const struct key *key, const struct cap_sm2 *sm2, const void *info, size_t len);
bool signature_value_holds(
        EVP_PKEY *pkey, const struct cap_sm2 *sm2, const char *value, const void *info, size_t len);
/* Base64 with white space in it, as XML allows; the caller's, NULL when it is none. */
unsigned char *signature_bytes_of(const char *base64, size_t *len);

/* cap_signature_holds.c: does the content match its digest; is the value by this key? */
enum cap_signature signature_digest_holds(const struct signature *s, struct err *err);
bool signature_made_by(const struct signature *s, const struct cap_sm2 *sm2, EVP_PKEY *pkey);
/* The first half of cap_verify(): the form we write, by this key, without libxmlsec1. */
enum cap_signature signature_verify_own(const void *bytes, size_t len, const struct key *public_key,
        const struct cap_sm2 *sm2, struct err *err);

#endif
