/* SPDX-License-Identifier: Apache-2.0
 * policy - asking the policy who is who, and giving it back. Reading it: policy_read.c.
 */
#include "policy.h"

#include <stdlib.h>
#include <string.h>

#include "policy_hotlines.h"
#include "policy_obligations.h"
#include "policy_roster.h"
#include "policy_index.h"

const struct unit *policy_unit(const struct policy *policy, const char *id)
{
	const struct indexed_unit *found = policy_index_unit(policy, id);

	return found ? found->unit : NULL;
}

static int compare_officer(const void *id, const void *element)
{
	const struct officer *const *officer = element;

	return strcmp(id, (*officer)->id);
}

const struct officer *policy_officer(const struct policy *policy, const char *id)
{
	const struct policy_index *index = policy->index;

	if (!index || !id || !index->officer_count)
		return NULL;
	const struct officer **found = bsearch(id, index->officers, index->officer_count,
	        sizeof *index->officers, compare_officer);
	return found ? *found : NULL;
}

bool policy_is_superior(const struct policy *policy, const char *above, const char *below)
{
	const struct indexed_unit *unit = policy_index_unit(policy, below);

	/* No circles: policy_check.c refuses them. */
	for (unit = unit ? unit->superior : NULL; unit && above; unit = unit->superior)
		if (strcmp(unit->unit->id, above) == 0)
			return true;
	return false;
}

bool policy_same_person(const struct policy *policy, const char *one, const char *other)
{
	const struct officer *a = policy_officer(policy, one);
	const struct officer *b = policy_officer(policy, other);

	return strcmp(one, other) == 0 || (a && b && strcmp(a->person, b->person) == 0);
}

bool policy_is_fresh(const struct policy *policy, int64_t approved, int64_t sent)
{
	return sent - approved <= policy->approvals_within;
}

void policy_freshness_say(const struct policy *policy, char **zh, char **en)
{
	long long minutes = policy->approvals_within / 60000;
	bool hours = minutes % 60 == 0;

	*zh = mem_format("%lld %s", hours ? minutes / 60 : minutes, hours ? "小时" : "分钟");
	*en = mem_format("%lld %s", hours ? minutes / 60 : minutes, hours ? "h" : "min");
}

const char *policy_wrote_as(const struct policy *policy, const char *officer, const char *drafter,
        const struct texts *earlier)
{
	if (policy_same_person(policy, officer, drafter))
		return drafter;
	for (size_t i = 0; i < earlier->count; i++)
		if (policy_same_person(policy, officer, earlier->items[i]))
			return earlier->items[i];
	return NULL;
}

/* By any of the officer's passkeys; what is wrong with the assertion itself is said first. */
static bool passkey_proof_holds(const struct policy *policy, const struct officer *officer,
        const struct proof *proof, struct err *err)
{
	struct err why = {0};

	if (!officer->passkey_count)
		return err_set(err, ERR_IDENTITY, "人员 %s 没有登记通行密钥",
		        "officer %s has no passkey in the policy", officer->id);
	for (size_t i = 0; i < officer->passkey_count; i++)
		if (passkey_holds(&policy->passkeys, &officer->passkeys[i], proof, &why))
			return true;
	return err_set(err, ERR_IDENTITY, "人员 %s 的通行密钥凭证不成立：%s%.0s",
	        "the passkey's proof of officer %s does not hold: %.0s%s", officer->id, why.zh,
	        why.en);
}

bool policy_proof_signed(const struct policy *policy, const struct proof *proof, struct err *err)
{
	const struct officer *officer = policy_officer(policy, proof->officer);

	if (!officer)
		return err_set(err, ERR_IDENTITY, "授权规则中没有人员 %s，其证明无效",
		        "there is no officer %s in the policy, the proof does not count",
		        proof->officer ? proof->officer : "-");
	if (passkey_is_signature(proof->signature))
		return passkey_proof_holds(policy, officer, proof, err);
	for (size_t i = 0; i < officer->key_count; i++)
		if (proof_holds(proof, officer->keys[i]))
			return true;
	return err_set(err, ERR_IDENTITY,
	        "人员 %s 的 %zu 把公钥都不能验证这份%s%.0s证明；请核对密钥是否属于本人",
	        "none of officer %s's %zu keys verifies this proof of %.0s%s: is it their own key?",
	        officer->id, officer->key_count, act_zh(proof->act), act_text(proof->act));
}

bool policy_proof_holds(const struct policy *policy, const struct proof *proof, struct err *err)
{
	const struct officer *officer = policy_officer(policy, proof->officer);

	if (officer && !officer->active)
		return err_set(err, ERR_IDENTITY, "人员 %s 已停用，其证明无效",
		        "officer %s is not active, the proof does not count", officer->id);
	if ((policy->passkeys.required & 1u << proof->act) &&
	        !passkey_is_signature(proof->signature))
		return err_set(err, ERR_DENIED,
		        "授权规则要求以通行密钥%s%.0s：%s 以密钥文件所作的凭证不予采信",
		        "the policy asks for a passkey to %.0s%s: a proof of %s by a key file does "
		        "not count",
		        act_zh(proof->act), act_text(proof->act), proof->officer);
	return policy_proof_signed(policy, proof, err);
}

static void scope_free(char *label, char *basis, struct texts *hazards, struct texts *areas,
        struct texts *channels)
{
	free(label);
	free(basis);
	texts_finish(hazards);
	texts_finish(areas);
	texts_finish(channels);
}

static void people_free(struct policy *policy)
{
	for (size_t i = 0; i < policy->unit_count; i++) {
		struct unit *unit = &policy->units[i];
		free(unit->id);
		free(unit->name);
		free(unit->code);
		free(unit->division);
		free(unit->superior);
	}
	for (size_t i = 0; i < policy->officer_count; i++) {
		struct officer *officer = &policy->officers[i];
		free(officer->id);
		free(officer->name);
		free(officer->unit);
		free(officer->person);
		for (size_t k = 0; k < officer->key_count; k++)
			key_destroy(&officer->keys[k]);
		free(officer->keys);
		for (size_t k = 0; k < officer->passkey_count; k++)
			passkey_finish(&officer->passkeys[k]);
		free(officer->passkeys);
	}
	free(policy->passkeys.rp);
	texts_finish(&policy->passkeys.origins);
	free(policy->units);
	free(policy->officers);
}

static void rows_free(struct policy *policy)
{
	for (size_t i = 0; i < policy->grant_count; i++) {
		struct grant *row = &policy->grants[i];
		scope_free(row->label, row->basis, &row->hazards, &row->areas, &row->channels);
		free(row->unit);
		free(row->of);
	}
	for (size_t i = 0; i < policy->forbid_count; i++) {
		struct forbid *row = &policy->forbids[i];
		scope_free(row->label, row->basis, &row->hazards, &row->areas, &row->channels);
		free(row->unless_unit);
	}
	for (size_t i = 0; i < policy->relay_count; i++) {
		struct relay *row = &policy->relays[i];
		scope_free(row->label, row->basis, &row->hazards, &row->areas, &row->channels);
		free(row->source);
		free(row->unit);
	}
	for (size_t i = 0; i < policy->signoff_count; i++) {
		free(policy->signoffs[i].label);
		free(policy->signoffs[i].basis);
	}
	free(policy->urgent.label);
	free(policy->urgent.basis);
	free(policy->grants);
	free(policy->forbids);
	free(policy->relays);
	free(policy->signoffs);
}

void policy_destroy(struct policy **policy)
{
	struct policy *old = *policy;

	if (!old)
		return;
	policy_index_destroy(&old->index, old);
	people_free(old);
	rows_free(old);
	policy_hotlines_free(old);
	policy_finish_duties(old);
	policy_finish_roster(old);
	free(old->text);
	free(old);
	*policy = NULL;
}
