/* SPDX-License-Identifier: Apache-2.0
 * turn - see turn.h. Pure: what the sign-off row asks for against the approvals that hold.
 */
#include "turn.h"

#include "authority.h"

bool turn_of(const struct policy *policy, const struct bulletin *b,
        const struct approval_list *approvals, int64_t now, struct turn *turn)
{
	int need_reviews = 1;
	int need_signs = 1;
	int reviews = 0;
	int64_t last = b->submitted;

	if (b->state == BULLETIN_APPROVED) {
		*turn = (struct turn){STEP_RELEASE, b->approved};
		return true;
	}
	if (b->state != BULLETIN_SUBMITTED)
		return false;
	authority_signoff(policy, b->level, b->procedure, now, &need_reviews, &need_signs, NULL);
	for (size_t i = 0; i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		if (a->voided || a->proof.act != ACT_REVIEW)
			continue;
		reviews++;
		if (a->recorded > last)
			last = a->recorded;
	}
	*turn = reviews >= need_reviews ? (struct turn){STEP_SIGN, last}
	                                : (struct turn){STEP_REVIEW, b->submitted};
	return true;
}
