/* SPDX-License-Identifier: Apache-2.0
 * decide_request - a request written as JSON (design, section 5), read for the one function that
 * decides.
 *
 * Never fails: what cannot be understood is named in `unread`, and that makes a deny.
 */
#ifndef TOCSIN_DECIDE_REQUEST_H
#define TOCSIN_DECIDE_REQUEST_H

#include <jansson.h>

#include "authority.h"

struct parsed_request {
	bool about_incident; /* assign, handover, close: then `incident`, else `request` is filled
	                      */
	struct request request;
	struct incident_request incident;
	enum kind kind;
	enum level level;
	const char **lists[5];
	int64_t *times[2];
	struct texts unread;
	char *unread_text;
};

/* Texts are borrowed from the object. */
void parsed_request_read(struct parsed_request *parsed, json_t *object, enum mode mode);
void parsed_request_finish(struct parsed_request *parsed);

/* Reads and decides. */
void parsed_request_decide(
        const struct policy *policy, json_t *object, enum mode mode, struct decision *decision);

#endif
