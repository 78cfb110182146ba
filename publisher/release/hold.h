/* SPDX-License-Identifier: Apache-2.0
 * hold - the house under a hold (record/store_hold.h): everybody may look, draft and approve, and
 * nothing leaves. No channel and no source is let in, nothing is released, relayed, cancelled or
 * corrected, until an officer with the duty `publish` has ended it.
 */
#ifndef TOCSIN_HOLD_H
#define TOCSIN_HOLD_H

#include "house.h"
#include "store_hold.h"

/* At the start, before the loop runs: what the record holds is taken up and agents may come; or,
 * under a hold, neither. */
bool hold_or_begin(struct house *house, struct store *store, struct err *err);
/* ERR_BUSY under a hold. */
bool hold_permits(struct house *house, struct err *err);
/* The officer's act, with its decision on record whether it is permitted or not. */
bool hold_end(struct house *house, struct store *reader, const struct caller *caller,
        enum sent_since sent, const char *reason, struct err *err);

#endif
