/* SPDX-License-Identifier: Apache-2.0
 * totp - the six digits of an authenticator (RFC 6238: HMAC-SHA-1, 30 s). Pure: the time is a
 * parameter.
 */
#ifndef TOCSIN_TOTP_H
#define TOCSIN_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOTP_SECRET = 20, TOTP_DIGITS = 6, TOTP_STEP_MS = 30000 };

/* The code of one step, TOTP_DIGITS digits. */
void totp_code(const unsigned char *secret, size_t len, int64_t step, char code[TOTP_DIGITS + 1]);

/* Is it the code of this step or a neighbour (clocks differ), and of a step after `used`? Each code
 * counts once: *step is then the one to be kept as used. Takes the same time either way. */
bool totp_fits(const unsigned char *secret, size_t len, const char *code, int64_t now, int64_t used,
        int64_t *step);

/* What an authenticator reads; both the caller's. */
char *totp_base32(const unsigned char *secret, size_t len);
char *totp_uri(const char *officer, const char *node, const char *base32);

#endif
