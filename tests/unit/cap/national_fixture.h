/* SPDX-License-Identifier: Apache-2.0
 * national_fixture - what the tests of the national message share.
 */
#ifndef TOCSIN_NATIONAL_FIXTURE_H
#define TOCSIN_NATIONAL_FIXTURE_H

#include <stdint.h>

#include "cap_fixture.h"
#include "national.h"

struct national *national_read_text(const char *text, struct cap_problems *problems);
struct national *national_read_good(const char *text); /* fails the test where it has errors */
char *national_written(const struct national *n);      /* the caller's */

/* Is there a note of this rule at exactly this path? */
bool national_noted(const struct cap_problems *problems, const char *rule, const char *path);

bool same_text(const char *a, const char *b); /* NULL is the same as NULL only */

/* A random message: such as the platform sends, and such as it should not. */
struct dice {
	uint64_t state;
};
struct national *national_some(struct dice *dice);

#endif
