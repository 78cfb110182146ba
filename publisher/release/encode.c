/* SPDX-License-Identifier: Apache-2.0
 * encode - see encode.h. Relies on the signer for every promise about who approved what; checks
 * only that the answer belongs to the question.
 */
#include "encode.h"

#include <stdlib.h>
#include <string.h>

#include "manifest.h"
#include "originals.h"
#include "text.h"

int64_t encode_sent(const struct bulletin *b, const struct bulletin_list *chain, int64_t now)
{
	if (b->procedure == PROCEDURE_RELAY)
		return b->sent;
	int64_t sent = now / 1000 * 1000;
	for (size_t i = 0; i < chain->count; i++)
		if (chain->items[i]->sent + 1000 > sent)
			sent = chain->items[i]->sent + 1000;
	return sent;
}

/* Those that still count: the signer refuses the others. */
static size_t proofs_of(const struct policy *policy, const struct bulletin *b,
        const struct approval_list *approvals, const struct proof *own, int64_t sent,
        struct proof *out)
{
	char digest[DIGEST_HEX];
	char overridden[DIGEST_HEX];
	size_t n = 0;

	digest_sha256(b->manifest, strlen(b->manifest), digest);
	override_digest(digest, b->screening_note, overridden);
	for (size_t i = 0; approvals && i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		const char *over = a->proof.act == ACT_OVERRIDE ? overridden : digest;
		if (!a->voided && strcmp(a->proof.manifest, over) == 0 &&
		        policy_is_fresh(policy, a->proof.time, sent))
			out[n++] = a->proof;
	}
	if (own)
		out[n++] = *own;
	return n;
}

static bool take_answer(
        struct bulletin *b, struct sign_answer *answer, int64_t sent, struct err *err)
{
	struct manifest filled;
	struct buf text;

	if (!manifest_read(&filled, answer->manifest, strlen(answer->manifest), err))
		return false;
	bool ours = strcmp(filled.identifier, b->identifier) == 0 && filled.sent == sent;
	manifest_finish(&filled);
	if (!ours)
		return err_set(err, ERR_INTERNAL, "签名进程的回答与 %s 不符",
		        "the signer's answer does not belong to %s", b->id);
	b->signed_cap = answer->cap;
	b->filled_manifest = answer->manifest;
	b->manifest_signature = answer->signature;
	*answer = (struct sign_answer){0};
	b->sent = sent;
	for (size_t i = 0; i < b->text_count; i++) {
		buf_init(&text, 0);
		text_fill_sent(b->texts[i].body, sent, &text);
		free(b->texts[i].filled);
		b->texts[i].filled = buf_take(&text);
	}
	return true;
}

/* The signer checks by a policy of its own. Where that is another than ours its refusal says so
 * first, or people look for the fault where there is none. */
static void tell_the_difference(const struct house *house, struct err *err)
{
	const char *ours = atomic_load(&house->policy)->version;
	struct signer_holds holds;
	struct err said = *err;

	if (said.kind != ERR_DENIED || !signer_keys(house->config->signer_socket, &holds, NULL))
		return;
	if (strcmp(holds.policy, ours) != 0)
		err_set(err, said.kind,
		        "签名进程按授权规则 %.16s 复核，本机现行的是 "
		        "%.16s，两者不同：待其一致后再发布"
		        "（办法见 /healthz 的 signer_policy_detail_zh）。%s%.0s",
		        "the signer checks by policy %.16s, in force here is %.16s: release it "
		        "again "
		        "once they are the same (signer_policy_detail in /healthz says what to "
		        "do). "
		        "%.0s%s",
		        holds.policy, ours, said.zh, said.en);
	signer_holds_finish(&holds);
}

bool encode(const struct house *house, struct bulletin *b, const struct approval_list *approvals,
        const struct proof *own, const char *officer, const struct bulletin_list *chain,
        const struct signed_steps *steps, int64_t sent, struct err *err)
{
	struct proof *proofs = mem_array((approvals ? approvals->count : 0) + 1, sizeof *proofs);
	size_t original_count = 0;
	const struct bulletin **originals = originals_of(b, chain, &original_count);
	struct sign_answer answer = {0};
	struct sign_request request = {
	        .bulletin = b,
	        .steps = steps,
	        .proofs = proofs,
	        .proof_count =
	                proofs_of(atomic_load(&house->policy), b, approvals, own, sent, proofs),
	        .officer = officer,
	        .sent = sent,
	        .originals = originals,
	        .original_count = original_count,
	};

	bool ok = signer_sign(house->config->signer_socket, &request, &answer, err);
	if (!ok)
		tell_the_difference(house, err);
	ok = ok && take_answer(b, &answer, sent, err);
	sign_answer_finish(&answer);
	free(proofs);
	free(originals);
	return ok;
}

bool encode_ahead(const struct house *house, const struct bulletin *b,
        const struct approval_list *approvals, int64_t now, struct err *err)
{
	struct proof *proofs = mem_array(approvals->count + 1, sizeof *proofs);
	struct sign_request request = {
	        .bulletin = b,
	        .proofs = proofs,
	        .proof_count =
	                proofs_of(atomic_load(&house->policy), b, approvals, NULL, now, proofs),
	        .officer = "",
	        .sent = now,
	};
	bool ok = signer_prepare(house->config->signer_socket, &request, err);

	free(proofs);
	return ok;
}
