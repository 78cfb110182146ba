/* SPDX-License-Identifier: Apache-2.0
 * release_ahead - what a release need not wait for is done at the last approval: the signer looks
 * the words and the proofs through and keeps what it found. Nobody waits for it, and a release
 * without it only takes longer by as much.
 */
#ifndef TOCSIN_RELEASE_AHEAD_H
#define TOCSIN_RELEASE_AHEAD_H

#include "house.h"

/* Any thread. Of a bulletin that is not approved nothing is done. What the signer would refuse is
 * logged now, while there is time (`would-not-be-signed`). */
void release_ahead(struct house *house, const char *id);

#endif
