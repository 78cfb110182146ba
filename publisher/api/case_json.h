/* SPDX-License-Identifier: Apache-2.0
 * case_json - a case as one JSON object, to be archived and checked elsewhere: everything about the
 * chain and incident of a bulletin, and nothing about persons outside the house. Recipients are a
 * count and a digest; what came in is given where no number stands in it; what far sides said is in
 * the audit records as a keyed digest. docs/RECORD.md has its shape.
 */
#ifndef TOCSIN_CASE_JSON_H
#define TOCSIN_CASE_JSON_H

#include "house.h"

/* NULL + *err. `heartbeat`: the last one, sealed, or NULL. */
json_t *case_json(struct house *house, struct store *reader, const char *id, const char *heartbeat,
        int64_t now, struct err *err);

#endif
