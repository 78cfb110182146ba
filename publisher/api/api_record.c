/* SPDX-License-Identifier: Apache-2.0
 * api_record - what the record can be asked: what came in; whether this instance lives, and whether
 * it is held.
 */
#include "api.h"

#include <string.h>

#include "api_show.h"
#include "heartbeat.h"
#include "hold.h"
#include "policies.h"
#include "reason.h"
#include "when.h"

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
	        json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:s*,s:s*}", "status",
	                atomic_load(&call->house->record_damaged)        ? "record-damaged"
	                : chain == CHAIN_BROKEN                          ? "audit-broken"
	                : atomic_load(&call->house->held)                ? "held"
	                : !record_takes_in(call->house->record, 0, NULL) ? "disk-nearly-full"
	                                                                 : "ok",
	                "node", call->house->config->node, "mode",
	                mode_text(call->house->config->mode), "audit", status_chain_text(chain),
	                "signer_policy", signer_policy_text(policies_signer(call->house->policies)),
	                "ending", atomic_load(&call->house->ending), "signer_policy_detail",
	                same ? NULL : what.en, "signer_policy_detail_zh", same ? NULL : what.zh));
	return true;
}

static bool get_hold(struct call *call, struct err *err)
{
	struct hold hold;
	char since[WHEN_TEXT], copied[WHEN_TEXT];

	if (!store_hold(call->reader, &hold, err))
		return false;
	when_text(hold.since, since);
	when_text(hold.copied, copied);
	json_t *json = hold.since ? json_pack("{s:b,s:s,s:s,s:I}", "held", 1, "since", since,
	                                    "copied", copied, "records", (json_int_t)hold.cut)
	                          : json_pack("{s:b}", "held", 0);
	struct delivery_list pending = {0};
	bool ok = store_list_pending(call->reader, &pending, err);
	if (ok)
		json_object_set_new(json, "pending", json_integer((json_int_t)pending.count));
	delivery_list_finish(&pending);
	if (ok)
		call_json(call, 200, json);
	else
		json_decref(json);
	return ok;
}

static bool read_sent(const json_t *json, enum sent_since *sent, struct err *err)
{
	const char *word = json_string_value(json_object_get(json, "sent"));

	*sent = word && strcmp(word, "nothing") == 0 ? SENT_NOTHING : SENT_UNKNOWN;
	return (word && (*sent == SENT_NOTHING || strcmp(word, "unknown") == 0)) ||
	       err_set(err, ERR_INPUT, "sent 应为 unknown 或 nothing",
	               "sent must be unknown or nothing");
}

static bool post_hold_end(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	const char *reason = json_string_value(json_object_get(json, "reason"));
	enum sent_since sent;
	bool ok = json && reason_fits(reason, err) && read_sent(json, &sent, err) &&
	          hold_end(call->house, call->reader, call->caller, sent, reason, err);

	json_decref(json);
	if (ok)
		call_json(call, 200, json_pack("{s:b}", "held", 0));
	return ok;
}

const struct route api_record_routes[] = {
        {"GET", "/healthz", NULL, false, get_health},
        {"GET", "/api/v1/hold", "read", false, get_hold},
        {"POST", "/api/v1/hold/end", "release", true, post_hold_end},
        {"GET", "/api/v1/intake", "read", false, get_intake},
        {0},
};
