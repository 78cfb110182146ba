/* SPDX-License-Identifier: Apache-2.0
 * What the tests of authority share: the small policy, and tables of requests, each the baseline
 * with one thing changed.
 */
#ifndef AUTHORITY_FIXTURE_H
#define AUTHORITY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "authority.h"
#include "decide_json.h"

struct decide_case {
	const char *name;
	const char
	        *change; /* JSON members that replace the baseline's; the member "-x" takes x out */
	const char *want; /* "permit grants[0]" or "deny 3 5": the conditions, each once */
	enum mode mode;
};

int open_policy(void **state); /* *state: struct policy * of policy.yaml */
int close_policy(void **state);
struct policy *policy_of_text(const char *text); /* must load */

/* The baseline with the change. */
json_t *request_with(const char *change);
void answer(const struct policy *policy, json_t *request, enum mode mode, char got[64]);
void check_cases(const struct policy *policy, const struct decide_case *cases, size_t count);

#endif
