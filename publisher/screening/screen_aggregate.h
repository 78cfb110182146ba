/* SPDX-License-Identifier: Apache-2.0
 * screen_aggregate - what several bulletins of one incident tell together: 李某 with an age here,
 * 李某 with a home there; a latitude here, the longitude there. Each may pass; together they name a
 * person or a site.
 *
 * Of what a bulletin says only keyed digests are compared (HMAC-SHA-256), which is all that the
 * record keeps. Pure.
 */
#ifndef TOCSIN_SCREEN_AGGREGATE_H
#define TOCSIN_SCREEN_AGGREGATE_H

#include "digest.h"
#include "screen.h"

struct screen_trace {
	char *bulletin; /* id; NULL in a bulletin's own */
	char *kind;
	bool subject;
	char digest[DIGEST_HEX];
};
struct screen_traces {
	struct screen_trace *items;
	size_t count;
};
void screen_traces_finish(struct screen_traces *traces);
void screen_traces_add(struct screen_traces *traces, const char *bulletin, const char *kind,
        bool subject, const char *digest);

/* The tokens found, as they may be kept: in the order of found->tokens. */
void screen_traces_of(const struct screen_found *found, const char *key, struct screen_traces *own);

/* Adds a hit (rule screen.together) for each subject that others tell more about. others: of other
 * bulletins of the same incident, those of one bulletin together. */
void screen_aggregate(struct screen_found *found, const struct screen_traces *own,
        const struct screen_traces *others);

#endif
