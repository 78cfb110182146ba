/* SPDX-License-Identifier: Apache-2.0
 * password - which passwords are taken, and how they are kept: argon2id, or PBKDF2 over SM3 where
 * national algorithms are asked for. Never on the loop or the record's thread: one hash is meant to
 * take memory and a tenth of a second.
 *
 * A kept hash describes itself ("$argon2id$v=19$m=65536,t=3,p=1$salt$hash",
 * "$pbkdf2-sm3$i=600000$salt$hash"), so that a change of settings holds from the next sign-in on.
 */
#ifndef TOCSIN_PASSWORD_H
#define TOCSIN_PASSWORD_H

#include <stdbool.h>

#include "err.h"

struct password_rule {
	bool sm3;            /* PBKDF2-HMAC-SM3 instead of argon2id */
	long memory, passes; /* argon2id: KiB and rounds over them */
	long iterations;     /* PBKDF2 */
};

enum { PASSWORD_SHORTEST = 12, PASSWORD_LONGEST = 256 }; /* characters; bytes */

/* Long enough, not the account's own name, not one of the few that everybody tries. No rule about
 * which characters (NIST SP 800-63B). false: *err says what to change. */
bool password_fits(const char *password, const char *officer, struct err *err);

/* The caller's; NULL when there is no memory for it (ERR_UNAVAILABLE). */
char *password_hash(const char *password, const struct password_rule *rule, struct err *err);

/* *same: is it this one? kept "" is nobody's, and costs as much as the rule does, so that an
 * account that does not exist takes no less time. false: could not be tried (*err). */
bool password_same(const char *kept, const char *password, const struct password_rule *rule,
        bool *same, struct err *err);

/* Kept under other settings: hash it again while the password is at hand. */
bool password_outdated(const char *kept, const struct password_rule *rule);

#endif
