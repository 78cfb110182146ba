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

/* Takes the policy, and puts it in force when its number in the record is the newest yet. Any
 * thread. */
void policies_put(struct house *house, int64_t number, struct policy *policy);
int64_t policies_number(struct policies *policies); /* of the one in force; 0: none yet */

/* Keeps what was found out about the signer; true: that is news. */
bool policies_signer_is(struct policies *policies, enum signer_policy state);
enum signer_policy policies_signer(struct policies *policies);
/* Keeps when the policy's file was last written (any number that tells); true: that is news. */
bool policies_file_is(struct policies *policies, int64_t written);

#endif
