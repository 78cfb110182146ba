/* SPDX-License-Identifier: Apache-2.0
 * dispatch_back_off - how long an attempt may take, and how long to wait after one that failed.
 */
#include "dispatch_parts.h"

enum {
	URGENT_DEADLINE = 3000, /* ms */
	ROUTINE_DEADLINE = 10000,
	COUNTED_DEADLINE = 100000, /* a block at ten recipients a second */
	RED_BACK_OFF = 60000,
	RETRY_AFTER_MOST = 600000,
};

int64_t attempt_deadline(const struct target *target, const struct item *item, int64_t now)
{
	int64_t deadline = now + (is_urgent(item) ? URGENT_DEADLINE : ROUTINE_DEADLINE);

	if (item->counted)
		deadline += COUNTED_DEADLINE;
	if (target->is.per_minute && item->cost > 1)
		deadline += (int64_t)item->cost * 60000 / target->is.per_minute;
	return deadline;
}

/* splitmix64: small, and the same everywhere. */
uint64_t next_random(struct dispatch *d)
{
	uint64_t x = d->random += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

int64_t doubled(int64_t first, int64_t most, int times)
{
	int64_t wait = first > 0 ? first : 1;

	while (times-- > 0 && wait < most)
		wait *= 2;
	return wait < most ? wait : most;
}

int64_t back_off(struct dispatch *d, const struct item *item, int64_t retry_after)
{
	const struct dispatch_target *is = &d->targets[item->target]->is;
	int64_t most =
	        is_red(item) && is->back_off_most > RED_BACK_OFF ? RED_BACK_OFF : is->back_off_most;
	int64_t wait = doubled(is->back_off_first, most, item->attempt - 1);
	int64_t jitter = (int64_t)(next_random(d) % 41) - 20;

	wait += wait * jitter / 100;
	if (wait > most)
		wait = most;
	if (retry_after > RETRY_AFTER_MOST)
		retry_after = RETRY_AFTER_MOST;
	if (is_red(item) && retry_after > RED_BACK_OFF)
		retry_after = RED_BACK_OFF;
	return wait > retry_after ? wait : retry_after;
}
