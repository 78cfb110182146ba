/* SPDX-License-Identifier: Apache-2.0
 * api_incidents - incidents: opened, assigned, handed over, closed, and all that belongs to one.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "api_show.h"
#include "incident_act.h"

enum { LIST_MOST = 200 };

/* Ids may hold any character that a path carries only in its %XX form. */
static char *id_of(const struct call *call)
{
	return evhttp_uridecode(call->part[0], 0, NULL);
}

static json_t *incident_head_json(const struct incident *incident)
{
	return json_pack("{s:s,s:s,s:s,s:o,s:s,s:s,s:s?,s:I,s:o,s:s}", "id", incident->id, "title",
	        incident->title, "hazard", incident->hazard, "areas", list_json(&incident->areas),
	        "state", incident_state_text(incident->state), "state_zh",
	        incident_state_zh(incident->state), "handler",
	        *incident->handler ? incident->handler : NULL, "steps_taken",
	        (json_int_t)incident->sequence, "opened", moment_json(incident->opened), "opener",
	        incident->opener);
}

static json_t *step_json(struct signed_step *signed_step)
{
	struct incident_step step;

	if (!signed_step_open(signed_step, &step, NULL))
		return json_pack("{s:s}", "text", signed_step->text);
	json_t *json = json_pack("{s:I,s:s,s:s,s:s?,s:s?,s:s,s:s,s:o,s:s,s:s,s:s}", "sequence",
	        (json_int_t)step.sequence, "act", act_text(step.act), "act_zh", act_zh(step.act),
	        "from", *step.from ? step.from : NULL, "to", *step.to ? step.to : NULL, "reason",
	        step.reason, "officer", signed_step->proof.officer, "time",
	        moment_json(signed_step->proof.time), "text", signed_step->text, "digest",
	        signed_step->proof.manifest, "signature", signed_step->proof.signature);
	incident_step_finish(&step);
	return json;
}

static json_t *steps_json(struct signed_steps *steps)
{
	json_t *array = json_array();

	for (size_t i = 0; i < steps->count; i++)
		json_array_append_new(array, step_json(&steps->items[i]));
	return array;
}

static bool show_incident(struct call *call, const char *id, int status, struct err *err)
{
	struct incident incident = {0};
	struct signed_steps steps = {0};
	struct bulletin_list bulletins = {0};
	json_t *decisions = NULL;

	bool ok = store_get_incident(call->reader, id, &incident, err) &&
	          store_list_incident_steps(call->reader, id, &steps, err) &&
	          store_list_incident_bulletins(call->reader, id, &bulletins, err) &&
	          store_list_incident_decisions(call->reader, id, &decisions, err);
	if (ok) {
		json_t *json = incident_head_json(&incident);
		json_object_set_new(json, "steps", steps_json(&steps));
		json_object_set_new(json, "bulletins", heads_json(&bulletins));
		json_object_set(json, "decisions", decisions);
		call_json(call, status, json);
	}
	json_decref(decisions);
	bulletin_list_finish(&bulletins);
	signed_steps_finish(&steps);
	incident_finish(&incident);
	return ok;
}

/* --- opening
 * -------------------------------------------------------------------------------------- */

static bool incident_from_json(const json_t *json, struct incident *incident, struct err *err)
{
	const char *id = "";
	const char *title;
	const char *hazard;
	const json_t *areas;
	const json_t *area;
	size_t i;

	if (json_unpack((json_t *)json, "{s?s,s:s,s:s,s:o!}", "id", &id, "title", &title, "hazard",
	            &hazard, "areas", &areas) != 0 ||
	        !json_is_array(areas))
		return err_set(err, ERR_INPUT, "事件应含 title、hazard、areas（列表），可含 id",
		        "an incident has title, hazard and areas (a list), and may have an id");
	incident->id = mem_text(id);
	incident->title = mem_text(title);
	incident->hazard = mem_text(hazard);
	json_array_foreach((json_t *)areas, i, area)
	{
		if (!json_is_string(area))
			return err_set(err, ERR_INPUT, "areas 的第 %zu 项不是文字",
			        "areas: item %zu is no text", i + 1);
		texts_add(&incident->areas, json_string_value(area));
	}
	return true;
}

static bool post_incident(struct call *call, struct err *err)
{
	struct incident incident = {0};
	json_t *json = call_body_json(call, err);
	bool ok = json && incident_from_json(json, &incident, err) &&
	          incident_open(call->house, call->caller, &incident, err) &&
	          show_incident(call, incident.id, 201, err);

	incident_finish(&incident);
	json_decref(json);
	return ok;
}

/* --- looking
 * -------------------------------------------------------------------------------------- */

static bool get_incidents(struct call *call, struct err *err)
{
	struct incident_list incidents = {0};
	enum incident_state state = INCIDENT_OPEN;
	char *word = call_query(call, "state");
	bool any = !word || !*word;
	bool ok = any || incident_state_read(word, &state) ||
	          err_set(err, ERR_INPUT, "没有状态 %s", "there is no state %s", word);

	free(word);
	ok = ok &&
	     store_list_incidents(call->reader, any ? -1 : (int)state, LIST_MOST, &incidents, err);
	if (!ok)
		return false;
	json_t *array = json_array();
	for (size_t i = 0; i < incidents.count; i++)
		json_array_append_new(array, incident_head_json(&incidents.items[i]));
	call_json(call, 200, json_pack("{s:o}", "incidents", array));
	incident_list_finish(&incidents);
	return true;
}

static bool get_incident(struct call *call, struct err *err)
{
	char *id = id_of(call);
	bool ok = show_incident(call, id, 200, err);

	free(id);
	return ok;
}

/* --- steps
 * ---------------------------------------------------------------------------------------- */

static bool get_next(struct call *call, struct err *err)
{
	char *id = id_of(call);
	char *verb = call_query(call, "verb");
	char *to = call_query(call, "to");
	char *reason = call_query(call, "reason");
	enum act act = ACT_COUNT;
	struct buf text;

	buf_init(&text, 0);
	bool ok = (act_read(verb, &act) && incident_act(act)) ||
	          err_set(err, ERR_INPUT, "verb 应为 assign、handover 或 close",
	                  "verb must be assign, handover or close");
	ok = ok && incident_next(call->house, call->reader, id, act, to ? to : "",
	                   reason ? reason : "", &text, err);
	if (ok)
		call_text(call, "text/plain; charset=utf-8", text.data);
	buf_finish(&text);
	free(id);
	free(verb);
	free(to);
	free(reason);
	return ok;
}

static bool post_step(struct call *call, struct err *err)
{
	struct signed_step step = {0};
	char *id = id_of(call);
	json_t *json = call_body_json(call, err);
	const char *text = json ? json_string_value(json_object_get(json, "text")) : NULL;
	bool ok = json && (text || err_set(err, ERR_INPUT, "请给出步骤文本（text）及凭证（proof）",
	                                   "give the step's text (text) and its proof (proof)"));

	step.text = mem_text(text);
	ok = ok && proof_from_json(json_object_get(json, "proof"), &step.proof, err) &&
	     incident_take_step(call->house, call->reader, call->caller, id, &step, err) &&
	     show_incident(call, id, 200, err);
	signed_step_finish(&step);
	json_decref(json);
	free(id);
	return ok;
}

const struct route api_incident_routes[] = {
        {"POST", "/api/v1/incidents", "draft release", true, post_incident},
        {"GET", "/api/v1/incidents", "read", false, get_incidents},
        {"GET", "/api/v1/incidents/{}", "read", false, get_incident},
        {"GET", "/api/v1/incidents/{}/next", "read", false, get_next},
        {"POST", "/api/v1/incidents/{}/steps", "release", true, post_step},
        {0},
};
