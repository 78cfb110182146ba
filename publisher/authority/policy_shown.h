/* SPDX-License-Identifier: Apache-2.0
 * policy_shown - the policy document as it may be shown to whoever is no administrator: the rules,
 * without the numbers officers are called at.
 */
#ifndef TOCSIN_POLICY_SHOWN_H
#define TOCSIN_POLICY_SHOWN_H

#include "policy.h"

/* The document written anew: without the roster's numbers but those of this unit (NULL: of none),
 * and without comments, in which numbers may stand. It says the same rules, and reads as a policy;
 * its digest is another. The caller's; NULL + *err. */
char *policy_shown(const struct policy *policy, const char *unit, struct err *err);

#endif
