/* SPDX-License-Identifier: Apache-2.0
 * encode - the last step before the record: `sent` is chosen, the signer signs, and what it gave
 * back is looked at before it is believed.
 */
#ifndef TOCSIN_ENCODE_H
#define TOCSIN_ENCODE_H

#include "house.h"
#include "signer_client.h"

/* max(now, the chain's last + 1 s), whole seconds; a relay keeps its own. */
int64_t encode_sent(
        const struct bulletin *bulletin, const struct bulletin_list *chain, int64_t now);

/* Fills in signed_cap, filled_manifest, manifest_signature, sent, expires and every text's filled
 * form. chain: the chain's released messages, in order ({0} for a first issue). steps: its
 * incident's, or NULL. */
bool encode(const struct house *house, struct bulletin *bulletin,
        const struct approval_list *approvals, const struct proof *own, const char *officer,
        const struct bulletin_list *chain, const struct signed_steps *steps, int64_t sent,
        struct err *err);

/* Has the signer look through an approved one before its release (signer_prepare). */
bool encode_ahead(const struct house *house, const struct bulletin *bulletin,
        const struct approval_list *approvals, int64_t now, struct err *err);

#endif
