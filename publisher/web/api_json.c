/* SPDX-License-Identifier: Apache-2.0
 * api_json - see api_json.h. Never shows a recipient's address.
 */
#include "api_json.h"

#include <string.h>

#include "when.h"

json_t *moment_json(int64_t ms)
{
	char text[WHEN_TEXT];

	if (!ms)
		return json_null();
	when_text(ms, text);
	return json_string(text);
}

json_t *list_json(const struct texts *texts)
{
	json_t *array = json_array();

	for (size_t i = 0; i < texts->count; i++)
		json_array_append_new(array, json_string(texts->items[i]));
	return array;
}

json_t *bulletin_head_json(const struct bulletin *b)
{
	return json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o,"
	                 "s:o,s:o,s:o,s:o}",
	        "id", b->id, "state", bulletin_state_text(b->state), "state_zh",
	        bulletin_state_zh(b->state), "version", (json_int_t)b->version, "mode",
	        mode_text(b->mode), "verb", verb_text(b->verb), "kind", kind_text(b->kind), "level",
	        level_text(b->level), "level_zh", level_zh(b->level), "hazard", b->hazard,
	        "headline", b->headline, "identifier", b->identifier, "unit", b->unit, "drafter",
	        b->drafter, "source", b->source, "earlier", list_json(&b->earlier), "areas",
	        list_json(&b->areas), "targets", list_json(&b->targets), "created",
	        moment_json(b->created), "released", moment_json(b->released), "sent",
	        moment_json(b->sent), "expires", moment_json(b->expires));
}

json_t *heads_json(const struct bulletin_list *bulletins)
{
	json_t *array = json_array();

	for (size_t i = 0; i < bulletins->count; i++)
		json_array_append_new(array, bulletin_head_json(bulletins->items[i]));
	return array;
}

static json_t *texts_json(const struct bulletin *b)
{
	json_t *array = json_array();

	for (size_t i = 0; i < b->text_count; i++) {
		const struct bulletin_text *t = &b->texts[i];
		const struct audience *audience = bulletin_audience(b, t->target);
		json_t *text = json_pack("{s:s,s:s,s:s}", "target", t->target, "kind", t->kind,
		        "text", t->filled ? t->filled : t->body);
		if (audience)
			json_object_set_new(text, "recipients", json_integer(audience->count));
		json_array_append_new(array, text);
	}
	return array;
}

static json_t *approvals_json(const struct approval_list *approvals)
{
	json_t *array = json_array();

	for (size_t i = 0; i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		json_array_append_new(array,
		        json_pack("{s:s,s:s,s:o,s:s,s:b}", "act", act_text(a->proof.act), "officer",
		                a->proof.officer, "time", moment_json(a->proof.time), "manifest",
		                a->proof.manifest, "voided", a->voided));
	}
	return array;
}

static json_t *deliveries_json(const struct delivery_list *deliveries)
{
	json_t *array = json_array();

	for (size_t i = 0; i < deliveries->count; i++) {
		const struct delivery *d = &deliveries->items[i];
		json_t *json = json_pack("{s:I,s:s,s:s,s:s,s:i,s:s,s:s,s:s,s:o,s:o}", "id",
		        (json_int_t)d->id, "target", d->target, "state",
		        delivery_state_text(d->state), "state_zh", delivery_state_zh(d->state),
		        "attempts", d->attempt, "proof", d->proof, "reason", d->reason, "far_id",
		        d->far_id, "due",
		        d->state == DELIVERY_WAITING ? moment_json(d->due) : json_null(), "updated",
		        moment_json(d->updated));
		if (d->block >= 0) {
			json_object_set_new(json, "block", json_integer(d->block));
			json_object_set_new(json, "reached", json_integer(d->reached));
			json_object_set_new(json, "failed", json_integer(d->failed));
		}
		json_array_append_new(array, json);
	}
	return array;
}

json_t *bulletin_json(const struct bulletin *b, const struct approval_list *approvals,
        const struct delivery_list *deliveries)
{
	char digest[DIGEST_HEX] = "";
	json_t *json = bulletin_head_json(b);

	if (*b->manifest)
		digest_sha256(b->manifest, strlen(b->manifest), digest);
	json_object_set_new(json, "manifest_digest", json_string(digest));
	json_object_set_new(json, "procedure", json_string(procedure_text(b->procedure)));
	json_object_set_new(json, "disclosure", json_string(disclosure_text(b->disclosure)));
	json_object_set_new(json, "disclosure_reason", json_string(b->disclosure_reason));
	json_object_set_new(json, "screening", json_string(screening_text(b->screening)));
	json_object_set_new(json, "screening_note", json_string(b->screening_note));
	json_object_set_new(json, "chain", json_string(b->chain));
	json_object_set_new(json, "replaces", json_string(b->replaces));
	json_object_set_new(json, "incident", json_string(b->incident));
	json_object_set_new(json, "handler", json_string(b->handler));
	json_object_set_new(json, "releaser", json_string(b->releaser));
	json_object_set_new(json, "texts", texts_json(b));
	json_object_set_new(json, "approvals", approvals_json(approvals));
	json_object_set_new(json, "deliveries", deliveries_json(deliveries));
	return json;
}

bool proof_from_json(const json_t *json, struct proof *proof, struct err *err)
{
	const char *act;
	const char *officer;
	const char *time;
	const char *manifest;
	const char *signature;

	*proof = (struct proof){0};
	if (json_unpack((json_t *)json, "{s:s,s:s,s:s,s:s,s:s}", "act", &act, "officer", &officer,
	            "time", &time, "manifest", &manifest, "signature", &signature) != 0)
		return err_set(err, ERR_INPUT, "凭证应含 act、officer、time、manifest、signature",
		        "a proof has act, officer, time, manifest and signature");
	if (!act_read(act, &proof->act) || !when_read(time, &proof->time, NULL) ||
	        !digest_is_hex(manifest))
		return err_set(err, ERR_INPUT, "凭证的 act、time 或 manifest 写法不对",
		        "act, time or manifest of the proof is malformed");
	memcpy(proof->manifest, manifest, DIGEST_HEX);
	proof->officer = mem_text(officer);
	proof->signature = mem_text(signature);
	return true;
}
