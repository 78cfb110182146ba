/* SPDX-License-Identifier: Apache-2.0
 * api_show - what the handlers of every subject share: a body read, a bulletin shown.
 */
#ifndef TOCSIN_API_SHOW_H
#define TOCSIN_API_SHOW_H

#include "cap_problem.h"
#include "web.h"

/* The body as JSON, a member given twice refused. NULL: *err. The caller's. */
json_t *call_body_json(const struct call *call, struct err *err);
/* The bulletin as it stands now is the answer, with what there is to note about it (may be NULL).
 */
bool show_bulletin(
        struct call *call, const char *id, const struct cap_problems *notes, struct err *err);
/* What was noted reaches the operator either way; finishes it. */
bool show_noted(
        struct call *call, bool ok, const char *id, struct cap_problems *notes, struct err *err);

#endif
