/* SPDX-License-Identifier: Apache-2.0
 * dispatch_attempt - hands out the best delivery and deals with what became of the attempt.
 *
 * Verdicts come as numbers (enum channel_verdict, which this room does not include); any other
 * number counts as "may have arrived".
 */
#include "dispatch_parts.h"

enum { VERDICT_DELIVERED, VERDICT_DEFERRED, VERDICT_REJECTED };
/* A far side that swallows answers must not get the same words for ever. */
enum { RESEND_UNKNOWN_MOST = 2 };

/* The back-off is cut so that one more attempt fits in before the expiry. */
static void defer(
        struct dispatch *d, struct item *item, int64_t retry_after, const char *reason, int64_t now)
{
	int64_t due = now + back_off(d, item, retry_after);
	int64_t last =
	        item->expires == INT64_MAX
	                ? INT64_MAX
	                : item->expires - (attempt_deadline(d->targets[item->target], item, 0));

	if (due > last && last > now)
		due = last;
	item->backed_off = true;
	wait_again(d, item, due, reason, now);
}

/* May have arrived, and the far side cannot tell a repeat. */
static void unknown(struct dispatch *d, struct item *item, const char *reason, int64_t now)
{
	bool over = item->withdrawn || item->order < item->chain->newest || item->expires <= now;

	item->doubts++;
	if (!over && is_urgent(item) && item->doubts <= RESEND_UNKNOWN_MOST) {
		defer(d, item, 0, "outcome unknown: red and orange are sent again", now);
		return;
	}
	if (over) {
		settle(d, item, DELIVERY_UNKNOWN, reason, now);
		return;
	}
	change(d, item, DELIVERY_UNKNOWN, reason);
	leave_state(d, item);
	enter_state(d, item, DELIVERY_UNKNOWN, now);
}

static struct item *take_best(struct target *target, enum dispatch_lane lane, int64_t now)
{
	if (!target->is.lanes)
		return queue_take(target, &target->lanes[0], now);
	if (lane != DISPATCH_ALL)
		return queue_take(target, &target->lanes[lane], now);
	struct item *item = queue_take(target, &target->lanes[DISPATCH_URGENT], now);
	return item ? item : queue_take(target, &target->lanes[DISPATCH_ROUTINE], now);
}

/* Of what is here. Behind a rest nothing goes: what is on disk has its rank. */
static struct item *take_loaded(
        struct dispatch *d, struct target *target, enum dispatch_lane lane, int64_t now)
{
	struct item *item;

	while ((item = take_best(target, lane, now)) && item->more) {
		if (rest_stands_aside(d, item))
			continue;
		rest_wish(d, item);
		return NULL;
	}
	return item;
}

int64_t dispatch_next(
        struct dispatch *d, int index, enum dispatch_lane lane, int64_t now, int64_t *deadline)
{
	struct target *target = d->targets[index];

	dispatch_tick(d, now);
	struct item *item = take_loaded(d, target, lane, now);
	if (!item)
		return 0;
	leave_state(d, item);
	item->attempt++;
	item->left = now;
	item->deadline = attempt_deadline(target, item, now);
	if (item->deadline > item->expires)
		item->deadline = item->expires; /* given up before a byte could leave too late */
	lane_asked(item_lane(d, item), now);
	enter_state(d, item, DELIVERY_SENDING, now);
	*deadline = item->deadline;
	return item->id;
}

static struct item *find_sending(const struct dispatch *d, int64_t id)
{
	struct item *item = item_find(d, id);

	return item && item->state == DELIVERY_SENDING ? item : NULL;
}

void dispatch_put_back(struct dispatch *d, int64_t id, int64_t now)
{
	struct item *item = find_sending(d, id);

	if (!item)
		return;
	item->attempt--;
	queue_refund(d->targets[item->target], item);
	wait_again(d, item, now, "not handed out", now);
}

static void attempt_failed(struct dispatch *d, struct item *item, int64_t now)
{
	lane_failed(d, d->targets[item->target], item_lane(d, item), now);
}

void dispatch_done(struct dispatch *d, int64_t id, int verdict, int64_t retry_after, int64_t now)
{
	struct item *item = item_find(d, id);

	if (!item)
		return;
	bool final = verdict == VERDICT_DELIVERED || verdict == VERDICT_REJECTED;
	if (item->state != DELIVERY_SENDING && !final)
		return; /* a late "don't know" about an attempt already given up */
	if (final) {
		struct lane *lane = item_lane(d, item);
		int target = item->target;
		if (item->state == DELIVERY_SENDING) {
			lane_took(lane, now - item->left, now);
			lane_succeeded(lane);
		}
		bool back = lane_answered(lane);
		settle(d, item,
		        verdict == VERDICT_DELIVERED ? DELIVERY_DELIVERED : DELIVERY_REJECTED,
		        verdict == VERDICT_DELIVERED ? "accepted by the far side"
		                                     : "refused by the far side",
		        now);
		if (back)
			dispatch_target_back(d, target, now);
		return;
	}
	attempt_failed(d, item, now);
	if (verdict == VERDICT_DEFERRED || d->targets[item->target]->is.takes_key)
		defer(d, item, retry_after, "deferred by the far side", now);
	else
		unknown(d, item, "it may have arrived, and the far side takes no key", now);
}

void dispatch_lost(struct dispatch *d, int64_t id, bool began, int64_t now)
{
	struct item *item = find_sending(d, id);

	if (!item)
		return;
	if (!began) {
		dispatch_put_back(d, id, now);
		return;
	}
	attempt_failed(d, item, now);
	if (d->targets[item->target]->is.takes_key)
		defer(d, item, 0, "the agent died; the far side takes a key", now);
	else if (item->counted)
		defer(d, item, 0, "the agent died; whom it had reached is known", now);
	else
		unknown(d, item,
		        "the agent died after the first byte, and the far side takes no key", now);
}
