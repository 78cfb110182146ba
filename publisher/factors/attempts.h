/* SPDX-License-Identifier: Apache-2.0
 * attempts - what an authenticator is asked to sign by somebody who is to be known by their
 * passkey: a challenge for one account, one act ("sign-in", "password", "second-factor") and one
 * attempt.
 *
 * A challenge is an HMAC under a key of this process, over lines that begin "tocsin-sign-in 1": no
 * proof of an approval (proof.h) has it for its own, nor can one be made up, and after a restart
 * none of before counts. What is asked for is not kept, so that asking costs us nothing; what was
 * answered is, until its time is over, and counts once, right or wrong. Any thread; time is a
 * parameter.
 */
#ifndef TOCSIN_ATTEMPTS_H
#define TOCSIN_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

enum { ATTEMPT_MS = 2 * 60 * 1000 };

struct attempts;
struct attempts *attempts_create(void);
void attempts_destroy(struct attempts **attempts);

/* The name of a new attempt, "MILLISECONDS.RANDOM"; the caller's. */
char *attempt_name(int64_t now);
/* It is a name, and of the last ATTEMPT_MS. Says nothing about whether it was given by us. */
bool attempt_is_young(const char *attempt, int64_t now);

/* base64url, as a browser is to hand it over; the caller's. Any officer's name has one. */
char *attempt_challenge(
        const struct attempts *attempts, const char *act, const char *officer, const char *attempt);

/* Whether it is answered for the first time, and in time. */
bool attempt_take(struct attempts *attempts, const char *attempt, int64_t now);

#endif
