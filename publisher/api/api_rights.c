/* SPDX-License-Identifier: Apache-2.0
 * api_rights - the policy in force as rows that a page can show: units, officers, grants, what is
 * reserved, sign-offs, relays, the roster. What it says about one case is asked in
 * api_rights_ask.c; the document itself is GET /api/v1/policy.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_rights.h"
#include "api_json.h"
#include "policies.h"
#include "policy_roster.h"
#include "status.h"
#include "when.h"

/* --- words for bits -----------------------------------------------------------------------------
 */

static json_t *duties_json(unsigned duties)
{
	json_t *list = json_array();

	for (unsigned duty = DUTY_DRAFT; duty <= DUTY_AUDIT; duty <<= 1)
		if (duties & duty)
			json_array_append_new(list, json_string(duty_text(duty)));
	return list;
}

static const char *act_word(int verb)
{
	return verb_text((enum verb)verb);
}

static const char *kind_word(int kind)
{
	return kind_text((enum kind)kind);
}

static const char *level_word(int level)
{
	return level_text((enum level)level);
}

static const char *step_word(int step)
{
	return status_step_text((enum status_step)step);
}

static json_t *bits_json(unsigned bits, int count, const char *(*word)(int))
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		if (bits & 1u << i)
			json_array_append_new(list, json_string(word(i)));
	return list;
}

/* No bound: null. */
static json_t *bound(int64_t at)
{
	return at == INT64_MIN || at == INT64_MAX ? json_null() : moment_json(at);
}

static json_t *hours_json(const struct hours *hours)
{
	if (hours->from_minute < 0)
		return json_null();
	return json_sprintf("%02d:%02d-%02d:%02d", hours->from_minute / 60, hours->from_minute % 60,
	        hours->to_minute / 60, hours->to_minute % 60);
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static json_t *units_json(const struct policy *policy)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->unit_count; i++) {
		const struct unit *u = &policy->units[i];
		json_array_append_new(list,
		        json_pack("{s:s,s:s,s:s?,s:s?,s:s?}", "id", u->id, "name", u->name, "code",
		                u->code, "division", u->division, "superior", u->superior));
	}
	return list;
}

static json_t *officers_json(const struct policy *policy)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->officer_count; i++) {
		const struct officer *o = &policy->officers[i];
		json_array_append_new(
		        list, json_pack("{s:s,s:s,s:s,s:s,s:o,s:b,s:i,s:i}", "id", o->id, "name",
		                      o->name, "unit", o->unit, "person", o->person, "duties",
		                      duties_json(o->duties), "active", o->active, "keys",
		                      (int)o->key_count, "passkeys", (int)o->passkey_count));
	}
	return list;
}

static json_t *grants_json(const struct policy *policy, int64_t now)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->grant_count; i++) {
		const struct grant *g = &policy->grants[i];
		json_array_append_new(list,
		        json_pack("{s:s,s:s,s:s,s:s?,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:s}",
		                "row", g->label, "unit", g->unit, "role", role_text(g->role), "of",
		                g->of, "acts", bits_json(g->acts, VERB_COUNT, act_word), "kinds",
		                bits_json(g->kinds, KIND_COUNT, kind_word), "levels",
		                bits_json(g->levels, LEVEL_COUNT, level_word), "hazards",
		                list_json(&g->hazards), "areas", list_json(&g->areas), "channels",
		                list_json(&g->channels), "from", bound(g->from), "until",
		                bound(g->until), "in_force", g->from <= now && now < g->until,
		                "basis", g->basis));
	}
	return list;
}

static json_t *forbids_json(const struct policy *policy)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->forbid_count; i++) {
		const struct forbid *f = &policy->forbids[i];
		json_array_append_new(
		        list, json_pack("{s:s,s:s?,s:o,s:o,s:o,s:o,s:o,s:o,s:s}", "row", f->label,
		                      "unless_unit", f->unless_unit, "acts",
		                      bits_json(f->acts, VERB_COUNT, act_word), "kinds",
		                      bits_json(f->kinds, KIND_COUNT, kind_word), "levels",
		                      bits_json(f->levels, LEVEL_COUNT, level_word), "hazards",
		                      list_json(&f->hazards), "areas", list_json(&f->areas),
		                      "channels", list_json(&f->channels), "basis", f->basis));
	}
	return list;
}

static json_t *signoff_json(const struct signoff *s, bool urgent)
{
	return json_pack("{s:s?,s:o,s:i,s:i,s:o,s:b,s:s?}", "row", s->label, "levels",
	        bits_json(s->levels, LEVEL_COUNT, level_word), "reviews", s->reviews, "signs",
	        s->signs, "hours", urgent ? json_null() : hours_json(&s->hours), "urgent", urgent,
	        "basis", s->basis);
}

static json_t *signoffs_json(const struct policy *policy)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->signoff_count; i++)
		json_array_append_new(list, signoff_json(&policy->signoffs[i], false));
	if (policy->has_urgent)
		json_array_append_new(list, signoff_json(&policy->urgent, true));
	return list;
}

static json_t *relays_json(const struct policy *policy)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->relay_count; i++) {
		const struct relay *r = &policy->relays[i];
		json_array_append_new(
		        list, json_pack("{s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:s?}", "row", r->label,
		                      "source", r->source, "unit", r->unit, "kinds",
		                      bits_json(r->kinds, KIND_COUNT, kind_word), "levels",
		                      bits_json(r->levels, LEVEL_COUNT, level_word), "hazards",
		                      list_json(&r->hazards), "areas", list_json(&r->areas),
		                      "channels", list_json(&r->channels), "basis", r->basis));
	}
	return list;
}

/* --- the roster ---------------------------------------------------------------------------------
 */

static json_t *days_json(unsigned days)
{
	json_t *list = json_array();

	for (int i = 0; policy_day_words[i]; i++)
		if (days & 1u << i)
			json_array_append_new(list, json_string(policy_day_words[i]));
	return list;
}

static bool holds_now(const struct roster_row *row, int64_t now)
{
	for (int step = 0; step < STEP_COUNT; step++)
		if (roster_row_holds(row, row->unit, (enum status_step)step, now))
			return true;
	return false;
}

/* The numbers are for officers of that unit and for administrators. */
static bool shows_numbers(const struct caller *caller, const char *unit)
{
	const struct officer *officer = caller->officer;

	return officer &&
	       ((officer->duties & DUTY_ADMINISTRATORS) != 0 || strcmp(officer->unit, unit) == 0);
}

static json_t *roster_json(const struct policy *policy, const struct caller *caller, int64_t now)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->roster_count; i++) {
		const struct roster_row *r = &policy->roster[i];
		json_t *row = json_pack("{s:s,s:s,s:s?,s:o,s:o,s:o,s:o,s:o,s:b}", "unit", r->unit,
		        "officer", r->officer, "deputy", r->deputy, "steps",
		        bits_json(r->steps, STEP_COUNT, step_word), "days", days_json(r->days),
		        "hours", hours_json(&r->hours), "from", bound(r->from), "until",
		        bound(r->until), "now", holds_now(r, now));
		if (shows_numbers(caller, r->unit)) {
			json_object_set_new(
			        row, "phone", r->phone ? json_string(r->phone) : json_null());
			json_object_set_new(row, "deputy_phone",
			        r->deputy_phone ? json_string(r->deputy_phone) : json_null());
		}
		json_array_append_new(list, row);
	}
	return list;
}

static bool get_rights(struct call *call, struct err *err)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	int64_t now = when_now();

	(void)err;
	call_json(call, 200,
	        json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b}", "version", policy->version,
	                "signer", signer_policy_text(policies_signer(call->house->policies)),
	                "units", units_json(policy), "officers", officers_json(policy), "grants",
	                grants_json(policy, now), "forbids", forbids_json(policy), "signoff",
	                signoffs_json(policy), "relays", relays_json(policy), "roster",
	                roster_json(policy, call->caller, now), "sign_by_roster",
	                policy->sign_by_roster));
	return true;
}

const struct route api_rights_routes[] = {
        {"GET", "/api/v1/rights", "read", 0, get_rights},
        {"GET", "/api/v1/rights/who", "read", 0, get_rights_who},
        {"GET", "/api/v1/rights/what", "read", 0, get_rights_what},
        {0},
};
