/* SPDX-License-Identifier: Apache-2.0
 * decide_json - requests and decisions as JSON: `tocsin decide`, the API, the record and the log
 * all show this one form.
 */
#ifndef TOCSIN_DECIDE_JSON_H
#define TOCSIN_DECIDE_JSON_H

#include <jansson.h>

#include "authority.h"

/* One request line (design, section 5) -> one decision object
 * {"permit","rule","basis","reasons":[...],"policy"}: reasons are sentences, Chinese first, "zh /
 * en". Unknown members and malformed values make a deny; `line` that is no JSON object: NULL and
 * *err. */
json_t *decide_line(
        const struct policy *policy, enum mode mode, const char *line, size_t len, struct err *err);

/* The decision as stored and shown by `why` and the API:
 * {"permit","rule","basis","policy","reasons":[{"condition","name","row","zh","en"}]}; a permit
 * adds "unit" (whose authority counts), one on behalf also "handler_rule" and "handler_basis". */
json_t *decision_json(const struct decision *decision);

const char *condition_text(enum condition condition); /* request officer handler grant ... */

#endif
