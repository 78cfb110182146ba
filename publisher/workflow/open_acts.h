/* SPDX-License-Identifier: Apache-2.0
 * open_acts - what one caller may do to one bulletin just now, in the order in which a page should
 * offer it.
 *
 * For showing only: every act asks again for itself, release and the ends of a release the policy
 * in full. What is not named here may still be done where a rule allows it (a signature before the
 * review, say); what is named is next.
 */
#ifndef TOCSIN_OPEN_ACTS_H
#define TOCSIN_OPEN_ACTS_H

#include "house.h"

enum open_act {
	OPEN_RELEASE,
	OPEN_SIGN,
	OPEN_REVIEW,
	OPEN_OVERRIDE,
	OPEN_SUBMIT,
	OPEN_EDIT,
	OPEN_RETURN,
	OPEN_REJECT,
	OPEN_WITHDRAW,
	OPEN_DISCARD,
	OPEN_UPDATE,
	OPEN_CANCEL,
	OPEN_CORRECT,
	OPEN_ACT_COUNT
};
const char *open_act_text(enum open_act act); /* release sign review ... */

struct open_acts {
	bool open[OPEN_ACT_COUNT];
	int reviews, signs;           /* that hold and count now */
	int need_reviews, need_signs; /* by the sign-off row */
};

/* approvals: all of them, or those that hold. */
void open_acts_of(const struct policy *policy, const struct caller *caller,
        const struct bulletin *bulletin, const struct approval_list *approvals, int64_t now,
        struct open_acts *out);

#endif
