/* SPDX-License-Identifier: Apache-2.0
 * send_back - a bulletin that is not released goes back, or goes no further: 退回 否决 撤回 作废.
 *
 *   return    a reviewer or signer sends it back to be reworded: a draft again, approvals void
 *   reject    a reviewer or signer refuses it: final
 *   withdraw  its drafter, or who drafts for its unit, takes it back: a draft again, approvals void
 *   discard   the same people throw a draft away: final
 *
 * None needs a proof: all four only keep something from going out. Everything is looked at inside
 * the transaction, so that an approval, a release and a return at one moment end as one story.
 */
#ifndef TOCSIN_SEND_BACK_H
#define TOCSIN_SEND_BACK_H

#include "house.h"

/* Would it be done for this officer now? *err: why not. */
bool send_back_may(const struct policy *policy, const struct officer *officer,
        const struct bulletin *bulletin, enum step_kind kind, struct err *err);

/* kind: STEP_RETURN, STEP_REJECT, STEP_WITHDRAW or STEP_DISCARD. The reason is kept in the record
 * and shown to the drafter; it never goes out. */
bool send_back(struct house *house, const struct caller *caller, const char *id,
        enum step_kind kind, const char *reason, struct err *err);

#endif
