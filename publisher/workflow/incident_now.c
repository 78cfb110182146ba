/* SPDX-License-Identifier: Apache-2.0
 * incident_now - see incident_now.h.
 */
#include "incident_now.h"

#include <stdlib.h>

void incident_now_finish(struct incident_now *now)
{
	signed_steps_finish(&now->steps);
	incident_standing_finish(&now->standing);
}

static bool is_asked_about(const struct bulletin *b)
{
	return *b->incident && b->procedure != PROCEDURE_RELAY;
}

bool incident_settle(struct house *house, struct store *reader, struct bulletin *b, int64_t now,
        struct incident_now *out, struct err *err)
{
	*out = (struct incident_now){0};
	mem_set_text(&b->handler, "");
	if (!is_asked_about(b))
		return true;
	if (store_list_incident_steps(reader, b->incident, &out->steps, err) &&
	        incident_chain(atomic_load(&house->policy), &out->steps, b->incident,
	                house->config->mode, now, &out->standing, err)) {
		mem_set_text(&b->handler, incident_handler_for(&out->standing, b->verb));
		return true;
	}
	incident_now_finish(out);
	return false;
}

bool incident_chain_holder(
        struct store *store, const struct bulletin *b, char **holder, struct err *err)
{
	char *unit = NULL;
	char *incident = NULL;

	*holder = NULL;
	if (!*b->replaces)
		return true;
	if (!store_chain_first(store, b->chain, &unit, &incident, err))
		return false;
	if (unit)
		*holder = mem_text(incident_chain_unit(unit, incident, b->incident, b->handler));
	free(unit);
	free(incident);
	return true;
}

bool incident_still(
        struct store *store, const struct bulletin *b, int64_t sequence, struct err *err)
{
	struct incident incident;
	struct err missing = {0};

	if (!is_asked_about(b))
		return true;
	if (!store_get_incident(store, b->incident, &incident, &missing)) {
		if (missing.kind == ERR_MISSING)
			return true; /* never opened: nobody's, as it was when the policy was asked
			              */
		if (err)
			*err = missing;
		return false;
	}
	bool same = incident.sequence == sequence;
	if (!same)
		err_set(err, ERR_CONFLICT,
		        "事件 %s 刚被移交（现由“%s”处置），%s 未发出，请重新查看",
		        "incident %s was handed on meanwhile (handled by \"%s\" now): %s did not "
		        "go, look again",
		        incident.id, incident.handler, b->id);
	incident_finish(&incident);
	return same;
}
