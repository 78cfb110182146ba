/* SPDX-License-Identifier: Apache-2.0
 * api_arrival - see api_arrival.h.
 */
#include "api_arrival.h"

#include <string.h>

struct arrival arrival_of(const struct call *call)
{
	bool cap = strncmp(call->content_type, "application/cap+xml", 19) == 0 ||
	           strstr(call->content_type, "/xml");
	bool json = strncmp(call->content_type, "application/json", 16) == 0;
	bool text = strncmp(call->content_type, "text/plain", 10) == 0;

	return (struct arrival){
	        .form = cap    ? ARRIVAL_CAP
	                : json ? ARRIVAL_REPORT
	                : text ? ARRIVAL_TEXT
	                       : ingest_form(call->body, call->body_len),
	        .way = "api",
	        .name = *call->caller->session ? call->caller->officer->id
	                                       : call->caller->token.name,
	        .bytes = call->body,
	        .len = call->body_len,
	        .limit = (size_t)call->house->config->limit_api,
	        .caller = call->caller,
	        .source = "",
	};
}
