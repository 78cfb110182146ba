/* SPDX-License-Identifier: Apache-2.0
 * policy_index - see policy_index.h. Relies on a policy whose references hold (policy_check.c).
 * Cannot fail.
 */
#include "policy_index.h"

#include <stdlib.h>
#include <string.h>

static void stems_build(struct stems *stems, const struct texts *patterns, bool divisions)
{
	stems->items = mem_array(patterns->count, sizeof *stems->items);
	stems->count = patterns->count;
	for (size_t i = 0; i < patterns->count; i++) {
		const char *pattern = patterns->items[i];
		struct stem *stem = &stems->items[i];
		stem->len = (unsigned char)(divisions ? policy_division_stem(pattern)
		                                      : strcspn(pattern, "*"));
		memcpy(stem->text, pattern, stem->len);
	}
}

static bool starts(const char *longer, size_t longer_len, const char *start, size_t len)
{
	return len <= longer_len && memcmp(longer, start, len) == 0;
}

bool stems_cover_division(const struct stems *stems, const char *code)
{
	size_t len = policy_division_stem(code);

	for (size_t i = 0; i < stems->count; i++)
		if (starts(code, len, stems->items[i].text, stems->items[i].len))
			return true;
	return false;
}

bool stems_touch_division(const struct stems *stems, const char *code)
{
	size_t len = policy_division_stem(code);

	for (size_t i = 0; i < stems->count; i++) {
		const struct stem *stem = &stems->items[i];
		size_t shorter = len < stem->len ? len : stem->len;
		if (memcmp(code, stem->text, shorter) == 0)
			return true;
	}
	return false;
}

bool stems_cover_hazard(const struct stems *stems, const char *code)
{
	size_t len = strlen(code);

	for (size_t i = 0; i < stems->count; i++)
		if (starts(code, len, stems->items[i].text, stems->items[i].len))
			return true;
	return false;
}

static void scope_build(struct scope *scope, const struct texts *hazards, const struct texts *areas,
        const struct texts *channels)
{
	stems_build(&scope->hazards, hazards, false);
	stems_build(&scope->areas, areas, true);
	scope->channels = channels;
	for (size_t i = 0; i < channels->count; i++)
		scope->every_channel |= strcmp(channels->items[i], "*") == 0;
	scope->acts = scope->kinds = scope->levels = ~0u;
	scope->from = INT64_MIN;
	scope->until = INT64_MAX;
}

static void scope_finish(struct scope *scope)
{
	free(scope->hazards.items);
	free(scope->areas.items);
}

static int by_unit_id(const void *a, const void *b)
{
	const struct indexed_unit *left = a;
	const struct indexed_unit *right = b;

	return strcmp(left->unit->id, right->unit->id);
}

static int by_officer_id(const void *a, const void *b)
{
	const struct officer *const *left = a;
	const struct officer *const *right = b;

	return strcmp((*left)->id, (*right)->id);
}

/* By unit; rows of one unit stay in the order of the document (they lie in one array). */
static int by_grant_unit(const void *a, const void *b)
{
	const struct grant *left = ((const struct indexed_grant *)a)->grant;
	const struct grant *right = ((const struct indexed_grant *)b)->grant;
	int order = strcmp(left->unit, right->unit);

	return order ? order : (left > right) - (left < right);
}

static struct indexed_unit *unit_find(const struct policy_index *index, const char *id)
{
	size_t low = 0;
	size_t high = id ? index->unit_count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(id, index->units[middle].unit->id);
		if (order == 0)
			return &index->units[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void units_build(struct policy_index *index, const struct policy *policy)
{
	index->unit_count = policy->unit_count;
	index->units = mem_array(policy->unit_count, sizeof *index->units);
	for (size_t i = 0; i < policy->unit_count; i++)
		index->units[i].unit = &policy->units[i];
	qsort(index->units, index->unit_count, sizeof *index->units, by_unit_id);
	for (size_t i = 0; i < index->unit_count; i++)
		index->units[i].superior = unit_find(index, index->units[i].unit->superior);
}

static void officers_build(struct policy_index *index, const struct policy *policy)
{
	index->officer_count = policy->officer_count;
	index->officers = mem_array(policy->officer_count, sizeof(const struct officer *));
	for (size_t i = 0; i < policy->officer_count; i++)
		index->officers[i] = &policy->officers[i];
	qsort(index->officers, index->officer_count, sizeof(const struct officer *), by_officer_id);
}

static void grants_build(struct policy_index *index, const struct policy *policy)
{
	index->grants = mem_array(policy->grant_count, sizeof *index->grants);
	for (size_t i = 0; i < policy->grant_count; i++)
		index->grants[i].grant = &policy->grants[i];
	qsort(index->grants, policy->grant_count, sizeof *index->grants, by_grant_unit);
	for (size_t i = 0; i < policy->grant_count; i++) {
		struct indexed_grant *row = &index->grants[i];
		const struct grant *grant = row->grant;
		struct indexed_unit *unit = unit_find(index, grant->unit);
		row->of = unit_find(index, grant->of);
		scope_build(&row->scope, &grant->hazards, &grant->areas, &grant->channels);
		row->scope.acts = grant->acts;
		row->scope.kinds = grant->kinds;
		row->scope.levels = grant->levels;
		row->scope.from = grant->from;
		row->scope.until = grant->until;
		if (!unit->grants)
			unit->grants = row;
		unit->grant_count++;
	}
}

static void rules_build(struct policy_index *index, const struct policy *policy)
{
	index->forbids = mem_array(policy->forbid_count, sizeof *index->forbids);
	for (size_t i = 0; i < policy->forbid_count; i++) {
		const struct forbid *forbid = &policy->forbids[i];
		struct scope *scope = &index->forbids[i];
		scope_build(scope, &forbid->hazards, &forbid->areas, &forbid->channels);
		scope->acts = forbid->acts;
		scope->kinds = forbid->kinds;
		scope->levels = forbid->levels;
		scope->open = true;
	}
	index->relays = mem_array(policy->relay_count, sizeof *index->relays);
	for (size_t i = 0; i < policy->relay_count; i++) {
		const struct relay *relay = &policy->relays[i];
		struct scope *scope = &index->relays[i];
		scope_build(scope, &relay->hazards, &relay->areas, &relay->channels);
		scope->kinds = relay->kinds;
		scope->levels = relay->levels;
		scope->every_channel |= relay->channels.count == 0;
	}
}

struct policy_index *policy_index_create(const struct policy *policy)
{
	struct policy_index *index = mem_zero(sizeof *index);

	units_build(index, policy);
	officers_build(index, policy);
	grants_build(index, policy);
	rules_build(index, policy);
	return index;
}

void policy_index_destroy(struct policy_index **index, const struct policy *policy)
{
	struct policy_index *old = *index;

	if (!old)
		return;
	for (size_t i = 0; i < policy->grant_count; i++)
		scope_finish(&old->grants[i].scope);
	for (size_t i = 0; i < policy->forbid_count; i++)
		scope_finish(&old->forbids[i]);
	for (size_t i = 0; i < policy->relay_count; i++)
		scope_finish(&old->relays[i]);
	free(old->units);
	free(old->officers);
	free(old->grants);
	free(old->forbids);
	free(old->relays);
	free(old);
	*index = NULL;
}

const struct indexed_unit *policy_index_unit(const struct policy *policy, const char *id)
{
	return policy->index ? unit_find(policy->index, id) : NULL;
}
