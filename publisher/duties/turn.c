/* SPDX-License-Identifier: Apache-2.0
 * turn - see turn.h. Pure: what the sign-off row asks for against the approvals that count.
 */
#include "turn.h"

#include "authority.h"

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* One that has grown too old makes it somebody's turn anew: whoever was called before that has done
 * their part, or answered, and is called about it again. So it tells still when another has taken
 * its place; of words before these it tells nothing. */
static int64_t lapsed_at(const struct policy *policy, const struct bulletin *b,
        const struct approval *a, int64_t now)
{
	bool of_these = a->recorded >= b->submitted &&
	                (a->proof.act == ACT_REVIEW || a->proof.act == ACT_SIGN);

	return of_these && !policy_is_fresh(policy, a->proof.time, now)
	               ? a->proof.time + policy->approvals_within
	               : 0;
}

bool turn_of(const struct policy *policy, const struct bulletin *b,
        const struct approval_list *approvals, int64_t now, struct turn *turn)
{
	int need_reviews = 1;
	int need_signs = 1;
	int reviews = 0;
	int64_t since = b->submitted;
	int64_t reviewed = 0;

	if (b->state == BULLETIN_APPROVED) {
		*turn = (struct turn){STEP_RELEASE, b->approved};
		return true;
	}
	if (b->state != BULLETIN_SUBMITTED)
		return false;
	authority_signoff(policy, b->level, b->procedure, now, &need_reviews, &need_signs, NULL);
	for (size_t i = 0; i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		since = later(since, lapsed_at(policy, b, a, now));
		if (a->voided || a->proof.act != ACT_REVIEW ||
		        !policy_is_fresh(policy, a->proof.time, now))
			continue;
		reviews++;
		reviewed = later(reviewed, a->recorded);
	}
	*turn = reviews >= need_reviews ? (struct turn){STEP_SIGN, later(since, reviewed)}
	                                : (struct turn){STEP_REVIEW, since};
	return true;
}
