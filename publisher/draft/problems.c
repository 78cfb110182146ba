/* SPDX-License-Identifier: Apache-2.0
 * problems - see problems.h.
 */
#include "problems.h"

bool problems_err(const struct cap_problems *problems, struct err *err)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct cap_problem *p = &problems->items[i];
		if (p->level == CAP_PROBLEM_ERROR)
			return err_set(
			        err, ERR_INPUT, "%s：%s%.0s", "%s: %.0s%s", p->path, p->zh, p->en);
	}
	if (problems->starved)
		return err_set(err, ERR_UNAVAILABLE, "内存不足", "out of memory");
	return err_set(err, ERR_INPUT, "报文有误", "the message has errors");
}

json_t *problems_json(const struct cap_problems *problems)
{
	json_t *array = json_array();

	if (problems->starved)
		json_array_append_new(array,
		        json_pack("{s:s,s:s,s:s,s:s,s:s}", "rule", "xml.memory", "level", "error",
		                "path", "/", "message", "out of memory", "message_zh", "内存不足"));
	for (size_t i = 0; i < problems->count; i++) {
		const struct cap_problem *p = &problems->items[i];
		json_array_append_new(
		        array, json_pack("{s:s,s:s,s:s,s:s,s:s}", "rule", p->rule, "level",
		                       cap_problem_level_text(p->level), "path", p->path, "message",
		                       p->en, "message_zh", p->zh));
	}
	return array;
}
