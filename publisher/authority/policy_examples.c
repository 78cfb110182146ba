/* SPDX-License-Identifier: Apache-2.0
 * policy_examples - the policy's own examples (`tests:`): a request and the answer its writers
 * expect. A policy whose examples fail does not load.
 */
#include <stdlib.h>
#include <string.h>

#include "decide_request.h"
#include "policy_check.h"
#include "policy_fields.h"

struct example {
	char *name;
	bool permit;
	enum mode mode;
	json_t *request;
};

static json_t *json_of(struct yaml *yaml, struct fy_node *node);

static json_t *json_of_map(struct yaml *yaml, struct fy_node *map)
{
	json_t *object = json_object();
	struct fy_node_pair *pair;
	void *at = NULL;

	while ((pair = fy_node_mapping_iterate(map, &at))) {
		char *key = yaml_text(yaml, fy_node_pair_key(pair));
		if (key)
			json_object_set_new(object, key, json_of(yaml, fy_node_pair_value(pair)));
		free(key);
	}
	return object;
}

/* A request has texts only: 120116 without quotes is the text 120116. */
static json_t *json_of(struct yaml *yaml, struct fy_node *node)
{
	struct fy_node *item;
	void *at = NULL;

	node = yaml_meant(yaml, node);
	if (yaml_absent(node))
		return json_null();
	if (fy_node_is_mapping(node))
		return json_of_map(yaml, node);
	if (fy_node_is_sequence(node)) {
		json_t *list = json_array();
		while ((item = fy_node_sequence_iterate(node, &at)))
			json_array_append_new(list, json_of(yaml, item));
		return list;
	}
	char *text = yaml_text(yaml, node);
	json_t *value = text ? json_string(text) : NULL;
	free(text);
	return value ? value : json_null();
}

static void field_request(struct yaml *yaml, struct fy_node *value, void *place)
{
	json_t **request = place;

	if (fy_node_is_mapping(value))
		*request = json_of_map(yaml, value);
	else
		yaml_fault(yaml, value, "request 应为键值表", "request must be a mapping");
}

static void field_mode(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	if (text && !mode_read(text, place))
		yaml_fault(yaml, value, "mode 应为 live、exercise 或 test，而不是 %s",
		        "mode must be live, exercise or test, not %s", text);
	free(text);
}

static const struct field example_fields[] = {
        {"name", false, field_text, offsetof(struct example, name)},
        {"request", true, field_request, offsetof(struct example, request)},
        {"permit", true, field_yes, offsetof(struct example, permit)},
        {"mode", false, field_mode, offsetof(struct example, mode)},
        {0},
};

static void ask(struct yaml *yaml, struct fy_node *item, size_t row, const struct example *example,
        const struct policy *policy)
{
	const char *name = example->name ? example->name : "-";
	struct decision decision;

	parsed_request_decide(policy, example->request, example->mode, &decision);
	if (decision.permit && !example->permit)
		yaml_fault(yaml, item, "示例 tests[%zu]（%s）应被拒绝，却获准（%s）",
		        "example tests[%zu] (%s) should be denied but is permitted by %s", row,
		        name, decision.rule);
	if (!decision.permit && example->permit)
		yaml_fault(yaml, item, "示例 tests[%zu]（%s）应获准，却被拒绝：%s%.0s",
		        "example tests[%zu] (%s) should be permitted but is denied: %.0s%s", row,
		        name, decision.reasons[0].zh, decision.reasons[0].en);
	decision_finish(&decision);
}

void policy_check_examples(struct yaml *yaml, struct fy_node *root, const struct policy *policy)
{
	struct fy_node *list = yaml_value(root, "tests");
	struct fy_node *item;
	void *at = NULL;

	if (list && !fy_node_is_sequence(list))
		yaml_fault(yaml, list, "tests 应为列表", "tests must be a list");
	for (size_t row = 0; list && (item = fy_node_sequence_iterate(list, &at)); row++) {
		struct example example = {.mode = MODE_LIVE};
		size_t before = yaml->count;
		yaml_row(yaml, item, example_fields, &example);
		if (yaml->count == before && example.request)
			ask(yaml, item, row, &example, policy);
		free(example.name);
		json_decref(example.request);
	}
}
