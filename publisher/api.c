/* SPDX-License-Identifier: Apache-2.0
 * api - see api.h. Each handler reads one request, calls one use case, shows what came of it.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "approve.h"
#include "edit.h"
#include "ingest.h"
#include "problems.h"
#include "release.h"
#include "submit.h"
#include "when.h"

static json_t *body_json(const struct call *call, struct err *err)
{
	json_error_t trouble;
	json_t *json = json_loadb(call->body, call->body_len, JSON_REJECT_DUPLICATES, &trouble);

	if (!json)
		err_set(err, ERR_INPUT, "请求不是 JSON：第 %d 行第 %d 列",
		        "the request is no JSON: line %d, column %d", trouble.line, trouble.column);
	return json;
}

/* The bulletin as it stands now is the answer, with what there is to note about it (may be NULL).
 */
static bool show(
        struct call *call, const char *id, const struct cap_problems *notes, struct err *err)
{
	struct approval_list approvals = {0};
	struct delivery_list deliveries = {0};
	struct bulletin *b = NULL;

	bool ok = store_get_bulletin(call->reader, id, &b, err) &&
	          store_list_all_approvals(call->reader, b->id, &approvals, err) &&
	          store_list_deliveries(call->reader, b->id, &deliveries, err);
	if (ok) {
		json_t *json = bulletin_json(b, &approvals, &deliveries);
		if (notes)
			json_object_set_new(json, "notes", problems_json(notes));
		call_json(call, 200, json);
	}
	approval_list_finish(&approvals);
	delivery_list_finish(&deliveries);
	bulletin_destroy(&b);
	return ok;
}

/* What was noted reaches the operator either way; finishes it. */
static bool show_noted(
        struct call *call, bool ok, const char *id, struct cap_problems *notes, struct err *err)
{
	if (ok) {
		ok = show(call, id, notes, err);
	} else {
		json_t *problems = problems_json(notes);
		web_problem_answer(call, err, problems);
		json_decref(problems);
	}
	cap_problems_finish(notes);
	return ok;
}

/* --- in
 * ------------------------------------------------------------------------------------------- */

static struct arrival arrival_of(const struct call *call)
{
	bool cap = strncmp(call->content_type, "application/cap+xml", 19) == 0 ||
	           strstr(call->content_type, "/xml");
	bool json = strncmp(call->content_type, "application/json", 16) == 0;
	bool text = strncmp(call->content_type, "text/plain", 10) == 0;

	return (struct arrival){
	        .form = cap    ? ARRIVAL_CAP
	                : json ? ARRIVAL_REPORT
	                : text ? ARRIVAL_TEXT
	                       : ingest_form(call->body, call->body_len),
	        .way = "api",
	        .name = call->caller->token.name,
	        .bytes = call->body,
	        .len = call->body_len,
	        .limit = (size_t)call->house->config->limit_api,
	        .caller = call->caller,
	        .source = "",
	};
}

static bool post_bulletin(struct call *call, struct err *err)
{
	struct arrival arrival = arrival_of(call);
	struct arrived arrived;
	struct approval_list approvals = {0};
	struct delivery_list deliveries = {0};
	struct bulletin *b = NULL;

	if (atomic_load(&call->house->draining))
		return err_set(err, ERR_BUSY, "系统正在停机", "the system is going down");
	bool ok = ingest(call->house, call->reader, &arrival, &arrived, err);
	if (ok && store_get_bulletin(call->reader, arrived.bulletin, &b, err)) {
		json_t *json = bulletin_json(b, &approvals, &deliveries);
		json_object_set_new(json, "repeat", json_boolean(arrived.repeat));
		json_object_set_new(json, "notes", problems_json(&arrived.notes));
		call_json(call, arrived.repeat ? 200 : 201, json);
	} else {
		ok = false;
		json_t *problems = problems_json(&arrived.notes);
		web_problem_answer(call, err, problems);
		json_decref(problems);
	}
	bulletin_destroy(&b);
	arrived_finish(&arrived);
	return ok;
}

static bool put_bulletin(struct call *call, struct err *err)
{
	struct arrival arrival = arrival_of(call);
	struct cap_problems notes = {0};
	char *version = call_query(call, "version");

	bool ok = edit_bulletin(call->house, call->reader, call->part[0],
	        version ? strtoll(version, NULL, 10) : -1, &arrival, &notes, err);
	free(version);
	return show_noted(call, ok, call->part[0], &notes, err);
}

static bool post_submit(struct call *call, struct err *err)
{
	struct cap_problems problems = {0};

	bool ok = submit_bulletin(
	        call->house, call->reader, call->caller, call->part[0], &problems, err);
	return show_noted(call, ok, call->part[0], &problems, err);
}

/* --- people's acts
 * ---------------------------------------------------------------------------------- */

static bool post_approval(struct call *call, struct err *err)
{
	struct proof proof = {0};
	json_t *json = body_json(call, err);
	bool ok = json && proof_from_json(json, &proof, err) &&
	          approve_bulletin(
	                  call->house, call->reader, call->caller, call->part[0], &proof, err);

	proof_finish(&proof);
	json_decref(json);
	return ok && show(call, call->part[0], NULL, err);
}

static bool post_release(struct call *call, struct err *err)
{
	return release_bulletin(call->house, call->reader, call->caller, call->part[0], err) &&
	       show(call, call->part[0], NULL, err);
}

/* The words staged with a bulletin, while they can still be sent. */
static bool find_staged(
        struct call *call, const char *as, struct bulletin **staged, struct err *err)
{
	struct bulletin *original = NULL;
	struct err missing = {0};

	if (!store_get_bulletin(call->reader, call->part[0], &original, err))
		return false;
	bool ok = store_get_staged(call->reader, original->id, as, staged, &missing);
	if (!ok && missing.kind == ERR_MISSING)
		err_set(err, ERR_CONFLICT, "%s 的状态是 %s，没有可用的 %s 用语",
		        "%s is %s: no words for %s are staged with it", original->id,
		        bulletin_state_text(original->state), as);
	else if (!ok && err)
		*err = missing;
	bulletin_destroy(&original);
	return ok;
}

static bool staged_with_proof(
        struct call *call, const char *as, const json_t *json, struct err *err)
{
	const json_t *reason = json_object_get(json, "reason");
	struct bulletin *staged = NULL;
	struct proof proof = {0};

	if (!json_is_string(reason) || !*json_string_value(reason))
		return err_set(err, ERR_INPUT, "请说明原因（reason）", "say why (reason)");
	bool ok = proof_from_json(json_object_get(json, "proof"), &proof, err) &&
	          find_staged(call, as, &staged, err);
	if (ok && proof.act != (staged->verb == VERB_CANCEL ? ACT_CANCEL : ACT_CORRECT))
		ok = err_set(err, ERR_INPUT, "凭证的 act 应为 %s", "the proof's act must be %s",
		        verb_text(staged->verb));
	ok = ok && caller_must_be_officer(call->caller, err) &&
	     approve_proof_fits(call->house, call->caller, staged, &proof, when_now(), err) &&
	     release_staged(call->house, call->reader, call->caller, call->part[0], as, &proof,
	             json_string_value(reason), err);
	char *id = mem_text(staged ? staged->id : NULL);
	proof_finish(&proof);
	bulletin_destroy(&staged);
	ok = ok && show(call, id, NULL, err);
	free(id);
	return ok;
}

static bool post_cancel(struct call *call, struct err *err)
{
	json_t *json = body_json(call, err);
	bool ok = json && staged_with_proof(call, "cancel", json, err);

	json_decref(json);
	return ok;
}

static bool post_correct(struct call *call, struct err *err)
{
	json_t *json = body_json(call, err);
	const char *what = json ? json_string_value(json_object_get(json, "what")) : NULL;
	bool known = what && (strcmp(what, "wrong-area") == 0 || strcmp(what, "false-alarm") == 0);

	bool ok = json &&
	          (known || err_set(err, ERR_INPUT, "what 应为 wrong-area 或 false-alarm",
	                            "what must be wrong-area or false-alarm")) &&
	          staged_with_proof(call, what, json, err);
	json_decref(json);
	return ok;
}

/* --- out
 * ------------------------------------------------------------------------------------------- */

static bool get_bulletin(struct call *call, struct err *err)
{
	return show(call, call->part[0], NULL, err);
}

static bool get_bulletins(struct call *call, struct err *err)
{
	struct bulletin_list bulletins = {0};
	enum bulletin_state state;
	char *word = call_query(call, "state");
	bool any = !word || !*word;

	if (!any && !bulletin_state_read(word, &state)) {
		err_set(err, ERR_INPUT, "没有状态 %s", "there is no state %s", word);
		free(word);
		return false;
	}
	free(word);
	if (!store_list_bulletins(call->reader, any ? -1 : (int)state, 200, &bulletins, err))
		return false;
	json_t *array = json_array();
	for (size_t i = 0; i < bulletins.count; i++)
		json_array_append_new(array, bulletin_head_json(bulletins.items[i]));
	call_json(call, 200, json_pack("{s:o}", "bulletins", array));
	bulletin_list_finish(&bulletins);
	return true;
}

static bool get_manifest(struct call *call, struct err *err)
{
	struct bulletin *b = NULL;

	if (!store_get_bulletin(call->reader, call->part[0], &b, err))
		return false;
	bool ok = *b->manifest ||
	          err_set(err, ERR_CONFLICT, "%s 尚未提交", "%s was not submitted yet", b->id);
	if (ok)
		call_text(call, "text/plain; charset=utf-8", b->manifest);
	bulletin_destroy(&b);
	return ok;
}

static bool get_staged_manifest(struct call *call, struct err *err)
{
	struct bulletin *staged = NULL;

	bool ok = find_staged(call, call->part[1], &staged, err);
	if (ok)
		call_text(call, "text/plain; charset=utf-8", staged->manifest);
	bulletin_destroy(&staged);
	return ok;
}

static bool get_cap(struct call *call, struct err *err)
{
	struct bulletin *b = NULL;

	if (!store_get_bulletin(call->reader, call->part[0], &b, err))
		return false;
	call_text(
	        call, "application/cap+xml; charset=utf-8", b->signed_cap ? b->signed_cap : b->cap);
	bulletin_destroy(&b);
	return true;
}

static bool get_why(struct call *call, struct err *err)
{
	struct bulletin *b = NULL;
	json_t *decisions = NULL;

	if (!store_get_bulletin(call->reader, call->part[0], &b, err))
		return false;
	bool ok = store_list_decisions(call->reader, b->id, &decisions, err);
	if (ok)
		call_json(call, 200,
		        json_pack("{s:s,s:s,s:o}", "id", b->id, "headline", b->headline,
		                "decisions", decisions));
	bulletin_destroy(&b);
	return ok;
}

static bool get_intake(struct call *call, struct err *err)
{
	json_t *list = NULL;

	if (!store_list_intake(call->reader, 200, &list, err))
		return false;
	call_json(call, 200, json_pack("{s:o}", "intake", list));
	return true;
}

static bool get_audit_verify(struct call *call, struct err *err)
{
	char head[DIGEST_HEX] = "";
	int64_t records = 0;

	if (!store_audit_verify(call->reader, &records, head, err))
		return false;
	call_json(call, 200,
	        json_pack(
	                "{s:b,s:I,s:s}", "whole", 1, "records", (json_int_t)records, "head", head));
	return true;
}

static bool get_health(struct call *call, struct err *err)
{
	(void)err;
	call_json(call, 200,
	        json_pack("{s:s,s:s,s:s}", "status", "ok", "node", call->house->config->node,
	                "mode", mode_text(call->house->config->mode)));
	return true;
}

const struct route api_routes[] = {
        {"GET", "/healthz", NULL, false, get_health},
        {"POST", "/api/v1/bulletins", "draft", true, post_bulletin},
        {"GET", "/api/v1/bulletins", "read", false, get_bulletins},
        {"GET", "/api/v1/bulletins/{}", "read", false, get_bulletin},
        {"PUT", "/api/v1/bulletins/{}", "draft", false, put_bulletin},
        {"POST", "/api/v1/bulletins/{}/submit", "submit", true, post_submit},
        {"GET", "/api/v1/bulletins/{}/manifest", "read", false, get_manifest},
        {"GET", "/api/v1/bulletins/{}/staged/{}/manifest", "read", false, get_staged_manifest},
        {"GET", "/api/v1/bulletins/{}/cap", "read", false, get_cap},
        {"GET", "/api/v1/bulletins/{}/why", "read", false, get_why},
        {"POST", "/api/v1/bulletins/{}/approvals", "approve", true, post_approval},
        {"POST", "/api/v1/bulletins/{}/release", "release", true, post_release},
        {"POST", "/api/v1/bulletins/{}/cancel", "cancel", true, post_cancel},
        {"POST", "/api/v1/bulletins/{}/correct", "cancel", true, post_correct},
        {"GET", "/api/v1/intake", "read", false, get_intake},
        {"GET", "/api/v1/audit/verify", "read", false, get_audit_verify},
        {0},
};
