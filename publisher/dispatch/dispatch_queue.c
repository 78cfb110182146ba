/* SPDX-License-Identifier: Apache-2.0
 * dispatch_queue - the order within a lane, and what the far side's account can pay for.
 *
 * Order: level, then corrections, then release. Two heaps of what is ready: the second may use the
 * reserve of the bucket (red and corrections), so that the correction of a yellow one goes out
 * although an orange one, for which only the reserve is left, stands before it.
 */
#include "dispatch_parts.h"

#include <stdlib.h>

enum { TOKEN = 60000 }; /* parts of a token: per_minute parts flow in each ms */

bool is_red(const struct item *item)
{
	return item->rank >= 4;
}

bool is_urgent(const struct item *item)
{
	return item->rank >= 3;
}

static bool may_use_reserve(const struct item *item)
{
	return is_red(item) || item->correction;
}

static bool better(const struct item *a, const struct item *b)
{
	if (a->rank != b->rank)
		return a->rank > b->rank;
	if (a->correction != b->correction)
		return a->correction;
	if (a->order != b->order)
		return a->order < b->order;
	if (!a->more != !b->more)
		return !a->more; /* a rest stands behind those of its job that are here */
	return a->id < b->id;
}

static bool sooner(const struct item *a, const struct item *b)
{
	return a->ready_at != b->ready_at ? a->ready_at < b->ready_at : better(a, b);
}

/* A tenth of what the account takes in a minute, at least one, is kept for red and corrections. */
static int64_t reserve_room(const struct target *target)
{
	int tenth = target->is.per_minute / 10;

	return (int64_t)(tenth ? tenth : 1) * TOKEN;
}

static int64_t room_of(const struct target *target)
{
	int64_t rest = (int64_t)target->is.per_minute * TOKEN - reserve_room(target);

	return rest > TOKEN ? rest : TOKEN;
}

void target_init(struct target *target, const struct dispatch_target *is)
{
	target->is = *is;
	target->is.name = mem_text(is->name);
	if (target->is.per_minute < 0)
		target->is.per_minute = 0;
	target->tokens = room_of(target);
	target->reserve = reserve_room(target);
	for (int i = 0; i < 2; i++) {
		target->lanes[i].ready[0].before = better;
		target->lanes[i].ready[1].before = better;
		target->lanes[i].delayed.before = sooner;
		lane_init(&target->lanes[i]);
	}
}

void dispatch_drain(struct dispatch *d, int64_t now)
{
	for (size_t i = 0; i < d->target_count; i++) {
		d->targets[i]->tokens = 0;
		d->targets[i]->filled_at = now;
	}
}

void target_finish(struct target *target)
{
	for (int i = 0; i < 2; i++) {
		free(target->lanes[i].ready[0].items);
		free(target->lanes[i].ready[1].items);
		free(target->lanes[i].delayed.items);
	}
	free((char *)target->is.name);
}

struct lane *item_lane(const struct dispatch *d, const struct item *item)
{
	struct target *target = d->targets[item->target];

	return &target->lanes[target->is.lanes && !is_urgent(item) ? DISPATCH_ROUTINE
	                                                           : DISPATCH_URGENT];
}

static void enter(struct lane *lane, struct item *item, int64_t now)
{
	item->queue = item->ready_at > now ? &lane->delayed : &lane->ready[may_use_reserve(item)];
	heap_push(item->queue, item);
}

void queue_enter(struct dispatch *d, struct item *item, int64_t now)
{
	if (!item->held && !item->aside)
		enter(item_lane(d, item), item, now);
}

void queue_rejoin(struct dispatch *d, struct item *item)
{
	if (item->held)
		return;
	item->queue = &item_lane(d, item)->delayed; /* whoever asks next looks at its time */
	heap_push(item->queue, item);
}

void queue_leave(struct item *item)
{
	if (item->queue)
		heap_remove(item->queue, item);
	item->queue = NULL;
}

static int64_t lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void fill_bucket(struct target *target, int64_t now)
{
	int64_t lacking = reserve_room(target) - target->reserve + room_of(target) - target->tokens;
	int64_t passed = now - target->filled_at;

	if (!target->is.per_minute || passed <= 0)
		return;
	target->filled_at = now;
	/* Asked by division: passed * per_minute may not fit after a long sleep. */
	int64_t flow =
	        passed > lacking / target->is.per_minute ? lacking : passed * target->is.per_minute;
	int64_t to_reserve = lesser(flow, reserve_room(target) - target->reserve);
	target->reserve += to_reserve;
	target->tokens += flow - to_reserve;
}

/* What is there for this one, less what must be there before it goes; negative = it must wait. More
 * than the bucket can hold is never asked for: the rest becomes debt, which ordinary ones wait for.
 */
static int64_t balance(const struct target *target, const struct item *item)
{
	int64_t cost = (int64_t)item->cost * TOKEN;

	if (!target->is.per_minute)
		return 0;
	if (!may_use_reserve(item))
		return target->tokens - lesser(cost, room_of(target));
	return target->reserve + (target->tokens > 0 ? target->tokens : 0) -
	       lesser(cost, reserve_room(target));
}

bool queue_pays(const struct target *target, const struct item *item)
{
	return balance(target, item) >= 0;
}

static void pay(struct target *target, const struct item *item)
{
	int64_t cost = (int64_t)item->cost * TOKEN;

	if (may_use_reserve(item) && cost > target->tokens) {
		int64_t more = cost - (target->tokens > 0 ? target->tokens : 0);
		more = lesser(more, target->reserve);
		target->reserve -= more;
		cost -= more;
	}
	target->tokens -= cost;
}

void queue_refund(struct target *target, const struct item *item)
{
	if (target->is.per_minute)
		target->tokens =
		        lesser(target->tokens + (int64_t)item->cost * TOKEN, room_of(target));
}

struct item *queue_take(struct target *target, struct lane *lane, int64_t now)
{
	struct item *item;

	while ((item = heap_top(&lane->delayed)) && item->ready_at <= now) {
		queue_leave(item);
		enter(lane, item, now);
	}
	fill_bucket(target, now);
	struct item *ordinary = heap_top(&lane->ready[0]);
	struct item *privileged = heap_top(&lane->ready[1]);
	struct item *first = ordinary && privileged
	                             ? (better(ordinary, privileged) ? ordinary : privileged)
	                             : (ordinary ? ordinary : privileged);
	if (first && first == ordinary && balance(target, first) < 0)
		first = privileged;
	if (!first || balance(target, first) < 0 || lane_lets(target, lane, first, now) > now)
		return NULL;
	if (target->is.per_minute && !first->more)
		pay(target, first);
	return first;
}

static int64_t wake_of(
        const struct target *target, const struct lane *lane, const struct item *item, int64_t now)
{
	int64_t at = now;

	if (balance(target, item) < 0) {
		int64_t lacking = -balance(target, item);
		if (!may_use_reserve(item))
			lacking += reserve_room(target) - target->reserve; /* filled first */
		at = target->filled_at +
		     (lacking + target->is.per_minute - 1) / target->is.per_minute;
	}
	int64_t lets = lane_lets(target, lane, item, now);
	at = lets > at ? lets : at;
	return at > now ? at : INT64_MAX;
}

int64_t queue_wake(const struct target *target, const struct lane *lane, int64_t now)
{
	const struct item *tops[] = {heap_top(&lane->ready[0]), heap_top(&lane->ready[1])};
	const struct item *delayed = heap_top(&lane->delayed);
	int64_t wake = delayed && delayed->ready_at > now ? delayed->ready_at : INT64_MAX;

	for (int i = 0; i < 2; i++) {
		int64_t at = tops[i] ? wake_of(target, lane, tops[i], now) : INT64_MAX;
		wake = at < wake ? at : wake;
	}
	return wake;
}
