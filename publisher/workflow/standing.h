/* SPDX-License-Identifier: Apache-2.0
 * standing - is what was released still permitted? Asked in full by today's policy each time one of
 * its deliveries is handed to a channel, so also before each block of a bulk send.
 *
 * The facts are those of the release: who released and signed, the incident's handler as it was
 * then (a hand-over does not stop what was rightly released). They are read once a bulletin and
 * kept; the decision itself is made anew each time. Record thread only, inside its transaction.
 */
#ifndef TOCSIN_STANDING_H
#define TOCSIN_STANDING_H

#include "record.h"

struct house;
struct policy;
struct standings;

struct standings *standings_create(const struct house *house); /* which outlives it */
void standings_destroy(struct standings **standings);

/* *permitted, and in *why what the policy says when not. A permit is recorded once for each version
 * of the policy, a refusal every time (asked: "delivery"). One that has expired is left to its
 * expiry. false: *err, nothing is known. */
bool standing_ask(struct standings *standings, struct store *store, const char *bulletin,
        bool *permitted, struct err *why, struct err *err);

/* What another policy would stop: the released bulletins with deliveries still to go out that it
 * would not permit, for whoever confirms it. Any thread, with a reader of its own. */
struct standing_loss {
	char *bulletin;
	size_t deliveries; /* still to go out */
	bool lost;
	struct err why;
};
struct standing_losses {
	struct standing_loss *items;
	size_t count;
};
bool standing_would_lose(const struct house *house, const struct policy *policy,
        struct store *store, struct standing_losses *losses, struct err *err);
void standing_losses_finish(struct standing_losses *losses);

#endif
