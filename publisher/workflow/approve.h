/* SPDX-License-Identifier: Apache-2.0
 * approve - people put their names to a manifest: review (审核) and sign (签发).
 *
 * Checked here so that a person hears at once what is wrong; checked again at release by the
 * policy, and by the signer from its own copy of it.
 */
#ifndef TOCSIN_APPROVE_H
#define TOCSIN_APPROVE_H

#include "house.h"

enum { APPROVE_CLOCK_MS = 10 * 60 * 1000 }; /* how old a proof may be that is handed in */

bool approve_bulletin(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const struct proof *proof, struct err *err);

/* Would this officer's review or signature be taken now? ERR_DENIED, ERR_CONFLICT: why not. */
bool approve_may(const struct policy *policy, const struct bulletin *bulletin,
        const struct approval_list *approvals, const char *officer, enum act act, int64_t now,
        struct err *err);

/* Whoever hands it in made it, now. Of any act. */
bool approve_proof_is_own(
        const struct caller *caller, const struct proof *proof, int64_t now, struct err *err);

/* Submitted or approved, and not yet more: ERR_CONFLICT otherwise. */
bool approve_is_up(const struct bulletin *bulletin, struct err *err);
/* Inside a transaction: with all sign-offs there that still count, and no screening hit standing,
 * it is APPROVED, else SUBMITTED again, so that those are called who are needed. *changed: for the
 * caller to put. */
bool approve_settle(struct store *store, const struct policy *policy, struct bulletin *bulletin,
        int64_t now, bool *changed, struct err *err);

/* Is this proof one this caller may hand in, over the text of this digest, now? */
bool approve_proof_is(const struct house *house, const struct caller *caller,
        const struct bulletin *bulletin, const char *digest, const struct proof *proof, int64_t now,
        struct err *err);

/* Is this proof one this caller may hand in, over this manifest, now? Also for cancel and correct.
 */
bool approve_proof_fits(const struct house *house, const struct caller *caller,
        const struct bulletin *bulletin, const struct proof *proof, int64_t now, struct err *err);

#endif
