/* SPDX-License-Identifier: Apache-2.0
 * review - is this bulletin fit to be approved? The rules of the standard (cap_check) and of the
 * house.
 *
 * Errors stop it; warnings are for the reviewer's eye. What screen.h finds comes as warnings whose
 * rule begins with "screen.": the bulletin is then to be held until an officer overrides it with a
 * reason. Cannot fail.
 */
#ifndef TOCSIN_REVIEW_H
#define TOCSIN_REVIEW_H

#include "bulletin.h"
#include "cap.h"
#include "cap_problem.h"
#include "catalog.h"

struct review_rules {
	const struct catalog *catalog;
	enum mode mode;
	const struct texts
	        *phones; /* mobile numbers that may be published (duty phones); NULL = none */
	int64_t longest; /* ms between now and expires at most; 0 = 7 days */
};

/* Adds to *problems. */
void review_bulletin(const struct bulletin *bulletin, const struct cap_alert *alert,
        const struct review_rules *rules, int64_t now, struct cap_problems *problems);

/* Did the screen find something? (a problem whose rule begins with "screen.") */
bool review_screened(const struct cap_problems *problems);

#endif
