/* SPDX-License-Identifier: Apache-2.0
 * store_bulletin - what the files about bulletins share. Inside this room only.
 */
#ifndef TOCSIN_STORE_BULLETIN_H
#define TOCSIN_STORE_BULLETIN_H

#include "store_db.h"

/* The columns of a head, in the order head_read() reads them. */
#define BULLETIN_HEAD                                                                              \
	"row, version, state, mode, verb, kind, level, procedure, disclosure, screening,"          \
	" screening_note, hazard, status, unit, drafter, source, incident, handler, identifier,"   \
	" chain, replaces, parent, staged_as, headline, areas, targets, releaser, reason, "        \
	"created,"                                                                                 \
	" submitted, approved, released, sent, expires, sequence, release_order,"                  \
	" disclosure_reason, earlier"

/* This row's head; NULL and *err when a word in it is none we know (a damaged or foreign record).
 */
struct bulletin *head_read(struct query *query, struct err *err);

/* The heads a bound query finds. On failure *out is empty. */
bool heads_read(struct query *query, struct bulletin_list *out, struct err *err);

/* The words, the texts and the audiences of a bulletin: kept apart from the head, because they are
 * large and change seldom. */
bool parts_write(struct store *store, const struct bulletin *bulletin, struct err *err);
/* Audiences without their blocks. */
bool parts_read(struct store *store, struct bulletin *bulletin, struct err *err);
/* Whether the stored words are those of `bulletin`. */
bool parts_same(struct store *store, const struct bulletin *bulletin, bool *same, struct err *err);

char *lines_join(const struct texts *texts);              /* the caller's */
void lines_split(const char *lines, struct texts *texts); /* appends */

#endif
