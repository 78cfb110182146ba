/* SPDX-License-Identifier: Apache-2.0
 * api_events - what happens, as it happens: the stream that web_live.c keeps.
 */
#include "api.h"

#include "web_stream.h"

static bool get_events(struct call *call, struct err *err)
{
	call->stream = web_stream_begin(call, err);
	return call->stream != NULL;
}

const struct route api_events_routes[] = {
        {"GET", "/api/v1/events", "read", ROUTE_UNATTENDED, get_events},
        {0},
};
