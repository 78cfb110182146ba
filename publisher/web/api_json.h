/* SPDX-License-Identifier: Apache-2.0
 * api_json - bulletins, deliveries and approvals as the API shows them (docs/openapi.yaml), and
 * proofs as it takes them.
 */
#ifndef TOCSIN_API_JSON_H
#define TOCSIN_API_JSON_H

#include <jansson.h>

#include "store.h"

json_t *moment_json(int64_t ms); /* +08:00; null for 0 */
json_t *list_json(const struct texts *texts);
json_t *heads_json(const struct bulletin_list *bulletins);
json_t *bulletin_head_json(const struct bulletin *bulletin); /* for lists */
json_t *bulletin_json(const struct bulletin *bulletin, const struct approval_list *approvals,
        const struct delivery_list *deliveries); /* whole */

json_t *moment_json(int64_t ms); /* null for 0 */

/* {"act","officer","time","manifest","signature"} */
bool proof_from_json(const json_t *json, struct proof *proof, struct err *err);

#endif
