/* SPDX-License-Identifier: Apache-2.0
 * rule_pairs - for every rule at least one pair of messages: one that breaks exactly it, and one
 * that does not.
 */
#ifndef TOCSIN_RULE_PAIRS_H
#define TOCSIN_RULE_PAIRS_H

#include "cap_rule.h"

struct rule_pair {
	const char *rule;
	const char *sample; /* tests/data/cap/ */
	const char *from;   /* what stands in it */
	const char *bad;    /* put there, it breaks the rule */
	const char *good;   /* put there, it does not; NULL: `from` itself */
	const char *also;   /* the only other rules the bad one may break; NULL: none */
	unsigned profiles;
	bool unfilled; /* `sent` may be empty */
	/* Where XML cannot hold what is wrong: done to the message after reading the sample. */
	void (*spoil)(struct cap_alert *alert);
};

extern const struct rule_pair rule_pairs[];
extern const size_t rule_pair_count;

#endif
