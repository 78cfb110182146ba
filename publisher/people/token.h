/* SPDX-License-Identifier: Apache-2.0
 * token - machines' (and tests') tokens at work: found by their secret's digest, held against end
 * and allowed addresses, their use noted.
 */
#ifndef TOCSIN_TOKEN_H
#define TOCSIN_TOKEN_H

#include "address.h"
#include "house.h"

/* ERR_MISSING: no token has this digest; ERR_IDENTITY: it has ended; ERR_DENIED: not from there. */
bool token_find(struct house *house, struct store *reader, const char *digest,
        const struct address *client, struct token *out, struct err *err);

/* "read,draft": commas become blanks. false: one is no scope (*err). */
bool token_scopes(char *scopes, struct err *err);
bool token_addresses(char *addresses, struct err *err); /* the same for ranges */
/* A day, not included; "" never. */
bool token_ends(const char *day, int64_t *ends, struct err *err);

#endif
