/* SPDX-License-Identifier: Apache-2.0
 * originals - which earlier messages of a chain go to the signer with a new one.
 *
 * It asks for two, the replaced one and the chain's first; the others it names in `references` of a
 * cancel or correction. A chain may grow without end, a frame may not: what was updated every hour
 * for a week must still be taken back.
 */
#ifndef TOCSIN_ORIGINALS_H
#define TOCSIN_ORIGINALS_H

#include "store.h"

/* How long they may be together. The rest of a frame is the message's own. */
enum { ORIGINALS_BYTES = 512 << 10 };

/* The replaced one, then the newest, then the chain's first: no more than SIGN_ORIGINALS_MOST, and
 * no newer one left out for an older. *count; the caller's to free, the messages the chain's. */
const struct bulletin **originals_of(
        const struct bulletin *bulletin, const struct bulletin_list *chain, size_t *count);

#endif
