/* SPDX-License-Identifier: Apache-2.0
 * dispatch_state - moves a delivery from state to state and keeps heaps, chain and counts in step.
 *
 * Every end and every return to WAITING goes out as a change, in order. wait_again() asks first
 * whether the delivery was withdrawn, overtaken or expired while in flight: so nothing of that kind
 * ever comes back.
 */
#include "dispatch_parts.h"

#include <stdlib.h>

void change(
        struct dispatch *d, const struct item *item, enum delivery_state state, const char *reason)
{
	int64_t due = state == DELIVERY_WAITING ? item->due : 0;

	*(struct dispatch_change *)mem_push(&d->changes, &d->change_count, sizeof *d->changes) =
	        (struct dispatch_change){.id = item->id,
	                .rest = item->more,
	                .state = state,
	                .due = due,
	                .doubts = item->doubts,
	                .reason = reason};
}

bool dispatch_take_change(struct dispatch *d, struct dispatch_change *out)
{
	if (d->change_taken == d->change_count) {
		d->change_taken = d->change_count = 0;
		return false;
	}
	*out = d->changes[d->change_taken++];
	return true;
}

static int list_of(const struct item *item)
{
	return item->state == DELIVERY_WAITING   ? LIST_WAITING
	       : item->state == DELIVERY_SENDING ? LIST_SENDING
	                                         : LIST_PARKED;
}

/* It waits, or no longer does. */
static void count_waiting(struct dispatch *d, struct item *item, bool waits)
{
	size_t weight = item->more ? (size_t)item->more : 1;

	item_lane(d, item)->waiting[item->rank] += waits ? weight : 0 - weight;
	if (item->more)
		return;
	item->chain->waiting += waits ? 1 : (size_t)-1;
	if (!waits)
		rest_look(d, item->chain);
}

/* Out of the state it is in. */
void leave_state(struct dispatch *d, struct item *item)
{
	chain_leave(item->chain, item, list_of(item));
	queue_leave(item);
	heap_remove(&d->expiry, item);
	if (item->state == DELIVERY_WAITING)
		count_waiting(d, item, false);
	else if (item->state == DELIVERY_SENDING)
		item_lane(d, item)->sending--;
	else
		item_lane(d, item)->parked--;
}

void enter_state(struct dispatch *d, struct item *item, enum delivery_state state, int64_t now)
{
	item->state = state;
	chain_enter(item->chain, item, list_of(item));
	if (state == DELIVERY_SENDING) {
		item_lane(d, item)->sending++;
		return;
	}
	if (state == DELIVERY_UNKNOWN)
		item_lane(d, item)->parked++;
	if (item->expires != INT64_MAX)
		heap_push(&d->expiry, item);
	if (state == DELIVERY_WAITING) {
		int64_t blocked = chain_blocked_until(item->chain, item->order);
		item->ready_at = blocked > item->due ? blocked : item->due;
		queue_enter(d, item, now);
		count_waiting(d, item, true);
	}
}

/* Those of the chain that wait for what is in flight: look again. */
void look_again(struct dispatch *d, struct chain *chain, int64_t now)
{
	for (struct item *item = chain->lists[LIST_WAITING]; item; item = item->next) {
		int64_t blocked = chain_blocked_until(chain, item->order);
		int64_t ready_at = blocked > item->due ? blocked : item->due;
		if (ready_at == item->ready_at)
			continue;
		queue_leave(item);
		item->ready_at = ready_at;
		queue_enter(d, item, now);
	}
}

void forget(struct dispatch *d, struct item *item, int64_t now)
{
	struct chain *chain = item->chain;
	bool blocked_others = item->state == DELIVERY_SENDING && item->order < chain->newest;

	leave_state(d, item);
	if (chain->rest == item)
		chain->rest = NULL;
	item_erase(d, item);
	free(item);
	if (blocked_others)
		look_again(d, chain, now);
	chain_drop(d, chain);
}

void settle(struct dispatch *d, struct item *item, enum delivery_state state, const char *reason,
        int64_t now)
{
	change(d, item, state, reason);
	forget(d, item, now);
}

/* After an attempt: waits until `due`, unless it is over for good. */
void wait_again(struct dispatch *d, struct item *item, int64_t due, const char *reason, int64_t now)
{
	if (item->withdrawn) {
		settle(d, item, DELIVERY_WITHDRAWN, item->withdrawn, now);
	} else if (item->order < item->chain->newest) {
		settle(d, item, DELIVERY_SUPERSEDED,
		        "a newer message of the chain was released meanwhile", now);
	} else if (item->expires <= now) {
		settle(d, item, DELIVERY_EXPIRED, "expired before it could be sent again", now);
	} else {
		leave_state(d, item);
		item->due = due;
		enter_state(d, item, DELIVERY_WAITING, now);
		change(d, item, DELIVERY_WAITING, reason);
	}
}
