/* SPDX-License-Identifier: Apache-2.0
 * api_pause - an officer holds back one far side of a bulletin, and lets it go again.
 */
#include "api.h"

#include "api_show.h"
#include "pause.h"

static bool post_pause(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	bool ok = json && pause_target(call->house, call->caller, call->part[0], call->part[1],
	                          json_string_value(json_object_get(json, "reason")), err);

	json_decref(json);
	return ok && show_bulletin(call, call->part[0], NULL, err);
}

static bool post_resume(struct call *call, struct err *err)
{
	return resume_target(call->house, call->caller, call->part[0], call->part[1], err) &&
	       show_bulletin(call, call->part[0], NULL, err);
}

const struct route api_pause_routes[] = {
        {"POST", "/api/v1/bulletins/{}/targets/{}/pause", "release", true, post_pause},
        {"POST", "/api/v1/bulletins/{}/targets/{}/resume", "release", true, post_resume},
        {0},
};
