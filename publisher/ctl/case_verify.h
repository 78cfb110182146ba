/* SPDX-License-Identifier: Apache-2.0
 * case_verify - does a case (publisher/api/case_json.h) hold? With the public keys alone: what was
 * signed is signed and is what was approved, each approval is that officer's, each audit record has
 * its hash. What the policy in the file says about officers is believed unless one is given.
 */
#ifndef TOCSIN_CASE_VERIFY_H
#define TOCSIN_CASE_VERIFY_H

#include <jansson.h>

#include "key.h"
#include "policy.h"

struct case_keys {
	struct key *alert;
	struct key *status;    /* NULL = the heartbeat is not looked at */
	struct policy *policy; /* NULL = the one in the file */
};

struct case_found {
	size_t messages, signed_messages, approvals, records;
};

/* false + *err names the message or record and what does not hold. */
bool case_verify(const json_t *json, const struct case_keys *keys, struct case_found *found,
        struct err *err);

#endif
