/* SPDX-License-Identifier: Apache-2.0
 * notices_send - whom a call goes to by the roster, and the signed forms that carry it.
 */
#ifndef TOCSIN_NOTICES_SEND_H
#define TOCSIN_NOTICES_SEND_H

#include "house.h"
#include "turn_call.h"

struct callee {
	const struct officer *officer;
	const char *phone; /* or NULL */
};
struct callees {
	struct callee *items; /* the caller's to free; what they point to is the policy's */
	size_t count;
};

/* On duty for the call's step at the moment it is made: the deputies on the last rung, those they
 * stand in for before; where nobody has a deputy, those on duty again. */
void callees_of(const struct policy *policy, const char *unit, const struct turn_call *call,
        struct callees *out);

/* One form each, signed by the status key, to every far side marked for notices. What cannot be
 * signed or handed out is said in the log. */
void callees_tell(struct house *house, const struct bulletin *bulletin,
        const struct turn_call *call, const struct callees *callees);

#endif
