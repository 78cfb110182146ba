/* SPDX-License-Identifier: Apache-2.0
 * step - see step.h. Names and frees; cannot fail.
 */
#include "step.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text, *zh;
} kinds[STEP_KIND_COUNT] = {
        [STEP_SUBMIT] = {"submitted", "提交"},
        [STEP_RETURN] = {"returned", "退回"},
        [STEP_REJECT] = {"rejected", "否决"},
        [STEP_WITHDRAW] = {"withdrawn", "撤回"},
        [STEP_DISCARD] = {"discarded", "作废"},
        [STEP_HELD] = {"held", "筛查命中"},
        [STEP_OVERRIDE] = {"overridden", "放行"},
        [STEP_SECRECY] = {"secrecy-review", "已作保密审查"},
};

const char *step_text(enum step_kind kind)
{
	return kinds[kind].text;
}

const char *step_zh(enum step_kind kind)
{
	return kinds[kind].zh;
}

bool step_read(const char *text, enum step_kind *out)
{
	for (int i = 0; text && i < STEP_KIND_COUNT; i++) {
		if (strcmp(kinds[i].text, text) == 0) {
			*out = (enum step_kind)i;
			return true;
		}
	}
	return false;
}

void step_finish(struct step *step)
{
	free(step->officer);
	free(step->reason);
	*step = (struct step){0};
}

void step_list_finish(struct step_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		step_finish(&list->items[i]);
	free(list->items);
	*list = (struct step_list){0};
}
