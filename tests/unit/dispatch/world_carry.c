/* SPDX-License-Identifier: Apache-2.0
 * world_carry - see world.h: what the outbox does between dispatch and ledger, the agents as
 * channels/host_*.c makes them, and the far sides.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "check.h"
#include "mem.h"

enum { GRACE = 2000 }; /* after a deadline, until the host's guard ends the process */

void world_take_changes(struct world *w)
{
	struct dispatch_change change;

	while (dispatch_take_change(w->dispatch, &change)) {
		struct write write = {.id = change.id,
		        .state = change.state,
		        .due = change.due,
		        .doubts = change.doubts};
		if (change.rest) {
			world_rest_ended(w, &change);
			continue;
		}
		model_change(&w->model, &change, w->now);
		ledger_write(&w->ledger, &write);
	}
}

static bool take_hand(struct carrier *c, int64_t id)
{
	for (size_t i = 0; i < c->hand_count; i++)
		if (c->hands[i] == id) {
			c->hands[i] = c->hands[--c->hand_count];
			return true;
		}
	return false;
}

static struct carrier *carrier_of(struct world *w, int64_t id)
{
	const struct seen *s = &w->model.seen[id];

	return &w->carriers[s->is.target][model_lane(&w->model, s)];
}

/* --- out ----------------------------------------------------------------------------------------
 */

static int64_t answer_time(struct world *w, int target)
{
	switch (w->moods[target]) {
	case HANGING:
		return INT64_MAX;
	case SLOW:
		return w->now + 500 +
		       (int64_t)world_roll(w, 4000); /* at times past an urgent deadline */
	case DEAD:
		return world_roll(w, 2) ? INT64_MAX : w->now + 3000;
	default:
		return w->now + 1 + (int64_t)world_roll(w, 50);
	}
}

static int verdict_of(struct world *w, int target)
{
	uint64_t die = world_roll(w, 100);

	if (w->moods[target] == FAILING)
		return die < 70 ? DEFERRED : die < 85 ? UNKNOWN : die < 95 ? DELIVERED : REJECTED;
	return die < 92 ? DELIVERED : die < 95 ? DEFERRED : die < 98 ? UNKNOWN : REJECTED;
}

/* What the far side will make of it, decided as it leaves. A deferral without a key means: known
 * not to have arrived. */
static void fly(struct world *w, struct carrier *c, int64_t id, int64_t deadline)
{
	int target = w->model.seen[id].is.target;
	struct flight *f = mem_push(&c->flights, &c->flight_count, sizeof *f);
	bool key = w->model.targets[target].takes_key;

	f->id = id;
	f->deadline = deadline;
	f->begin_at = w->now + (int64_t)world_roll(w, world_roll(w, 20) ? 5 : 4000);
	f->verdict = verdict_of(w, target);
	f->answer_at = answer_time(w, target);
	if (f->answer_at != INT64_MAX)
		f->answer_at += f->begin_at - w->now;
	bool comes =
	        f->verdict == DELIVERED ||
	        ((f->verdict == UNKNOWN || (key && f->verdict == DEFERRED)) && world_roll(w, 2));
	int64_t last = f->answer_at < deadline ? f->answer_at : deadline;
	f->arrive_at =
	        comes && last > f->begin_at
	                ? f->begin_at + (int64_t)world_roll(w, (uint64_t)(last - f->begin_at))
	                : INT64_MAX;
	if (f->answer_at > deadline && f->answer_at != INT64_MAX) { /* given up in time */
		f->answer_at = deadline;
		f->verdict = key ? DEFERRED : UNKNOWN;
	} else if (f->verdict == DELIVERED && f->arrive_at == INT64_MAX) {
		f->verdict = key ? DEFERRED : UNKNOWN;
	}
}

void world_hand_out(struct world *w, int target, int lane)
{
	struct carrier *c = &w->carriers[target][lane];

	while (!c->link_at) {
		int64_t deadline = 0;
		int64_t id = dispatch_next(
		        w->dispatch, target, (enum dispatch_lane)lane, w->now, &deadline);
		world_take_changes(w); /* what expired on the way */
		world_take_wishes(w);
		if (!id) {
			model_idle(&w->model, target, (enum dispatch_lane)lane, w->now);
			return;
		}
		model_handed(&w->model, id, target, (enum dispatch_lane)lane, w->now, deadline);
		*(int64_t *)mem_push(&c->hands, &c->hand_count, sizeof id) = id;
		enum world_mark marked = w->marked[id];
		w->marked[id] = WORLD_NO_MARK;
		if (marked == WORLD_MARKED) {
			fly(w, c, id, deadline);
			continue;
		}
		struct write mark = {
		        .id = id, .mark = true, .due = deadline, .serial = ++w->serials[id]};
		ledger_write(&w->ledger, &mark);
	}
}

void world_unmark(struct world *w, int64_t id)
{
	struct write write = {.id = id, .state = DELIVERY_WAITING};

	w->marked[id] = WORLD_TAKEN_BACK;
	ledger_write(&w->ledger, &write);
}

static void withdraw(struct world *w, int64_t id, const char *reason)
{
	model_put_back(&w->model, id);
	dispatch_put_back(w->dispatch, id, w->now);
	world_take_changes(w);
	w->model.seen[id].withdrawn = true;
	dispatch_withdraw(w->dispatch, id, reason, w->now);
	world_take_changes(w);
}

static void landed(struct world *w, const struct write *write, enum landed how)
{
	struct carrier *c = carrier_of(w, write->id);

	if (!write->mark) { /* the agent may forget */
		for (size_t i = 0; i < c->said_count; i++)
			if (c->said[i].id == write->id) {
				c->said[i] = c->said[--c->said_count];
				return;
			}
		return;
	}
	if (write->serial != w->serials[write->id] || !take_hand(c, write->id))
		return; /* its agent went meanwhile */
	if (how == LANDED && w->model.seen[write->id].held) {
		world_given_back(w, write->id);
	} else if (how == LANDED) {
		*(int64_t *)mem_push(&c->hands, &c->hand_count, sizeof write->id) = write->id;
		fly(w, c, write->id, write->due);
	} else {
		withdraw(w, write->id, how == LANDED_LOST ? "authority lost" : "refused");
	}
}

void world_land(struct world *w, size_t most)
{
	struct write write;
	enum landed how;

	while (most-- > 0 && ledger_land(&w->ledger, &write, &how))
		landed(w, &write, how);
}

/* --- at the far side ----------------------------------------------------------------------------
 */

static void arrive(struct world *w, int64_t id, int64_t at)
{
	const struct seen *s = &w->model.seen[id];
	const char *name = w->model.targets[s->is.target].name;
	int64_t *newest = &w->reached[s->chain][s->is.target];

	if (s->is.expires && s->is.expires < at)
		fail_msg("%s: %lld arrived after its expiry", name, (long long)id);
	if (w->arrivals[id]++) {
		w->repeats++;
		if (!w->model.targets[s->is.target].takes_key &&
		        w->arrivals[id] >
		                1 + w->resent[id] + (level_rank(s->is.level) >= 3 ? 2 : 0))
			fail_msg("%s: %lld arrived %d times", name, (long long)id, w->arrivals[id]);
		return;
	}
	if (s->is.order < *newest)
		fail_msg("%s: %lld arrived behind a newer one of its chain", name, (long long)id);
	*newest = s->is.order;
}

/* --- back ---------------------------------------------------------------------------------------
 */

/* tocsind hears an answer. */
static void hear(struct world *w, const struct flight *f)
{
	struct seen *s = &w->model.seen[f->id];
	bool final = f->verdict == DELIVERED || f->verdict == REJECTED;
	bool back =
	        final && (w->model.ill[s->is.target] ||
	                         w->model.failures[s->is.target][model_lane(&w->model, s)] >= 5);

	take_hand(carrier_of(w, f->id), f->id);
	w->orphans[f->id] = 0;
	if (w->halted[f->id] && f->verdict == DEFERRED && world_given_back(w, f->id))
		return;
	if (!model_ended(s->state) || s->state == DELIVERY_UNKNOWN)
		if (final || s->state == DELIVERY_SENDING)
			model_told(&w->model, f->id, final, f->verdict == UNKNOWN);
	if (back)
		model_may_be_back(&w->model, s->is.target, w->now);
	dispatch_done(w->dispatch, f->id, f->verdict,
	        world_roll(w, 10) ? 0 : (int64_t)world_roll(w, 100000), w->now);
	world_take_changes(w);
}

static void answer(struct world *w, struct carrier *c, size_t i)
{
	struct flight f = c->flights[i];

	c->flights[i] = c->flights[--c->flight_count];
	*(struct flight *)mem_push(&c->said, &c->said_count, sizeof f) = f;
	if (!c->link_at)
		hear(w, &f);
}

static bool said_delivered(const struct carrier *c, int64_t id)
{
	for (size_t i = 0; i < c->said_count; i++)
		if (c->said[i].id == id && c->said[i].verdict == DELIVERED)
			return true;
	return false;
}

/* The host looks once more before the first byte. */
static void begin(struct world *w, struct carrier *c, struct flight *f)
{
	const struct seen *s = &w->model.seen[f->id];

	f->begun = f->known = true;
	if (said_delivered(c, f->id)) {
		f->verdict = DELIVERED;
		f->answer_at = w->now;
		f->arrive_at = INT64_MAX;
	} else if (w->now >= f->deadline) {
		f->verdict = DEFERRED;
		f->answer_at = w->now;
		f->arrive_at = INT64_MAX;
	} else if (s->is.expires && s->is.expires <= w->now) {
		f->verdict = REJECTED;
		f->answer_at = w->now;
		f->arrive_at = INT64_MAX;
	}
}

static void carry(struct world *w, int target, int lane)
{
	struct carrier *c = &w->carriers[target][lane];

	for (size_t i = c->flight_count; i-- > 0;) {
		struct flight *f = &c->flights[i];
		if (!f->begun && f->begin_at <= w->now)
			begin(w, c, f);
		if (f->begun && !f->arrived && f->arrive_at <= w->now) {
			f->arrived = true;
			arrive(w, f->id, f->arrive_at);
		}
		if (f->begun && f->answer_at <= w->now) {
			answer(w, c, i);
		} else if (f->deadline + GRACE < w->now) {
			world_carrier_dies(w, target, lane); /* the guard bites */
			return;
		}
	}
}

void world_carry(struct world *w)
{
	for (int target = 0; target < MODEL_TARGETS; target++)
		for (int lane = 0; lane < MODEL_LANES; lane++)
			carry(w, target, lane);
}

/* --- deaths -------------------------------------------------------------------------------------
 */

static const struct flight *begun(const struct carrier *c, int64_t id)
{
	for (size_t i = 0; i < c->flight_count; i++)
		if (c->flights[i].id == id && c->flights[i].begun)
			return &c->flights[i];
	return NULL;
}

/* tocsind: what was not begun goes out again, what was waits until its agent is back or its
 * deadline. */
static void hands_empty(struct world *w, struct carrier *c)
{
	while (c->hand_count) {
		int64_t id = c->hands[--c->hand_count];
		if (w->model.seen[id].state != DELIVERY_SENDING)
			continue;
		w->halted[id] = w->halted[id] && begun(c, id);
		if (begun(c, id)) {
			w->orphans[id] = w->model.seen[id].deadline;
			continue;
		}
		model_put_back(&w->model, id);
		dispatch_lost(w->dispatch, id, false, w->now);
		world_take_changes(w);
	}
}

void world_carrier_dies(struct world *w, int target, int lane)
{
	struct carrier *c = &w->carriers[target][lane];

	if (!c->link_at) {
		hands_empty(w, c);
		w->model.ill[target] = false;
		dispatch_far_unknown(w->dispatch, target, (enum dispatch_lane)lane, w->now);
	}
	for (size_t i = 0; i < c->flight_count; i++) /* the last bytes may still be on their way */
		if (c->flights[i].begun && !c->flights[i].arrived &&
		        c->flights[i].arrive_at < c->flights[i].deadline && world_roll(w, 2))
			arrive(w, c->flights[i].id, c->flights[i].arrive_at);
	for (size_t i = 0; i < c->said_count; i++)
		w->resent[c->said[i].id]++; /* its word dies with it */
	c->flight_count = c->said_count = 0;
	c->link_at = w->now + 100 + (int64_t)world_roll(w, 3000);
}

void world_unlink(struct world *w, int target, int lane)
{
	struct carrier *c = &w->carriers[target][lane];
	size_t left = 0;

	for (size_t i = 0; i < c->flight_count; i++)
		if (c->flights[i].begun)
			c->flights[left++] = c->flights[i];
	c->flight_count = left;
	c->hand_count = 0;
	c->link_at = w->now + 50 + (int64_t)world_roll(w, 2000);
}

/* Hello with what is in flight, then the answers nobody has put on disk, then ready: what tocsind
 * thinks is here and is not, is lost. */
static void link_up(struct world *w, int target, int lane)
{
	struct carrier *c = &w->carriers[target][lane];

	c->link_at = 0;
	model_back(&w->model, target, w->now);
	dispatch_target_back(w->dispatch, target, w->now);
	for (size_t i = 0; i < c->flight_count; i++) {
		int64_t id = c->flights[i].id;
		*(int64_t *)mem_push(&c->hands, &c->hand_count, sizeof id) = id;
		w->orphans[id] = 0;
		if (w->halted[id])
			world_call_back(w, id);
	}
	for (size_t i = 0; i < c->said_count; i++) {
		struct flight f = c->said[i];
		hear(w, &f);
	}
	dispatch_set_window(w->dispatch, target, (enum dispatch_lane)lane, w->model.most[target]);
	for (size_t i = w->model.flying[target].count; i-- > 0;) {
		int64_t id = w->model.flying[target].ids[i];
		if (!w->orphans[id] || model_lane(&w->model, &w->model.seen[id]) != lane)
			continue;
		w->orphans[id] = 0;
		w->halted[id] = false;
		model_told(&w->model, id, false, true);
		dispatch_lost(w->dispatch, id, true, w->now);
		world_take_changes(w);
	}
}

void world_link(struct world *w)
{
	for (int target = 0; target < MODEL_TARGETS; target++)
		for (int lane = 0; lane < (w->model.targets[target].lanes ? MODEL_LANES : 1);
		        lane++)
			if (w->carriers[target][lane].link_at &&
			        w->carriers[target][lane].link_at <= w->now)
				link_up(w, target, lane);
}
