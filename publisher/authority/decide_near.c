/* SPDX-License-Identifier: Apache-2.0
 * decide_near - near misses: rows that might have covered the request, each with the first thing it
 * lacks.
 *
 * The nearest rows first (those that hold out longest in the order act, kind, hazard, level, areas,
 * channels, term), at most NEAR_MOST of them: more would hide what matters.
 */
#include "decide.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

enum { NEAR_MOST = 8 };

struct near {
	enum thing thing;
	const char *value; /* the area or channel not covered */
	const char *label, *basis;
	const struct scope *scope;
	const char *of;
};

struct nearest {
	struct near rows[NEAR_MOST];
	size_t count;
	size_t left; /* how many more there are */
};

static void keep(struct nearest *nearest, const struct near *near)
{
	size_t at = nearest->count;

	while (at > 0 && nearest->rows[at - 1].thing < near->thing)
		at--;
	if (nearest->count == NEAR_MOST)
		nearest->left++;
	else
		nearest->count++;
	if (at == NEAR_MOST)
		return;
	for (size_t i = nearest->count - 1; i > at; i--)
		nearest->rows[i] = nearest->rows[i - 1];
	nearest->rows[at] = *near;
}

/* only_behalf: the unit's own rows are not what is missing. */
static void look_at_grants(const struct asking *asking, const struct indexed_unit *unit,
        bool only_behalf, struct nearest *nearest)
{
	for (size_t i = 0; unit && i < unit->grant_count; i++) {
		const struct indexed_grant *row = &unit->grants[i];
		++*asking->looked;
		if (only_behalf && row->grant->role != ROLE_BEHALF)
			continue;
		struct near near = {.label = row->grant->label,
		        .basis = row->grant->basis,
		        .scope = &row->scope,
		        .of = row->grant->of};
		near.thing = row->grant->role == ROLE_BEHALF
		                     ? behalf_misses(asking, row, &near.value)
		                     : scope_misses(&row->scope, asking->request, &near.value);
		if (near.thing != THING_NONE)
			keep(nearest, &near);
	}
}

static void look_at_relays(const struct asking *asking, struct nearest *nearest)
{
	const struct policy *policy = asking->policy;
	const char *source = asking->request->source;

	for (size_t i = 0; source && i < policy->relay_count; i++) {
		const struct relay *relay = &policy->relays[i];
		struct near near = {.label = relay->label,
		        .basis = relay->basis,
		        .scope = &policy->index->relays[i]};
		if (strcmp(relay->source, source) != 0)
			continue;
		near.thing = scope_misses(near.scope, asking->request, &near.value);
		if (near.thing != THING_NONE)
			keep(nearest, &near);
	}
}

/* What the row lacks, in both tongues. */
static void lacking(const struct near *near, const struct request *r, char **zh, char **en)
{
	char at[WHEN_TEXT];

	when_text(r->at, at);
	switch (near->thing) {
	case THING_OF:
		*zh = mem_format(
		        "代的是 %s，不是处置单位 %s", near->of, r->handler ? r->handler : "null");
		*en = mem_format("is on behalf of %s, not of the handler %s", near->of,
		        r->handler ? r->handler : "null");
		break;
	case THING_ACT:
		*zh = mem_format("不含%s（%s）", verb_zh(r->verb), verb_text(r->verb));
		*en = mem_format("lacks the act for %s", verb_text(r->verb));
		break;
	case THING_KIND:
		*zh = mem_format("不含信息类别 %s", kind_zh(r->kind));
		*en = mem_format("lacks the kind %s", kind_text(r->kind));
		break;
	case THING_HAZARD:
		*zh = mem_format("不含事件类型 %s", r->hazard);
		*en = mem_format("lacks the hazard %s", r->hazard);
		break;
	case THING_LEVEL:
		*zh = mem_format("不含级别 %s", level_zh(r->level));
		*en = mem_format("lacks the level %s", level_text(r->level));
		break;
	case THING_AREA:
		*zh = mem_format("不含区域 %s", near->value);
		*en = mem_format("lacks the area %s", near->value);
		break;
	case THING_CHANNEL:
		*zh = mem_format("不含渠道 %s（%s）", channel_kind_zh(near->value), near->value);
		*en = mem_format("lacks the channel %s", near->value);
		break;
	case THING_TIME:
		*zh = mem_format("有效期不含 %s", at);
		*en = mem_format("is not in force at %s", at);
		break;
	default:
		*zh = mem_format("覆盖此项，但被代发的 %s 自己没有覆盖此项的授权", near->of);
		*en = mem_format("covers it, but no grant of %s itself does", near->of);
		break;
	}
}

static void say_near(const struct near *near, const struct request *request,
        enum condition condition, struct decision *decision)
{
	const char *basis = near->basis ? near->basis : "-";
	bool of_grant = condition == CONDITION_GRANT;
	char *zh;
	char *en;

	lacking(near, request, &zh, &en);
	deny(decision, condition, near->label,
	        mem_format("条件%s：%s %s（依据：%s）", of_grant ? "3 授权" : "2 处置单位",
	                near->label, zh, basis),
	        mem_format("condition %s: %s %s (basis: %s)", of_grant ? "3, grant" : "2, handler",
	                near->label, en, basis));
	free(zh);
	free(en);
}

void say_near_misses(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	bool ungranted = reading->failed & 1u << CONDITION_GRANT;
	enum condition condition = ungranted ? CONDITION_GRANT : CONDITION_HANDLER;
	struct nearest nearest = {.count = 0};

	if (is_relay(asking->request))
		look_at_relays(asking, &nearest);
	else
		look_at_grants(asking, asking->unit, !ungranted, &nearest);
	if (reading->behalf && ungranted)
		look_at_grants(asking, reading->unit, false, &nearest);
	for (size_t i = 0; i < nearest.count; i++)
		say_near(&nearest.rows[i], asking->request, condition, decision);
	if (nearest.left)
		deny(decision, condition, NULL, mem_format("另有 %zu 条授权也不覆盖", nearest.left),
		        mem_format("%zu more rows do not cover it either", nearest.left));
}
