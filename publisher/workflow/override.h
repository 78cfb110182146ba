/* SPDX-License-Identifier: Apache-2.0
 * override - a screening hit that a person lets pass, for a reason (放行). A reviewer's act, or a
 * signer's where the row asks no review; never the drafter's. The text is never changed by us.
 */
#ifndef TOCSIN_OVERRIDE_H
#define TOCSIN_OVERRIDE_H

#include "house.h"

/* The last override of this bulletin's hit that is over its words and the reason noted; NULL: none.
 * Borrowed from the list. */
const struct proof *override_of(
        const struct bulletin *bulletin, const struct approval_list *approvals);

/* The proof is over override_digest(manifest, reason): the signer checks it from its own policy. */
bool override_screening(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const struct proof *proof, const char *reason, struct err *err);

#endif
