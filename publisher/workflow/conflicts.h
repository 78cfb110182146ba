/* SPDX-License-Identifier: Apache-2.0
 * conflicts - another issuer's warning in force for the same hazard and area. Shown to whoever
 * reviews and signs, never a bar: two levels at once may be right, but not unseen.
 */
#ifndef TOCSIN_CONFLICTS_H
#define TOCSIN_CONFLICTS_H

#include "store.h"

/* Heads of what it stands against at `now`, newest first. */
bool conflicts_find(struct store *reader, const struct bulletin *bulletin, int64_t now,
        struct bulletin_list *out, struct err *err);

#endif
