/* SPDX-License-Identifier: Apache-2.0
 * send_back - see send_back.h. One table says who may do what to which states.
 */
#include "send_back.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "reason.h"
#include "when.h"

struct way {
	bool of_draft; /* done to a draft; else to what is up for approval */
	enum bulletin_state to;
	unsigned duties;     /* one of them, in the issuing unit or the handler's */
	bool by_the_drafter; /* or whoever drafted it; else anybody but them */
};

static const struct way ways[STEP_KIND_COUNT] = {
        [STEP_RETURN] = {false, BULLETIN_DRAFT, DUTY_REVIEW | DUTY_SIGN, false},
        [STEP_REJECT] = {false, BULLETIN_REJECTED, DUTY_REVIEW | DUTY_SIGN, false},
        [STEP_WITHDRAW] = {false, BULLETIN_DRAFT, DUTY_DRAFT, true},
        [STEP_DISCARD] = {true, BULLETIN_DISCARDED, DUTY_DRAFT, true},
};

static bool state_fits(
        const struct bulletin *b, const struct way *way, enum step_kind kind, struct err *err)
{
	bool up = b->state == BULLETIN_SUBMITTED || b->state == BULLETIN_APPROVED;

	if (way->of_draft ? b->state == BULLETIN_DRAFT : up)
		return true;
	return err_set(err, ERR_CONFLICT, "%s 的状态是%s%.0s，不能%s%.0s",
	        "%s is %.0s%s: it cannot be %.0s%s now", b->id, bulletin_state_zh(b->state),
	        bulletin_state_text(b->state), step_zh(kind), step_text(kind));
}

static bool is_of(const struct officer *officer, const struct bulletin *b)
{
	/* What a machine handed in without a unit is anybody's to clear away. */
	return strcmp(officer->unit, b->unit) == 0 || strcmp(officer->unit, b->handler) == 0 ||
	       (!*b->unit && b->state == BULLETIN_DRAFT);
}

static bool person_fits(const struct policy *policy, const struct officer *officer,
        const struct bulletin *b, const struct way *way, enum step_kind kind, struct err *err)
{
	bool drafted = *b->drafter && policy_same_person(policy, officer->id, b->drafter);

	if (drafted && way->by_the_drafter)
		return true;
	if (drafted)
		return err_set(err, ERR_DENIED,
		        "拟制人 %s 不能%s%.0s自己的稿件；可以撤回（withdraw）",
		        "%s drafted it, and a draft of one's own is not %.0s%s: withdraw it "
		        "instead",
		        officer->id, step_zh(kind), step_text(kind));
	if (!is_of(officer, b))
		return err_set(err, ERR_DENIED, "%s 属于 %s，不属于该稿件的发布单位 %s，不能%s%.0s",
		        "%s is of %s, not of the issuing unit %s: it is not theirs to have "
		        "%.0s%s",
		        officer->id, officer->unit, b->unit, step_zh(kind), step_text(kind));
	if (officer->active && officer->duties & way->duties)
		return true;
	return err_set(err, ERR_DENIED, "%s 没有%s职责%.0s，不能%s%.0s",
	        "%s does not hold the duty to %.0s%s: it is not theirs to have %.0s%s", officer->id,
	        way->duties & DUTY_DRAFT ? "拟制" : "审核或签发",
	        way->duties & DUTY_DRAFT ? "draft" : "review or sign", step_zh(kind),
	        step_text(kind));
}

bool send_back_may(const struct policy *policy, const struct officer *officer,
        const struct bulletin *b, enum step_kind kind, struct err *err)
{
	const struct way *way = &ways[kind];

	return state_fits(b, way, kind, err) && person_fits(policy, officer, b, way, kind, err);
}

struct writing {
	const struct policy *policy;
	const struct officer *officer;
	const char *id;
	struct step *step;
};

static bool write_back(struct store *store, void *arg, struct err *err)
{
	const struct writing *w = arg;
	struct bulletin *b = NULL;

	if (!store_get_bulletin(store, w->id, &b, err))
		return false;
	bool ok = send_back_may(w->policy, w->officer, b, w->step->kind, err);
	if (ok) {
		b->state = ways[w->step->kind].to;
		b->approved = 0;
		if (*b->manifest)
			digest_sha256(b->manifest, strlen(b->manifest), w->step->manifest);
		ok = store_put_bulletin(store, b, err) && store_void_approvals(store, b->id, err) &&
		     store_add_step(store, b->id, w->step, err);
	}
	bulletin_destroy(&b);
	return ok;
}

bool send_back(struct house *house, const struct caller *caller, const char *id,
        enum step_kind kind, const char *reason, struct err *err)
{
	struct step step = {.kind = kind, .at = when_now()};
	struct writing w = {atomic_load(&house->policy), caller->officer, id, &step};

	if (!caller_must_be_officer(caller, err) || !reason_fits(reason, err))
		return false;
	step.officer = mem_text(caller->officer->id);
	step.reason = mem_text(reason);
	/* Ahead of whatever queues, so that it is in time. */
	bool ok = record_do(house->record, level_rank(LEVEL_RED), write_back, &w, err);
	log_event(ok ? LOG_INFO : LOG_WARN, step_text(kind), "bulletin", id, "officer",
	        step.officer, "refused", ok ? NULL : err->en, NULL);
	step_finish(&step);
	return ok;
}
