/* SPDX-License-Identifier: Apache-2.0
 * world_rest - see world.h: blocks of a job that stay on disk, as the outbox keeps them there. What
 * dispatch wishes for is read later, at times not at all; a crash loses the wish and who had been
 * loaded, and the start reads nothing of it but how many there are.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "check.h"
#include "mem.h"

static struct rest *find(struct world *w, int64_t name)
{
	for (size_t i = 0; i < w->rest_count; i++)
		if (w->rests[i].name == name)
			return &w->rests[i];
	return NULL;
}

static void drop(struct world *w, struct rest *rest)
{
	*rest = w->rests[--w->rest_count];
}

bool world_is_on_disk(const struct world *w, int64_t id)
{
	const struct kept *kept = &w->ledger.kept[id];

	return w->model.seen[id].job && kept->rank < LEDGER_RANKS - 1 &&
	       kept->state == DELIVERY_WAITING && !kept->attempt;
}

void world_add_rest(struct world *w, int64_t first, int64_t last)
{
	const struct seen *s = &w->model.seen[first];
	struct dispatch_delivery like = s->is;
	char *chain = mem_format("chain-%d", s->chain);
	struct rest rest = {.name = -++w->rest_names, .from = first, .last = last};
	int64_t count = 0;

	for (int64_t id = first; id <= last; id++)
		count += w->model.seen[id].on_disk;
	like.id = rest.name;
	like.chain = chain;
	like.due = s->due;
	*(struct rest *)mem_push(&w->rests, &w->rest_count, sizeof rest) = rest;
	dispatch_add_rest(w->dispatch, &like, count, w->now);
	free(chain);
	world_take_changes(w);
	if (!find(w, rest.name))
		return;
	dispatch_hold_back(w->dispatch, rest.name, s->held, w->now);
	w->stayed += (size_t)count;
}

void world_hold_rests(struct world *w, int64_t order, int target, bool on)
{
	for (size_t i = 0; i < w->rest_count; i++) {
		const struct seen *s = &w->model.seen[w->rests[i].last];
		if (s->is.order == order && s->is.target == target)
			dispatch_hold_back(w->dispatch, w->rests[i].name, on, w->now);
	}
}

/* What is on disk of this chain has ended there with a release. */
void world_end_rests(struct world *w, int chain)
{
	for (size_t i = w->rest_count; i-- > 0;)
		if (w->model.seen[w->rests[i].last].chain == chain) {
			dispatch_withdraw(
			        w->dispatch, w->rests[i].name, "withdrawn by a release", w->now);
			world_take_changes(w);
		}
}

/* All of it ends: each as the model allows it, and in the ledger by one statement. */
void world_rest_ended(struct world *w, const struct dispatch_change *change)
{
	struct rest *rest = find(w, change->id);
	struct dispatch_change one = *change;
	int64_t count = 0;

	assert_non_null(rest);
	struct write write = {.id = rest->from, .last = rest->last, .state = change->state};
	one.rest = 0;
	for (one.id = rest->from; one.id <= rest->last; one.id++) {
		if (!w->model.seen[one.id].on_disk)
			continue;
		model_change(&w->model, &one, w->now);
		count++;
	}
	assert_int_equal(count, change->rest);
	ledger_write(&w->ledger, &write);
	drop(w, rest);
}

void world_take_wishes(struct world *w)
{
	struct dispatch_wish wish;

	while (dispatch_take_wish(w->dispatch, &wish)) {
		struct rest *rest = find(w, wish.rest);
		assert_non_null(rest);
		assert_int_equal(rest->read_at, 0);
		assert_in_range(wish.most, 1, WORLD_LOADED);
		model_wished(&w->model, rest->last, w->now);
		rest->most = wish.most;
		rest->read_at = w->now + 1 + (int64_t)world_roll(w, world_roll(w, 20) ? 20 : 2000);
		w->model.jobs[w->model.seen[rest->last].job].reading = true;
	}
}

static void load(struct world *w, int64_t id)
{
	struct dispatch_delivery delivery = w->model.seen[id].is;
	char *chain = mem_format("chain-%d", w->model.seen[id].chain);

	model_load(&w->model, id);
	delivery.chain = chain;
	delivery.due = w->model.seen[id].due;
	dispatch_add(w->dispatch, &delivery, w->now);
	free(chain);
	world_take_changes(w);
	world_hold_new(w, id);
}

static void read(struct world *w, int64_t name)
{
	struct rest *rest = find(w, name);
	struct job *job = &w->model.jobs[w->model.seen[rest->last].job];
	int64_t from = rest->from, last = rest->last, left = 0;
	int most = rest->most;

	rest->read_at = 0;
	job->reading = false;
	if (world_roll(w, 20) == 0) {
		job->unread_until = w->now + 1000;
		dispatch_rest_unread(w->dispatch, name, w->now);
		return;
	}
	for (; from <= last && most; from++)
		if (world_is_on_disk(w, from)) {
			load(w, from);
			most--;
		}
	for (int64_t id = from; id <= last; id++)
		left += world_is_on_disk(w, id);
	find(w, name)->from = from;
	if (!left)
		drop(w, find(w, name));
	dispatch_rest_read(w->dispatch, name, left, w->now);
	model_check_loaded(&w->model, w->model.seen[last].job, WORLD_LOADED);
}

void world_read(struct world *w)
{
	for (size_t i = w->rest_count; i-- > 0;)
		if (w->rests[i].read_at && w->rests[i].read_at <= w->now)
			read(w, w->rests[i].name);
}

/* After a crash: of each job what nobody has tried. */
void world_find_rests(struct world *w)
{
	int64_t first = 0;

	w->rest_count = 0;
	for (int64_t id = 1; id < (int64_t)w->ledger.count; id++) {
		bool here = w->model.seen[id].on_disk;
		if (here && !first)
			first = id;
		bool last = id + 1 == (int64_t)w->ledger.count ||
		            w->model.seen[id + 1].job != w->model.seen[id].job;
		if (!first || !last)
			continue;
		world_add_rest(w, first, id);
		first = 0;
	}
}
