/* SPDX-License-Identifier: Apache-2.0
 * decide_incident - assigning, handing over and closing an incident: who handles it from now on.
 *
 * Asked of an active officer with the duty to publish, of the present handler's unit or of one
 * above it; without a handler, of a unit that handles such things by its own grant. The unit it
 * goes to must hold such a grant, and no forbid may match it. Nothing else is asked.
 */
#include <string.h>

#include "decide.h"

static const enum act acts[INCIDENT_VERB_COUNT] = {
        [INCIDENT_ASSIGN] = ACT_ASSIGN,
        [INCIDENT_HANDOVER] = ACT_HANDOVER,
        [INCIDENT_CLOSE] = ACT_CLOSE,
};

const char *incident_verb_text(enum incident_verb verb)
{
	return act_text(acts[verb]);
}

const char *incident_verb_zh(enum incident_verb verb)
{
	return act_zh(acts[verb]);
}

bool incident_verb_read(const char *text, enum incident_verb *out)
{
	for (int i = 0; text && i < INCIDENT_VERB_COUNT; i++) {
		if (strcmp(act_text(acts[i]), text) == 0) {
			*out = (enum incident_verb)i;
			return true;
		}
	}
	return false;
}

static const char *codes_misread(const struct incident_request *r)
{
	if (!policy_hazard_concrete(r->hazard))
		return "hazard";
	if (r->area_count == 0 || r->area_count > REQUEST_AREAS_MOST || !r->areas)
		return "areas";
	for (size_t i = 0; i < r->area_count; i++)
		if (!policy_division_concrete(r->areas[i]))
			return "areas";
	if (r->channel_count > REQUEST_CHANNELS_MOST || (r->channel_count && !r->channels))
		return "channels";
	for (size_t i = 0; i < r->channel_count; i++)
		if (!r->channels[i] || !channel_kind_known(r->channels[i]))
			return "channels";
	return NULL;
}

static const char *misread(const struct incident_request *r)
{
	if (r->unread)
		return r->unread;
	if ((int)r->verb < 0 || r->verb >= INCIDENT_VERB_COUNT)
		return "verb";
	if (r->kind && ((int)*r->kind < 0 || *r->kind >= KIND_COUNT))
		return "kind";
	if (r->level && ((int)*r->level < 0 || *r->level >= LEVEL_COUNT))
		return "level";
	if (!r->incident)
		return "incident";
	if ((r->verb == INCIDENT_CLOSE) != (r->to == NULL))
		return "to";
	return codes_misread(r);
}

static bool touches(const struct scope *scope, const struct incident_request *r)
{
	for (size_t i = 0; i < r->area_count; i++)
		if (stems_touch_division(&scope->areas, r->areas[i]))
			return true;
	return scope->areas.count == 0;
}

static bool uses_channel(const struct scope *scope, const struct incident_request *r)
{
	if (scope->channels->count == 0 || scope->every_channel || r->channel_count == 0)
		return true;
	for (size_t i = 0; i < scope->channels->count; i++)
		for (size_t k = 0; k < r->channel_count; k++)
			if (strcmp(scope->channels->items[i], r->channels[k]) == 0)
				return true;
	return false;
}

/* A forbid of certain acts says nothing about who handles; of certain kinds, levels, channels it
 * does, unless the request states another. */
static bool forbids(
        const struct forbid *forbid, const struct scope *scope, const struct incident_request *r)
{
	if (forbid->unless_unit && strcmp(forbid->unless_unit, r->to) == 0)
		return false;
	if (scope->acts != ~0u || (r->kind && !(scope->kinds & 1u << *r->kind)) ||
	        (r->level && !(scope->levels & 1u << *r->level)))
		return false;
	if (scope->hazards.count && !stems_cover_hazard(&scope->hazards, r->hazard))
		return false;
	return touches(scope, r) && uses_channel(scope, r);
}

static void check_officer(
        const struct officer *officer, const struct incident_request *r, struct decision *decision)
{
	if (!officer || !officer->active || !(officer->duties & DUTY_PUBLISH))
		deny_officer(officer, r->officer, decision);
}

static void check_from(const struct policy *policy, const struct indexed_unit *unit,
        const struct incident_request *r, struct decision *decision)
{
	const struct indexed_unit *handler = policy_index_unit(policy, r->handler);
	const char *id = unit ? unit->unit->id : "-";

	if (r->handler && !handler)
		deny(decision, CONDITION_REQUEST, NULL,
		        mem_format("条件0 请求：处置单位 %s 不在授权规则中", r->handler),
		        mem_format("condition 0, request: the handler %s is a unit the policy does "
		                   "not know",
		                r->handler));
	if (handler && unit != handler && !unit_is_above(unit, handler))
		deny(decision, CONDITION_HANDLER, NULL,
		        mem_format("条件2 处置单位：事件 %s 由 %s 处置，%s "
		                   "既不是它也不是它的上级，不得%s",
		                r->incident, r->handler, id, incident_verb_zh(r->verb)),
		        mem_format("condition 2, handler: incident %s is handled by %s; %s is "
		                   "neither that unit nor above "
		                   "it and may not %s",
		                r->incident, r->handler, id, incident_verb_text(r->verb)));
	if (!r->handler &&
	        !unit_handles(unit, r->hazard, r->areas, r->area_count, r->at, &decision->rows))
		deny(decision, CONDITION_HANDLER, NULL,
		        mem_format("条件2 处置单位：%s 对 %s 在所涉区域没有有效的处置或主管授权",
		                id, r->hazard),
		        mem_format("condition 2, handler: %s holds no grant in force of role "
		                   "handle or charge over %s there",
		                id, r->hazard));
}

static void check_to(const struct policy *policy, const struct indexed_grant *row,
        const struct incident_request *r, struct decision *decision)
{
	if (!row)
		deny(decision, CONDITION_GRANT, NULL,
		        mem_format(
		                "条件3 授权：%s 对 %s 在所涉区域没有有效的处置或主管授权，不能接手",
		                r->to, r->hazard),
		        mem_format("condition 3, grant: %s cannot take it: no grant in force of "
		                   "role handle or charge over "
		                   "%s there",
		                r->to, r->hazard));
	for (size_t i = 0; i < policy->forbid_count; i++) {
		const struct forbid *forbid = &policy->forbids[i];
		decision->rows++;
		if (!forbids(forbid, &policy->index->forbids[i], r))
			continue;
		deny(decision, CONDITION_FORBID, forbid->label,
		        mem_format("条件4 禁止：%s 不许由 %s 处置（依据：%s）", forbid->label,
		                r->to, forbid->basis),
		        mem_format("condition 4, forbid: %s keeps this from %s (basis: %s)",
		                forbid->label, r->to, forbid->basis));
		return;
	}
}

void authority_incident(
        const struct policy *policy, const struct incident_request *r, struct decision *decision)
{
	*decision = (struct decision){0};
	memcpy(decision->policy, policy->version, sizeof decision->policy);
	const char *what = misread(r);
	if (what) {
		deny_misread(what, decision);
		return;
	}
	const struct officer *officer = policy_officer(policy, r->officer);
	const struct indexed_unit *unit = officer ? policy_index_unit(policy, officer->unit) : NULL;
	const struct indexed_unit *to = policy_index_unit(policy, r->to ? r->to : r->handler);
	const struct indexed_grant *row =
	        unit_handles(to, r->hazard, r->areas, r->area_count, r->at, &decision->rows);

	check_officer(officer, r, decision);
	check_from(policy, unit, r, decision);
	if (r->to)
		check_to(policy, row, r, decision);
	decision->permit = decision->reason_count == 0;
	if (decision->permit && row) {
		decision->rule = row->grant->label;
		decision->basis = row->grant->basis;
	}
	if (decision->permit)
		decision->unit = r->to ? r->to : unit->unit->id;
}

void deny_nobodys(const struct request *r, struct decision *decision)
{
	deny(decision, CONDITION_HANDLER, NULL,
	        mem_format("条件2 处置单位：事件 %s 现无处置单位（未登记、未指派或已终结），"
	                   "须先登记（tocsin incident open）并指派（tocsin incident assign）",
	                r->incident),
	        mem_format("condition 2, handler: nobody handles incident %s (not opened here, not "
	                   "assigned, or closed): open it (tocsin incident open) and assign it "
	                   "(tocsin incident assign) first",
	                r->incident));
}
