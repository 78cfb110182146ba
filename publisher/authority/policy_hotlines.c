/* SPDX-License-Identifier: Apache-2.0
 * policy_hotlines - see policy_hotlines.h.
 */
#include "policy_hotlines.h"

#include <stdlib.h>
#include <string.h>

#include "policy_fields.h"

/* 022-1234 5678 -> 02212345678 */
static void field_number_called(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);
	char *out = text;

	if (!text)
		return;
	for (const char *in = text; *in; in++)
		if (!strchr(" -()+", *in))
			*out++ = *in;
	*out = '\0';
	if (strlen(text) < 3 || strlen(text) > 16 || strspn(text, "0123456789") != strlen(text)) {
		yaml_fault(yaml, value, "“%s”不是电话号码", "\"%s\" is no telephone number", text);
		free(text);
		return;
	}
	*(char **)place = text;
}

static const struct field hotline_fields[] = {
        {"number", true, field_number_called, offsetof(struct hotline, number)},
        {"unit", true, field_id, offsetof(struct hotline, unit)},
        {"basis", false, field_text, offsetof(struct hotline, basis)},
        {0},
};

void policy_read_hotlines(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	if (!yaml_is_list(yaml, list))
		return;
	while ((item = fy_node_sequence_iterate(list, &at))) {
		struct hotline *hotline =
		        mem_push(&policy->hotlines, &policy->hotline_count, sizeof *hotline);
		yaml_row(yaml, item, hotline_fields, hotline);
		if (hotline->number)
			texts_add(&policy->hotline_numbers, hotline->number);
	}
}

void policy_hotlines_free(struct policy *policy)
{
	for (size_t i = 0; i < policy->hotline_count; i++) {
		free(policy->hotlines[i].number);
		free(policy->hotlines[i].unit);
		free(policy->hotlines[i].basis);
	}
	free(policy->hotlines);
	texts_finish(&policy->hotline_numbers);
}
