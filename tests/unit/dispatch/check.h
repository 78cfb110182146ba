/* SPDX-License-Identifier: Apache-2.0
 * check - short words for the tests of dispatch: give it something, expect what comes out.
 */
#ifndef TOCSIN_DISPATCH_CHECK_H
#define TOCSIN_DISPATCH_CHECK_H

#include "dispatch.h"

enum { DELIVERED, DEFERRED, REJECTED, UNKNOWN }; /* enum channel_verdict */

/* With id 0 as its own id = order; chain NULL = one of its own. */
void give(struct dispatch *d, struct dispatch_delivery delivery, int64_t now);
/* Hands out; fails unless it is `want` (0 = nothing). Returns the deadline. */
int64_t expect_next(
        struct dispatch *d, int target, enum dispatch_lane lane, int64_t now, int64_t want);
/* Returns its due time. */
int64_t expect_change(struct dispatch *d, int64_t id, enum delivery_state state);
void expect_no_change(struct dispatch *d);
/* What waits in this lane, of any level. */
size_t waiting_in(const struct dispatch *d, int target, enum dispatch_lane lane);

#endif
