/* SPDX-License-Identifier: Apache-2.0
 * seen_ended - which messages the signer has signed a successor of. Approvals hold as long as their
 * words do; whoever has taken tocsind's place could have a warning that was cancelled or replaced
 * signed once more, with a new time of sending. To sign again what nothing followed is permitted:
 * tocsind may have died before it could record the answer.
 *
 * In memory: a signer that is started again knows nothing of before.
 */
#ifndef TOCSIN_SEEN_ENDED_H
#define TOCSIN_SEEN_ENDED_H

#include "err.h"
#include "manifest.h"

struct seen_ended;

struct seen_ended *seen_ended_create(void);
void seen_ended_destroy(struct seen_ended **seen);

void seen_ended_take(struct seen_ended *seen, const struct manifest *ended);
/* false: ERR_DENIED, something was signed that follows it. */
bool seen_ended_lacks(
        const struct seen_ended *seen, const struct manifest *manifest, struct err *err);

#endif
