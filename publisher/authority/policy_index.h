/* SPDX-License-Identifier: Apache-2.0
 * policy_index - the policy compiled once, so that a decision looks at few rows and compares few
 * bytes.
 *
 * Units and officers by id in sorted arrays; every unit knows its own rows in the order of the
 * document; patterns are cut to their stems (policy_match.c). Built when the policy has no more
 * faults, then only read.
 */
#ifndef TOCSIN_POLICY_INDEX_H
#define TOCSIN_POLICY_INDEX_H

#include "policy.h"

struct stem {
	unsigned char len;
	char text[12];
};

struct stems {
	struct stem *items;
	size_t count;
};

/* What a row is about. `open`: a list that is not there matches everything (forbids). */
struct scope {
	struct stems hazards, areas;
	const struct texts *channels;
	bool every_channel;
	bool open;
	unsigned acts, kinds, levels;
	int64_t from, until;
};

struct indexed_grant {
	const struct grant *grant;
	const struct indexed_unit *of; /* behalf: for whom; else NULL */
	struct scope scope;
};

struct indexed_unit {
	const struct unit *unit;
	const struct indexed_unit *superior; /* or NULL */
	struct indexed_grant *grants;        /* of this unit, in the order of the document */
	size_t grant_count;
};

struct policy_index {
	struct indexed_unit *units; /* by id */
	size_t unit_count;
	const struct officer **officers; /* by id */
	size_t officer_count;
	struct indexed_grant *grants; /* by unit */
	struct scope *forbids;        /* as in the policy */
	struct scope *relays;
};

struct policy_index *policy_index_create(const struct policy *policy);
void policy_index_destroy(struct policy_index **index, const struct policy *policy);
const struct indexed_unit *policy_index_unit(
        const struct policy *policy, const char *id); /* or NULL */

bool stems_cover_division(const struct stems *stems, const char *code);
bool stems_touch_division(const struct stems *stems, const char *code);
bool stems_cover_hazard(const struct stems *stems, const char *code);

#endif
