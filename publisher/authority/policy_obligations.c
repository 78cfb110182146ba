/* SPDX-License-Identifier: Apache-2.0
 * policy_obligations - see policy_obligations.h. Relies on policy_fields for the values; a fault
 * leaves the policy unloaded, as everywhere in it.
 */
#include "policy_obligations.h"

#include <stdlib.h>
#include <string.h>

#include "policy_fields.h"

static const struct {
	const char *text, *zh;
} obligations[OBLIGATION_COUNT] = {
        [OBLIGATION_REPORT] = {"report", "向上级报告"},
        [OBLIGATION_NOTICE] = {"notice", "通报"},
        [OBLIGATION_ANNOUNCE] = {"announce", "再次公布"},
        [OBLIGATION_ADVICE] = {"advice", "公布建议与咨询电话"},
        [OBLIGATION_LIFT] = {"lift", "宣布解除"},
        [OBLIGATION_AFTER_REPORT] = {"after-report", "紧急程序事后报告"},
};

const char *obligation_text(enum obligation what)
{
	return obligations[what].text;
}

const char *obligation_zh(enum obligation what)
{
	return obligations[what].zh;
}

bool obligation_read(const char *text, enum obligation *out)
{
	for (int i = 0; i < OBLIGATION_COUNT; i++) {
		if (strcmp(obligations[i].text, text) != 0)
			continue;
		*out = (enum obligation)i;
		return true;
	}
	return false;
}

static bool hazard_matches(const struct duty_rule *rule, const char *hazard)
{
	for (size_t i = 0; i < rule->hazards.count; i++)
		if (policy_hazard_covers(rule->hazards.items[i], hazard))
			return true;
	return rule->hazards.count == 0;
}

bool duty_rule_applies(const struct duty_rule *rule, enum verb verb, enum kind kind,
        enum level level, const char *hazard)
{
	return (rule->acts & 1u << verb) && (rule->kinds & 1u << kind) &&
	       (rule->levels & 1u << level) && hazard_matches(rule, hazard);
}

/* The after-report belongs to `urgent:`, which says by when. */
static void field_obligation(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);
	enum obligation what = OBLIGATION_REPORT;

	if (text && (!obligation_read(text, &what) || what == OBLIGATION_AFTER_REPORT))
		yaml_fault(yaml, value,
		        "what 应为 report、notice、announce、advice 或 lift，而不是 %s",
		        "what must be report, notice, announce, advice or lift, not %s", text);
	*(enum obligation *)place = what;
	free(text);
}

static const struct field duty_fields[] = {
        {"what", true, field_obligation, offsetof(struct duty_rule, what)},
        {"acts", false, field_acts, offsetof(struct duty_rule, acts)},
        {"kinds", false, field_kinds, offsetof(struct duty_rule, kinds)},
        {"levels", false, field_levels, offsetof(struct duty_rule, levels)},
        {"hazards", false, field_hazards, offsetof(struct duty_rule, hazards)},
        {"to", false, field_text, offsetof(struct duty_rule, to)},
        {"within", false, field_duration, offsetof(struct duty_rule, within)},
        {"basis", true, field_text, offsetof(struct duty_rule, basis)},
        {0},
};

void policy_read_duties(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	while (yaml_is_list(yaml, list) && (item = fy_node_sequence_iterate(list, &at))) {
		struct duty_rule *rule =
		        mem_push(&policy->duty_rules, &policy->duty_rule_count, sizeof *rule);
		rule->acts = 1u << VERB_PUBLISH | 1u << VERB_UPDATE;
		rule->kinds = 1u << KIND_WARNING;
		rule->levels = ~0u;
		yaml_row(yaml, item, duty_fields, rule);
		if (!rule->to)
			rule->to = mem_text("");
	}
}

void policy_finish_duties(struct policy *policy)
{
	for (size_t i = 0; i < policy->duty_rule_count; i++) {
		struct duty_rule *rule = &policy->duty_rules[i];
		texts_finish(&rule->hazards);
		free(rule->to);
		free(rule->basis);
	}
	free(policy->duty_rules);
}
