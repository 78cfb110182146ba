/* SPDX-License-Identifier: Apache-2.0
 * enrol - how an officer comes to a password and a second factor, by a one-time code and in two
 * steps: a password for the code, then the first digits of the authenticator. Nothing holds before
 * the second. Who made the account never learns either.
 *
 * The record has the code's digest only. On the machine itself `tocsind --add-account` prints a
 * code; as a change of two administrators the officer makes the code and hands in its digest.
 */
#ifndef TOCSIN_ENROL_H
#define TOCSIN_ENROL_H

#include "people.h"

enum { ENROL_HOURS = 72 };

struct enrolment {
	const char *officer, *code; /* the one-time code */
	const char *source;
};

/* *base32 and *uri are for the authenticator, said this once; the caller's. */
bool enrol_begin(struct house *house, struct store *reader, const struct enrolment *enrolment,
        const char *password, char **base32, char **uri, struct err *err);
/* Without a code of an authenticator: the account's second factor is the officer's passkey in the
 * policy, which the first sign-in asks for. Ends the enrolment. */
bool enrol_by_passkey(struct house *house, struct store *reader, const struct enrolment *enrolment,
        const char *password, struct err *err);
bool enrol_end(struct house *house, struct store *reader, const struct enrolment *enrolment,
        const char *digits, struct err *err);

/* --- with what one has ------------------------------------------------------------------------ */
/* Other sessions end; `session` (a name) stays. */
bool account_new_password(struct house *house, struct store *reader, const struct claim *claim,
        const char *session, const char *password, struct err *err);
/* A one-time code for another authenticator; what there is holds until the enrolment ends. */
bool account_new_factor(struct house *house, struct store *reader, const struct claim *claim,
        char **code, struct err *err);

/* Inside a change: opens an enrolment for this digest; `by` goes into the chain. */
bool enrol_open(struct store *store, const char *officer, const char *digest, bool anew,
        const char *by, int64_t now, struct err *err);

#endif
