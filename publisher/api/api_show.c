/* SPDX-License-Identifier: Apache-2.0
 * api_show - see api_show.h.
 */
#include "api_show.h"

#include "api_history.h"
#include "api_open.h"
#include "api_json.h"
#include "conflicts.h"
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

bool show_bulletin(
        struct call *call, const char *id, const struct cap_problems *notes, struct err *err)
{
	struct approval_list approvals = {0};
	struct delivery_list deliveries = {0};
	struct bulletin_list conflicts = {0};
	struct bulletin *b = NULL;
	json_t *hits = NULL;

	bool ok = store_get_bulletin(call->reader, id, &b, err) &&
	          conflicts_find(call->reader, b, when_now(), &conflicts, err) &&
	          store_list_all_approvals(call->reader, b->id, &approvals, err) &&
	          store_list_deliveries(call->reader, b->id, &deliveries, err) &&
	          store_get_screening(call->reader, b->id, &hits, err);
	if (ok) {
		json_t *json = bulletin_json(b, &approvals, &deliveries);
		json_object_set_new(json, "hits", hits);
		json_object_set_new(json, "conflicts", heads_json(&conflicts));
		ok = show_history(call, b, &approvals, json, err);
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
