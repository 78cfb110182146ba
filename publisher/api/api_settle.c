/* SPDX-License-Identifier: Apache-2.0
 * api_settle - an officer says what became of a delivery whose outcome is not known, or that it is
 * to be tried again now.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_show.h"
#include "retry.h"
#include "settle.h"

static bool read_number(const char *text, int64_t *number, struct err *err)
{
	size_t len = strlen(text);

	if (len == 0 || len > 18 || strspn(text, "0123456789") != len)
		return err_set(err, ERR_MISSING, "没有投递 %s", "there is no delivery %s", text);
	*number = strtoll(text, NULL, 10);
	return true;
}

static bool post_settle(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	const json_t *came = json_object_get(json, "came");
	char *bulletin = NULL;
	int64_t number = 0;
	bool ok = json && read_number(call->part[0], &number, err) &&
	          (json_is_boolean(came) ||
	                  err_set(err, ERR_INPUT, "came 应为 true（到了）或 false（没到）",
	                          "came must be true (it came) or false (it did not)")) &&
	          settle_delivery(call->house, call->caller, number, json_is_true(came),
	                  json_string_value(json_object_get(json, "reason")), &bulletin, err);

	json_decref(json);
	ok = ok && show_bulletin(call, bulletin, NULL, err);
	free(bulletin);
	return ok;
}

static bool post_retry(struct call *call, struct err *err)
{
	char *bulletin = NULL;
	int64_t number = 0;
	bool ok = read_number(call->part[0], &number, err) &&
	          retry_delivery(call->house, call->caller, number, &bulletin, err) &&
	          show_bulletin(call, bulletin, NULL, err);

	free(bulletin);
	return ok;
}

const struct route api_settle_routes[] = {
        {"POST", "/api/v1/deliveries/{}/settle", "release", true, post_settle},
        {"POST", "/api/v1/deliveries/{}/retry", "release", true, post_retry},
        {0},
};
