/* SPDX-License-Identifier: Apache-2.0
 * api_bulletins - bulletins handed in, edited, submitted and looked at.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_arrival.h"
#include "api_json.h"
#include "api_open.h"
#include "api_show.h"
#include "edit.h"
#include "ingest.h"
#include "problems.h"
#include "staged.h"
#include "submit.h"

/* --- in
 * ------------------------------------------------------------------------------------------- */

static bool post_bulletin(struct call *call, struct err *err)
{
	struct arrival arrival = arrival_of(call);
	struct arrived arrived;
	struct approval_list approvals = {0};
	struct delivery_list deliveries = {0};
	struct bulletin *b = NULL;

	if (atomic_load(&call->house->draining))
		return err_set(err, ERR_BUSY, "系统正在停机", "the system is going down");
	/* A machine that acts for nobody may bring what a source sends: two administrators said so.
	 */
	if (!call->caller->officer) {
		arrival.source = call->caller->token.source;
		ingest_as_source_sends(call->house->config, &arrival);
	}
	bool ok = ingest(call->house, call->reader, &arrival, &arrived, err);
	if (ok && store_get_bulletin(call->reader, arrived.bulletin, &b, err)) {
		json_t *json = bulletin_json(b, &approvals, &deliveries);
		show_open(call, b, &approvals, json);
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

/* --- out
 * ------------------------------------------------------------------------------------------- */

static bool get_bulletin(struct call *call, struct err *err)
{
	return show_bulletin(call, call->part[0], NULL, err);
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
	call_json(call, 200, json_pack("{s:o}", "bulletins", heads_json(&bulletins)));
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

	bool ok = staged_find(call->reader, call->part[0], call->part[1], &staged, err);
	if (ok)
		call_text(call, "text/plain; charset=utf-8", staged->manifest);
	bulletin_destroy(&staged);
	return ok;
}

static bool get_staged(struct call *call, struct err *err)
{
	struct bulletin *staged = NULL;

	bool ok = staged_find(call->reader, call->part[0], call->part[1], &staged, err) &&
	          show_bulletin(call, staged->id, NULL, err);
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

const struct route api_bulletin_routes[] = {
        {"POST", "/api/v1/bulletins", "draft", true, post_bulletin},
        {"GET", "/api/v1/bulletins", "read", false, get_bulletins},
        {"GET", "/api/v1/bulletins/{}", "read", false, get_bulletin},
        {"PUT", "/api/v1/bulletins/{}", "draft", false, put_bulletin},
        {"POST", "/api/v1/bulletins/{}/submit", "submit", true, post_submit},
        {"GET", "/api/v1/bulletins/{}/manifest", "read", false, get_manifest},
        {"GET", "/api/v1/bulletins/{}/staged/{}", "read", false, get_staged},
        {"GET", "/api/v1/bulletins/{}/staged/{}/manifest", "read", false, get_staged_manifest},
        {"GET", "/api/v1/bulletins/{}/cap", "read", false, get_cap},
        {"GET", "/api/v1/bulletins/{}/why", "read", false, get_why},
        {0},
};
