/* SPDX-License-Identifier: Apache-2.0
 * fields - see fields.h.
 */
#include "fields.h"

const char *json_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

const char *json_shown(const json_t *object, const char *name)
{
	const char *text = json_text(object, name);

	return *text ? text : "-";
}
