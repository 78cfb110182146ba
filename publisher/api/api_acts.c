/* SPDX-License-Identifier: Apache-2.0
 * api_acts - what people do to a bulletin: approve, release, cancel, correct.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "api_show.h"
#include "approve.h"
#include "outbox.h"
#include "override.h"
#include "reason.h"
#include "release.h"
#include "release_ahead.h"
#include "staged.h"
#include "when.h"

static bool post_approval(struct call *call, struct err *err)
{
	struct proof proof = {0};
	json_t *json = call_body_json(call, err);
	bool ok = json && proof_from_json(json, &proof, err) &&
	          approve_bulletin(
	                  call->house, call->reader, call->caller, call->part[0], &proof, err);

	proof_finish(&proof);
	json_decref(json);
	if (ok)
		release_ahead(call->house, call->part[0]);
	return ok && show_bulletin(call, call->part[0], NULL, err);
}

static bool post_override(struct call *call, struct err *err)
{
	struct proof proof = {0};
	json_t *json = call_body_json(call, err);
	bool ok = json && proof_from_json(json_object_get(json, "proof"), &proof, err) &&
	          override_screening(call->house, call->reader, call->caller, call->part[0], &proof,
	                  json_string_value(json_object_get(json, "reason")), err);

	proof_finish(&proof);
	json_decref(json);
	if (ok)
		release_ahead(call->house, call->part[0]);
	return ok && show_bulletin(call, call->part[0], NULL, err);
}

static bool post_release(struct call *call, struct err *err)
{
	char *seen = call_query(call, "manifest");
	bool ok =
	        release_bulletin(call->house, call->reader, call->caller, call->part[0], seen, err);

	free(seen);
	return ok && show_bulletin(call, call->part[0], NULL, err);
}

/* Which of two clocks the officer's is like: ours, or the one we believe when ours is in doubt. */
static int64_t proofs_now(const struct call *call, const struct proof *proof)
{
	int64_t now = when_now();
	int64_t believed = outbox_believed_now(call->house->outbox, now);

	return llabs(proof->time - now) <= llabs(proof->time - believed) ? now : believed;
}

static bool staged_with_proof(
        struct call *call, const char *as, const json_t *json, struct err *err)
{
	const char *reason = json_string_value(json_object_get(json, "reason"));
	struct bulletin *staged = NULL;
	struct proof proof = {0};

	if (!reason_fits(reason, err))
		return false;
	bool ok = proof_from_json(json_object_get(json, "proof"), &proof, err) &&
	          staged_find(call->reader, call->part[0], as, &staged, err);
	if (ok && proof.act != (staged->verb == VERB_CANCEL ? ACT_CANCEL : ACT_CORRECT))
		ok = err_set(err, ERR_INPUT, "凭证的 act 应为 %s", "the proof's act must be %s",
		        verb_text(staged->verb));
	ok = ok && caller_must_be_officer(call->caller, err) &&
	     approve_proof_fits(
	             call->house, call->caller, staged, &proof, proofs_now(call, &proof), err) &&
	     release_staged(call->house, call->reader, call->caller, call->part[0], as, &proof,
	             reason, err);
	char *id = mem_text(staged ? staged->id : NULL);
	proof_finish(&proof);
	bulletin_destroy(&staged);
	ok = ok && show_bulletin(call, id, NULL, err);
	free(id);
	return ok;
}

static bool post_cancel(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	bool ok = json && staged_with_proof(call, "cancel", json, err);

	json_decref(json);
	return ok;
}

static bool post_correct(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	const char *what = json ? json_string_value(json_object_get(json, "what")) : NULL;
	bool known = what && (strcmp(what, "wrong-area") == 0 || strcmp(what, "false-alarm") == 0);

	bool ok = json &&
	          (known || err_set(err, ERR_INPUT, "what 应为 wrong-area 或 false-alarm",
	                            "what must be wrong-area or false-alarm")) &&
	          staged_with_proof(call, what, json, err);
	json_decref(json);
	return ok;
}

const struct route api_act_routes[] = {
        {"POST", "/api/v1/bulletins/{}/approvals", "approve", true, post_approval},
        {"POST", "/api/v1/bulletins/{}/override", "approve", true, post_override},
        {"POST", "/api/v1/bulletins/{}/release", "release", true, post_release},
        {"POST", "/api/v1/bulletins/{}/cancel", "cancel", true, post_cancel},
        {"POST", "/api/v1/bulletins/{}/correct", "cancel", true, post_correct},
        {0},
};
