/* SPDX-License-Identifier: Apache-2.0
 * api_open - see api_open.h. The policy is asked as the act itself would ask it, and nothing of it
 * is recorded: nobody has decided anything yet.
 */
#include "api_open.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "cap_io.h"
#include "catalog.h"
#include "decide_json.h"
#include "flatten.h"
#include "free_text.h"
#include "incident_now.h"
#include "prepare.h"
#include "when.h"

/* --- names --------------------------------------------------------------------------------------
 */

static json_t *places_json(const struct house *house, const struct bulletin *b)
{
	json_t *places = json_array();

	for (size_t i = 0; i < b->areas.count; i++) {
		const char *code = b->areas.items[i];
		const struct division *division = catalog_division(house->catalog, code);
		json_array_append_new(
		        places, json_pack("{s:s,s:s,s:s}", "code", code, "zh",
		                        division ? division->name_zh : code, "en",
		                        division && division->name_en ? division->name_en : code));
	}
	return places;
}

bool open_in_force(const struct bulletin *b, int64_t now)
{
	return (b->verb == VERB_PUBLISH || b->verb == VERB_UPDATE) &&
	       (!b->expires || b->expires > now);
}

void open_names(const struct house *house, const struct bulletin *b, json_t *json)
{
	const struct hazard *hazard = catalog_hazard(house->catalog, b->hazard);
	const struct unit *unit = policy_unit(atomic_load(&house->policy), b->unit);

	json_object_set_new(json, "unit_name", json_string(unit ? unit->name : b->unit));
	json_object_set_new(json, "places", places_json(house, b));
	json_object_set_new(json, "hazard_zh", json_string(hazard ? hazard->name_zh : b->hazard));
	json_object_set_new(json, "hazard_en",
	        json_string(hazard && hazard->name_en ? hazard->name_en : b->hazard));
}

/* --- acts ---------------------------------------------------------------------------------------
 */

static void ask_acts(const struct call *call, const struct bulletin *b,
        const struct approval_list *approvals, int64_t now, struct open_acts *acts, json_t *json)
{
	json_t *list = json_array();

	open_acts_of(atomic_load(&call->house->policy), call->caller, b, approvals, now, acts);
	for (enum open_act act = 0; act < OPEN_ACT_COUNT; act++)
		if (acts->open[act])
			json_array_append_new(list, json_string(open_act_text(act)));
	json_object_set_new(json, "acts", list);
}

void open_ends_json(const struct call *call, const struct bulletin *b, int64_t now, json_t *json)
{
	struct approval_list none = {0};
	struct open_acts acts;

	ask_acts(call, b, &none, now, &acts, json);
}

void open_acts_json(const struct call *call, const struct bulletin *b,
        const struct approval_list *approvals, int64_t now, json_t *json)
{
	struct open_acts acts;

	ask_acts(call, b, approvals, now, &acts, json);
	json_object_set_new(json, "sign_offs",
	        json_pack("{s:i,s:i,s:i,s:i}", "reviews", acts.reviews, "need_reviews",
	                acts.need_reviews, "signs", acts.signs, "need_signs", acts.need_signs));
}

/* --- the policy ---------------------------------------------------------------------------------
 */

/* While sign-offs are missing, and for who does not release: whether it may be published at all, as
 * at submission. Else the release itself. */
static bool asks_release(const struct call *call, const struct bulletin *b)
{
	return b->state == BULLETIN_APPROVED && caller_has(call->caller, "release");
}

static void put_decision(const struct call *call, const struct bulletin *b,
        const struct approval_list *approvals, const char *holder, int64_t now, json_t *json)
{
	bool release = asks_release(call, b);
	struct ask ask;

	ask_decide(&ask, atomic_load(&call->house->policy), call->house->config, b,
	        release ? approvals : NULL, release ? call->caller->officer->id : b->drafter, now,
	        holder, !release);
	json_t *decision = decision_json(&ask.decision);
	json_object_set_new(decision, "asked", json_string(release ? "release" : "submission"));
	json_object_set_new(json, "authority", decision);
	ask_finish(&ask);
}

/* As submission takes what nobody has drafted yet, and what names no far sides. */
static void take_as_submission(
        const struct call *call, const struct cap_alert *alert, struct bulletin *b)
{
	const struct officer *officer = call->caller->officer;
	struct cap_problems notes = {0};

	if (!*b->drafter)
		mem_set_text(&b->drafter, officer->id);
	if (!*b->unit)
		mem_set_text(&b->unit, officer->unit);
	if (!b->targets.count)
		prepare_default_targets(call->house->config, b, flatten_is_drawn(alert), &notes);
	cap_problems_finish(&notes);
}

static void ask_policy(struct call *call, struct bulletin *b, const struct cap_alert *alert,
        const struct approval_list *approvals, int64_t now, json_t *json)
{
	bool draft = b->state == BULLETIN_DRAFT;
	bool up = b->state == BULLETIN_SUBMITTED || b->state == BULLETIN_APPROVED;
	struct incident_now incident;
	char *holder = NULL;
	struct err err;

	json_object_set_new(json, "authority", json_null());
	if (!call->caller->officer || !alert || (!draft && !up))
		return;
	if (draft)
		take_as_submission(call, alert, b);
	if (!incident_settle(call->house, call->reader, b, now, &incident, &err))
		return;
	if (incident_chain_holder(call->reader, b, &holder, &err))
		put_decision(call, b, approvals, holder, now, json);
	incident_now_finish(&incident);
	free(holder);
}

/* --- words --------------------------------------------------------------------------------------
 */

static json_t *words_json(const struct cap_alert *alert)
{
	struct free_texts texts = {0};
	json_t *words = json_array();

	if (alert)
		free_texts_of(alert, &texts);
	for (size_t i = 0; i < texts.count; i++)
		json_array_append_new(words, json_pack("{s:s,s:s}", "path", texts.items[i].path,
		                                     "text", texts.items[i].text));
	free_texts_finish(&texts);
	return words;
}

json_t *open_words_json(const struct bulletin *b)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert =
	        cap_parse_unfilled(b->cap, strlen(b->cap), CAP_LIMIT_SOURCE, &problems);
	json_t *words = words_json(alert);

	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	return words;
}

void show_open(
        struct call *call, struct bulletin *b, const struct approval_list *approvals, json_t *json)
{
	int64_t now = when_now();
	struct cap_problems problems = {0};
	struct cap_alert *alert =
	        cap_parse_unfilled(b->cap, strlen(b->cap), CAP_LIMIT_SOURCE, &problems);

	open_names(call->house, b, json);
	json_object_set_new(json, "words", words_json(alert));
	open_acts_json(call, b, approvals, now, json);
	ask_policy(call, b, alert, approvals, now, json);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
}
