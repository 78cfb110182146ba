/* SPDX-License-Identifier: Apache-2.0
 * api_back - a bulletin that goes back or no further: return, reject, withdraw, discard.
 */
#include "api.h"

#include "api_show.h"
#include "send_back.h"

static bool back(struct call *call, enum step_kind kind, struct err *err)
{
	json_t *json = call_body_json(call, err);
	bool ok = json && send_back(call->house, call->caller, call->part[0], kind,
	                          json_string_value(json_object_get(json, "reason")), err);

	json_decref(json);
	return ok && show_bulletin(call, call->part[0], NULL, err);
}

static bool post_return(struct call *call, struct err *err)
{
	return back(call, STEP_RETURN, err);
}

static bool post_reject(struct call *call, struct err *err)
{
	return back(call, STEP_REJECT, err);
}

static bool post_withdraw(struct call *call, struct err *err)
{
	return back(call, STEP_WITHDRAW, err);
}

static bool post_discard(struct call *call, struct err *err)
{
	return back(call, STEP_DISCARD, err);
}

const struct route api_back_routes[] = {
        {"POST", "/api/v1/bulletins/{}/return", "approve", true, post_return},
        {"POST", "/api/v1/bulletins/{}/reject", "approve", true, post_reject},
        {"POST", "/api/v1/bulletins/{}/withdraw", "draft", true, post_withdraw},
        {"POST", "/api/v1/bulletins/{}/discard", "draft", true, post_discard},
        {0},
};
