/* SPDX-License-Identifier: Apache-2.0
 * signer_policy - the signer's own copy of the policy: installed by root, changed only by two
 * administrators' proofs valid under the version before, and kept in a file of the signer's own.
 */
#ifndef TOCSIN_SIGNER_POLICY_H
#define TOCSIN_SIGNER_POLICY_H

#include "frame.h"
#include "signer.h"

/* The installed file, or the copy that changes have led to from it. A copy that began from another
 * installed file is refused: root takes it away to begin anew. `copy` NULL: the policy cannot
 * change while we run. */
bool signer_policy_load(
        struct signer *signer, const char *installed, const char *copy, struct err *err);

/* A change handed in (FRAME_POLICY): taken when it holds and is on disk, else nothing changes. */
bool signer_policy_take(struct signer *signer, struct frame *frame, struct err *err);

#endif
