/* SPDX-License-Identifier: Apache-2.0
 * dispatch_lane - how much a lane gives at once, and whether it gives at all.
 *
 * Window (after Postfix's queue manager): of what is not red, as many are in flight as the far side
 * has shown that it bears. An answer earns 1/window of a step up, if the window was really used; a
 * failure 1/window of a step down. Hysteresis: a step up is taken when a whole one is earned, a
 * step down with the first failure of a run, and each side's earnings are lost when the other
 * speaks - so that the window shrinks at once under load and does not sway with single failures.
 *
 * Breaker: a whole window of attempts (five at least) in a row without a word from the far side,
 * and only red goes on. Where the channel looks for itself, its word closes it; else, and after
 * back_off_most anyway, one delivery tries, and another after a pause that doubles.
 *
 * Quiet hours hold what ranks low enough. Ranks are what the heaps are ordered by first, so that
 * what is true of the best one is true of all behind it: whoever asks need not look further.
 */
#include "dispatch_parts.h"

enum {
	WHOLE = 1 << 16,
	WINDOW_START = 5,
	COHORT_LEAST = 5,
	RESERVE_FROM = 4, /* places from which on one is kept for red */
	QUIET_MOST = 2,   /* yellow, III */
	PROMPT = 1000,    /* ms: an answer within it */
	AFTER_PROMPT = 25,
	RANK_COUNT = 5,
};

void lane_init(struct lane *lane)
{
	lane->window = WINDOW_START;
}

static int places(const struct lane *lane)
{
	return lane->most >= RESERVE_FROM ? lane->most - 1 : lane->most;
}

/* What is not red and in flight at once, at most; 0 = no limit. */
static int window_of(const struct lane *lane)
{
	int most = places(lane);

	return lane->window < most ? lane->window : most;
}

void lane_succeeded(struct lane *lane)
{
	int window = window_of(lane);

	lane->down = 0;
	if (!lane->most || lane->window >= places(lane) || (int)lane->sending < window)
		return;
	lane->up += WHOLE / window;
	if (lane->up < WHOLE)
		return;
	lane->up -= WHOLE;
	lane->window++;
}

void lane_asked(struct lane *lane, int64_t now)
{
	if (!lane->sending)
		lane->asked = now;
}

void lane_took(struct lane *lane, int64_t ms, int64_t now)
{
	lane->tardy = ms > PROMPT;
	lane->asked = now;
}

/* Slow when it was heard last, or silent since what is in flight left. */
static bool is_tardy(const struct lane *lane, int64_t now)
{
	return lane->tardy || (lane->sending && now - lane->asked > PROMPT);
}

static void window_failed(struct lane *lane)
{
	bool first = lane->down == 0;

	lane->up = 0;
	if (lane->window > places(lane) && lane->most)
		lane->window = places(lane);
	lane->down += WHOLE / lane->window;
	if (!first && lane->down < WHOLE)
		return;
	if (!first)
		lane->down -= WHOLE;
	if (lane->window > 1)
		lane->window--;
}

static void open_breaker(
        struct dispatch *d, const struct target *target, struct lane *lane, int64_t now)
{
	int64_t wait = lane->watched ? target->is.back_off_most
	                             : doubled(target->is.back_off_first, target->is.back_off_most,
	                                       lane->failures - COHORT_LEAST);

	lane->open = true;
	lane->hold_until = now + wait - wait * (int64_t)(next_random(d) % 21) / 100;
}

void lane_failed(struct dispatch *d, const struct target *target, struct lane *lane, int64_t now)
{
	int window = lane->window > COHORT_LEAST ? lane->window : COHORT_LEAST;

	window_failed(lane);
	lane->tardy = true;
	if (lane->failures < 1000)
		lane->failures++;
	if (lane->cohort < WHOLE)
		lane->cohort += (WHOLE + window - 1) / window;
	if (lane->open || lane->cohort >= WHOLE)
		open_breaker(d, target, lane, now);
}

bool lane_answered(struct lane *lane)
{
	bool was_open = lane->open;

	lane->failures = lane->cohort = 0;
	lane->hold_until = 0;
	lane->open = false;
	if (was_open)
		lane->window = 1; /* not all at once on one that has just come back */
	return was_open;
}

/* Its first attempt lets those go before it whose far sides answer: they are to have it before
 * disk and processors are busy with the others. */
static int64_t red_may_go(const struct lane *lane, const struct item *item, int64_t now)
{
	if (lane->most && (int)lane->sending >= lane->most)
		return INT64_MAX;
	if (is_tardy(lane, now) && item->attempt == 0 && item->came + AFTER_PROMPT > now)
		return item->came + AFTER_PROMPT;
	return now;
}

int64_t lane_lets(
        const struct target *target, const struct lane *lane, const struct item *item, int64_t now)
{
	int64_t at = now;

	if (is_red(item))
		return red_may_go(lane, item, now);
	if (lane->most && (int)lane->sending >= window_of(lane))
		return INT64_MAX;
	if (lane->open && lane->sending)
		return INT64_MAX; /* its answer decides */
	if (lane->open && lane->hold_until > at)
		at = lane->hold_until;
	if (item->rank <= target->is.quiet_rank && item->rank <= QUIET_MOST &&
	        target->quiet_until > at)
		at = target->quiet_until;
	return at;
}

/* --- what the outbox says -----------------------------------------------------------------------
 */

static struct lane *lane_at(struct dispatch *d, int index, enum dispatch_lane lane)
{
	struct target *target = d->targets[index];

	return &target->lanes[target->is.lanes && lane == DISPATCH_ROUTINE ? DISPATCH_ROUTINE
	                                                                   : DISPATCH_URGENT];
}

void dispatch_set_window(struct dispatch *d, int target, enum dispatch_lane lane, int most)
{
	lane_at(d, target, lane)->most = most > 0 ? most : 0;
}

void dispatch_set_quiet(struct dispatch *d, int target, int64_t until)
{
	d->targets[target]->quiet_until = until;
}

void dispatch_far(struct dispatch *d, int index, enum dispatch_lane which, bool well, int64_t now)
{
	struct lane *lane = lane_at(d, index, which);

	lane->watched = true;
	if (well)
		dispatch_target_back(d, index, now);
	else
		open_breaker(d, d->targets[index], lane, now);
}

void dispatch_far_unknown(struct dispatch *d, int index, enum dispatch_lane which, int64_t now)
{
	struct lane *lane = lane_at(d, index, which);

	if (lane->watched && lane->open &&
	        lane->hold_until > now + d->targets[index]->is.back_off_first)
		lane->hold_until = now + d->targets[index]->is.back_off_first;
	lane->watched = false;
}

bool dispatch_prompt(const struct dispatch *d, int index, int rank, int64_t now)
{
	const struct target *target = d->targets[index];
	const struct item item = {.target = index, .rank = rank, .cost = 1, .came = now};
	const struct lane *lane = item_lane(d, &item);

	for (; rank < RANK_COUNT; rank++)
		if (lane->waiting[rank])
			return false;
	return lane->most && !is_tardy(lane, now) && queue_pays(target, &item) &&
	       lane_lets(target, lane, &item, now) <= now;
}

void dispatch_lane_look(const struct dispatch *d, int index, enum dispatch_lane which,
        struct dispatch_lane_now *out)
{
	const struct lane *lane = lane_at((struct dispatch *)d, index, which);

	*out = (struct dispatch_lane_now){.sending = lane->sending,
	        .parked = lane->parked,
	        .window = lane->most ? window_of(lane) : 0,
	        .open = lane->open};
	for (int rank = 0; rank < 5; rank++)
		out->waiting[rank] = lane->waiting[rank];
}
