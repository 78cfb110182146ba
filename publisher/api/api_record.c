/* SPDX-License-Identifier: Apache-2.0
 * api_record - what the record can be asked: what came in; and whether this instance lives.
 */
#include "api.h"
#include "heartbeat.h"

#include "policies.h"

static bool get_intake(struct call *call, struct err *err)
{
	json_t *list = NULL;

	if (!store_list_intake(call->reader, 200, &list, err))
		return false;
	call_json(call, 200, json_pack("{s:o}", "intake", list));
	return true;
}

static bool get_health(struct call *call, struct err *err)
{
	enum status_chain chain = heartbeat_chain(call->house->heartbeat);
	struct err what = {0};
	bool same = policies_in_step(call->house, &what);

	(void)err;
	call_json(call, 200,
	        json_pack("{s:s,s:s,s:s,s:s,s:s,s:s*,s:s*}", "status",
	                chain == CHAIN_BROKEN ? "audit-broken" : "ok", "node",
	                call->house->config->node, "mode", mode_text(call->house->config->mode),
	                "audit", status_chain_text(chain), "signer_policy",
	                signer_policy_text(policies_signer(call->house->policies)),
	                "signer_policy_detail", same ? NULL : what.en, "signer_policy_detail_zh",
	                same ? NULL : what.zh));
	return true;
}

const struct route api_record_routes[] = {
        {"GET", "/healthz", NULL, false, get_health},
        {"GET", "/api/v1/intake", "read", false, get_intake},
        {0},
};
