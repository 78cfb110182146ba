/* SPDX-License-Identifier: Apache-2.0
 * api_case - the case of a bulletin, to take away.
 */
#include "api.h"

#include <stdlib.h>

#include "case_json.h"
#include "heartbeat.h"
#include "when.h"

static bool get_case(struct call *call, struct err *err)
{
	char *beat = heartbeat_last(call->house->heartbeat);
	json_t *json = case_json(call->house, call->reader, call->part[0], beat, when_now(), err);

	free(beat);
	if (json)
		call_json(call, 200, json);
	return json != NULL;
}

const struct route api_case_routes[] = {
        {"GET", "/api/v1/bulletins/{}/case", "read", ROUTE_AUDIT, get_case},
        {0},
};
