/* SPDX-License-Identifier: Apache-2.0
 * web_call - one call on a worker: which route, who asks, said before?, and what went wrong as
 * problem+json.
 */
#ifndef TOCSIN_WEB_CALL_H
#define TOCSIN_WEB_CALL_H

#include "web.h"

/* Fills in call->part. NULL: *err (ERR_MISSING). */
const struct route *route_find(
        const struct route *const *tables, struct call *call, struct err *err);
void call_run(struct call *call, const struct route *route); /* always leaves an answer */
void call_finish(struct call *call);

/* RFC 9457: {"type","title","status","detail","detail_zh"} and, where given, "problems". */
void web_problem(const struct err *err, json_t *problems, struct buf *out);

#endif
