/* SPDX-License-Identifier: Apache-2.0
 * guard - who may try to sign in just now. Guessing is made slow per device, per address and
 * account, per address, and per account; and nobody can keep an officer out by guessing on purpose:
 *
 *   a device the officer signed in from before    has its own count and asks for no other
 *   an address the officer signed in from before  does not feel the account's count
 *   any other                                     feels all: address and account, address, account
 *
 * A try is charged before its password is looked at and given back when it was right, so that many
 * at once are no way around. A full count makes the next try wait, twice as long each time, to a
 * bound; a wait is over by itself. Bounded: GUARD_ROOM counts; the ones that matter least go first.
 * Any thread; time is a parameter.
 */
#ifndef TOCSIN_GUARD_H
#define TOCSIN_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "digest.h"

enum { GUARD_ROOM = 8192 };

enum guard_what { GUARD_DEVICE, GUARD_PAIR, GUARD_SOURCE, GUARD_ACCOUNT, GUARD_WHATS };
const char *guard_what_text(enum guard_what what); /* "device", "pair", "source", "account" */

struct guard_try {
	const char *officer; /* as it was given: need not exist */
	const char *source;  /* keyed digest of the address */
	const char *device;  /* digest of a device this officer signed in from; "" none */
	bool known_source;   /* this officer signed in from this address before */
};

/* A count as it is kept over a restart; `key` tells nothing by itself. */
struct guard_count {
	char key[DIGEST_HEX];
	int64_t failures, until, at;
};

/* What a failed try began. */
struct guard_lock {
	enum guard_what what;
	struct guard_count count;
};
struct guard_locks {
	struct guard_lock items[GUARD_WHATS];
	int count;
};

struct guard;
struct guard *guard_create(void);
void guard_destroy(struct guard **guard);

/* Charges the try. 0: go on. Else the moment (ms) until which it has to wait; not charged. *locks:
 * the waits that begin should this try be wrong. */
int64_t guard_enter(
        struct guard *guard, const struct guard_try *try, int64_t now, struct guard_locks *locks);
/* It was right: the charge is given back, and its device's and pair's counts begin anew. */
void guard_passed(struct guard *guard, const struct guard_try *try);

void guard_restore(struct guard *guard, const struct guard_count *count);

enum { GUARD_FORGETS_MS = 24 * 60 * 60 * 1000 }; /* a count nothing was added to for so long */

/* Lines about failures that may be written a minute; the rest is counted and told with the next. */
enum { GUARD_LINES = 60 };
bool guard_may_write(struct guard *guard, int64_t now, int64_t *unwritten);

#endif
