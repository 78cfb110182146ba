/* SPDX-License-Identifier: Apache-2.0
 * passkey - proofs made by a browser's authenticator (WebAuthn, ES256): the same act, officer, time
 * and manifest as any proof, signed as a challenge.
 *
 * The challenge is the SHA-256 of the proof's text (proof.h), so that what an authenticator signed
 * counts for nothing else (a sign-in has challenges of another make, factors/attempts.h). In a
 * proof the signature then reads "passkey:AUTHENTICATORDATA.CLIENTDATAJSON.SIGNATURE", each part
 * base64. A public key stands in the policy as "passkey:CREDENTIAL:KEY" (credential id in
 * base64url, key as in key.h), and what pages may ask for it stands there too: `passkeys: {rp: ...,
 * origins: [...]}`.
 */
#ifndef TOCSIN_PASSKEY_H
#define TOCSIN_PASSKEY_H

#include "err.h"
#include "key.h"
#include "mem.h"
#include "proof.h"

/* Who may ask: the relying party's id (a domain) and the origins of its pages. */
struct passkey_house {
	char *rp; /* NULL: no passkeys here */
	struct texts origins;
	unsigned required; /* bits of enum act: for these a key file's proof does not count */
};

struct passkey {
	char *credential; /* base64url, as the browser names it */
	struct key *key;  /* public */
};

bool passkeys_allowed(const struct passkey_house *house, struct err *err);
bool passkey_is_signature(const char *signature); /* of this form, not a plain one */
bool passkey_is_line(const char *line);           /* a key of this form in the policy */
bool passkey_read(struct passkey *passkey, const char *line, struct err *err);
char *passkey_line(const char *credential, const struct key *key); /* the caller's */
void passkey_finish(struct passkey *passkey);

/* What the authenticator is to sign for this proof: base64url of the SHA-256; the caller's. */
char *passkey_challenge(const struct proof *proof);

/* false: *err says which rule of WebAuthn does not hold (type, challenge, origin, rp, presence,
 * verification of the person, signature). The counter is not looked at: a challenge is signed for
 * one act at one time, and what it approves is recorded once. */
bool passkey_holds(const struct passkey_house *house, const struct passkey *passkey,
        const struct proof *proof, struct err *err);
/* The same of any challenge, and a signature of the form above. */
bool passkey_answers(const struct passkey_house *house, const struct passkey *passkey,
        const char *challenge, const char *signature, struct err *err);

/* --- for passkey_enrol.c: what assertion and registration share --- */
bool passkey_client_data(const struct passkey_house *house, const char *bytes, size_t len,
        const char *type, const char *challenge, struct err *err);
enum { PASSKEY_DATA_LEAST = 37, PASSKEY_ATTESTED = 0x40, PASSKEY_EXTENSIONS = 0x80 };
/* Of the authenticator data: the relying party's digest, and the flags that say somebody was there
 * and was verified. */
bool passkey_data_fits(
        const struct passkey_house *house, const unsigned char *data, size_t len, struct err *err);

#endif
