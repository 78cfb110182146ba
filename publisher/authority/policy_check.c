/* SPDX-License-Identifier: Apache-2.0
 * policy_check - see policy_check.h. Runs before there is an index, so it makes a sorted list of
 * ids itself.
 */
#include "policy_check.h"

#include <stdlib.h>
#include <string.h>

struct named {
	const char *id;
	size_t row;
};

struct ids {
	struct named *items;
	size_t count;
};

static int by_id(const void *a, const void *b)
{
	const struct named *left = a;
	const struct named *right = b;
	int order = strcmp(left->id, right->id);

	return order ? order : (left->row > right->row) - (left->row < right->row);
}

/* A value in the document, looked up only when there is a fault to place: walking a list is slow.
 */
struct place {
	struct fy_node *root;
	const char *section;
	size_t row;
	const char *key;
};

static struct fy_node *item_of(const struct place *place)
{
	struct fy_node *list = yaml_value(place->root, place->section);

	return fy_node_is_sequence(list) ? fy_node_sequence_get_by_index(list, (int)place->row)
	                                 : NULL;
}

/* The value under the key in that row, or the row itself. */
static struct fy_node *node_of(const struct place *place)
{
	struct fy_node *item = item_of(place);
	struct fy_node *value = place->key ? yaml_value(item, place->key) : NULL;

	return value ? value : item;
}

static void ids_add(struct ids *ids, const char *id, size_t row)
{
	struct named *named;

	if (!id)
		return;
	named = mem_push(&ids->items, &ids->count, sizeof *named);
	*named = (struct named){.id = id, .row = row};
}

static void ids_sort(struct ids *ids)
{
	if (ids->count)
		qsort(ids->items, ids->count, sizeof *ids->items, by_id);
}

static void ids_settle(
        struct ids *ids, struct yaml *yaml, struct fy_node *root, const char *section)
{
	ids_sort(ids);
	for (size_t i = 1; i < ids->count; i++) {
		struct place at = {root, section, ids->items[i].row, "id"};
		if (strcmp(ids->items[i - 1].id, ids->items[i].id) == 0)
			yaml_fault(yaml, node_of(&at), "标识 %s 重复（见 %s[%zu]）",
			        "the id %s is taken by %s[%zu]", ids->items[i].id, section,
			        ids->items[i - 1].row);
	}
}

static const struct named *ids_find(const struct ids *ids, const char *id)
{
	size_t low = 0;
	size_t high = ids->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(id, ids->items[middle].id);
		if (order == 0)
			return &ids->items[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void must_be_unit(
        struct yaml *yaml, struct place at, const struct ids *units, const char *id)
{
	struct nearest near = {.word = id};

	if (!id || ids_find(units, id))
		return;
	for (size_t i = 0; i < units->count; i++)
		nearest_look(&near, units->items[i].id);
	if (near.best)
		yaml_fault(yaml, node_of(&at), "没有单位 %s，是否应为 %s？",
		        "there is no unit %s, did you mean %s?", id, near.best);
	else
		yaml_fault(yaml, node_of(&at), "没有单位 %s", "there is no unit %s", id);
}

/* Up from the unit, at most as many steps as there are units: does it come back to itself? */
static void check_circle(
        struct yaml *yaml, struct place at, const struct policy *policy, const struct ids *units)
{
	const struct unit *start = &policy->units[at.row];
	const struct unit *unit = start;

	for (size_t steps = 0; unit->superior && steps < policy->unit_count; steps++) {
		const struct named *above = ids_find(units, unit->superior);
		if (!above)
			return;
		unit = &policy->units[above->row];
		if (unit == start) {
			yaml_fault(yaml, node_of(&at), "%s 成了自己的上级",
			        "%s is its own superior", start->id);
			return;
		}
	}
}

static void check_units(
        struct yaml *yaml, struct fy_node *root, const struct policy *policy, struct ids *units)
{
	for (size_t i = 0; i < policy->unit_count; i++)
		ids_add(units, policy->units[i].id, i);
	ids_settle(units, yaml, root, "units");
	for (size_t i = 0; i < policy->unit_count; i++) {
		struct place at = {root, "units", i, "superior"};
		must_be_unit(yaml, at, units, policy->units[i].superior);
		check_circle(yaml, at, policy, units);
	}
}

static void check_officers(struct yaml *yaml, struct fy_node *root, const struct policy *policy,
        const struct ids *units)
{
	struct ids officers = {0};

	for (size_t i = 0; i < policy->officer_count; i++) {
		ids_add(&officers, policy->officers[i].id, i);
		must_be_unit(yaml, (struct place){root, "officers", i, "unit"}, units,
		        policy->officers[i].unit);
	}
	ids_settle(&officers, yaml, root, "officers");
	free(officers.items);
	policy_check_keys(yaml, root, policy);
	policy_check_required(yaml, root, policy);
	policy_check_duties(yaml, root, policy);
}

static void check_grant(
        struct yaml *yaml, struct fy_node *root, const struct grant *grant, size_t row)
{
	struct place of = {root, "grants", row, "of"};
	struct place until = {root, "grants", row, "until"};

	if (grant->role == ROLE_BEHALF && !grant->of)
		yaml_fault(yaml, item_of(&of), "代发（behalf）须写明代谁（of）",
		        "role behalf must say for whom (of)");
	if (grant->role != ROLE_BEHALF && grant->of)
		yaml_fault(yaml, node_of(&of), "只有代发（behalf）才写 of",
		        "only role behalf takes of");
	if (grant->of && grant->unit && strcmp(grant->of, grant->unit) == 0)
		yaml_fault(yaml, node_of(&of), "%s 不能代自己发布",
		        "%s cannot act on its own behalf", grant->of);
	if (grant->from >= grant->until)
		yaml_fault(yaml, node_of(&until), "until 须晚于 from（until 当日不含在内）",
		        "until must be later than from (the day of until is not included)");
}

/* An empty list would say "nothing" where an absent one says "everything". */
static void check_empty(struct yaml *yaml, struct place at)
{
	struct fy_node *list = yaml_value(item_of(&at), at.key);

	if (list && fy_node_is_sequence(list) && fy_node_sequence_item_count(list) == 0)
		yaml_fault(yaml, item_of(&at), "%s 是空列表：请删去此项，或写明内容",
		        "%s is an empty list: leave it out, or name something", at.key);
}

static void check_rules(struct yaml *yaml, struct fy_node *root, const struct policy *policy,
        const struct ids *units)
{
	static const char *const lists[] = {
	        "acts", "kinds", "levels", "hazards", "areas", "channels"};

	for (size_t i = 0; i < policy->grant_count; i++) {
		const struct grant *grant = &policy->grants[i];
		must_be_unit(yaml, (struct place){root, "grants", i, "unit"}, units, grant->unit);
		must_be_unit(yaml, (struct place){root, "grants", i, "of"}, units, grant->of);
		check_grant(yaml, root, grant, i);
	}
	for (size_t i = 0; i < policy->forbid_count; i++) {
		struct place at = {root, "forbids", i, "unless_unit"};
		must_be_unit(yaml, at, units, policy->forbids[i].unless_unit);
		for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++)
			check_empty(yaml, (struct place){root, "forbids", i, lists[k]});
	}
	for (size_t i = 0; i < policy->relay_count; i++) {
		must_be_unit(yaml, (struct place){root, "relays", i, "unit"}, units,
		        policy->relays[i].unit);
		check_empty(yaml, (struct place){root, "relays", i, "channels"});
	}
}

static void check_hotlines(struct yaml *yaml, struct fy_node *root, const struct policy *policy,
        const struct ids *units)
{
	for (size_t i = 0; i < policy->hotline_count; i++)
		must_be_unit(yaml, (struct place){root, "hotlines", i, "unit"}, units,
		        policy->hotlines[i].unit);
}

/* Two people are the least: somebody drafts, somebody else signs. */
static void check_signs(struct yaml *yaml, struct fy_node *node, const struct signoff *row)
{
	if (row->signs < 1)
		yaml_fault(yaml, node, "%s 至少要一人签发（signs: 1）",
		        "%s needs at least one to sign (signs: 1)", row->label);
}

/* Below ten minutes clocks that differ would decide, beyond 30 days it would be no limit. */
static void check_approvals(struct yaml *yaml, struct fy_node *root, const struct policy *policy)
{
	static const int64_t least = (int64_t)10 * 60 * 1000;
	static const int64_t most = (int64_t)30 * 24 * 3600 * 1000;

	if (policy->approvals_within < least || policy->approvals_within > most)
		yaml_fault(yaml, yaml_value(root, "approvals_within"),
		        "approvals_within 应在 PT10M 到 P30D 之间",
		        "approvals_within must be from PT10M to P30D");
}

void policy_check(struct yaml *yaml, struct fy_node *root, const struct policy *policy)
{
	struct ids units = {0};

	check_units(yaml, root, policy, &units);
	check_officers(yaml, root, policy, &units);
	check_rules(yaml, root, policy, &units);
	check_hotlines(yaml, root, policy, &units);
	check_approvals(yaml, root, policy);
	for (size_t i = 0; i < policy->signoff_count; i++) {
		struct place at = {root, "signoff", i, "signs"};
		check_signs(yaml, node_of(&at), &policy->signoffs[i]);
	}
	if (policy->has_urgent)
		check_signs(yaml, yaml_value(root, "urgent"), &policy->urgent);
	free(units.items);
}
