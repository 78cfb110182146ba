/* SPDX-License-Identifier: Apache-2.0
 * cap_sign - the enveloped XML Signature of CAP, as we make it: exclusive C14N, one Reference
 * URI="", by the key's kind ECDSA-P256-SHA256, RSA-SHA256 or SM2-SM3. What others signed is asked
 * of cap_trust.h.
 */
#ifndef TOCSIN_CAP_SIGN_H
#define TOCSIN_CAP_SIGN_H

#include "buf.h"
#include "cap_io.h"
#include "key.h"

/* What is found of a Signature. *err then holds the reason, whichever it is. */
enum cap_signature {
	CAP_SIGNATURE_MISSING,   /* there is none */
	CAP_SIGNATURE_GOOD,      /* over everything, by a key that may */
	CAP_SIGNATURE_UNTRUSTED, /* no key we trust for this sender, or not now */
	CAP_SIGNATURE_BAD,       /* content or value do not hold, or it stands where it must not */
	CAP_SIGNATURE_UNSUPPORTED, /* an algorithm, a transform or a Reference we do not take */
};
const char *cap_signature_text(enum cap_signature signature); /* "missing" "good" ... */

/* XML has no settled way to carry SM2: the names of the algorithms, the signer's identity and the
 * writing of the value are agreed on between two sides. Texts are borrowed. */
struct cap_sm2 {
	const char *signature; /* URI of the SignatureMethod */
	const char *digest;    /* URI of the DigestMethod, SM3 */
	const char *id;        /* user identity */
	bool der;              /* the value is DER; else r and s side by side */
};
extern const struct cap_sm2 cap_sm2_default;
/* "signature=URI", "digest=URI", "id=TEXT", "value=raw", "value=der". The text must stay. */
bool cap_sm2_set(struct cap_sm2 *sm2, const char *text, struct err *err);

/* Starts and ends libxmlsec1, for cap_verify(): once per process, before threads. */
bool cap_sign_setup(struct err *err);
void cap_sign_shutdown(void);

/* Signs the canonical form of `alert` and writes the whole signed document; KeyInfo holds a
 * KeyName: the key's id (key_id). sm2: NULL is cap_sm2_default. Nothing is verified here: whoever
 * gives it out asks cap_verify() first. */
bool cap_sign(const struct cap_alert *alert, const struct key *key, const struct cap_sm2 *sm2,
        struct buf *out, struct err *err);

/* Verifies against exactly this key, in exactly the form we write: no other byte may be in it. Asks
 * two implementations, ours and then libxmlsec1 (which has no SM2). The caller parses the same
 * bytes: what was verified is what is read. */
enum cap_signature cap_verify(const void *bytes, size_t len, const struct key *public_key,
        const struct cap_sm2 *sm2, struct err *err);

#endif
