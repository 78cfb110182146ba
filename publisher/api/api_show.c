/* SPDX-License-Identifier: Apache-2.0
 * api_show - see api_show.h.
 */
#include "api_show.h"

#include "api_history.h"
#include "api_open.h"
#include "api_json.h"
#include "api_progress.h"
#include "conflicts.h"
#include "turn_call.h"
#include "problems.h"
#include "when.h"

json_t *call_body_json(const struct call *call, struct err *err)
{
	json_error_t trouble;
	json_t *json = json_loadb(call->body, call->body_len, JSON_REJECT_DUPLICATES, &trouble);

	if (!json)
		err_set(err, ERR_INPUT, "请求不是 JSON：第 %d 行第 %d 列",
		        "the request is no JSON: line %d, column %d", trouble.line, trouble.column);
	return json;
}

/* 叫应: who was called to which step, and whether anybody answered. */
static json_t *calls_json(const struct turn_call_list *calls)
{
	json_t *array = json_array();

	for (size_t i = 0; i < calls->count; i++) {
		const struct turn_call *c = &calls->items[i];
		json_array_append_new(
		        array, json_pack("{s:s,s:o,s:i,s:o,s:i,s:o,s:o,s:s}", "step",
		                       status_step_text(c->step), "since", moment_json(c->since),
		                       "rung", c->rung, "called", moment_json(c->called), "tries",
		                       c->tries, "arrived", moment_json(c->arrived), "confirmed",
		                       moment_json(c->confirmed), "confirmed_by", c->confirmed_by));
	}
	return array;
}

bool show_bulletin(
        struct call *call, const char *id, const struct cap_problems *notes, struct err *err)
{
	struct approval_list approvals = {0};
	struct delivery_list deliveries = {0};
	struct bulletin_list conflicts = {0};
	struct turn_call_list calls = {0};
	struct bulletin *b = NULL;
	json_t *hits = NULL;

	bool ok = store_get_bulletin(call->reader, id, &b, err) &&
	          conflicts_find(call->reader, b, when_now(), &conflicts, err) &&
	          store_list_all_approvals(call->reader, b->id, &approvals, err) &&
	          store_list_deliveries(call->reader, b->id, &deliveries, err) &&
	          store_list_calls(call->reader, b->id, &calls, err) &&
	          store_get_screening(call->reader, b->id, &hits, err);
	if (ok) {
		json_t *json = bulletin_json(b, &approvals, &deliveries);
		json_object_set_new(json, "hits", hits);
		json_object_set_new(json, "conflicts", heads_json(&conflicts));
		json_object_set_new(json, "calls", calls_json(&calls));
		ok = show_history(call, b, &approvals, json, err) &&
		     show_progress(call, b, &deliveries, json, err);
		show_open(call, b, &approvals, json);
		if (notes)
			json_object_set_new(json, "notes", problems_json(notes));
		if (ok)
			call_json(call, 200, json);
		else
			json_decref(json);
	}
	approval_list_finish(&approvals);
	delivery_list_finish(&deliveries);
	bulletin_list_finish(&conflicts);
	turn_call_list_finish(&calls);
	bulletin_destroy(&b);
	return ok;
}

bool show_noted(
        struct call *call, bool ok, const char *id, struct cap_problems *notes, struct err *err)
{
	if (ok) {
		ok = show_bulletin(call, id, notes, err);
	} else {
		json_t *problems = problems_json(notes);
		web_problem_answer(call, err, problems);
		json_decref(problems);
	}
	cap_problems_finish(notes);
	return ok;
}
