/* SPDX-License-Identifier: Apache-2.0
 * policy_shown - see policy_shown.h. Works on the document's tree, not on its text: a number may be
 * written in many ways.
 */
#include "policy_shown.h"

#include <stdlib.h>
#include <string.h>

#include "yaml.h"

static bool is_of(struct fy_node *row, const char *unit)
{
	size_t len = 0;
	struct fy_node *value = yaml_value(row, "unit");
	const char *text = value ? fy_node_get_scalar(value, &len) : NULL;

	return unit && text && strlen(unit) == len && memcmp(text, unit, len) == 0;
}

static bool drop(struct fy_node *row, const char *key)
{
	struct fy_node_pair *pair = fy_node_mapping_lookup_pair_by_string(row, key, FY_NT);

	if (!pair)
		return true;
	/* The pair and its key go with it; the value is then ours. */
	struct fy_node *value = fy_node_mapping_remove_by_key(row, fy_node_pair_key(pair));
	return value && fy_node_free(value) == 0;
}

static bool drop_numbers(struct fy_node *root, const char *unit)
{
	struct fy_node *list = yaml_value(root, "roster");
	struct fy_node *row;
	void *at = NULL;
	bool ok = true;

	while (list && ok && (row = fy_node_sequence_iterate(list, &at)))
		ok = is_of(row, unit) || (drop(row, "phone") && drop(row, "deputy_phone"));
	return ok;
}

char *policy_shown(const struct policy *policy, const char *unit, struct err *err)
{
	struct fy_document *document = NULL;
	struct buf faults;
	char *text = NULL;

	buf_init(&faults, 0);
	struct yaml yaml = {.name = "policy", .faults = &faults};
	struct fy_node *root = yaml_open(&yaml, policy->text, strlen(policy->text), &document);
	/* Else what an alias stands for would go with the number it was written at. */
	if (root && fy_document_resolve(document) == 0 && drop_numbers(root, unit))
		text = fy_emit_document_to_string(
		        document, FYECF_MODE_ORIGINAL | FYECF_WIDTH_INF | FYECF_INDENT_2);
	fy_document_destroy(document);
	buf_finish(&faults);
	if (!text)
		err_set(err, ERR_INTERNAL, "授权规则无法重新写出",
		        "the policy cannot be written anew");
	return text;
}
