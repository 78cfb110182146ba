/* SPDX-License-Identifier: Apache-2.0
 * incident_step - one step in the life of an incident, as lines of text: who handles it from then
 * on. The officer's proof (act assign, handover or close) is over this text.
 *
 * Each step names the digest of the one before it, so that the last one vouches for all: nothing
 * can be left out, put in or exchanged behind an officer's back.
 *
 * Form: "tocsin-incident 1", then one line per item in the order of the struct (lines.h). Reading
 * is strict: incident_step_write(incident_step_read(x)) is x, byte for byte, or x is refused.
 */
#ifndef TOCSIN_INCIDENT_STEP_H
#define TOCSIN_INCIDENT_STEP_H

#include "buf.h"
#include "digest.h"
#include "err.h"
#include "mem.h"
#include "proof.h"
#include "terms.h"

struct incident_step {
	char *incident;            /* id */
	int64_t sequence;          /* 1, 2, ... */
	char previous[DIGEST_HEX]; /* of the text of the step before; "" = it is the first */
	enum act act;              /* ACT_ASSIGN, ACT_HANDOVER, ACT_CLOSE */
	enum mode mode;
	char *hazard;       /* five characters */
	struct texts areas; /* division codes */
	char *from;         /* the unit that handles it until now; "" = none */
	char *to;           /* the unit that handles it from now on; "" = none (close) */
	char *reason;       /* one line; "" = none given */
};

enum { INCIDENT_ID_MOST = 120, INCIDENT_REASON_MOST = 300 }; /* bytes */
enum { INCIDENT_STEPS_MOST = 100 };

void incident_step_finish(struct incident_step *step);
void incident_step_write(const struct incident_step *step, struct buf *out);
bool incident_step_read(struct incident_step *step, const char *bytes, size_t len, struct err *err);

bool incident_act(enum act act); /* assign, handover, close */
/* One line of 1 to INCIDENT_ID_MOST bytes without a quote, a slash, or blanks around it: it stands
 * in CAP's `incidents` and in paths. */
bool incident_id_fits(const char *id);

/* A step with what proves it: as kept, as sent to the signer. */
struct signed_step {
	char *text;
	struct proof proof; /* over the text's digest; its time is the step's */
};
void signed_step_finish(struct signed_step *step);

/* All steps of one incident, oldest first. Zeroed = none. */
struct signed_steps {
	struct signed_step *items;
	size_t count;
};
void signed_steps_finish(struct signed_steps *steps);

/* Reads the text; the proof's act and digest are those of the text. false: *err. */
bool signed_step_open(struct signed_step *signed_step, struct incident_step *step, struct err *err);

#endif
