/* SPDX-License-Identifier: Apache-2.0
 * cap_signature - private to cap/: the one form of an XML Signature we look at, taken apart.
 *
 * Everything here is structure: where the Signature stands, what it consists of, which algorithms
 * it names. Whether it holds is asked afterwards, of libxmlsec1 (cap_verify.c) or of libcrypto
 * alone (cap_verify_plain.c).
 */
#ifndef TOCSIN_CAP_SIGNATURE_H
#define TOCSIN_CAP_SIGNATURE_H

#include <libxml/tree.h>

#include "cap_io.h"
#include "cap_sign.h"

#define DSIG_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"

/* What a Signature may name. A profile is a set of these. */
enum signature_algorithm {
	SIGNATURE_ENVELOPED = 1,
	SIGNATURE_EXC_C14N = 2,
	SIGNATURE_C14N10 = 4,
	SIGNATURE_C14N11 = 8,
	SIGNATURE_SHA256 = 16,
	SIGNATURE_ECDSA_SHA256 = 32,
	SIGNATURE_RSA_SHA256 = 64,
};

struct signature_profile {
	unsigned algorithms;
	bool exact; /* our own: no blanks, no Id, both transforms, KeyInfo with one KeyName,
	               canonical bytes */
};

extern const struct signature_profile signature_own;

/* One document with its one Signature. Texts are borrowed from the tree. */
struct signature {
	xmlDocPtr doc;
	xmlNodePtr node;
	xmlNodePtr signed_info;
	const char *digest;   /* base64, as it stands */
	const char *value;    /* base64, as it stands */
	const char *key_name; /* exact profile only */
};

/* Parses, finds and takes apart. GOOD here means only: of the allowed form. Otherwise *out is
 * empty. */
enum cap_signature signature_open(const void *bytes, size_t len,
        const struct signature_profile *profile, struct signature *out, struct err *err);
void signature_close(struct signature *signature);

enum cap_signature signature_take_apart(const struct signature_profile *profile,
        struct signature *s, struct err *err); /* s->node is there; fills in the rest */
enum cap_signature signature_bad(
        struct err *err, const char *zh, const char *en); /* BAD, and why */
bool signature_is(const xmlNode *node, const char *space,
        const char *name);                 /* this element? NULL = any name */
bool signature_blank(const xmlNode *node); /* a text of white space only */

/* The tree alone: gate, then libxml2 without entities, network or words on stderr. NULL and *err.
 */
xmlDocPtr signature_load(const void *bytes, size_t len, struct err *err);

/* Are these bytes, but for the XML declaration in front and the last LF, their own exclusive
 * canonical form? Then no byte of them can change without the tree or the answer changing. */
bool signature_bytes_canonical(xmlDocPtr doc, const void *bytes, size_t len);

/* Exclusive canonical form of the subtree `root` without the subtree `without` (NULL: all of it).
 * Comments are left out. NULL when it has none; else free with xmlFree, *len_out bytes. */
unsigned char *signature_canonical(xmlNodePtr root, xmlNodePtr without, size_t *len_out);

/* libxml2 says nothing on stderr while one of these is open on this thread. */
struct signature_quiet {
	void *context;
	void *function;
};
void signature_quiet_begin(struct signature_quiet *quiet);
void signature_quiet_end(const struct signature_quiet *quiet);

/* The bytes of an unsigned canonical document, signed: head, Signature, "</alert>". What cap_sign
 * does once the message is written. */
bool signature_add(
        const char *canonical, size_t len, const struct key *key, struct buf *out, struct err *err);

/* Our own profile checked by libxml2's C14N and libcrypto alone: no libxmlsec1 takes part. */
enum cap_signature cap_verify_plain(
        const void *bytes, size_t len, const struct key *public_key, struct err *err);

/* By libxmlsec1. `public_key` is an EVP_PKEY, borrowed. */
enum cap_signature signature_check(const struct signature *signature,
        const struct signature_profile *profile, const void *public_key, struct err *err);

/* An xmlSecDSigCtxPtr (opaque here) that may do what the profile allows and nothing else; takes the
 * key over. NULL when the key is NULL or libxmlsec1 fails. */
void *signature_context(const struct signature_profile *profile, void *key);

/* An xmlSecKeyPtr (opaque here) over the EVP_PKEY, which gets one more reference; NULL when
 * libxmlsec1 cannot. */
void *signature_key(const void *evp, const char *name);

/* base64 of the SHA-256 of the document without this Signature (cap_verify_plain.c); the caller's.
 * NULL: it could not be had. */
char *signature_document_digest(xmlDocPtr doc, xmlNodePtr node);
/* cap_sign_token.c, for a key in a token: base64 of the digest of the document without its
 * Signature, and of the signature over its SignedInfo; the caller's. NULL: could not be had. */
char *signature_token_digest(const char *template, size_t len);
char *signature_token_value(const char *template, size_t len, const struct key *key);

#endif
