/* SPDX-License-Identifier: Apache-2.0
 * people - is it really this officer? Password and second factor (a code, or the answer of a
 * passkey that the policy names) looked at together, at the same cost whichever is wrong, slowed
 * down by guard.h; what was refused goes into the audit chain.
 *
 * Workers for passwords only: a try takes memory and a tenth of a second by intent.
 */
#ifndef TOCSIN_PEOPLE_H
#define TOCSIN_PEOPLE_H

#include "attempts.h"
#include "guard.h"
#include "house.h"
#include "store_account.h"

/* What somebody says to be an officer; texts borrowed, "" when absent. */
struct claim {
	const char *officer, *password;
	const char *code;                /* of the authenticator; or */
	const char *attempt, *assertion; /* what their passkey answered (people_challenge) */
	const char *source;              /* keyed digest of the address (people_source) */
	const char *device;              /* digest of what must be known to count; "" none */
};

struct proven {
	const struct officer *officer;
	bool by_passkey;
	int64_t step; /* of the code */
	char *rehash; /* the password under today's settings, or NULL; the caller's */
	int64_t now;
};

/* false: *err is the same for a wrong password, a wrong code, a wrong passkey and nobody
 * (ERR_IDENTITY); ERR_OFTEN with the moment to come back; ERR_CONFLICT when a passkey's challenge
 * is over; ERR_UNAVAILABLE. `what` names it in the chain: "sign-in", "password", "second-factor".
 */
bool people_prove(struct house *house, struct store *reader, const char *what,
        const struct claim *claim, struct proven *out, struct err *err);
/* In the same transaction as what it is for: a code counts once. ERR_CONFLICT: it has already. */
bool people_use(
        struct store *store, const char *officer, const struct proven *proven, struct err *err);
/* The transaction went through: the try is given back. */
void people_passed(struct house *house, struct store *reader, const struct claim *claim);
/* It did not for a reason of the claim's (a code used at this same moment): counted and written as
 * any other. Always false. */
bool people_refuse(struct house *house, const char *what, const struct claim *claim,
        const char *why, const struct guard_locks *locks, struct err *err);

/* What a passkey is asked for this act of people_prove; the caller's. The same for whoever is
 * named: nobody learns here who has an account or a passkey. */
struct asked {
	char *attempt, *challenge;
};
void people_challenge(
        const struct house *house, const char *what, const char *officer, struct asked *out);
void asked_finish(struct asked *asked);

/* Charges a try of anything else that can be guessed; false: it has to wait (*err). */
bool people_may_try(struct house *house, struct store *reader, const struct claim *claim,
        struct guard_locks *locks, struct err *err);

/* Whether accounts can be used at all: the setting people_secret. */
bool people_ready(const struct house *house, struct err *err);
void people_source(const struct house *house, const char *group, char source[DIGEST_HEX]);

/* After a start: the waits that were there before. */
bool people_restore(struct house *house, struct store *reader, struct err *err);
/* Every minute: sessions that are over, what is no longer known. */
void people_forget(struct house *house, struct store *reader, int64_t now);

/* The duties of an officer as scopes of the API, "read draft ..."; the caller's. The one table. */
char *people_scopes(unsigned duties);

#endif
