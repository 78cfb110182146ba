/* SPDX-License-Identifier: Apache-2.0
 * submit - a draft becomes something people can approve: numbered, rendered for every far side,
 * reviewed by the rules, its cancel and corrections worded, its manifest fixed.
 */
#ifndef TOCSIN_SUBMIT_H
#define TOCSIN_SUBMIT_H

#include "cap_problem.h"
#include "house.h"

/* *problems gets what review found, errors or not. An officer submits: a machine's draft becomes
 * theirs. */
bool submit_bulletin(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, struct cap_problems *problems, struct err *err);

/* Is this draft theirs to word? An officer's: their own unit's, or one that no unit has yet. A
 * machine's: only while no person has had a hand in it. ERR_DENIED. */
bool submit_is_theirs(
        const struct caller *caller, const struct bulletin *bulletin, struct err *err);

#endif
