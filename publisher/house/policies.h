/* SPDX-License-Identifier: Apache-2.0
 * policies - every policy that was in force since we started: the newest stands in house->policy,
 * the ones before stay in memory, because decisions being shown name their rows.
 */
#ifndef TOCSIN_POLICIES_H
#define TOCSIN_POLICIES_H

#include "policy.h"

struct house;

/* Where the signer's own copy stands against ours. */
enum signer_policy {
	SIGNER_POLICY_UNKNOWN,
	SIGNER_POLICY_SAME,
	SIGNER_POLICY_BEHIND,
	SIGNER_POLICY_DIFFERS
};
const char *signer_policy_text(enum signer_policy state);

struct policies;
struct policies *policies_create(void);
void policies_destroy(struct policies **policies);

/* The one in force, its number in the record, and where its history stands (base/change_text.h). */
struct policies_place {
	const struct policy *policy;
	int64_t number;
	char head[DIGEST_HEX];
};

/* Takes the policy, and puts it in force when its number in the record is the newest yet. Any
 * thread. */
void policies_put(
        struct house *house, int64_t number, const char head[DIGEST_HEX], struct policy *policy);
void policies_place(struct house *house, struct policies_place *out);

/* Keeps what was found out about the signer, and the version it holds ("" = not known); true: the
 * state is news. */
bool policies_signer_is(
        struct policies *policies, enum signer_policy state, const char version[DIGEST_HEX]);
enum signer_policy policies_signer(struct policies *policies);
/* Is the signer in step, as far as was found out last? false: *err names both versions and says
 * what to do. */
bool policies_in_step(struct house *house, struct err *err);
/* Keeps when the policy's file was last written (any number that tells); true: that is news. */
bool policies_file_is(struct policies *policies, int64_t written);
/* Keeps whether the record holds a newer policy that cannot be put in force; true: that is news. */
bool policies_stuck_is(struct policies *policies, bool stuck);

#endif
