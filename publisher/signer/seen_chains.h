/* SPDX-License-Identifier: Apache-2.0
 * seen_chains - how far the signer has seen each incident go. Whoever has taken tocsind's place
 * could hand in the steps up to an earlier handler only; what was seen once is not unseen.
 *
 * In memory: a signer that is started again knows nothing until the next chain comes.
 */
#ifndef TOCSIN_SEEN_CHAINS_H
#define TOCSIN_SEEN_CHAINS_H

#include "err.h"
#include "incident_step.h"

struct seen_chains;

struct seen_chains *seen_chains_create(void);
void seen_chains_destroy(struct seen_chains **seen);

/* The steps (in order, verified, digests in their proofs) go at least as far as those seen before,
 * and are the same so far; they are what was seen from now on. false: ERR_DENIED, nothing changed.
 */
bool seen_chains_take(struct seen_chains *seen, const char *incident,
        const struct signed_steps *steps, struct err *err);

#endif
