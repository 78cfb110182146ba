/* SPDX-License-Identifier: Apache-2.0
 * store_reported - what the phone network reported of the recipients of a block, long after the
 * gateway took their messages: one word each, counted, and what follows from it.
 *
 * Of two words about one recipient the weightier counts, whichever came first: a gateway repeats
 * what it had no answer for, so that the order in which reports come says nothing. Each change has
 * a line in the audit chain with the counts it led to and a digest over all the words.
 */
#ifndef TOCSIN_STORE_REPORTED_H
#define TOCSIN_STORE_REPORTED_H

#include "store.h"

/* Rising in weight. */
enum report_word {
	REPORT_NONE,
	REPORT_ACCEPTED, /* by the network's message centre */
	REPORT_BUFFERED, /* it waits there for the phone */
	REPORT_REJECTED, /* the message centre refused it */
	REPORT_FAILED,   /* given up: it will not arrive */
	REPORT_DELIVERED,
	REPORT_WORDS
};
const char *report_word_text(enum report_word word); /* "delivered" */

/* Of a far side of a bulletin, or of one block: how many recipients have this word. [REPORT_NONE]:
 * those of whom nothing came, of the blocks that have any. */
struct reported {
	int64_t counts[REPORT_WORDS];
};

struct report_said {
	int64_t recipient; /* of the block, 0-based */
	enum report_word word;
	bool refused; /* out: there is no such recipient */
};

struct report_news {
	char *bulletin, *target;   /* whose delivery it was; NULL: nothing changed */
	struct reported gained;    /* recipients who have this word newly */
	bool ended;                /* it was UNKNOWN, and with these nobody is left in doubt */
	enum delivery_state state; /* then: how it ended */
};
void report_news_finish(struct report_news *news);

/* Any number of reports about one delivery; the same again changes nothing. A recipient of whom
 * something was reported needs no more attempts, once no agent has the block in hand.
 * ERR_MISSING: no such delivery, or one whose recipients were purged. Inside a transaction. */
bool store_add_reports(struct store *store, int64_t delivery, struct report_said *said,
        size_t count, int64_t now, struct report_news *news, struct err *err);

/* For a delivery that has just become WAITING or UNKNOWN: what was reported while an agent had it
 * counts now. *ended: it was UNKNOWN, and is so no more. Inside a transaction. */
bool store_settle_reported(
        struct store *store, int64_t delivery, int64_t now, bool *ended, struct err *err);

struct reported_of {
	char *target;
	struct reported all;
};
struct reported_list {
	struct reported_of *items;
	size_t count;
};
void reported_list_finish(struct reported_list *list);
/* Of a bulletin, by far side; only those of which something was reported. */
bool store_list_reported(
        struct store *store, const char *bulletin, struct reported_list *out, struct err *err);

/* Are the stored words and counts those of their last lines in the audit chain? */
bool store_reported_fits(struct store *store, struct err *err);

#endif
