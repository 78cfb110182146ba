/* SPDX-License-Identifier: Apache-2.0
 * api_changes - administrative changes: proposed by one administrator, confirmed by another; and
 * the policy's versions.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "api_show.h"
#include "change.h"
#include "change_kinds.h"
#include "policies.h"
#include "policy_shown.h"
#include "secret.h"

enum { MOST_SHOWN = 200 };

static json_t *change_head(const struct change *change)
{
	json_t *people = json_array();

	for (size_t i = 0; i < change->proof_count; i++)
		json_array_append_new(
		        people, json_pack("{s:s,s:o}", "officer", change->proofs[i].officer, "time",
		                        moment_json(change->proofs[i].time)));
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "id", change->text.id,
	        "kind", change->text.kind, "mode", mode_text(change->text.mode), "state",
	        change_state_text(change->state), "state_zh", change_state_zh(change->state),
	        "digest", change->digest, "reason", change->reason, "closer", change->closer,
	        "proposed", moment_json(change->proposed), "ends", moment_json(change->ends),
	        "closed", moment_json(change->closed), "proofs", people);
}

/* word: said this once, to who confirmed it; NULL: none. */
static bool show_change(struct call *call, const char *id, const char *word, struct err *err)
{
	struct change change;
	struct buf lines;

	if (!store_get_change(call->reader, id, &change, err))
		return false;
	const struct change_kind *kind = change_kind_find(change.text.kind, NULL);
	json_t *json = change_head(&change);
	buf_init(&lines, 0);
	change_text_write(&change.text, &lines);
	json_object_set_new(json, "follows", json_string(change.text.follows));
	json_object_set_new(json, "text", json_string(lines.data));
	json_object_set_new(json, "body", json_string(change.body));
	if (kind && kind->show) {
		char *shown = kind->show(call->house, call->reader, &change);
		json_object_set_new(json, "diff", json_string(shown));
		free(shown);
	}
	if (kind && kind->follows && change.state == CHANGE_PROPOSED)
		json_object_set_new(
		        json, "effects", kind->follows(call->house, call->reader, &change));
	if (word)
		json_object_set_new(json, "word", json_string(word));
	call->secret = word;
	call_json(call, 200, json);
	buf_finish(&lines);
	change_finish(&change);
	return true;
}

/* What a new change has to follow stands beside the list. */
static bool get_changes(struct call *call, struct err *err)
{
	struct change_list list = {0};
	struct policy_version newest;

	if (!store_newest_policy(call->reader, &newest, err))
		return false;
	bool ok = store_list_changes(call->reader, MOST_SHOWN, &list, err);
	if (ok) {
		json_t *array = json_array();
		for (size_t i = 0; i < list.count; i++)
			json_array_append_new(array, change_head(&list.items[i]));
		call_json(call, 200,
		        json_pack("{s:s,s:s,s:o}", "mode", mode_text(call->house->config->mode),
		                "follows", newest.head, "changes", array));
	}
	change_list_finish(&list);
	policy_version_finish(&newest);
	return ok;
}

static bool get_change(struct call *call, struct err *err)
{
	return show_change(call, call->part[0], NULL, err);
}

static bool read_change(
        const struct call *call, const json_t *json, struct change *change, struct err *err)
{
	const char *id, *kind, *follows, *body;
	const json_t *proof;

	if (json_unpack((json_t *)json, "{s:s,s:s,s:s,s:s,s:o}", "id", &id, "kind", &kind,
	            "follows", &follows, "body", &body, "proof", &proof) != 0)
		return err_set(err, ERR_INPUT, "变更应含 id、kind、follows、body、proof",
		        "a change has id, kind, follows, body and proof");
	if (!change_id_fits(id) || !change_kind_fits(kind) || !digest_is_hex(follows))
		return err_set(err, ERR_INPUT, "变更的 id、kind 或 follows 写法不对",
		        "id, kind or follows of the change is malformed");
	change->text.id = mem_text(id);
	change->text.kind = mem_text(kind);
	change->text.mode = call->house->config->mode;
	memcpy(change->text.follows, follows, DIGEST_HEX);
	change->body = mem_text(body);
	struct proof *first = mem_push(&change->proofs, &change->proof_count, sizeof *first);
	return proof_from_json(proof, first, err);
}

static bool post_change(struct call *call, struct err *err)
{
	struct change change = {0};
	json_t *json = call_body_json(call, err);
	bool ok = json && read_change(call, json, &change, err) &&
	          change_propose(call->house, call->reader, call->caller, &change, err) &&
	          show_change(call, change.text.id, NULL, err);

	change_finish(&change);
	json_decref(json);
	return ok;
}

static bool post_proof(struct call *call, struct err *err)
{
	struct proof proof = {0};
	char *word = NULL;
	json_t *json = call_body_json(call, err);
	bool ok = json && proof_from_json(json, &proof, err) &&
	          change_confirm(call->house, call->reader, call->caller, call->part[0], &proof,
	                  &word, err) &&
	          show_change(call, call->part[0], word, err);

	secret_forget(&word);
	proof_finish(&proof);
	json_decref(json);
	return ok;
}

static bool post_withdraw(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	const char *reason = json ? json_string_value(json_object_get(json, "reason")) : NULL;
	bool ok = json &&
	          ((reason && *reason) ||
	                  err_set(err, ERR_INPUT, "请说明原因（reason）", "say why (reason)")) &&
	          change_end(call->house, call->reader, call->caller, call->part[0], reason, err);

	json_decref(json);
	return ok && show_change(call, call->part[0], NULL, err);
}

/* Administrators see the document itself. Everybody else the rules, with the roster's numbers of
 * their own unit, and is told so. */
static bool add_document(
        json_t *json, const struct policy *policy, const struct caller *caller, struct err *err)
{
	const struct officer *officer = caller->officer;

	if (officer && (officer->duties & DUTY_ADMINISTRATORS)) {
		json_object_set_new(json, "text", json_string(policy->text));
		json_object_set_new(json, "whole", json_true());
		return true;
	}
	char *text = policy_shown(policy, officer ? officer->unit : NULL, err);
	if (!text)
		return false;
	json_object_set_new(json, "text", json_string(text));
	json_object_set_new(json, "whole", json_false());
	json_object_set_new(json, "note_zh",
	        json_string("值班号码只对本单位人员和管理员显示；注释略去，版本号是原文的摘要"));
	json_object_set_new(json, "note",
	        json_string("numbers of the roster are shown to officers of that unit and to "
	                    "administrators; comments are left out; the version is the digest of "
	                    "the document itself"));
	free(text);
	return true;
}

static bool get_policy(struct call *call, struct err *err)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	json_t *versions = NULL;

	if (!store_list_policy_versions(call->reader, &versions, err))
		return false;
	json_t *json = json_pack("{s:s,s:s,s:o}", "version", policy->version, "signer",
	        signer_policy_text(policies_signer(call->house->policies)), "versions", versions);
	if (!add_document(json, policy, call->caller, err)) {
		json_decref(json);
		return false;
	}
	call_json(call, 200, json);
	return true;
}

/* A proposed policy stands in its change whole. */
const struct route api_change_routes[] = {
        {"POST", "/api/v1/changes", "admin", true, post_change},
        {"GET", "/api/v1/changes", "admin", ROUTE_ADMIN | ROUTE_ACCOUNTS | ROUTE_AUDIT,
                get_changes},
        {"GET", "/api/v1/changes/{}", "admin", ROUTE_ADMIN | ROUTE_ACCOUNTS | ROUTE_AUDIT,
                get_change},
        {"POST", "/api/v1/changes/{}/proofs", "admin", true, post_proof},
        {"POST", "/api/v1/changes/{}/withdraw", "admin", true, post_withdraw},
        {"GET", "/api/v1/policy", "read", false, get_policy},
        {0},
};
