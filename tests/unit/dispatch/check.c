/* SPDX-License-Identifier: Apache-2.0
 * check - see check.h.
 */
#include "check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "mem.h"

void give(struct dispatch *d, struct dispatch_delivery delivery, int64_t now)
{
	char *own = mem_format("chain-%lld", (long long)delivery.id);

	if (!delivery.chain)
		delivery.chain = own;
	if (!delivery.order)
		delivery.order = delivery.id;
	dispatch_add(d, &delivery, now);
	free(own);
}

int64_t expect_next(
        struct dispatch *d, int target, enum dispatch_lane lane, int64_t now, int64_t want)
{
	int64_t deadline = 0;
	int64_t got = dispatch_next(d, target, lane, now, &deadline);

	if (got != want)
		fail_msg("at %lld: got %lld, want %lld", (long long)now, (long long)got,
		        (long long)want);
	return deadline;
}

int64_t expect_change(struct dispatch *d, int64_t id, enum delivery_state state)
{
	struct dispatch_change change;

	if (!dispatch_take_change(d, &change))
		fail_msg("no change, want %lld %s", (long long)id, delivery_state_text(state));
	if (change.id != id || change.state != state)
		fail_msg("got %lld %s (%s), want %lld %s", (long long)change.id,
		        delivery_state_text(change.state), change.reason, (long long)id,
		        delivery_state_text(state));
	assert_non_null(change.reason);
	return change.due;
}

void expect_no_change(struct dispatch *d)
{
	struct dispatch_change change;

	if (dispatch_take_change(d, &change))
		fail_msg("got %lld %s, want no change", (long long)change.id,
		        delivery_state_text(change.state));
}

size_t waiting_in(const struct dispatch *d, int target, enum dispatch_lane lane)
{
	struct dispatch_lane_now now;
	size_t count = 0;

	dispatch_lane_look(d, target, lane, &now);
	for (size_t rank = 0; rank < sizeof now.waiting / sizeof *now.waiting; rank++)
		count += now.waiting[rank];
	return count;
}
