/* SPDX-License-Identifier: Apache-2.0
 * decide_rows - does a row cover the request, and if not, what is the first thing it lacks? Pure;
 * looks only at the compiled rows (policy_index.h).
 */
#include "decide.h"

#include <string.h>

bool scope_is_now(const struct scope *scope, int64_t at)
{
	return scope->from <= at && at < scope->until;
}

static bool names_channel(const struct scope *scope, const char *channel)
{
	for (size_t i = 0; i < scope->channels->count; i++)
		if (strcmp(scope->channels->items[i], channel) == 0)
			return true;
	return scope->every_channel;
}

static const char *area_missed(const struct scope *scope, const char *const *areas, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!stems_cover_division(&scope->areas, areas[i]))
			return areas[i];
	return NULL;
}

static const char *channel_missed(const struct scope *scope, const struct request *request)
{
	for (size_t i = 0; i < request->channel_count; i++)
		if (!names_channel(scope, request->channels[i]))
			return request->channels[i];
	return NULL;
}

/* A relay row has every act and no term: its scope says so. */
enum thing scope_misses(
        const struct scope *scope, const struct request *request, const char **value)
{
	*value = NULL;
	if (!(scope->acts & 1u << request->verb))
		return THING_ACT;
	if (!(scope->kinds & 1u << request->kind))
		return THING_KIND;
	if (!stems_cover_hazard(&scope->hazards, request->hazard))
		return THING_HAZARD;
	if (!(scope->levels & 1u << request->level))
		return THING_LEVEL;
	*value = area_missed(scope, request->areas, request->area_count);
	if (*value)
		return THING_AREA;
	*value = channel_missed(scope, request);
	if (*value)
		return THING_CHANNEL;
	return scope_is_now(scope, request->at) ? THING_NONE : THING_TIME;
}

bool scope_is_over(
        const struct scope *scope, const char *hazard, const char *const *areas, size_t count)
{
	return stems_cover_hazard(&scope->hazards, hazard) && !area_missed(scope, areas, count);
}

static bool touches_any(const struct scope *scope, const struct request *request)
{
	for (size_t i = 0; i < request->area_count; i++)
		if (stems_touch_division(&scope->areas, request->areas[i]))
			return true;
	return scope->areas.count == 0;
}

static bool uses_any_channel(const struct scope *scope, const struct request *request)
{
	for (size_t i = 0; i < request->channel_count; i++)
		if (names_channel(scope, request->channels[i]))
			return true;
	return scope->channels->count == 0;
}

/* A forbid: what it does not name, it matches; one area or channel is enough. */
bool scope_forbids(const struct scope *scope, const struct request *request)
{
	if (!(scope->acts & 1u << request->verb) || !(scope->kinds & 1u << request->kind) ||
	        !(scope->levels & 1u << request->level))
		return false;
	if (scope->hazards.count && !stems_cover_hazard(&scope->hazards, request->hazard))
		return false;
	return touches_any(scope, request) && uses_any_channel(scope, request);
}

size_t forbid_find(const struct asking *asking, const struct indexed_unit *unit)
{
	const struct policy *policy = asking->policy;

	for (size_t i = 0; i < policy->forbid_count; i++) {
		const char *unless = policy->forbids[i].unless_unit;
		bool excepted = unless && unit && strcmp(unless, unit->unit->id) == 0;
		++*asking->looked;
		if (!excepted && scope_forbids(&policy->index->forbids[i], asking->request))
			return i;
	}
	return SIZE_MAX;
}

const struct indexed_grant *unit_grant(
        const struct indexed_unit *unit, const struct request *request, size_t *looked)
{
	const char *value;

	for (size_t i = 0; unit && i < unit->grant_count; i++) {
		const struct indexed_grant *row = &unit->grants[i];
		++*looked;
		if (row->grant->role != ROLE_BEHALF &&
		        scope_misses(&row->scope, request, &value) == THING_NONE)
			return row;
	}
	return NULL;
}

const struct indexed_grant *unit_handles(const struct indexed_unit *unit, const char *hazard,
        const char *const *areas, size_t count, int64_t at, size_t *looked)
{
	for (size_t i = 0; unit && i < unit->grant_count; i++) {
		const struct indexed_grant *row = &unit->grants[i];
		++*looked;
		if (row->grant->role != ROLE_BEHALF && scope_is_now(&row->scope, at) &&
		        scope_is_over(&row->scope, hazard, areas, count))
			return row;
	}
	return NULL;
}

bool unit_is_above(const struct indexed_unit *above, const struct indexed_unit *below)
{
	for (below = below ? below->superior : NULL; below; below = below->superior)
		if (below == above)
			return true;
	return false;
}

enum thing behalf_misses(
        const struct asking *asking, const struct indexed_grant *row, const char **value)
{
	const struct request *request = asking->request;

	*value = NULL;
	if (request->incident &&
	        (!request->handler || strcmp(row->grant->of, request->handler) != 0))
		return THING_OF;
	enum thing thing = scope_misses(&row->scope, request, value);
	if (thing == THING_NONE && !unit_grant(row->of, request, asking->looked))
		thing = THING_HANDLER_GRANT;
	return thing;
}
