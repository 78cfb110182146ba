/* SPDX-License-Identifier: Apache-2.0
 * api_callback - what far sides report back, by the address made for them (callback.h). A word that
 * comes late goes to the audit chain; an address we did not make is not found.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "callback.h"
#include "when.h"

struct report {
	int64_t delivery, recipient;
	const char *type;
};

static bool write_report(struct store *store, void *arg, struct err *err)
{
	const struct report *r = arg;
	struct delivery d;

	if (!store_get_delivery(store, r->delivery, &d, err))
		return false;
	json_t *body = json_pack("{s:I,s:s,s:I,s:s}", "delivery", (json_int_t)r->delivery, "target",
	        d.target, "recipient", (json_int_t)r->recipient, "type", r->type);
	bool ok = store_audit(store, "report", d.bulletin, body, when_now(), err);
	json_decref(body);
	delivery_finish(&d);
	return ok;
}

static bool get_callback(struct call *call, struct err *err)
{
	char *type = call_query(call, "type");
	/* Kannel's word is a number; anything longer is none of ours and not for the chain. */
	bool number = type && strlen(type) < 8 && strspn(type, "0123456789") == strlen(type);
	struct report report = {.type = number ? type : ""};

	bool ok = callback_read(call->part[0], call->house->config->callback_secret,
	                  &report.delivery, &report.recipient) ||
	          err_set(err, ERR_MISSING, "没有这个回执地址", "no such callback");
	ok = ok && record_do(call->house->record, 0, write_report, &report, err);
	free(type);
	if (ok)
		call_text(call, "text/plain; charset=utf-8", "ok\n");
	return ok;
}

const struct route api_callback_routes[] = {
        {"GET", "/c/{}", NULL, false, get_callback},
        {"POST", "/c/{}", NULL, false, get_callback},
        {0},
};
