/* SPDX-License-Identifier: Apache-2.0
 * case_verify - see case_verify.h.
 */
#include "case_verify.h"

#include <string.h>

#include "audit_file.h"
#include "fields.h"
#include "manifest.h"
#include "status.h"
#include "when.h"

static bool broken(const json_t *message, const char *zh, const char *en, struct err *err)
{
	return err_set(
	        err, ERR_CONFLICT, "%s：%s%.0s", "%s: %.0s%s", json_text(message, "id"), zh, en);
}

static bool digest_fits(const char *bytes, const char *want)
{
	char got[DIGEST_HEX];

	digest_sha256(bytes, strlen(bytes), got);
	return digest_same(got, want);
}

/* --- approvals -------------------------------------------------------------------------------- */

static bool approval_holds(
        const json_t *message, const json_t *approval, const struct policy *policy, struct err *err)
{
	struct proof proof = {.officer = (char *)json_text(approval, "officer"),
	        .signature = (char *)json_text(approval, "signature")};
	struct err why = {0};
	const char *manifest = json_text(approval, "manifest");

	if (!act_read(json_text(approval, "act"), &proof.act) ||
	        !when_read(json_text(approval, "time"), &proof.time, NULL) ||
	        !digest_is_hex(manifest))
		return broken(message, "有一条审签不成形", "an approval is malformed", err);
	memcpy(proof.manifest, manifest, DIGEST_HEX);
	/* By the policy of today: who has left since, or signed by a key file, did what they did.
	 */
	if (policy_proof_signed(policy, &proof, &why))
		return true;
	return broken(message, why.zh, why.en, err);
}

/* Did an approval that counts stand over exactly this? A relay has none; its producer signed. */
static bool was_approved(const json_t *message, const struct manifest *manifest, struct err *err)
{
	const json_t *approval;
	size_t i;

	if (*manifest->source)
		return true;
	json_array_foreach(json_object_get(message, "approvals"), i, approval)
	{
		if (!json_is_true(json_object_get(approval, "voided")) &&
		        digest_fits(
		                json_text(message, "manifest"), json_text(approval, "manifest")))
			return true;
	}
	return broken(message, "已签发的清单没有任何有效审签",
	        "no approval stands over the manifest that was signed", err);
}

static bool approvals_hold(const json_t *message, const struct policy *policy,
        struct case_found *found, struct err *err)
{
	const json_t *approval;
	size_t i;

	json_array_foreach(json_object_get(message, "approvals"), i, approval)
	{
		if (!approval_holds(message, approval, policy, err))
			return false;
		found->approvals++;
	}
	return true;
}

/* --- what was signed -------------------------------------------------------------------------- */

static bool texts_fit(const json_t *message, const struct manifest *manifest, struct err *err)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(message, "texts"), i, one)
	{
		const struct manifest_target *target =
		        manifest_target(manifest, json_text(one, "target"));
		if (!target || !digest_fits(json_text(one, "filled"), target->text))
			return broken(message, "文字与签发的清单不符",
			        "a text is not the one the signed manifest names", err);
	}
	return true;
}

static bool contents_fit(const json_t *message, const struct manifest *manifest, struct err *err)
{
	if (!digest_fits(json_text(message, "signed_cap"), manifest->cap))
		return broken(message, "CAP 与签发的清单不符",
		        "the CAP is not the one the signed manifest names", err);
	if (strcmp(manifest->identifier, json_text(message, "identifier")) != 0)
		return broken(message, "编号与签发的清单不符",
		        "the identifier is not the one the signed manifest names", err);
	return texts_fit(message, manifest, err) && was_approved(message, manifest, err);
}

static bool signature_holds(const json_t *message, const struct key *alert, struct err *err)
{
	const char *filled = json_text(message, "filled_manifest");
	struct manifest manifest;

	if (!key_verify(alert, filled, strlen(filled), json_text(message, "manifest_signature")))
		return broken(message, "清单上没有发布密钥的有效签名",
		        "the manifest carries no valid signature of the alert key", err);
	if (!manifest_read(&manifest, filled, strlen(filled), err))
		return false;
	bool ok = contents_fit(message, &manifest, err);
	manifest_finish(&manifest);
	return ok;
}

static bool message_holds(const json_t *message, const struct case_keys *keys,
        const struct policy *policy, struct case_found *found, struct err *err)
{
	found->messages++;
	if (!approvals_hold(message, policy, found, err))
		return false;
	if (!*json_text(message, "filled_manifest"))
		return true;
	found->signed_messages++;
	return signature_holds(message, keys->alert, err);
}

/* --- the chain -------------------------------------------------------------------------------- */

/* Each record by itself: its hash follows from the one before and what it says. */
static bool records_hold(const json_t *json, struct case_found *found, struct err *err)
{
	const json_t *record;
	size_t i;
	int64_t last = 0;

	json_array_foreach(json_object_get(json, "audit"), i, record)
	{
		struct chain before = {
		        .seq = json_integer_value(json_object_get(record, "seq")) - 1};
		if (!digest_is_hex(json_text(record, "previous")) || before.seq < last)
			return err_set(err, ERR_CONFLICT, "审计记录次序或形式不对",
			        "the audit records are out of order or malformed");
		memcpy(before.hash, json_text(record, "previous"), DIGEST_HEX);
		if (!audit_record_fits(&before, record, err))
			return false;
		last = before.seq;
		found->records++;
	}
	return true;
}

static bool heartbeat_holds(const json_t *json, const struct key *status, struct err *err)
{
	struct heads heads = {0};

	if (!status || json_is_null(json_object_get(json, "heartbeat")))
		return true;
	bool ok = heads_add(&heads, json_text(json, "heartbeat"), status, err);
	heads_finish(&heads);
	return ok;
}

bool case_verify(
        const json_t *json, const struct case_keys *keys, struct case_found *found, struct err *err)
{
	const json_t *messages = json_object_get(json, "messages");
	const json_t *message;
	struct policy *own = NULL;
	size_t i;

	if (json_integer_value(json_object_get(json, "case")) != 1 || !json_array_size(messages))
		return err_set(err, ERR_INPUT, "这不是案卷", "this is no case");
	const char *document = json_text(json, "policy");
	if (!keys->policy && !(own = policy_parse("policy", document, strlen(document), err)))
		return false;
	bool ok = records_hold(json, found, err) && heartbeat_holds(json, keys->status, err);
	json_array_foreach(messages, i, message) ok =
	        ok && message_holds(message, keys, keys->policy ? keys->policy : own, found, err);
	policy_destroy(&own);
	return ok;
}
