/* SPDX-License-Identifier: Apache-2.0
 * store_incident - incidents, who handles them, and the steps that made it so.
 *
 * The steps are the truth, each with its officer's proof; `handler`, `sequence` and `head` of the
 * incident say the same in short, for lists and for noticing that somebody was quicker.
 */
#ifndef TOCSIN_STORE_INCIDENT_H
#define TOCSIN_STORE_INCIDENT_H

#include "incident_step.h"
#include "store.h"

enum incident_state { INCIDENT_OPEN, INCIDENT_CLOSED };
const char *incident_state_text(enum incident_state state); /* open, closed */
const char *incident_state_zh(enum incident_state state);
bool incident_state_read(const char *text, enum incident_state *out);

struct incident {
	char *id, *title, *hazard;
	struct texts areas; /* division codes */
	enum incident_state state;
	char *handler;         /* unit; "" = nobody */
	int64_t sequence;      /* of the last step; 0 = none yet */
	char head[DIGEST_HEX]; /* of the last step's text; "" = none yet */
	int64_t opened;        /* ms */
	char *opener;          /* officer */
};
void incident_finish(struct incident *incident);

struct incident_list {
	struct incident *items;
	size_t count;
};
void incident_list_finish(struct incident_list *list);

/* id "": one is made ("i-1"). ERR_CONFLICT when there is one of that id. */
bool store_add_incident(struct store *store, struct incident *incident, struct err *err);
bool store_get_incident(struct store *store, const char *id, struct incident *out, struct err *err);
/* state < 0 = all; newest first. */
bool store_list_incidents(
        struct store *store, int state, int limit, struct incident_list *out, struct err *err);

/* The incident's next step, with its proof: the incident's handler, state, sequence and head
 * follow. ERR_CONFLICT when it is not the next any more. */
bool store_add_incident_step(struct store *store, const struct incident_step *step,
        const struct signed_step *signed_step, int64_t now, struct err *err);
/* Oldest first; none for an incident that was never opened here. */
bool store_list_incident_steps(
        struct store *store, const char *incident, struct signed_steps *out, struct err *err);

#endif
