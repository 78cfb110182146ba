/* SPDX-License-Identifier: Apache-2.0
 * world - see world.h.
 */
#include "world.h"

#include <stdlib.h>

#include "check.h"
#include "mem.h"

enum { WINDOW = 4, HOUR = 3600000 };

static const struct dispatch_target sides[MODEL_TARGETS] = {
        {.name = "mqtt",
                .takes_key = true,
                .projection = true,
                .back_off_first = 500,
                .back_off_most = 60000},
        {.name = "website",
                .takes_key = true,
                .projection = true,
                .back_off_first = 500,
                .back_off_most = 60000},
        {.name = "sms", .lanes = true, .back_off_first = 500, .back_off_most = 300000},
        {.name = "weibo",
                .lanes = true,
                .back_off_first = 1000,
                .back_off_most = 300000,
                .per_minute = 600},
        {.name = "wechat",
                .lanes = true,
                .takes_key = true,
                .back_off_first = 1000,
                .back_off_most = 300000},
        {.name = "wecom",
                .lanes = true,
                .back_off_first = 500,
                .back_off_most = 300000,
                .per_minute = 1200},
};

static uint64_t roll(struct world *w, uint64_t sides_of_die)
{
	w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (w->random >> 33) % sides_of_die;
}

void world_init(struct world *w, uint64_t seed)
{
	*w = (struct world){.dispatch = dispatch_create(seed), .random = seed, .now = 5000000};
	w->model.started = w->now;
	for (int i = 0; i < MODEL_TARGETS; i++) {
		w->model.targets[i] = sides[i];
		dispatch_add_target(w->dispatch, &sides[i]);
	}
}

void world_finish(struct world *w)
{
	dispatch_destroy(&w->dispatch);
	model_finish(&w->model);
	for (int i = 0; i < MODEL_TARGETS; i++)
		for (int lane = 0; lane < MODEL_LANES; lane++)
			free(w->flights[i][lane]);
	free(w->live_chains);
}

bool world_over(const struct world *w)
{
	for (int i = 0; i < MODEL_TARGETS; i++)
		if (w->model.waiting[i].count || w->model.flying[i].count)
			return false;
	return true;
}

static void take_changes(struct world *w)
{
	struct dispatch_change change;

	while (dispatch_take_change(w->dispatch, &change))
		model_change(&w->model, &change, w->now);
}

static void add(struct world *w, struct dispatch_delivery *delivery, int chain)
{
	int blocks = delivery->target == 2 && roll(w, 20) == 0 ? 5 : 1;

	for (int i = 0; i < blocks; i++) {
		delivery->id = model_add(&w->model, delivery, chain);
		char *text = mem_format("chain-%d", chain);
		delivery->chain = text;
		dispatch_add(w->dispatch, delivery, w->now);
		free(text);
		take_changes(w);
	}
}

/* A first issue, or something newer in a chain that is out. */
static void release(struct world *w)
{
	bool first = !w->live_count || roll(w, 10) < 6;
	size_t pick = w->live_count ? roll(w, w->live_count) : 0;
	int chain = first ? model_add_chain(&w->model) : w->live_chains[pick];
	bool last = !first && roll(w, 2);
	struct dispatch_delivery delivery = {
	        .order = ++w->order,
	        .level = (enum level)roll(w, LEVEL_COUNT),
	        .correction = last,
	        .expires = roll(w, 50)
	                           ? w->now + 1000 + (int64_t)roll(w, roll(w, 3) ? 2 * HOUR : 20000)
	                           : 0,
	        .due = roll(w, 20) ? 0 : w->now + (int64_t)roll(w, HOUR / 4),
	};

	if (first)
		*(int *)mem_push(&w->live_chains, &w->live_count, sizeof chain) = chain;
	else if (last)
		w->live_chains[pick] = w->live_chains[--w->live_count];
	for (int i = 0; i < MODEL_TARGETS; i++) {
		delivery.target = i;
		delivery.cost = i == 2 ? 1 + (int)roll(w, 1000)
		                       : 1 + (int)(roll(w, 10) == 0) * (int)roll(w, 30);
		if (roll(w, 4))
			add(w, &delivery, chain);
	}
	w->alerts++;
}

static void forget_flight(struct world *w, int target, int lane, size_t i)
{
	w->flights[target][lane][i] = w->flights[target][lane][--w->flight_count[target][lane]];
}

static void lose(struct world *w, int target, int lane, size_t i)
{
	int64_t id = w->flights[target][lane][i].id;
	bool began = roll(w, 4) != 0;

	forget_flight(w, target, lane, i);
	if (w->model.seen[id].state == DELIVERY_SENDING) {
		if (began)
			model_told(&w->model, id, false, true);
		else
			model_put_back(&w->model, id);
	}
	dispatch_lost(w->dispatch, id, began, w->now);
	take_changes(w);
}

static int verdict_of(struct world *w, int target)
{
	uint64_t die = roll(w, 100);

	if (w->moods[target] == FAILING)
		return die < 70 ? DEFERRED : die < 85 ? UNKNOWN : die < 95 ? DELIVERED : REJECTED;
	return die < 92 ? DELIVERED : die < 95 ? DEFERRED : die < 98 ? UNKNOWN : REJECTED;
}

static void answer(struct world *w, int target, int lane, size_t i)
{
	int64_t id = w->flights[target][lane][i].id;
	int verdict = verdict_of(w, target);

	forget_flight(w, target, lane, i);
	if (!model_ended(w->model.seen[id].state) || w->model.seen[id].state == DELIVERY_UNKNOWN) {
		bool final = verdict == DELIVERED || verdict == REJECTED;
		if (final || w->model.seen[id].state == DELIVERY_SENDING)
			model_told(&w->model, id, final, verdict == UNKNOWN);
	}
	dispatch_done(w->dispatch, id, verdict, roll(w, 10) ? 0 : (int64_t)roll(w, 100000), w->now);
	take_changes(w);
}

static void answers(struct world *w)
{
	for (int target = 0; target < MODEL_TARGETS; target++)
		for (int lane = 0; lane < MODEL_LANES; lane++)
			for (size_t i = w->flight_count[target][lane]; i-- > 0;) {
				const struct flight *flight = &w->flights[target][lane][i];
				if (flight->answer_at <= w->now)
					answer(w, target, lane, i);
				else if (w->model.seen[flight->id].deadline + 1000 < w->now)
					lose(w, target, lane, i); /* the host kills what hangs */
			}
}

static int64_t answer_time(struct world *w, int target)
{
	switch (w->moods[target]) {
	case HANGING:
		return INT64_MAX;
	case SLOW:
		return w->now + 500 + (int64_t)roll(w, 4000); /* at times past an urgent deadline */
	case DEAD:
		return roll(w, 2) ? INT64_MAX : w->now + 3000;
	default:
		return w->now + 1 + (int64_t)roll(w, 50);
	}
}

static void hand_out(struct world *w, int target, int lane)
{
	while (w->flight_count[target][lane] < WINDOW) {
		int64_t deadline = 0;
		int64_t id = dispatch_next(
		        w->dispatch, target, (enum dispatch_lane)lane, w->now, &deadline);
		take_changes(w); /* what expired on the way */
		if (!id) {
			model_idle(&w->model, target, (enum dispatch_lane)lane, w->now);
			return;
		}
		model_handed(&w->model, id, target, (enum dispatch_lane)lane, w->now, deadline);
		if (roll(w, 200) == 0) {
			model_put_back(&w->model, id);
			dispatch_put_back(w->dispatch, id, w->now);
			take_changes(w);
			return;
		}
		struct flight *flight = mem_push(
		        &w->flights[target][lane], &w->flight_count[target][lane], sizeof *flight);
		*flight = (struct flight){.id = id, .answer_at = answer_time(w, target)};
	}
}

static void mishaps(struct world *w)
{
	int target = (int)roll(w, MODEL_TARGETS);
	int lane = (int)roll(w, MODEL_LANES);
	uint64_t die = roll(w, 1000);

	if (die < 5) {
		w->moods[target] = roll(w, 2) ? HEALTHY : (enum mood)roll(w, MOODS);
	} else if (die < 8) { /* the agent of a lane dies with all it holds */
		while (w->flight_count[target][lane])
			lose(w, target, lane, 0);
	} else if (die < 11) {
		model_back(&w->model, target, w->now);
		dispatch_target_back(w->dispatch, target, w->now);
	} else if (die < 60 && w->model.waiting[target].count) { /* cancelled, or authority lost */
		const struct crowd *crowd = die < 45 || !w->model.flying[target].count
		                                    ? &w->model.waiting[target]
		                                    : &w->model.flying[target];
		int64_t id = crowd->ids[roll(w, crowd->count)];
		w->model.seen[id].withdrawn = true;
		dispatch_withdraw(w->dispatch, id, "cancelled", w->now);
		take_changes(w);
	} else if (die < 40 &&
	           w->model.count > 1) { /* the operator, or a late receipt, ends an UNKNOWN */
		int64_t id = 1 + (int64_t)roll(w, w->model.count - 1);
		if (w->model.seen[id].state != DELIVERY_UNKNOWN)
			return;
		w->model.seen[id].retried = true;
		dispatch_retry(w->dispatch, id, w->now);
		take_changes(w);
	}
}

static void pass_time(struct world *w, bool releasing)
{
	int64_t wake = dispatch_wake(w->dispatch, w->now);

	if (releasing && roll(w, 20000) == 0)
		w->now +=
		        HOUR / 2 + (int64_t)roll(w, HOUR); /* suspended, or moved to another host */
	else if (releasing || (wake - w->now < 100 && roll(w, 2)))
		w->now += 1 + (int64_t)roll(w, 40);
	else
		w->now = wake > w->now && wake - w->now < HOUR ? wake : w->now + 1000;
}

void world_step(struct world *w, bool releasing)
{
	pass_time(w, releasing);
	if (!releasing)
		for (int i = 0; i < MODEL_TARGETS; i++)
			w->moods[i] = HEALTHY;
	if (roll(w, 2)) {
		dispatch_tick(w->dispatch, w->now);
		take_changes(w);
	}
	if (releasing && roll(w, 2))
		release(w);
	answers(w);
	if (releasing)
		mishaps(w);
	for (int target = 0; target < MODEL_TARGETS; target++)
		for (int lane = 0; lane < (sides[target].lanes ? MODEL_LANES : 1); lane++)
			hand_out(w, target, lane);
}
