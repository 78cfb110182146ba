/* SPDX-License-Identifier: Apache-2.0
 * policy_change - see policy_change.h. Every refusal names the rule it stands on.
 */
#include "policy_change.h"

#include <stdlib.h>
#include <string.h>

static bool holds(
        const struct policy *policy, unsigned duty, const struct proof *proof, struct err *err)
{
	const struct officer *officer = policy_officer(policy, proof->officer);

	if (proof->act != ACT_CHANGE)
		return err_set(err, ERR_DENIED, "变更须以 change 行为签署，而不是 %s",
		        "a change is signed with the act change, not %s", act_text(proof->act));
	if (!policy_proof_holds(policy, proof, err))
		return false;
	return (officer->duties & duty) ||
	       err_set(err, ERR_DENIED, "%s 没有%s职责%.0s，不能提出或确认此项变更（三员分立）",
	               "%s does not hold the duty %.0s%s: it takes that to propose or confirm this "
	               "change",
	               officer->id, duty_zh(duty), duty_text(duty));
}

static bool is_other_person(const struct policy *policy, const struct proof *one,
        const struct proof *other, struct err *err)
{
	const struct officer *a = policy_officer(policy, one->officer);
	const struct officer *b = policy_officer(policy, other->officer);

	return strcmp(a->person, b->person) != 0 ||
	       err_set(err, ERR_DENIED, "%s 与 %s 是同一个人：变更须由两名不同的管理员签署",
	               "%s and %s are one person: a change takes two different administrators",
	               a->id, b->id);
}

bool change_proofs_hold(const struct policy *policy, unsigned duty, const char digest[DIGEST_HEX],
        struct proof *proofs, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		memcpy(proofs[i].manifest, digest, DIGEST_HEX);
		if (!holds(policy, duty, &proofs[i], err))
			return false;
		for (size_t k = 0; k < i; k++)
			if (!is_other_person(policy, &proofs[k], &proofs[i], err))
				return false;
	}
	return true;
}

/* What somebody did is judged by the policy of today, a cancel of what they drafted too: they leave
 * by being inactive, never by not being there. */
static bool keeps_officers(const struct policy *before, const struct policy *next, struct err *err)
{
	for (size_t i = 0; i < before->officer_count; i++)
		if (!policy_officer(next, before->officers[i].id))
			return err_set(err, ERR_DENIED,
			        "新的授权规则删去了人员 %s：离任人员应保留并写 active: false，"
			        "否则其经手的预警不能再更新或解除",
			        "the new policy leaves out officer %s: whoever leaves stays in it "
			        "with active: false, or what they drafted can be neither updated "
			        "nor cancelled",
			        before->officers[i].id);
	return true;
}

struct policy *policy_successor(
        const struct policy *before, const char *body, size_t len, struct err *err)
{
	struct policy *next = policy_parse("authority.yaml", body, len, err);

	if (!next)
		return NULL;
	bool ok = strcmp(next->version, before->version) != 0 ||
	          err_set(err, ERR_CONFLICT, "这份授权规则就是现行的一份，没有变更",
	                  "this is the policy in force already: nothing changes");
	ok = ok && keeps_officers(before, next, err);
	if (ok && policy_people(next, DUTY_ADMIN) < CHANGE_PEOPLE)
		ok = err_set(err, ERR_DENIED,
		        "新的授权规则只剩 %zu 名在岗且有公钥的安全管理员（admin），至少须 %d "
		        "名，否则此后再不能变更",
		        "the new policy leaves %zu active administrators with keys (admin): it "
		        "takes %d, or nobody can change it again",
		        policy_people(next, DUTY_ADMIN), (int)CHANGE_PEOPLE);
	if (!ok)
		policy_destroy(&next);
	return next;
}

void policy_step_finish(struct policy_step *step)
{
	for (size_t i = 0; i < step->proof_count; i++)
		proof_finish(&step->proofs[i]);
	free(step->proofs);
	free(step->text);
	free(step->body);
	*step = (struct policy_step){0};
}

static bool leads_on(const struct change_text *text, const char head[DIGEST_HEX], enum mode mode,
        const struct policy_step *step, struct err *err)
{
	char digest[DIGEST_HEX];

	digest_sha256(step->body, step->body_len, digest);
	if (strcmp(text->kind, "policy") != 0 || text->mode != mode)
		return err_set(err, ERR_DENIED, "变更 %s 不是本模式（%s）的授权规则变更%.0s",
		        "change %s is no change of the policy in mode %.0s%s", text->id,
		        mode_zh(mode), mode_text(mode));
	if (strcmp(text->follows, head) != 0)
		return err_set(err, ERR_CONFLICT,
		        "变更 %s 所接续的不是现行授权规则（旧变更不能重放，也不能跳过）",
		        "change %s does not follow the policy in force (an old change is not taken "
		        "again, and none is left out)",
		        text->id);
	return strcmp(text->body, digest) == 0 ||
	       err_set(err, ERR_DENIED, "变更 %s 的文件与所签署的不是同一份",
	               "the document of change %s is not the one that was signed", text->id);
}

struct policy *policy_step_take(const struct policy *before, const char head[DIGEST_HEX],
        enum mode mode, const struct policy_step *step, char next_head[DIGEST_HEX], struct err *err)
{
	struct change_text text;
	struct policy *next = NULL;
	char digest[DIGEST_HEX];

	if (!change_text_read(&text, step->text, strlen(step->text), err))
		return NULL;
	change_text_digest(&text, digest);
	bool ok = leads_on(&text, head, mode, step, err) &&
	          change_proofs_hold(
	                  before, DUTY_ADMIN, digest, step->proofs, step->proof_count, err);
	if (ok && step->proof_count < CHANGE_PEOPLE)
		ok = err_set(err, ERR_DENIED, "变更 %s 只有 %zu 名管理员签署，须 %d 名",
		        "change %s has %zu administrators' proofs, it takes %d", text.id,
		        step->proof_count, (int)CHANGE_PEOPLE);
	if (ok && (next = policy_successor(before, step->body, step->body_len, err)))
		memcpy(next_head, digest, DIGEST_HEX);
	change_text_finish(&text);
	return next;
}
