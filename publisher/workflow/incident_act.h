/* SPDX-License-Identifier: Apache-2.0
 * incident_act - incidents opened, assigned, handed over and closed (docs/AUTHORITY.md, section 4).
 */
#ifndef TOCSIN_INCIDENT_ACT_H
#define TOCSIN_INCIDENT_ACT_H

#include "house.h"
#include "store_incident.h"

/* By any officer: nobody handles it yet. Takes id ("" = one is made), title, hazard (code or
 * Chinese name) and areas (codes or names) from *incident, and writes them back as the record has
 * them. */
bool incident_open(struct house *house, const struct caller *caller, struct incident *incident,
        struct err *err);

/* The next step's text, for an officer to put their name to. to: a unit, "" for close. */
bool incident_next(struct house *house, struct store *reader, const char *id, enum act act,
        const char *to, const char *reason, struct buf *out, struct err *err);

/* Takes the step when it is the next one, the proof is the caller's over this text, and the policy
 * permits it; the decision is recorded either way. The signer hears of it. */
bool incident_take_step(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, struct signed_step *step, struct err *err);

#endif
