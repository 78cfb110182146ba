/* SPDX-License-Identifier: Apache-2.0
 * review_rules - a review under way, and the rules that look at words. Inside review*.c only.
 */
#ifndef TOCSIN_REVIEW_RULES_H
#define TOCSIN_REVIEW_RULES_H

#include "review.h"

struct review {
	const struct bulletin *bulletin;
	const struct cap_alert *alert;
	const struct review_rules *rules;
	int64_t now;
	struct cap_problems *problems;
	bool lifts; /* msgType Cancel: nothing is asked of people any more */
};

void review_contents(const struct review *review); /* what every bulletin says */
void review_disclosure(
        const struct review *review);           /* who keeps something from the public says why */
void review_marks(const struct review *review); /* {sent}, hidden characters */
void review_drill(const struct review *review); /* drill words and mode */

/* "/alert/info[2]/headline" for a sentence about the second info; the caller's. */
char *review_path(size_t info, const char *rest);

#endif
