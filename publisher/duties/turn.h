/* SPDX-License-Identifier: Apache-2.0
 * turn - whose turn a bulletin is on its way from submission to release, and since when.
 */
#ifndef TOCSIN_TURN_H
#define TOCSIN_TURN_H

#include "bulletin.h"
#include "policy.h"
#include "status.h"
#include "store.h"

struct turn {
	enum status_step step;
	int64_t since;
};

/* approvals: all of them, those voided too. false: it is nobody's turn (neither SUBMITTED nor
 * APPROVED). */
bool turn_of(const struct policy *policy, const struct bulletin *bulletin,
        const struct approval_list *approvals, int64_t now, struct turn *turn);

#endif
