/* SPDX-License-Identifier: Apache-2.0
 * open_acts - see open_acts.h. Asks the same functions as the acts themselves.
 */
#include "open_acts.h"

#include <string.h>

#include "approve.h"
#include "authority.h"
#include "secrecy.h"
#include "send_back.h"
#include "submit.h"

static const char *const names[OPEN_ACT_COUNT] = {
        [OPEN_RELEASE] = "release",
        [OPEN_SIGN] = "sign",
        [OPEN_REVIEW] = "review",
        [OPEN_OVERRIDE] = "override",
        [OPEN_SUBMIT] = "submit",
        [OPEN_EDIT] = "edit",
        [OPEN_RETURN] = "return",
        [OPEN_REJECT] = "reject",
        [OPEN_WITHDRAW] = "withdraw",
        [OPEN_DISCARD] = "discard",
        [OPEN_UPDATE] = "update",
        [OPEN_CANCEL] = "cancel",
        [OPEN_CORRECT] = "correct",
};

const char *open_act_text(enum open_act act)
{
	return names[act];
}

struct looking {
	const struct policy *policy;
	const struct caller *caller;
	const struct bulletin *bulletin;
	const struct approval_list *approvals;
	int64_t now;
};

static bool has(const struct looking *l, const char *scope)
{
	return caller_has(l->caller, scope);
}

static bool is_state(const struct looking *l, enum bulletin_state state)
{
	return l->bulletin->state == state;
}

static bool is_up(const struct looking *l)
{
	return is_state(l, BULLETIN_SUBMITTED) || is_state(l, BULLETIN_APPROVED);
}

/* What counts already, of what the row asks for. */
static void count(const struct looking *l, struct open_acts *out)
{
	const struct bulletin *b = l->bulletin;
	char digest[DIGEST_HEX];

	digest_sha256(b->manifest, strlen(b->manifest), digest);
	authority_signoff(l->policy, b->level, b->procedure, l->now, &out->need_reviews,
	        &out->need_signs, NULL);
	for (size_t i = 0; i < l->approvals->count; i++) {
		const struct approval *a = &l->approvals->items[i];
		if (a->voided || strcmp(a->proof.manifest, digest) != 0 ||
		        !policy_is_fresh(l->policy, a->proof.time, l->now))
			continue;
		out->reviews += a->proof.act == ACT_REVIEW;
		out->signs += a->proof.act == ACT_SIGN;
	}
}

static void look_at_approval(const struct looking *l, struct open_acts *out)
{
	const char *officer = l->caller->officer->id;
	bool reviewed = out->reviews >= out->need_reviews;
	bool *open = out->open;

	if (!is_state(l, BULLETIN_SUBMITTED) || !has(l, "approve"))
		return;
	open[OPEN_REVIEW] = !reviewed && approve_may(l->policy, l->bulletin, l->approvals, officer,
	                                         ACT_REVIEW, l->now, NULL);
	open[OPEN_SIGN] =
	        reviewed && out->signs < out->need_signs &&
	        approve_may(l->policy, l->bulletin, l->approvals, officer, ACT_SIGN, l->now, NULL);
}

static bool may_override(const struct looking *l)
{
	const struct bulletin *b = l->bulletin;
	const struct secrecy secrecy = {
	        .level = b->level,
	        .procedure = b->procedure,
	        .at = l->now,
	        .held = true,
	        .overrider = l->caller->officer->id,
	        .drafter = b->drafter,
	        .earlier = &b->earlier,
	        .units = {b->unit, b->handler},
	};

	return b->screening == SCREENING_HELD && is_up(l) && has(l, "approve") &&
	       secrecy_may_override(l->policy, &secrecy, NULL);
}

static bool may_send_back(const struct looking *l, enum step_kind kind)
{
	bool gives_up = kind == STEP_WITHDRAW || kind == STEP_DISCARD;

	return has(l, gives_up ? "draft" : "approve") &&
	       send_back_may(l->policy, l->caller->officer, l->bulletin, kind, NULL);
}

/* The words of its end were approved with it; whether the policy lets them go, it is asked then. */
static bool may_end(const struct looking *l)
{
	const struct bulletin *b = l->bulletin;
	bool out = is_state(l, BULLETIN_RELEASED) || is_state(l, BULLETIN_EXPIRED);
	bool first = b->verb == VERB_PUBLISH || b->verb == VERB_UPDATE;

	return out && first && b->procedure != PROCEDURE_RELAY && has(l, "cancel") &&
	       l->caller->officer->duties & DUTY_PUBLISH &&
	       strcmp(l->caller->officer->unit, b->unit) == 0;
}

/* New words for what is in force, which go the way of any. */
static bool may_update(const struct looking *l)
{
	const struct bulletin *b = l->bulletin;
	bool first = b->verb == VERB_PUBLISH || b->verb == VERB_UPDATE;

	return is_state(l, BULLETIN_RELEASED) && first && b->procedure != PROCEDURE_RELAY &&
	       has(l, "draft") &&
	       (strcmp(l->caller->officer->unit, b->unit) == 0 ||
	               strcmp(l->caller->officer->unit, b->handler) == 0);
}

void open_acts_of(const struct policy *policy, const struct caller *caller,
        const struct bulletin *b, const struct approval_list *approvals, int64_t now,
        struct open_acts *out)
{
	const struct looking l = {policy, caller, b, approvals, now};
	bool theirs = submit_is_theirs(caller, b, NULL);
	bool *open = out->open;

	*out = (struct open_acts){0};
	count(&l, out);
	open[OPEN_EDIT] = has(&l, "draft") && theirs && (is_state(&l, BULLETIN_DRAFT) || is_up(&l));
	if (!caller->officer)
		return;
	open[OPEN_SUBMIT] = has(&l, "submit") && theirs && is_state(&l, BULLETIN_DRAFT);
	open[OPEN_RELEASE] = has(&l, "release") && is_state(&l, BULLETIN_APPROVED) &&
	                     caller->officer->duties & DUTY_PUBLISH;
	look_at_approval(&l, out);
	open[OPEN_OVERRIDE] = may_override(&l);
	open[OPEN_RETURN] = may_send_back(&l, STEP_RETURN);
	open[OPEN_REJECT] = may_send_back(&l, STEP_REJECT);
	open[OPEN_WITHDRAW] = may_send_back(&l, STEP_WITHDRAW);
	open[OPEN_DISCARD] = may_send_back(&l, STEP_DISCARD);
	open[OPEN_UPDATE] = may_update(&l);
	open[OPEN_CANCEL] = open[OPEN_CORRECT] = may_end(&l);
}
