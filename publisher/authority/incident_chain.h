/* SPDX-License-Identifier: Apache-2.0
 * incident_chain - who handles an incident, worked out from its steps and their proofs. Pure:
 * tocsind and the signer call the same function, each with its own copy of the policy.
 *
 * Every step must follow the one before it and carry a signature by a key that the policy names for
 * its officer, active or not: one who has left since did what they did. The last step must hold
 * today: an active officer who may take it (docs/AUTHORITY.md, section 4) at the step's time. As it
 * names the digest of all before it, that officer vouches for them.
 */
#ifndef TOCSIN_INCIDENT_CHAIN_H
#define TOCSIN_INCIDENT_CHAIN_H

#include "authority.h"
#include "incident_step.h"

/* Who an incident is with. */
struct incident_standing {
	char *handler; /* the unit that handles it now; "" = nobody (yet, or any more) */
	char *last;    /* the same; after a close the unit it was closed from. It alone cancels and
	                  corrects what it left in force */
	int64_t sequence;      /* of the last step; 0 = none yet */
	char head[DIGEST_HEX]; /* of the last step's text; "" = none yet */
};
void incident_standing_finish(struct incident_standing *standing);

/* Oldest first; the proofs' acts and digests are filled in from the texts. No steps: nobody handles
 * it. false: ERR_DENIED or ERR_INPUT with the step, the rule, and what to do. */
bool incident_chain(const struct policy *policy, struct signed_steps *steps, const char *incident,
        enum mode mode, int64_t now, struct incident_standing *standing, struct err *err);

/* Whose word counts for a message of this verb: what is in force may still be ended after the
 * close.
 * "" = nobody's. */
const char *incident_handler_for(const struct incident_standing *standing, enum verb verb);

/* The unit that holds a chain of messages (condition 9): its first message's unit; of an incident's
 * chain its handler, so that a hand-over moves the chains with it. first_incident: of
 * the chain's first message, "" when that was a relay (whose incident is its upstream's word); an
 * update that names another incident moves nothing. */
const char *incident_chain_unit(const char *first_unit, const char *first_incident,
        const char *incident, const char *handler);

/* The question to the policy; borrows from the step. */
struct incident_request incident_step_request(
        const struct incident_step *step, const char *officer, int64_t at);

#endif
