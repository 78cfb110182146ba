/* SPDX-License-Identifier: Apache-2.0
 * policy_change - who stands for an administrative change, and what a new policy document must be
 * to take the place of the one before. Asked by tocsind, and by the signer from its own copy.
 *
 * Nothing here is believed: proofs are checked under the policy before, never under the new one.
 */
#ifndef TOCSIN_POLICY_CHANGE_H
#define TOCSIN_POLICY_CHANGE_H

#include "change_text.h"
#include "policy.h"

/* Whose act a change of this policy is, and how many people it takes. */
enum { CHANGE_PEOPLE = 2, CHANGE_PROOFS_MOST = 8 };

/* Each proof is of the act `change`, over this digest, by an active officer with the duty, and no
 * two are of one person. Puts the digest into the proofs. ERR_DENIED, ERR_IDENTITY. */
bool change_proofs_hold(const struct policy *policy, unsigned duty, const char digest[DIGEST_HEX],
        struct proof *proofs, size_t count, struct err *err);

/* A document that may take the place of `before`: without a fault, by its own examples, another
 * one, and with enough administrators left to change it again. NULL: *err. */
struct policy *policy_successor(
        const struct policy *before, const char *body, size_t len, struct err *err);

/* A whole step of the policy's history, as it is handed from one program to the other. */
struct policy_step {
	char *text; /* the change's lines */
	char *body; /* the document */
	size_t body_len;
	struct proof *proofs;
	size_t proof_count;
};
void policy_step_finish(struct policy_step *step);

/* Does the step lead on from `before`, whose history stands at `head`? The policy it leads to, and
 * where the history stands then; NULL: *err. */
struct policy *policy_step_take(const struct policy *before, const char head[DIGEST_HEX],
        enum mode mode, const struct policy_step *step, char next_head[DIGEST_HEX],
        struct err *err);

#endif
