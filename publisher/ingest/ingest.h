/* SPDX-License-Identifier: Apache-2.0
 * ingest - bytes come in and are kept as they came; a CAP message, an accident report or the text
 * of a weather bulletin becomes a draft, or, from a source the policy lets through, a relay that
 * leaves by itself.
 *
 * Accepted means durable: true only after the commit. What is refused is kept too, for inspection.
 * A source's file may hold several messages: each goes its own way, and one that is refused makes
 * the answer false though the others were taken; handed in again, they are known.
 */
#ifndef TOCSIN_INGEST_H
#define TOCSIN_INGEST_H

#include "cap_read.h"
#include "house.h"
#include "mapping.h"

enum arrival_form { ARRIVAL_CAP, ARRIVAL_REPORT, ARRIVAL_TEXT };

struct arrival {
	enum arrival_form form;
	const char *way;  /* "api", or the source's name */
	const char *name; /* token's name, or the file's */
	const void *bytes;
	size_t len, limit;
	const struct caller *caller;   /* NULL: tocsin-source */
	const char *source;            /* whose feed it is; "": an officer's or a machine's word */
	struct cap_manner manner;      /* how CAP is read; zeroed: strictly */
	const struct mapping *mapping; /* the table that makes CAP of these bytes; NULL: they are
	                                  CAP */
};

struct arrived {
	char *bulletin; /* id; of several, the last */
	bool repeat;    /* the same message was here before: nothing new happens */
	bool relayed;   /* it has left already */
	struct cap_problems notes;
};
void arrived_finish(struct arrived *arrived);

/* How this arrival's source sends, by the settings: the manner of its CAP, the table for its JSON.
 * Nothing changes where it has none. */
void ingest_as_source_sends(const struct config *config, struct arrival *arrival);

/* What the bytes look like: '<' CAP, '{' a report, else text. */
enum arrival_form ingest_form(const void *bytes, size_t len);

/* The drafting alone, for an edit: *bulletin is a DRAFT not stored yet. */
bool ingest_draft(struct house *house, const struct arrival *arrival, struct bulletin **bulletin,
        struct cap_problems *notes, struct err *err);

bool ingest(struct house *house, struct store *reader, const struct arrival *arrival,
        struct arrived *arrived, struct err *err);

#endif
