/* SPDX-License-Identifier: Apache-2.0
 * api_record - what the record can be asked: what came in, whether the audit chain is whole; and
 * whether this instance lives.
 */
#include "api.h"

#include "policies.h"

static bool get_intake(struct call *call, struct err *err)
{
	json_t *list = NULL;

	if (!store_list_intake(call->reader, 200, &list, err))
		return false;
	call_json(call, 200, json_pack("{s:o}", "intake", list));
	return true;
}

static bool get_audit_verify(struct call *call, struct err *err)
{
	char head[DIGEST_HEX] = "";
	int64_t records = 0;

	if (!store_audit_verify(call->reader, &records, head, err))
		return false;
	call_json(call, 200,
	        json_pack(
	                "{s:b,s:I,s:s}", "whole", 1, "records", (json_int_t)records, "head", head));
	return true;
}

static bool get_health(struct call *call, struct err *err)
{
	(void)err;
	call_json(call, 200,
	        json_pack("{s:s,s:s,s:s,s:s}", "status", "ok", "node", call->house->config->node,
	                "mode", mode_text(call->house->config->mode), "signer_policy",
	                signer_policy_text(policies_signer(call->house->policies))));
	return true;
}

const struct route api_record_routes[] = {
        {"GET", "/healthz", NULL, false, get_health},
        {"GET", "/api/v1/intake", "read", false, get_intake},
        {"GET", "/api/v1/audit/verify", "read", false, get_audit_verify},
        {0},
};
