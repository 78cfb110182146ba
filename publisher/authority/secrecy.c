/* SPDX-License-Identifier: Apache-2.0
 * secrecy - see secrecy.h. Relies on the sign-off rows (decide_people.c); no row at all is no
 * review.
 */
#include "secrecy.h"

#include <string.h>

#include "authority.h"
#include "decide.h"

enum act secrecy_act(
        const struct policy *policy, enum level level, enum procedure procedure, int64_t at)
{
	const struct signoff *row = signoff_row(policy, level, procedure, at);

	return row && row->reviews == 0 ? ACT_SIGN : ACT_REVIEW;
}

const char *secrecy_basis(
        const struct policy *policy, enum level level, enum procedure procedure, int64_t at)
{
	const struct signoff *row = signoff_row(policy, level, procedure, at);

	return row && row->basis ? row->basis : "保守国家秘密法 第三十五条";
}

static bool of_these_units(const struct officer *officer, const struct secrecy *s)
{
	for (size_t i = 0; i < sizeof s->units / sizeof s->units[0]; i++)
		if (s->units[i] && strcmp(s->units[i], officer->unit) == 0)
			return true;
	return false;
}

bool secrecy_may_override(const struct policy *policy, const struct secrecy *s, struct err *err)
{
	const struct officer *officer = policy_officer(policy, s->overrider);
	enum act act = secrecy_act(policy, s->level, s->procedure, s->at);
	unsigned duty = act == ACT_REVIEW ? DUTY_REVIEW : DUTY_SIGN;
	const char *id = s->overrider ? s->overrider : "-";

	if (!officer || !officer->active || !(officer->duties & duty))
		return err_set(err, ERR_DENIED,
		        "条件6 保密审查：%s 没有%s%.0s职责，不能放行筛查命中的内容",
		        "condition 6, secrecy: %s does not hold the duty to %.0s%s, and cannot "
		        "override a screening hit",
		        id, act_zh(act), act_text(act));
	if (!of_these_units(officer, s))
		return err_set(err, ERR_DENIED, "条件6 保密审查：%s 不属于发布单位 %s",
		        "condition 6, secrecy: %s is not of the issuing unit %s", id,
		        s->units[0] ? s->units[0] : "-");
	if (!s->drafter || policy_wrote_as(policy, officer->id, s->drafter, s->earlier))
		return err_set(err, ERR_DENIED,
		        "条件6 保密审查：拟制人不能放行自己稿件的筛查命中（%s）",
		        "condition 6, secrecy: a drafter cannot override a hit in their own draft "
		        "(%s)",
		        id);
	return true;
}

enum screening secrecy_screening(const struct policy *policy, const struct secrecy *s)
{
	size_t done = secrecy_act(policy, s->level, s->procedure, s->at) == ACT_REVIEW
	                      ? s->review_count
	                      : s->sign_count + s->review_count;

	if (s->held)
		return s->overrider && policy_is_fresh(policy, s->overridden, s->at) &&
		                       secrecy_may_override(policy, s, NULL)
		               ? SCREENING_OVERRIDDEN
		               : SCREENING_HELD;
	if (s->procedure == PROCEDURE_RELAY)
		return SCREENING_NONE;
	return done ? SCREENING_REVIEWED : SCREENING_NONE;
}
