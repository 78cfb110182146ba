/* SPDX-License-Identifier: Apache-2.0
 * retry - an officer says that a far side is mended: what waits there for another attempt is tried
 * now instead of at the end of its pause.
 */
#ifndef TOCSIN_RETRY_H
#define TOCSIN_RETRY_H

#include "house.h"
#include "outbox.h"

/* By the officers who may settle it (settle.h). Names the far side by a delivery that waits for it;
 * all that waits there goes, in its order. On success *bulletin (the caller's) is whose delivery it
 * was. ERR_CONFLICT when it does not wait. */
bool retry_delivery(struct house *house, const struct caller *caller, int64_t delivery,
        char **bulletin, struct err *err);

#endif
