/* SPDX-License-Identifier: Apache-2.0
 * incident_now - where a bulletin's incident stands at this moment, by the record and by the policy
 * in force: what submission and release ask the policy with, and look at again inside their
 * transaction.
 */
#ifndef TOCSIN_INCIDENT_NOW_H
#define TOCSIN_INCIDENT_NOW_H

#include "house.h"
#include "incident_chain.h"
#include "store_incident.h"

struct incident_now {
	struct signed_steps steps; /* they go along to the signer */
	struct incident_standing standing;
};
void incident_now_finish(struct incident_now *now);

/* Puts the unit whose word counts into bulletin->handler: "" without an incident, for one nobody
 * handles, and for a relay, whose incident is its upstream's affair. false: the steps cannot be
 * followed (incident_chain.h). */
bool incident_settle(struct house *house, struct store *reader, struct bulletin *bulletin,
        int64_t now, struct incident_now *out, struct err *err);

/* The unit that holds the chain of a settled bulletin (incident_chain_unit); the caller's, NULL for
 * a first issue. */
bool incident_chain_holder(
        struct store *store, const struct bulletin *bulletin, char **holder, struct err *err);

/* Inside a transaction: no step was taken since. ERR_CONFLICT with who handles it now. */
bool incident_still(
        struct store *store, const struct bulletin *bulletin, int64_t sequence, struct err *err);

#endif
