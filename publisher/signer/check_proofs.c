/* SPDX-License-Identifier: Apache-2.0
 * check_proofs - who approved this, by signatures we check ourselves. A proof is over this manifest
 * or it is none: an approval of yesterday's wording, of another bulletin, or by a key the policy
 * does not know ends the request.
 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

/* Under this policy, when the words were looked through before their release. */
static bool is_known(const struct signing *s, const struct proof *proof)
{
	for (size_t i = 0; i < s->known_count; i++) {
		const struct proof *known = &s->known[i];
		if (known->act == proof->act && known->time == proof->time &&
		        strcmp(known->officer, proof->officer) == 0 &&
		        strcmp(known->manifest, proof->manifest) == 0 &&
		        strcmp(known->signature, proof->signature) == 0)
			return true;
	}
	return false;
}

static bool check_proof(const struct signer *signer, struct signing *s, struct proof *proof,
        int64_t now, struct err *err)
{
	struct err why = {0};

	if (proof->act == ACT_OVERRIDE)
		override_digest(s->digest, s->reason, proof->manifest);
	else
		memcpy(proof->manifest, s->digest, DIGEST_HEX);
	if (proof->time > now + PROOF_AHEAD_MS)
		return err_set(err, ERR_DENIED,
		        "签名拒绝：%s 的%s凭证时间在将来%.0s（规则：凭证须真实）",
		        "not signed: the proof of %s (%.0s%s) is from the future (rule: proofs "
		        "hold)",
		        proof->officer, act_zh(proof->act), act_text(proof->act));
	if (is_known(s, proof) || policy_proof_holds(signer->policy, proof, &why))
		return true;
	return err_set(err, ERR_DENIED,
	        "签名拒绝：%s "
	        "的%s凭证对该清单不成立%.0s：%s%.0s（规则：审签凭证须为本人对本清单所签）",
	        "not signed: the proof of %s (%.0s%s) does not hold for this manifest: %.0s%s "
	        "(rule: each approval is that "
	        "officer's signature over this manifest)",
	        proof->officer, act_zh(proof->act), act_text(proof->act), why.zh, why.en);
}

/* An act of yesterday that was kept back is not carried out today. (Approvals: condition 5.) */
static bool is_fresh(const struct signer *signer, const struct signing *s,
        const struct proof *proof, struct err *err)
{
	char when[WHEN_TEXT];
	char *zh;
	char *en;

	if (policy_is_fresh(signer->policy, proof->time, s->sent))
		return true;
	when_text(proof->time, when);
	policy_freshness_say(signer->policy, &zh, &en);
	err_set(err, ERR_DENIED,
	        "签名拒绝：%s 的%s%.0s凭证作于 %s，已超过 %s%.0s（规则：凭证过期不算数）",
	        "not signed: the proof of %s (%.0s%s) is of %s, over %.0s%s ago (rule: a proof "
	        "counts for a time)",
	        proof->officer, act_zh(proof->act), act_text(proof->act), when, zh, en);
	free(zh);
	free(en);
	return false;
}

/* Staged words need one more act, by the officer who sends them. */
static bool has_own_act(const struct signer *signer, const struct signing *s, struct err *err)
{
	enum act act = s->manifest.verb == VERB_CANCEL ? ACT_CANCEL : ACT_CORRECT;

	for (size_t i = 0; i < s->proof_count; i++)
		if (s->proofs[i].act == act && strcmp(s->proofs[i].officer, s->officer) == 0)
			return is_fresh(signer, s, &s->proofs[i], err);
	return err_set(err, ERR_DENIED,
	        "签名拒绝：缺少 %s 的%s凭证%.0s（规则：解除和更正须由发出者签署）",
	        "not signed: there is no proof of %s (%.0s%s) (rule: who sends a cancel or "
	        "correction signs it)",
	        s->officer, act_zh(act), act_text(act));
}

bool check_proofs(const struct signer *signer, struct signing *s, int64_t now, struct err *err)
{
	for (size_t i = 0; i < s->proof_count; i++) {
		struct proof *proof = &s->proofs[i];
		if (!check_proof(signer, s, proof, now, err))
			return false;
		sign_offs_add(&s->sign_offs, proof);
		if (proof->act == ACT_OVERRIDE)
			s->override = proof;
	}
	return !signing_is_staged(s) || has_own_act(signer, s, err);
}
