/* SPDX-License-Identifier: Apache-2.0
 * cap_sign - the enveloped XML Signature of CAP: ECDSA-P256-SHA256, exclusive C14N, one Reference
 * URI="".
 *
 * Through libxmlsec1, locked down: keys come from the caller only (KeyInfo is not believed), only
 * the transforms named here, the Signature must be the one and last child of the root.
 * cap_sign_setup() once per process, before threads.
 */
#ifndef TOCSIN_CAP_SIGN_H
#define TOCSIN_CAP_SIGN_H

#include "buf.h"
#include "cap_io.h"
#include "key.h"

bool cap_sign_setup(struct err *err);
void cap_sign_shutdown(void);

/* Signs the canonical form of `alert` and writes the whole signed document. KeyInfo holds a
 * KeyName: the key's id (key_id). The output is verified by an independent path (our own
 * canonicalisation walk over libxml2's C14N and libcrypto, without libxmlsec1) before it is given
 * out: false when that fails. */
bool cap_sign(
        const struct cap_alert *alert, const struct key *key, struct buf *out, struct err *err);

enum cap_signature {
	CAP_SIGNATURE_NONE, /* no Signature element at all */
	CAP_SIGNATURE_GOOD, /* by that key, over everything */
	CAP_SIGNATURE_BAD,  /* does not hold, or of a form we refuse; *err says which */
};

/* Verifies against exactly this key, in exactly our own profile (ECDSA-P256-SHA256, exclusive
 * C14N). The caller parses the same bytes: what was verified is what is read (comments and CDATA
 * inside are refused by cap_parse). */
enum cap_signature cap_verify(
        const void *bytes, size_t len, const struct key *public_key, struct err *err);

/* The same for upstream producers, whose keys may be RSA and come as a PEM public key or
 * certificate file. */
struct cap_trust; /* one upstream's key */
struct cap_trust *cap_trust_read(const char *pem_path, bool inclusive_c14n, struct err *err);
void cap_trust_destroy(struct cap_trust **trust);
enum cap_signature cap_verify_upstream(
        const void *bytes, size_t len, const struct cap_trust *trust, struct err *err);

#endif
