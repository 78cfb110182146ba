/* SPDX-License-Identifier: Apache-2.0
 * ends - everything that ends on a day that is known, in one list, soonest first, so that nobody
 * learns of it from a far side's refusal: grants, delegations (代发) and roster rows of the policy;
 * tokens and open enrolments; certificates that the settings name; the accounts and contracts of
 * far sides and sources, where `ends` is set. Keys have no end of their own.
 *
 * What ends within the setting `ends_soon`, or did within the last as many days, is said once a day
 * in the log, stands in the due list, and is counted in /healthz.
 */
#ifndef TOCSIN_ENDS_H
#define TOCSIN_ENDS_H

#include <jansson.h>

#include "house.h"

/* [{"what","what_zh","name","of","ends","state": "over" | "soon" | "later"}]; people: tokens and
 * enrolments too. problem is set for a certificate that cannot be read, which ends at once. */
bool ends_list(struct house *house, struct store *reader, bool people, int64_t now, json_t **out,
        struct err *err);
void ends_chore(struct house *house, struct store *reader, int64_t now);

#endif
