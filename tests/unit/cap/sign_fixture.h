/* SPDX-License-Identifier: Apache-2.0
 * sign_fixture - what the signature tests share: a message, keys in a folder of their own, the
 * xmlsec1 command as the other implementation (and as the attacker's tool).
 */
#ifndef TOCSIN_SIGN_FIXTURE_H
#define TOCSIN_SIGN_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "key.h"
#include "mem.h"

#define EXC_C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define C14N10 "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define C14N11 "http://www.w3.org/2006/12/xml-c14n11"
#define ECDSA_SHA256 "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
#define RSA_SHA256 "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
#define SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"
#define ENVELOPED                                                                                  \
	"<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>"

struct sign_place {
	char folder[64];
	struct key *key, *attacker;
	char *private_pem, *public_pem, *attacker_pem;
};

extern const char sign_sample[]; /* canonical form, unsigned */

void sign_place_init(struct sign_place *place);
void sign_place_finish(struct sign_place *place);

char *sign_file(const struct sign_place *place, const char *name); /* path; the caller's */
void sign_put(const char *path, const void *bytes, size_t len);
char *sign_get(const char *path, size_t *len); /* the caller's, NUL behind */

/* A trust list of these lines in the place's folder; its path, the caller's. */
char *sign_list(const struct sign_place *place, const char *lines);

/* Runs a command without its output; true when it exits 0. argv ends with NULL. */
bool sign_run(const char *const argv[]);

/* `what` before the first (or, with `last`, the last) `mark`; the caller's. */
char *sign_insert(const char *text, const char *mark, bool last, const char *what);
char *sign_replace(const char *text, const char *old, const char *new_text);

/* An empty Signature to be filled by the xmlsec1 command. */
char *sign_template(
        const char *c14n, const char *method, const char *references, const char *key_info);
char *sign_reference(const char *uri, const char *transforms, const char *digest_method);
/* The document with its template filled in by the command; keyopt is "--privkey-pem" or the like.
 */
char *sign_by_command(
        const struct sign_place *place, const char *document, const char *keyopt, const char *key);
bool sign_command_accepts(
        const struct sign_place *place, const char *document, const char *keyopt, const char *key);

#endif
