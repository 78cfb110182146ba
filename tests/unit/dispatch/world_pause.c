/* SPDX-License-Identifier: Apache-2.0
 * world_pause - see world.h: officers who hold back one far side of a bulletin and let it go again,
 * as outbox/pause.c and outbox_pause.c do: on disk first, what waits is held in dispatch, blocks in
 * flight are called back, and what comes back while it is held waits.
 */
#include "world.h"

#include <stdlib.h>

#include "check.h"
#include "mem.h"

enum { PAUSES_MOST = 60 };

static struct pause *find(const struct world *w, int64_t order, int target)
{
	for (size_t i = 0; i < w->pause_count; i++)
		if (w->pauses[i].order == order && w->pauses[i].target == target)
			return &w->pauses[i];
	return NULL;
}

/* What its agent has of it comes back soon, whatever of it had not begun. */
void world_call_back(struct world *w, int64_t id)
{
	const struct seen *s = &w->model.seen[id];
	struct carrier *c = &w->carriers[s->is.target][model_lane(&w->model, s)];

	for (size_t i = 0; i < c->flight_count; i++) {
		struct flight *f = &c->flights[i];
		if (f->id != id || f->arrived)
			continue;
		f->verdict = DEFERRED;
		f->arrive_at = INT64_MAX;
		f->answer_at = w->now + (int64_t)world_roll(w, 30);
		w->halted[id] = true;
	}
}

bool world_given_back(struct world *w, int64_t id)
{
	if (w->model.seen[id].state != DELIVERY_SENDING)
		return false;
	w->halted[id] = false;
	model_put_back(&w->model, id);
	dispatch_put_back(w->dispatch, id, w->now);
	world_take_changes(w);
	return true;
}

static void hold(struct world *w, int64_t id, bool on)
{
	struct seen *s = &w->model.seen[id];

	if (model_ended(s->state))
		return;
	model_hold(&w->model, id, on, w->now);
	if (s->on_disk)
		return;
	dispatch_hold_back(w->dispatch, id, on, w->now);
	if (on && s->job && s->state == DELIVERY_SENDING) {
		w->halted[id] = w->orphans[id] != 0;
		world_call_back(w, id);
	}
}

void world_hold_new(struct world *w, int64_t id)
{
	if (find(w, w->ledger.kept[id].order, w->model.seen[id].is.target))
		hold(w, id, true);
}

static void hold_all(struct world *w, const struct pause *pause, bool on)
{
	const struct release_of_chain *chain = &w->ledger.chains[pause->chain];

	for (size_t i = 0; i < chain->id_count; i++) {
		int64_t id = chain->ids[i];
		if (w->ledger.kept[id].order == pause->order &&
		        w->model.seen[id].is.target == pause->target)
			hold(w, id, on);
	}
	world_hold_rests(w, pause->order, pause->target, on);
}

static void end(struct world *w, size_t i)
{
	struct pause pause = w->pauses[i];

	w->pauses[i] = w->pauses[--w->pause_count];
	hold_all(w, &pause, false);
}

/* Something of it is open there, and it is neither red nor takes something back. */
static bool may_be_held(const struct world *w, const struct pause *pause)
{
	const struct release_of_chain *chain = &w->ledger.chains[pause->chain];
	bool open = false;

	for (size_t i = 0; i < chain->id_count; i++) {
		const struct kept *kept = &w->ledger.kept[chain->ids[i]];
		const struct seen *s = &w->model.seen[chain->ids[i]];
		if (kept->order != pause->order || s->is.target != pause->target)
			continue;
		if (kept->rank == LEDGER_RANKS - 1 || s->is.correction)
			return false;
		open = open || kept->state == DELIVERY_WAITING || kept->state == DELIVERY_SENDING;
	}
	return open && !w->model.targets[pause->target].projection;
}

static void begin(struct world *w)
{
	bool job = w->rest_count && world_roll(w, 2);
	int chain = job ? w->model.seen[w->rests[world_roll(w, w->rest_count)].last].chain
	                : w->live_chains[world_roll(w, w->live_count)];
	struct pause pause = {.chain = chain,
	        .order = w->ledger.chains[chain].newest,
	        .target = (int)world_roll(w, MODEL_TARGETS)};

	if (find(w, pause.order, pause.target) || !may_be_held(w, &pause))
		return;
	*(struct pause *)mem_push(&w->pauses, &w->pause_count, sizeof pause) = pause;
	w->paused++;
	hold_all(w, &pause, true);
}

void world_pause_or_resume(struct world *w)
{
	for (size_t i = w->pause_count; i-- > 0;) /* replaced: what comes back of it may end */
		if (w->ledger.chains[w->pauses[i].chain].newest != w->pauses[i].order)
			end(w, i);
	if (w->pause_count && (w->pause_count > PAUSES_MOST || world_roll(w, 8) == 0))
		end(w, world_roll(w, w->pause_count));
	else
		for (int tries = 0; w->live_count && tries < 10; tries++)
			begin(w);
}

void world_resume_all(struct world *w)
{
	while (w->pause_count)
		end(w, 0);
}
