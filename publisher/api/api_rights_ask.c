/* SPDX-License-Identifier: Apache-2.0
 * api_rights_ask - "who may publish X in Y at level Z?" and "what may this unit publish there?",
 * both answered by the decision function itself, asked as at a submission: nobody's sign-offs are
 * in hand yet, so these are said beside it, as so many and as who could give them. Nothing of it is
 * recorded: nobody decides anything here.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "api_rights.h"
#include "catalog.h"
#include "decide_json.h"
#include "when.h"

enum { AREAS_MOST = 64 };

/* One case, without whose it is. */
struct rights_case {
	enum kind kind;
	enum level level;
	char *hazard;
	struct texts areas, channels;
	int64_t at;
};

static void case_finish(struct rights_case *c)
{
	free(c->hazard);
	texts_finish(&c->areas);
	texts_finish(&c->channels);
}

/* --- reading ------------------------------------------------------------------------------------
 */

static void split(const char *text, struct texts *out)
{
	while (text && *text) {
		size_t len = strcspn(text, ",");
		char *one = mem_text_n(text, len);
		if (*one)
			texts_add(out, one);
		free(one);
		text += len + (text[len] == ',');
	}
}

/* Where none is named, to all that the house sends to when nobody chooses. */
static void take_channels(const struct call *call, struct texts *channels)
{
	const struct config *config = call->house->config;
	char *text = call_query(call, "channels");

	split(text, channels);
	free(text);
	if (channels->count)
		return;
	for (size_t i = 0; i < config->target_count; i++)
		if (config->targets[i].by_default && !texts_have(channels, config->targets[i].kind))
			texts_add(channels, config->targets[i].kind);
}

static bool take_areas(const struct call *call, struct texts *areas, struct err *err)
{
	char *text = call_query(call, "area");
	bool ok = true;

	split(text, areas);
	free(text);
	for (size_t i = 0; ok && i < areas->count; i++)
		ok = policy_division_concrete(areas->items[i]) ||
		     err_set(err, ERR_INPUT, "area 应为区划代码：%s",
		             "area must be the code of a division: %s", areas->items[i]);
	return ok && ((areas->count && areas->count <= AREAS_MOST) ||
	                     err_set(err, ERR_INPUT, "area 应为 1 至 %d 个区划代码",
	                             "area is 1 to %d codes of divisions", (int)AREAS_MOST));
}

static bool take_moment(const struct call *call, int64_t *at, struct err *err)
{
	char *text = call_query(call, "at");
	bool ok = !text || when_read(text, at, NULL) ||
	          err_set(err, ERR_INPUT, "at 应为时间：%s", "at must be a moment: %s", text);

	free(text);
	return ok;
}

/* What both questions have: where, by which channels, when. They are officers': thousands of
 * decisions an answer are not for every subscriber's machine to ask. */
static bool read_place(const struct call *call, struct rights_case *c, struct err *err)
{
	*c = (struct rights_case){.kind = KIND_WARNING, .at = when_now() / 1000 * 1000};
	if (!caller_must_be_officer(call->caller, err))
		return false;
	take_channels(call, &c->channels);
	return take_areas(call, &c->areas, err) && take_moment(call, &c->at, err);
}

static bool read_what(const struct call *call, struct rights_case *c, struct err *err)
{
	char *kind = call_query(call, "kind");
	char *level = call_query(call, "level");

	c->hazard = call_query(call, "hazard");
	bool ok =
	        (!kind || kind_read(kind, &c->kind) ||
	                err_set(err, ERR_INPUT, "没有种类“%s”", "there is no kind \"%s\"", kind)) &&
	        (level_read(level ? level : "", &c->level) ||
	                err_set(err, ERR_INPUT, "没有级别“%s”", "there is no level \"%s\"",
	                        level ? level : "")) &&
	        ((c->hazard && policy_hazard_concrete(c->hazard)) ||
	                err_set(err, ERR_INPUT, "hazard 应为五位事件代码",
	                        "hazard must be a code of five characters")) &&
	        (kind_takes_level(c->kind, c->level) ||
	                err_set(err, ERR_INPUT, "%s没有级别%s%.0s%.0s",
	                        "%.0s%.0s%s takes no level %s", kind_zh(c->kind),
	                        level_zh(c->level), kind_text(c->kind), level_text(c->level)));
	free(kind);
	free(level);
	return ok;
}

/* --- asking -------------------------------------------------------------------------------------
 */

/* As whoever of the unit would hand it in; an empty decision where the unit has nobody. */
static void ask(const struct call *call, const struct policy *policy, const struct rights_case *c,
        const char *officer, struct decision *decision)
{
	enum mode mode = call->house->config->mode;
	struct request request = {
	        .officer = officer,
	        .drafter = officer,
	        .verb = VERB_PUBLISH,
	        .kind = c->kind,
	        .hazard = c->hazard,
	        .level = c->level,
	        .areas = (const char *const *)c->areas.items,
	        .area_count = c->areas.count,
	        .channels = (const char *const *)c->channels.items,
	        .channel_count = c->channels.count,
	        .status = mode_status(mode),
	        .mode = mode,
	        .disclosure = DISCLOSURE_PROACTIVE,
	        .screening = SCREENING_REVIEWED,
	        .procedure = PROCEDURE_NORMAL,
	        .at = c->at,
	        .submission = true,
	};

	authority_decide(policy, &request, decision);
}

static const struct officer *somebody(const struct policy *policy, const char *unit)
{
	for (size_t i = 0; i < policy->officer_count; i++)
		if (policy->officers[i].active && strcmp(policy->officers[i].unit, unit) == 0 &&
		        !(policy->officers[i].duties & DUTY_ADMINISTRATORS))
			return &policy->officers[i];
	return NULL;
}

static json_t *people(const struct policy *policy, const char *unit, unsigned duty)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->officer_count; i++) {
		const struct officer *o = &policy->officers[i];
		if (o->active && (o->duties & duty) && strcmp(o->unit, unit) == 0)
			json_array_append_new(list, json_string(o->id));
	}
	return list;
}

static void put_people(const struct policy *policy, const char *unit, json_t *json)
{
	json_object_set_new(json, "drafters", people(policy, unit, DUTY_DRAFT));
	json_object_set_new(json, "reviewers", people(policy, unit, DUTY_REVIEW));
	json_object_set_new(json, "signers", people(policy, unit, DUTY_SIGN));
	json_object_set_new(json, "publishers", people(policy, unit, DUTY_PUBLISH));
}

/* --- who may publish this -----------------------------------------------------------------------
 */

static json_t *unit_answer(const struct call *call, const struct policy *policy,
        const struct rights_case *c, const struct unit *unit)
{
	const struct officer *officer = somebody(policy, unit->id);
	json_t *json = json_pack("{s:s,s:s}", "unit", unit->id, "name", unit->name);
	struct decision decision;

	put_people(policy, unit->id, json);
	if (!officer) {
		json_object_set_new(json, "authority", json_null());
		return json;
	}
	ask(call, policy, c, officer->id, &decision);
	json_object_set_new(json, "authority", decision_json(&decision));
	decision_finish(&decision);
	return json;
}

static json_t *signoff_answer(const struct policy *policy, const struct rights_case *c)
{
	int reviews = 0;
	int signs = 0;
	const char *row = NULL;

	if (!authority_signoff(policy, c->level, PROCEDURE_NORMAL, c->at, &reviews, &signs, &row))
		return json_null();
	return json_pack("{s:i,s:i,s:s?}", "reviews", reviews, "signs", signs, "row", row);
}

bool get_rights_who(struct call *call, struct err *err)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	struct rights_case c;
	bool ok = read_place(call, &c, err) && read_what(call, &c, err);

	if (ok) {
		json_t *units = json_array();
		for (size_t i = 0; i < policy->unit_count; i++)
			json_array_append_new(
			        units, unit_answer(call, policy, &c, &policy->units[i]));
		call_json(call, 200,
		        json_pack("{s:s,s:o,s:o,s:o,s:o}", "version", policy->version, "at",
		                moment_json(c.at), "channels", list_json(&c.channels), "signoff",
		                signoff_answer(policy, &c), "units", units));
	}
	case_finish(&c);
	return ok;
}

/* --- what may they publish ----------------------------------------------------------------------
 */

static json_t *entry_of(json_t *entries, const struct rights_case *c, const struct decision *d)
{
	json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		if (strcmp(json_string_value(json_object_get(entry, "rule")), d->rule) == 0 &&
		        strcmp(json_string_value(json_object_get(entry, "kind")),
		                kind_text(c->kind)) == 0 &&
		        strcmp(json_string_value(json_object_get(entry, "level")),
		                level_text(c->level)) == 0)
			return entry;
	}
	entry = json_pack("{s:s,s:s,s:s,s:s?,s:s?,s:[]}", "kind", kind_text(c->kind), "level",
	        level_text(c->level), "rule", d->rule, "basis", d->basis, "unit", d->unit,
	        "hazards");
	json_array_append_new(entries, entry);
	return entry;
}

/* Every event of the catalog, each kind, each level it takes. */
static json_t *entries_of(
        struct call *call, const struct policy *policy, struct rights_case *c, const char *officer)
{
	const struct catalog *catalog = call->house->catalog;
	json_t *entries = json_array();

	for (c->kind = 0; c->kind < KIND_COUNT; c->kind++)
		for (c->level = 0; c->level < LEVEL_COUNT; c->level++)
			for (size_t i = 0;
			        kind_takes_level(c->kind, c->level) && i < catalog->hazard_count;
			        i++) {
				struct decision decision;
				mem_set_text(&c->hazard, catalog->hazards[i].code);
				ask(call, policy, c, officer, &decision);
				if (decision.permit)
					json_array_append_new(
					        json_object_get(
					                entry_of(entries, c, &decision), "hazards"),
					        json_string(c->hazard));
				decision_finish(&decision);
			}
	return entries;
}

/* Whose rights: a unit's, or those of one officer, who has them by the unit and the duty. */
static bool read_whose(const struct call *call, const struct policy *policy,
        const struct unit **unit, const struct officer **officer, struct err *err)
{
	char *unit_id = call_query(call, "unit");
	char *officer_id = call_query(call, "officer");

	*officer = policy_officer(policy, officer_id);
	*unit = policy_unit(policy, *officer ? (*officer)->unit : unit_id);
	bool ok = (!officer_id || *officer ||
	                  err_set(err, ERR_MISSING, "授权规则中没有人员 %s",
	                          "the policy has no officer %s", officer_id)) &&
	          (*unit || err_set(err, ERR_MISSING, "授权规则中没有单位 %s",
	                            "the policy has no unit %s", unit_id ? unit_id : ""));
	free(unit_id);
	free(officer_id);
	return ok;
}

bool get_rights_what(struct call *call, struct err *err)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	const struct officer *officer;
	const struct unit *unit;
	struct rights_case c;
	bool ok = read_place(call, &c, err) && read_whose(call, policy, &unit, &officer, err);

	if (ok) {
		const struct officer *as = officer ? officer : somebody(policy, unit->id);
		bool may = as && as->active && !(as->duties & DUTY_ADMINISTRATORS);
		json_t *json = json_pack("{s:s,s:o,s:s,s:s,s:s?,s:o,s:o}", "version",
		        policy->version, "at", moment_json(c.at), "unit", unit->id, "name",
		        unit->name, "officer", officer ? officer->id : NULL, "channels",
		        list_json(&c.channels), "rights",
		        may ? entries_of(call, policy, &c, as->id) : json_array());
		put_people(policy, unit->id, json);
		call_json(call, 200, json);
	}
	case_finish(&c);
	return ok;
}
