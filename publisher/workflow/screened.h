/* SPDX-License-Identifier: Apache-2.0
 * screened - the secrecy screen (screen.h) at work in the house: a bulletin's words are looked
 * through, and compared with the archive and with what feeds brought in (screen_aggregate.h).
 *
 * A hit makes it HELD; who overrides it, and why, is a person's act. The record gets the places and
 * keyed digests, in the transaction that writes the bulletin.
 */
#ifndef TOCSIN_SCREENED_H
#define TOCSIN_SCREENED_H

#include "bulletin.h"
#include "house.h"
#include "screen_aggregate.h"

struct screened {
	struct screen_found found;
	struct screen_traces traces;
};

/* Looks through bulletin->cap and sets bulletin->screening to HELD or NONE, with the places in
 * screening_note (a line each, never the words themselves). false: *err. */
bool screened_look(struct house *house, struct store *reader, struct bulletin *bulletin,
        int64_t now, struct screened *screened, struct err *err);
/* Inside the transaction, after the bulletin was put. */
bool screened_write(struct store *store, const struct bulletin *bulletin,
        const struct screened *screened, int64_t now, struct err *err);
void screened_finish(struct screened *screened);

#endif
