/* SPDX-License-Identifier: Apache-2.0
 * decide_json - see decide_json.h.
 */
#include "decide_json.h"

#include <stdlib.h>
#include <string.h>

#include "decide_request.h"

static const char *const names[CONDITION_COUNT] = {
        [CONDITION_REQUEST] = "request",
        [CONDITION_OFFICER] = "officer",
        [CONDITION_HANDLER] = "handler",
        [CONDITION_GRANT] = "grant",
        [CONDITION_FORBID] = "forbid",
        [CONDITION_SIGNOFF] = "signoff",
        [CONDITION_SECRECY] = "secrecy",
        [CONDITION_DISCLOSURE] = "disclosure",
        [CONDITION_MODE] = "mode",
        [CONDITION_LIFE] = "life",
};

const char *condition_text(enum condition condition)
{
	return names[condition];
}

/* Sentences are made by us and are UTF-8; NULL becomes null. */
static json_t *text_or_null(const char *text)
{
	json_t *value = text ? json_string(text) : NULL;

	return value ? value : json_null();
}

static json_t *head(const struct decision *decision)
{
	json_t *object = json_object();

	json_object_set_new(object, "permit", json_boolean(decision->permit));
	json_object_set_new(object, "rule", text_or_null(decision->rule));
	json_object_set_new(object, "basis", text_or_null(decision->basis));
	return object;
}

static json_t *reason_json(const struct reason *reason)
{
	json_t *object = json_object();

	json_object_set_new(object, "condition", json_integer((json_int_t)reason->condition));
	json_object_set_new(object, "name", json_string(condition_text(reason->condition)));
	json_object_set_new(object, "row", text_or_null(reason->row));
	json_object_set_new(object, "zh", text_or_null(reason->zh));
	json_object_set_new(object, "en", text_or_null(reason->en));
	return object;
}

json_t *decision_json(const struct decision *decision)
{
	json_t *object = head(decision);
	json_t *reasons = json_array();

	json_object_set_new(object, "policy", json_string(decision->policy));
	if (decision->permit)
		json_object_set_new(object, "unit", text_or_null(decision->unit));
	if (decision->handler_rule) {
		json_object_set_new(object, "handler_rule", json_string(decision->handler_rule));
		json_object_set_new(object, "handler_basis", text_or_null(decision->handler_basis));
	}
	for (size_t i = 0; i < decision->reason_count; i++)
		json_array_append_new(reasons, reason_json(&decision->reasons[i]));
	json_object_set_new(object, "reasons", reasons);
	return object;
}

static json_t *line_json(const struct decision *decision)
{
	json_t *object = head(decision);
	json_t *reasons = json_array();

	for (size_t i = 0; i < decision->reason_count; i++) {
		const struct reason *reason = &decision->reasons[i];
		char *text = mem_format("%s / %s", reason->zh, reason->en);
		json_array_append_new(reasons, text_or_null(text));
		free(text);
	}
	json_object_set_new(object, "reasons", reasons);
	json_object_set_new(object, "policy", json_string(decision->policy));
	return object;
}

/* JSON that can be read but says a thing twice, or a number nobody could mean: denied like any
 * other value that cannot be understood. */
static bool is_malformed_only(const json_error_t *error)
{
	enum json_error_code code = json_error_code(error);

	return code == json_error_duplicate_key || code == json_error_numeric_overflow;
}

json_t *decide_line(
        const struct policy *policy, enum mode mode, const char *line, size_t len, struct err *err)
{
	json_error_t error;
	json_t *object = json_loadb(
	        line, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
	struct decision decision;

	if (!object && is_malformed_only(&error)) {
		struct request request = {.mode = mode, .unread = error.text};
		authority_decide(policy, &request, &decision);
	} else if (json_is_object(object)) {
		parsed_request_decide(policy, object, mode, &decision);
	} else if (object) {
		struct request request = {.mode = mode, .unread = "request (no JSON object)"};
		authority_decide(policy, &request, &decision);
	} else {
		err_set(err, ERR_INPUT, "不是 JSON：%s", "no JSON: %s", error.text);
		return NULL;
	}
	json_decref(object);
	json_t *answer = line_json(&decision);
	decision_finish(&decision);
	return answer;
}
