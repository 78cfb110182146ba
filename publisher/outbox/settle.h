/* SPDX-License-Identifier: Apache-2.0
 * settle - an officer says what became of a delivery nobody could know about (UNKNOWN): it came, or
 * it did not. On record, with who said so and why, before anything follows from it.
 */
#ifndef TOCSIN_SETTLE_H
#define TOCSIN_SETTLE_H

#include "house.h"
#include "outbox.h"

/* By an officer of the issuing unit (or the handler's) with the duty publish. It came: DELIVERED.
 * It did not: it goes again at once, unless its warning is over, and then ends so. On success
 * *bulletin (the caller's) is whose delivery it was. ERR_CONFLICT when it is not UNKNOWN. */
bool settle_delivery(struct house *house, const struct caller *caller, int64_t delivery, bool came,
        const char *reason, char **bulletin, struct err *err);

/* Whose deliveries these are to speak about: ERR_DENIED says why not. */
bool settle_is_theirs(
        const struct officer *officer, const struct bulletin *bulletin, struct err *err);

#endif
