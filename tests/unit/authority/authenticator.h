/* SPDX-License-Identifier: Apache-2.0
 * An authenticator as a browser has one (WebAuthn, ES256), on a key made for the test. Everything
 * it says can be bent.
 */
#ifndef AUTHENTICATOR_H
#define AUTHENTICATOR_H

#include "passkey.h"

enum { PRESENT = 0x01, VERIFIED = 0x04, MAY_BACK_UP = 0x08, BACKED_UP = 0x10 };

extern const char desk_rp[], desk_origin[];

/* One officer's passkey, the house that may ask for it, and a proof to be signed. */
struct scene {
	struct key *own, *other;
	struct passkey passkey;
	struct passkey_house house;
	struct proof proof;
	char *challenge; /* of the proof */
};

int open_scene(void **state);
int close_scene(void **state);

/* Authenticator data: the site's digest, flags, a counter, and what stands behind. */
void data_of(const char *site, unsigned flags, const void *more, size_t more_len, struct buf *out);
char *client_of(const char *type, const char *challenge, const char *page, const char *more);

/* One assertion, with one thing about it bent; NULL and 0 are as it should be. */
struct bend {
	const char *name;
	const char *want; /* a word of the refusal; NULL: it holds */
	const char *type, *challenge, *page, *more, *client, *site, *behind;
	unsigned flags;
	size_t data_len; /* only so much of the authenticator's data */
	bool by_other;
};

/* "passkey:AUTHENTICATORDATA.CLIENTDATAJSON.SIGNATURE"; the caller's. */
char *signature_of(const struct scene *scene, const struct bend *bend);

#endif
