/* SPDX-License-Identifier: Apache-2.0
 * policy_history_step - one step of the policy's history as the record has it, and handing those
 * the signer lacks to the signer, in order, until it has them all.
 */
#ifndef TOCSIN_POLICY_HISTORY_STEP_H
#define TOCSIN_POLICY_HISTORY_STEP_H

#include "house.h"
#include "policy_change.h"

/* The step that led to this version. false: *err; *step is empty then. */
bool policy_history_step(
        struct store *reader, int64_t number, struct policy_step *step, struct err *err);

/* A chore, and done at once after a change. Logs what is news; a signer that is not there is asked
 * again. */
void policy_hand_over(struct house *house, struct store *reader, int64_t now);

#endif
