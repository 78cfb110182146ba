/* SPDX-License-Identifier: Apache-2.0
 * api_means - what the house takes in from and sends to, as its settings say, for administrators to
 * look over. No option of a far side or source is shown: secrets are among them. Settings are
 * changed on the machine itself (docs/OPERATING.md), not here.
 */
#include "api.h"

#include "api_json.h"

static json_t *target_json(const struct config_target *t)
{
	return json_pack("{s:s,s:s,s:s,s:b,s:b,s:b,s:b,s:i,s:s}", "name", t->name, "kind", t->kind,
	        "type", t->type, "public", t->traits->is_public, "default", t->by_default,
	        "notices", t->notices, "recipients", t->recipients && *t->recipients, "per_minute",
	        (int)t->per_minute, "ends", t->ends ? t->ends : "");
}

static json_t *source_json(const struct config_source *s)
{
	return json_pack("{s:s,s:s,s:s,s:b,s:b,s:b,s:s,s:s}", "name", s->name, "type", s->type,
	        "unit", s->unit ? s->unit : "", "lenient", s->lenient, "signature_required",
	        s->signature_required, "trust", s->trusted != NULL, "json", s->json ? s->json : "",
	        "ends", s->ends ? s->ends : "");
}

static bool get_means(struct call *call, struct err *err)
{
	const struct config *config = call->house->config;
	json_t *targets = json_array();
	json_t *sources = json_array();

	(void)err;
	for (size_t i = 0; i < config->target_count; i++)
		json_array_append_new(targets, target_json(&config->targets[i]));
	for (size_t i = 0; i < config->source_count; i++)
		json_array_append_new(sources, source_json(&config->sources[i]));
	call_json(call, 200, json_pack("{s:o,s:o}", "targets", targets, "sources", sources));
	return true;
}

const struct route api_means_routes[] = {
        {"GET", "/api/v1/means", "admin", ROUTE_ADMIN | ROUTE_ACCOUNTS | ROUTE_AUDIT, get_means},
        {0},
};
