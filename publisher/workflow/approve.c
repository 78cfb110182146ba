/* SPDX-License-Identifier: Apache-2.0
 * approve - see approve.h.
 */
#include "approve.h"

#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "log.h"
#include "policy_roster.h"
#include "secrecy.h"
#include "when.h"

bool approve_proof_is_own(
        const struct caller *caller, const struct proof *proof, int64_t now, struct err *err)
{
	if (strcmp(caller->officer->id, proof->officer) != 0)
		return err_set(err, ERR_DENIED, "凭证属于 %s，而登录者是 %s",
		        "the proof is %s's, but %s hands it in", proof->officer,
		        caller->officer->id);
	if (proof->time > now + PROOF_AHEAD_MS)
		return err_set(err, ERR_INPUT,
		        "凭证时间比本机时钟快 1 分钟以上：请校准您那台机器的时钟后重做",
		        "the proof's time is over a minute ahead of our clock: set the clock of "
		        "your machine and do it again");
	return now - proof->time <= APPROVE_CLOCK_MS ||
	       err_set(err, ERR_INPUT, "凭证作于 10 分钟以前（按本机时钟），请重做",
	               "the proof was made over 10 minutes ago by our clock: do it again");
}

bool approve_proof_is(const struct house *house, const struct caller *caller,
        const struct bulletin *b, const char *digest, const struct proof *proof, int64_t now,
        struct err *err)
{
	if (!approve_proof_is_own(caller, proof, now, err))
		return false;
	if (strcmp(digest, proof->manifest) != 0)
		return err_set(err, ERR_CONFLICT, "%s 在您查看之后已被修改，原批准无效，请重新查看",
		        "%s was changed since you saw it: that approval is void, look again",
		        b->id);
	return policy_proof_holds(atomic_load(&house->policy), proof, err);
}

bool approve_proof_fits(const struct house *house, const struct caller *caller,
        const struct bulletin *b, const struct proof *proof, int64_t now, struct err *err)
{
	char digest[DIGEST_HEX];

	digest_sha256(b->manifest, strlen(b->manifest), digest);
	return approve_proof_is(house, caller, b, digest, proof, now, err);
}

/* Of the issuing unit, of the incident's handler, or of a unit the issuing one may act for now
 * (代发). Which of these it is in the end, release asks in full. */
static bool unit_fits(
        const struct policy *policy, const struct bulletin *b, const char *unit, int64_t now)
{
	if (strcmp(unit, b->unit) == 0 || strcmp(unit, b->handler) == 0)
		return true;
	for (size_t i = 0; i < policy->grant_count; i++) {
		const struct grant *grant = &policy->grants[i];
		if (grant->role == ROLE_BEHALF && strcmp(grant->unit, b->unit) == 0 &&
		        strcmp(grant->of, unit) == 0 && grant->from <= now && now < grant->until)
			return true;
	}
	return false;
}

/* By the roster, where it binds: at the moment release and signer will ask about. */
static bool is_on_duty(const struct policy *policy, const struct proof *proof, struct err *err)
{
	enum status_step step = proof->act == ACT_REVIEW ? STEP_REVIEW : STEP_SIGN;
	char *zh;
	char *en;

	if (roster_lets(policy, proof->officer, step, proof->time))
		return true;
	roster_say(policy, proof->officer, step, proof->time, &zh, &en);
	err_set(err, ERR_DENIED, "条件5 审签：%s%.0s", "condition 5, sign-off: %.0s%s", zh, en);
	free(zh);
	free(en);
	return false;
}

/* Condition (5), as far as it is about this one person. */
static bool person_fits(const struct policy *policy, const struct bulletin *b,
        const struct approval_list *approvals, const struct proof *proof, const char *row,
        int64_t now, struct err *err)
{
	const struct officer *officer = policy_officer(policy, proof->officer);
	unsigned duty = proof->act == ACT_REVIEW ? DUTY_REVIEW : DUTY_SIGN;

	if (!officer || !(officer->duties & duty))
		return err_set(err, ERR_DENIED, "条件5 审签：%s 没有%s%.0s职责，依据 %s",
		        "condition 5, sign-off: %s does not hold the duty to %.0s%s, by %s",
		        proof->officer, act_zh(proof->act), act_text(proof->act), row);
	if (!unit_fits(policy, b, officer->unit, now))
		return err_set(err, ERR_DENIED, "条件5 审签：%s 不属于发布单位 %s，依据 %s",
		        "condition 5, sign-off: %s is not of the issuing unit %s, by %s",
		        proof->officer, b->unit, row);
	const char *wrote = policy_wrote_as(policy, proof->officer, b->drafter, &b->earlier);
	if (wrote)
		return err_set(err, ERR_DENIED,
		        "条件5 审签：拟制人不能审核或签发自己的稿件（%s），依据 %s",
		        "condition 5, sign-off: a drafter cannot review or sign their own draft "
		        "(%s), by "
		        "%s",
		        wrote, row);
	if (!is_on_duty(policy, proof, err))
		return false;
	for (size_t i = 0; i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		if (!a->voided && strcmp(a->proof.manifest, proof->manifest) == 0 &&
		        policy_is_fresh(policy, a->proof.time, now) &&
		        policy_same_person(policy, a->proof.officer, proof->officer))
			return err_set(err, ERR_CONFLICT,
			        "条件5 审签：%s 已经%s过%.0s，须由不同的人，依据 %s",
			        "condition 5, sign-off: %s has done their part already (%.0s%s): "
			        "it takes "
			        "different people, by %s",
			        proof->officer, act_zh(a->proof.act), act_text(a->proof.act), row);
	}
	return true;
}

/* The row that asks for the sign-offs, with its basis. */
static const char *row_of(const struct policy *policy, const struct bulletin *b, int64_t now)
{
	const char *row = "signoff";
	int reviews;
	int signs;

	authority_signoff(policy, b->level, b->procedure, now, &reviews, &signs, &row);
	return row;
}

struct writing {
	const struct policy *policy;
	const char *id;
	const struct proof *proof;
	int64_t now;
};

/* Are all sign-offs there now? The policy says how many; release asks it again in full. */
static bool complete(const struct policy *policy, const struct bulletin *b,
        const struct approval_list *approvals, int64_t now)
{
	char digest[DIGEST_HEX];
	int need_reviews = 0;
	int need_signs = 0;
	int reviews = 0;
	int signs = 0;

	digest_sha256(b->manifest, strlen(b->manifest), digest);
	for (size_t i = 0; i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		if (a->voided || strcmp(a->proof.manifest, digest) != 0 ||
		        !policy_is_fresh(policy, a->proof.time, now))
			continue;
		reviews += a->proof.act == ACT_REVIEW;
		signs += a->proof.act == ACT_SIGN;
	}
	return authority_signoff(
	               policy, b->level, b->procedure, now, &need_reviews, &need_signs, NULL) &&
	       reviews >= need_reviews && signs >= need_signs;
}

bool approve_settle(struct store *store, const struct policy *policy, struct bulletin *b,
        int64_t now, bool *changed, struct err *err)
{
	struct approval_list approvals = {0};

	*changed = false;
	if (!store_list_approvals(store, b->id, &approvals, err))
		return false;
	bool whole = b->screening != SCREENING_HELD && complete(policy, b, &approvals, now);
	if (b->state == BULLETIN_SUBMITTED && whole) {
		b->state = BULLETIN_APPROVED;
		b->approved = now;
		*changed = true;
	} else if (b->state == BULLETIN_APPROVED && !whole) {
		b->state = BULLETIN_SUBMITTED;
		*changed = true;
	}
	approval_list_finish(&approvals);
	return true;
}

bool approve_is_up(const struct bulletin *b, struct err *err)
{
	return b->state == BULLETIN_SUBMITTED || b->state == BULLETIN_APPROVED ||
	       err_set(err, ERR_CONFLICT, "%s 不在待审批状态（%s）%.0s",
	               "%s is not up for approval (%.0s%s)", b->id, bulletin_state_zh(b->state),
	               bulletin_state_text(b->state));
}

/* The secrecy review is a person's: it goes with the sign-off, and is written down with what it
 * stands on. */
static bool write_secrecy(
        struct store *store, const struct writing *w, const struct bulletin *b, struct err *err)
{
	enum act act = secrecy_act(w->policy, b->level, b->procedure, w->now);
	struct step step = {.kind = STEP_SECRECY, .at = w->now};

	if (w->proof->act != act && w->proof->act != ACT_REVIEW)
		return true;
	step.officer = mem_text(w->proof->officer);
	step.reason = mem_text(secrecy_basis(w->policy, b->level, b->procedure, w->now));
	memcpy(step.manifest, w->proof->manifest, DIGEST_HEX);
	bool ok = store_add_step(store, b->id, &step, err);
	step_finish(&step);
	return ok;
}

static bool audit_approval(
        struct store *store, const struct writing *w, const struct bulletin *b, struct err *err)
{
	json_t *body = json_pack("{s:s,s:s,s:s}", "act", act_text(w->proof->act), "officer",
	        w->proof->officer, "manifest", w->proof->manifest);
	bool ok = store_audit(store, "approved", b->id, body, w->now, err);

	json_decref(body);
	return ok;
}

static bool write_approval(struct store *store, void *arg, struct err *err)
{
	const struct writing *w = arg;
	struct approval_list approvals = {0};
	struct bulletin *b = NULL;
	char digest[DIGEST_HEX];
	bool changed = false;

	if (!store_get_bulletin(store, w->id, &b, err))
		return false;
	digest_sha256(b->manifest, strlen(b->manifest), digest);
	/* It may have been sent back since the caller looked. */
	bool ok = approve_is_up(b, err) &&
	          (strcmp(digest, w->proof->manifest) == 0 ||
	                  err_set(err, ERR_CONFLICT, "%s 刚被修改，请重新查看",
	                          "%s was changed meanwhile: look again", b->id));
	ok = ok && store_list_approvals(store, b->id, &approvals, err) &&
	     person_fits(w->policy, b, &approvals, w->proof, row_of(w->policy, b, w->now), w->now,
	             err) &&
	     store_void_stale_approvals(store, b->id, w->now - w->policy->approvals_within, err) &&
	     store_add_approval(store, b->id, w->proof, w->now, err) &&
	     approve_settle(store, w->policy, b, w->now, &changed, err) &&
	     (!changed || store_put_bulletin(store, b, err)) && audit_approval(store, w, b, err) &&
	     write_secrecy(store, w, b, err);
	approval_list_finish(&approvals);
	bulletin_destroy(&b);
	return ok;
}

bool approve_may(const struct policy *policy, const struct bulletin *b,
        const struct approval_list *approvals, const char *officer, enum act act, int64_t now,
        struct err *err)
{
	struct proof proof = {.act = act, .officer = (char *)officer, .time = now};

	digest_sha256(b->manifest, strlen(b->manifest), proof.manifest);
	return approve_is_up(b, err) &&
	       person_fits(policy, b, approvals, &proof, row_of(policy, b, now), now, err);
}

bool approve_bulletin(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const struct proof *proof, struct err *err)
{
	struct writing w = {atomic_load(&house->policy), NULL, proof, when_now()};
	struct bulletin *b = NULL;

	if (!caller_must_be_officer(caller, err) || !store_get_bulletin(reader, id, &b, err))
		return false;
	w.id = b->id;
	bool ok = approve_is_up(b, err) && (proof->act == ACT_REVIEW || proof->act == ACT_SIGN ||
	                                           err_set(err, ERR_INPUT, "此处只接受审核或签发",
	                                                   "only review or sign here"));
	ok = ok && approve_proof_fits(house, caller, b, proof, w.now, err) &&
	     record_do(house->record, level_rank(b->level), write_approval, &w, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "approve", "bulletin", b->id, "act",
	        act_text(proof->act), "officer", proof->officer, "reason", ok ? NULL : err->en,
	        NULL);
	bulletin_destroy(&b);
	return ok;
}
