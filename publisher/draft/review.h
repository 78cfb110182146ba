/* SPDX-License-Identifier: Apache-2.0
 * review - is this bulletin fit to be approved? The rules of the standard (cap_check) and of the
 * house.
 *
 * Errors stop it; warnings are for the reviewer's eye. What must not be published at all is looked
 * for apart (screened.h). Cannot fail.
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
	int64_t longest; /* ms between now and expires at most; 0 = 7 days */
};

/* Adds to *problems. */
void review_bulletin(const struct bulletin *bulletin, const struct cap_alert *alert,
        const struct review_rules *rules, int64_t now, struct cap_problems *problems);

#endif
