/* SPDX-License-Identifier: Apache-2.0
 * dispatch - see dispatch.h: what happens to a delivery between release and its end.
 *
 *   WAITING --dispatch_next--> SENDING --dispatch_done--> DELIVERED | REJECTED | UNKNOWN
 *      ^                          |
 *      '-- dispatch_done, dispatch_lost, dispatch_put_back (wait_again)
 *   WAITING --dispatch_tick--> EXPIRED,  --dispatch_add of a newer one--> SUPERSEDED,
 *           --dispatch_withdraw--> WITHDRAWN
 *
 * This file: what comes in and what ends without an attempt. Attempts: dispatch_attempt.c. Ids it
 * does not know are ignored: they have ended.
 */
#include "dispatch_parts.h"

#include <stdlib.h>

static bool by_expiry(const struct item *a, const struct item *b)
{
	return a->expires != b->expires ? a->expires < b->expires : a->id < b->id;
}

struct dispatch *dispatch_create(uint64_t seed)
{
	struct dispatch *d = mem_zero(sizeof *d);

	d->random = seed;
	d->loaded = DISPATCH_LOADED;
	d->expiry = (struct heap){.before = by_expiry, .kind = HEAP_EXPIRY};
	return d;
}

void dispatch_destroy(struct dispatch **dispatch)
{
	struct dispatch *d = *dispatch;

	if (!d)
		return;
	for (size_t i = 0; i < d->item_room; i++)
		for (struct item *item = d->items[i], *next; item; item = next) {
			next = item->hash_next;
			free(item);
		}
	for (size_t i = 0; i < d->chain_room; i++)
		for (struct chain *chain = d->chains[i], *next; chain; chain = next) {
			next = chain->hash_next;
			free(chain->name);
			free(chain);
		}
	for (size_t i = 0; i < d->target_count; i++) {
		target_finish(d->targets[i]);
		free(d->targets[i]);
	}
	free(d->items);
	free(d->chains);
	free(d->targets);
	free(d->expiry.items);
	free(d->changes);
	free(d->wishes);
	free(d);
	*dispatch = NULL;
}

int dispatch_add_target(struct dispatch *d, const struct dispatch_target *is)
{
	struct target *target = mem_zero(sizeof *target);

	target_init(target, is);
	*(struct target **)mem_push(&d->targets, &d->target_count, sizeof target) = target;
	return (int)d->target_count - 1;
}

static void supersede_older(struct dispatch *d, struct chain *chain, int64_t now)
{
	struct item *next;

	for (struct item *item = chain->lists[LIST_WAITING]; item; item = next) {
		next = item->next;
		settle(d, item, DELIVERY_SUPERSEDED, "a newer message of the chain was released",
		        now);
	}
	for (struct item *item = chain->lists[LIST_PARKED]; item; item = next) {
		next = item->next;
		forget(d, item, now); /* stays UNKNOWN; nobody may retry it any more */
	}
}

/* NULL when the id is here already. It is in no list yet, but its chain lives. */
static struct item *admit(struct dispatch *d, const struct dispatch_delivery *delivery, int64_t now)
{
	if (item_find(d, delivery->id))
		return NULL;
	struct item *item = mem_zero(sizeof *item);
	*item = (struct item){
	        .id = delivery->id,
	        .order = delivery->order,
	        .due = delivery->due,
	        .came = now,
	        .expires = delivery->expires ? delivery->expires : INT64_MAX,
	        .target = delivery->target,
	        .rank = level_rank(delivery->level),
	        .correction = delivery->correction,
	        .counted = delivery->counted,
	        .attempt = delivery->attempt,
	        .doubts = delivery->doubts,
	        .cost = delivery->cost > 0 ? delivery->cost : 1,
	        .chain = chain_get(d, delivery->target, delivery->chain),
	};
	item->chain->items++;
	item_insert(d, item);
	return item;
}

/* Makes it the newest of its chain if it is. */
static void overtake(struct dispatch *d, struct chain *chain, int64_t order, int64_t now)
{
	if (order <= chain->newest)
		return;
	chain->newest = order;
	supersede_older(d, chain, now);
}

/* The newest of its chain that it proves. */
static int64_t order_of(const struct dispatch_delivery *delivery)
{
	return delivery->overtaken ? delivery->order + 1 : delivery->order;
}

void admit_waiting(
        struct dispatch *d, const struct dispatch_delivery *delivery, int64_t more, int64_t now)
{
	struct item *item = admit(d, delivery, now);

	if (!item)
		return;
	struct chain *chain = item->chain;
	overtake(d, chain, order_of(delivery), now);
	item->backed_off = item->attempt > 0;
	item->more = more;
	enter_state(d, item, DELIVERY_WAITING, now);
	if (item->order < chain->newest)
		settle(d, item, DELIVERY_SUPERSEDED, "a newer message of the chain was released",
		        now);
	else if (item->expires <= now)
		settle(d, item, DELIVERY_EXPIRED, "expired before it could be sent", now);
	else if (more)
		chain->rest = item;
}

void dispatch_add(struct dispatch *d, const struct dispatch_delivery *delivery, int64_t now)
{
	admit_waiting(d, delivery, 0, now);
}

static void add_sending(
        struct dispatch *d, const struct dispatch_delivery *delivery, int64_t deadline, int64_t now)
{
	struct item *item = admit(d, delivery, now);

	if (!item)
		return;
	item->deadline = deadline;
	overtake(d, item->chain, order_of(delivery), now);
	enter_state(d, item, DELIVERY_SENDING, now);
	look_again(d, item->chain, now);
}

static void add_unknown(struct dispatch *d, const struct dispatch_delivery *delivery, int64_t now)
{
	struct item *item = admit(d, delivery, now);

	if (!item)
		return;
	overtake(d, item->chain, order_of(delivery), now);
	enter_state(d, item, DELIVERY_UNKNOWN, now);
	if (item->order < item->chain->newest || item->expires <= now)
		forget(d, item, now);
}

void dispatch_replay(struct dispatch *d, const struct dispatch_delivery *delivery,
        enum delivery_state state, int64_t orphan_until, int64_t now)
{
	if (state == DELIVERY_SENDING)
		add_sending(d, delivery, orphan_until, now);
	else if (state == DELIVERY_UNKNOWN)
		add_unknown(d, delivery, now);
	else
		dispatch_add(d, delivery, now);
}

void dispatch_tick(struct dispatch *d, int64_t now)
{
	struct item *item;

	while ((item = heap_top(&d->expiry)) && item->expires <= now) {
		if (item->state == DELIVERY_WAITING)
			settle(d, item, DELIVERY_EXPIRED, "expired before it could be sent", now);
		else
			forget(d, item, now); /* parked: it stays UNKNOWN */
	}
}

/* All by the same: no heap by expiry changes its order. What waits for a time enters its heap anew.
 */
void dispatch_clock_stepped(struct dispatch *d, int64_t step, int64_t now)
{
	for (size_t slot = 0; slot < d->item_room; slot++)
		for (struct item *item = d->items[slot]; item; item = item->hash_next) {
			if (item->expires != INT64_MAX)
				item->expires -= step;
			if (item->state != DELIVERY_WAITING || item->backed_off || item->due <= now)
				continue;
			leave_state(d, item);
			item->due -= step;
			enter_state(d, item, DELIVERY_WAITING, now);
		}
}

void dispatch_withdraw(struct dispatch *d, int64_t id, const char *reason, int64_t now)
{
	struct item *item = item_find(d, id);

	if (!item)
		return;
	if (item->state == DELIVERY_WAITING)
		settle(d, item, DELIVERY_WITHDRAWN, reason, now);
	else if (item->state == DELIVERY_SENDING)
		item->withdrawn = reason;
	else
		forget(d, item, now);
}

void dispatch_hold_back(struct dispatch *d, int64_t id, bool held, int64_t now)
{
	struct item *item = item_find(d, id);

	if (!item || item->held == held)
		return;
	item->held = held;
	if (item->state != DELIVERY_WAITING)
		return;
	leave_state(d, item);
	if (!held && item->backed_off && item->due > now)
		item->due = now;
	enter_state(d, item, DELIVERY_WAITING, now);
}

void dispatch_target_back(struct dispatch *d, int index, int64_t now)
{
	struct target *target = d->targets[index];

	for (int i = 0; i < 2; i++) {
		struct heap *delayed = &target->lanes[i].delayed;
		struct item **waiting = mem_array(delayed->count, sizeof *waiting);
		size_t count = delayed->count;

		lane_answered(&target->lanes[i]);
		for (size_t k = 0; k < count; k++)
			waiting[k] = delayed->items[k];
		for (size_t k = 0; k < count; k++) {
			if (!waiting[k]->backed_off || waiting[k]->due <= now)
				continue;
			leave_state(d, waiting[k]);
			waiting[k]->due = now;
			enter_state(d, waiting[k], DELIVERY_WAITING, now);
		}
		free(waiting);
	}
}

int64_t dispatch_wake(const struct dispatch *d, int64_t now)
{
	const struct item *item = heap_top(&d->expiry);
	int64_t wake = item ? item->expires : INT64_MAX;

	for (size_t i = 0; i < d->target_count; i++) {
		for (int lane = 0; lane < 2; lane++) {
			int64_t at = queue_wake(d->targets[i], &d->targets[i]->lanes[lane], now);
			wake = at < wake ? at : wake;
		}
	}
	return wake > now ? wake : now;
}
