/* SPDX-License-Identifier: Apache-2.0
 * world - see world.h: operators, mishaps, the clock, and tocsind's own deaths.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "check.h"
#include "mem.h"

enum { HOUR = 3600000, ORPHAN = 15000 };

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
        {.name = "sms",
                .lanes = true,
                .back_off_first = 500,
                .back_off_most = 300000,
                .quiet_rank = 2},
        {.name = "weibo",
                .lanes = true,
                .back_off_first = 1000,
                .back_off_most = 300000,
                .per_minute = 600,
                .quiet_rank = 1},
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
static const int mosts[MODEL_TARGETS] = {16, 8, 4, 2, 1, 4};

uint64_t world_roll(struct world *w, uint64_t sides_of_die)
{
	w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (w->random >> 33) % sides_of_die;
}

static void start_dispatch(struct world *w)
{
	w->dispatch = dispatch_create(w->seed + w->crashes);
	dispatch_set_loaded(w->dispatch, WORLD_LOADED);
	for (int i = 0; i < MODEL_TARGETS; i++) {
		dispatch_add_target(w->dispatch, &sides[i]);
		dispatch_set_quiet(w->dispatch, i, w->quiet_until[i]);
	}
}

void world_init(struct world *w, uint64_t seed)
{
	*w = (struct world){.random = seed, .seed = seed, .now = 5000000};
	w->model.started = w->now;
	w->model.loaded = WORLD_LOADED;
	for (int i = 0; i < MODEL_TARGETS; i++) {
		w->model.targets[i] = sides[i];
		w->model.most[i] = mosts[i];
		for (int lane = 0; lane < MODEL_LANES; lane++)
			w->carriers[i][lane].link_at = w->now;
	}
	start_dispatch(w);
}

void world_finish(struct world *w)
{
	dispatch_destroy(&w->dispatch);
	model_finish(&w->model);
	ledger_finish(&w->ledger);
	for (int i = 0; i < MODEL_TARGETS; i++)
		for (int lane = 0; lane < MODEL_LANES; lane++) {
			free(w->carriers[i][lane].flights);
			free(w->carriers[i][lane].said);
			free(w->carriers[i][lane].hands);
		}
	free(w->serials);
	free(w->marked);
	free(w->halted);
	free(w->pauses);
	free(w->rests);
	free(w->orphans);
	free(w->arrivals);
	free(w->resent);
	free(w->reached);
	free(w->live_chains);
}

bool world_over(const struct world *w)
{
	if (!model_over(&w->model))
		return false;
	for (int rank = 0; rank < LEDGER_RANKS; rank++)
		if (w->ledger.queue[rank].landed < w->ledger.queue[rank].count)
			return false;
	return true;
}

/* --- releases -----------------------------------------------------------------------------------
 */

static void make_room(struct world *w, int64_t id)
{
	size_t counts[6] = {w->id_room, w->id_room, w->id_room, w->id_room, w->id_room, w->id_room};

	while (w->id_room <= (size_t)id) {
		mem_push(&w->serials, &counts[0], sizeof *w->serials);
		mem_push(&w->orphans, &counts[1], sizeof *w->orphans);
		mem_push(&w->arrivals, &counts[2], sizeof *w->arrivals);
		mem_push(&w->resent, &counts[3], sizeof *w->resent);
		mem_push(&w->marked, &counts[4], sizeof *w->marked);
		mem_push(&w->halted, &counts[5], sizeof *w->halted);
		w->id_room++;
	}
}

/* As the outbox hears of it: the ledger has it already. */
static void add(struct world *w, struct dispatch_delivery *delivery, int chain)
{
	char *text = mem_format("chain-%d", chain);

	delivery->chain = text;
	dispatch_add(w->dispatch, delivery, w->now);
	free(text);
	world_take_changes(w);
	world_hold_new(w, delivery->id);
}

static void end_older(struct world *w, int chain)
{
	struct ids ended = {0};

	ledger_release(&w->ledger, chain, w->order, &ended);
	for (size_t i = 0; i < ended.count; i++) {
		struct seen *s = &w->model.seen[ended.ids[i]];
		if (model_ended(s->state) && s->state != DELIVERY_UNKNOWN)
			continue;
		s->withdrawn = true;
		dispatch_withdraw(w->dispatch, ended.ids[i], "withdrawn by a release", w->now);
		world_take_changes(w);
	}
	world_end_rests(w, chain);
	free(ended.ids);
}

static enum dispatch_lane lane_of(const struct dispatch_delivery *delivery)
{
	bool urgent = level_rank(delivery->level) >= level_rank(LEVEL_ORANGE);

	return urgent || !sides[delivery->target].lanes ? DISPATCH_URGENT : DISPATCH_ROUTINE;
}

/* As release_commit.c asks: would it be handed out at once? */
static bool at_once(struct world *w, const struct dispatch_delivery *delivery, int chain)
{
	int rank = level_rank(delivery->level);

	return !delivery->due && delivery->cost == 1 &&
	       (delivery->level == LEVEL_RED || ledger_caught_up(&w->ledger)) &&
	       !w->carriers[delivery->target][lane_of(delivery)].link_at &&
	       !w->ledger.chains[chain].lost &&
	       dispatch_prompt(w->dispatch, delivery->target, rank, w->now);
}

/* Blocks of a job: what is red comes whole, of the others a few. */
static void release_job(struct world *w, struct dispatch_delivery *delivery, int chain)
{
	int blocks = 2 + (int)world_roll(w, world_roll(w, 3) ? 60 : 6);
	int here = level_rank(delivery->level) == LEDGER_RANKS - 1 ? blocks : (int)world_roll(w, 5);
	int job = model_add_job(&w->model);
	int64_t first = 0;

	for (int i = 0; i < blocks; i++) {
		delivery->id = model_add(&w->model, delivery, chain);
		make_room(w, delivery->id);
		model_join_job(&w->model, delivery->id, job, i >= here);
		w->model.seen[delivery->id].came = w->now;
		ledger_add(&w->ledger, delivery->id, chain, delivery->order, delivery->level,
		        DELIVERY_WAITING);
		if (i < here)
			add(w, delivery, chain);
		else if (!first)
			first = delivery->id;
	}
	if (first)
		world_add_rest(w, first, delivery->id);
}

static void release_to(struct world *w, struct dispatch_delivery *delivery, int chain)
{
	if (!sides[delivery->target].projection && world_roll(w, 60) == 0) {
		release_job(w, delivery, chain);
		return;
	}
	delivery->id = model_add(&w->model, delivery, chain);
	make_room(w, delivery->id);
	w->model.seen[delivery->id].came = w->now;
	if (at_once(w, delivery, chain))
		w->marked[delivery->id] = WORLD_MARKED;
	ledger_add(&w->ledger, delivery->id, chain, delivery->order, delivery->level,
	        w->marked[delivery->id] ? DELIVERY_SENDING : DELIVERY_WAITING);
	add(w, delivery, chain);
	if (w->marked[delivery->id])
		world_hand_out(w, delivery->target, lane_of(delivery));
	if (w->marked[delivery->id])
		world_unmark(w, delivery->id);
}

/* A first issue, or something newer in a chain that is out. */
static void release(struct world *w)
{
	bool first = !w->live_count || world_roll(w, 10) < 6;
	size_t pick = w->live_count ? world_roll(w, w->live_count) : 0;
	int chain = first ? model_add_chain(&w->model) : w->live_chains[pick];
	bool last = !first && world_roll(w, 2);
	struct dispatch_delivery delivery = {
	        .order = ++w->order,
	        .level = (enum level)world_roll(w, LEVEL_COUNT),
	        .correction = last,
	        .expires = world_roll(w, 50) ? w->now + 1000 +
	                                               (int64_t)world_roll(w,
	                                                       world_roll(w, 3) ? 2 * HOUR : 20000)
	                                     : 0,
	        .due = world_roll(w, 20) ? 0 : w->now + (int64_t)world_roll(w, HOUR / 4),
	};

	if (first) {
		*(int *)mem_push(&w->live_chains, &w->live_count, sizeof chain) = chain;
		size_t count = (size_t)chain;
		mem_push(&w->reached, &count, sizeof *w->reached);
	} else if (last) {
		w->live_chains[pick] = w->live_chains[--w->live_count];
	}
	end_older(w, chain);
	for (int i = 0; i < MODEL_TARGETS; i++) {
		delivery.target = i;
		delivery.cost = i == 2 ? 1 + (int)world_roll(w, 1000)
		                       : 1 + (int)(world_roll(w, 10) == 0) * (int)world_roll(w, 30);
		if (world_roll(w, 4))
			release_to(w, &delivery, chain);
	}
	w->alerts++;
}

/* --- tocsind dies and starts again --------------------------------------------------------------
 */

/* Of one level no more in flight than its agent takes: marks and answers of one level land in their
 * order. A red mark lands before the answers of the reds before it: those whose answer is known
 * come on top. Marks that are being taken back are in nobody's hands.
 */
static void check_in_flight(struct world *w)
{
	int flying[MODEL_TARGETS][MODEL_LANES][LEDGER_RANKS] = {0};

	for (size_t id = 1; id < w->ledger.count; id++) {
		const struct seen *s = &w->model.seen[id];
		const struct kept *kept = &w->ledger.kept[id];
		bool answered = kept->rank == LEDGER_RANKS - 1 && s->state != DELIVERY_SENDING;
		if (kept->state != DELIVERY_SENDING || answered ||
		        w->marked[id] == WORLD_TAKEN_BACK)
			continue;
		if (++flying[s->is.target][model_lane(&w->model, s)][kept->rank] >
		        mosts[s->is.target])
			fail_msg("%s: more than %d of level %d in flight on disk",
			        sides[s->is.target].name, mosts[s->is.target], kept->rank);
	}
}

static void replay_one(struct world *w, int64_t id)
{
	const struct kept *kept = &w->ledger.kept[id];
	struct seen *s = &w->model.seen[id];
	struct dispatch_delivery delivery = s->is;
	char *text = mem_format("chain-%d", s->chain);
	int64_t orphan_until = w->now + ORPHAN;

	s->came = w->now;
	s->on_disk = world_is_on_disk(w, id);
	delivery.chain = text;
	delivery.overtaken = kept->order < w->ledger.chains[kept->chain].newest;
	delivery.attempt = kept->attempt;
	delivery.doubts = kept->doubts;
	delivery.due = kept->due;
	model_replay(&w->model, id, kept->state, kept->due, orphan_until, kept->attempt,
	        kept->doubts, delivery.overtaken);
	w->orphans[id] = kept->state == DELIVERY_SENDING ? orphan_until : 0;
	w->halted[id] = false;
	w->marked[id] = WORLD_NO_MARK;
	if (!s->on_disk)
		dispatch_replay(w->dispatch, &delivery, kept->state, orphan_until, w->now);
	free(text);
	world_take_changes(w);
	world_hold_new(w, id);
}

static void crash(struct world *w)
{
	w->crashes++;
	ledger_crash(&w->ledger);
	check_in_flight(w);
	dispatch_destroy(&w->dispatch);
	start_dispatch(w);
	dispatch_drain(w->dispatch, w->now);
	model_crash(&w->model);
	for (int target = 0; target < MODEL_TARGETS; target++)
		for (int lane = 0; lane < MODEL_LANES; lane++)
			world_unlink(w, target, lane);
	w->now += 1 + (int64_t)world_roll(w, 3000);
	for (int64_t id = 1; id < (int64_t)w->ledger.count; id++) {
		if (ledger_pending(&w->ledger, id))
			replay_one(w, id);
		else
			model_end(&w->model, id, w->ledger.kept[id].state);
	}
	world_find_rests(w);
}

static void look_after_orphans(struct world *w)
{
	for (int target = 0; target < MODEL_TARGETS; target++)
		for (size_t i = w->model.flying[target].count; i-- > 0;) {
			int64_t id = w->model.flying[target].ids[i];
			if (!w->orphans[id] || w->orphans[id] > w->now)
				continue;
			w->orphans[id] = 0;
			w->halted[id] = false;
			model_told(&w->model, id, false, true);
			dispatch_lost(w->dispatch, id, true, w->now);
			world_take_changes(w);
		}
}

/* --- mishaps ------------------------------------------------------------------------------------
 */

static void set_mood(struct world *w, int target, enum mood mood)
{
	bool was = w->moods[target] == HEALTHY;
	bool watched = target < 2; /* their channels look for themselves */

	w->moods[target] = mood;
	if (!watched || was == (mood == HEALTHY) || w->carriers[target][0].link_at)
		return;
	if (mood == HEALTHY)
		model_back(&w->model, target, w->now);
	else
		w->model.ill[target] = true;
	w->model.ill_at[target] = w->now;
	dispatch_far(w->dispatch, target, DISPATCH_ALL, mood == HEALTHY, w->now);
}

static void take_authority_back(struct world *w)
{
	if (w->live_count)
		w->ledger.chains[w->live_chains[world_roll(w, w->live_count)]].lost = true;
}

/* An officer has looked: on disk first, then dispatch forgets it, and gets it again when it did not
 * come and its warning is in force. */
static void settle_one(struct world *w)
{
	int64_t id = 1 + (int64_t)world_roll(w, w->model.count - 1);
	struct seen *s = &w->model.seen[id];
	struct kept *kept = &w->ledger.kept[id];
	bool came = w->arrivals[id] && world_roll(w, 2);
	bool over = kept->order < w->ledger.chains[kept->chain].newest ||
	            (s->is.expires && s->is.expires <= w->now);

	if (s->state != DELIVERY_UNKNOWN || kept->state != DELIVERY_UNKNOWN)
		return;
	kept->state = came ? DELIVERY_DELIVERED : over ? DELIVERY_EXPIRED : DELIVERY_WAITING;
	kept->due = 0;
	kept->doubts = 0;
	model_settle(&w->model, id, kept->state);
	dispatch_withdraw(w->dispatch, id, "settled", w->now);
	if (kept->state == DELIVERY_WAITING) {
		struct dispatch_delivery again = s->is;
		again.due = 0;
		again.attempt = kept->attempt;
		w->resent[id] += 1 + 2; /* an urgent one may stay unknown again */
		add(w, &again, s->chain);
	}
	world_take_changes(w);
}

static void be_quiet(struct world *w, int target)
{
	w->quiet_until[target] = world_roll(w, 2) ? w->now + (int64_t)world_roll(w, HOUR) : 0;
	w->model.quiet_until[target] = w->quiet_until[target];
	dispatch_set_quiet(w->dispatch, target, w->quiet_until[target]);
}

static void mishaps(struct world *w)
{
	int target = (int)world_roll(w, MODEL_TARGETS);
	int lane = sides[target].lanes ? (int)world_roll(w, MODEL_LANES) : 0;
	uint64_t die = world_roll(w, 1000);

	if (die < 5)
		set_mood(w, target, world_roll(w, 2) ? HEALTHY : (enum mood)world_roll(w, MOODS));
	else if (die < 8)
		world_carrier_dies(w, target, lane);
	else if (die < 11)
		be_quiet(w, target);
	else if (die < 13)
		take_authority_back(w);
	else if (die < 43 && w->model.count > 1)
		settle_one(w);
	else if (die < 44)
		crash(w);
	else if (die < 74)
		world_pause_or_resume(w);
}

static void pass_time(struct world *w, bool releasing)
{
	int64_t wake = dispatch_wake(w->dispatch, w->now);

	if (releasing && world_roll(w, 20000) == 0)
		w->now += HOUR / 2 + (int64_t)world_roll(w, HOUR); /* suspended */
	else if (releasing || (wake - w->now < 100 && world_roll(w, 2)))
		w->now += 1 + (int64_t)world_roll(w, 40);
	else
		w->now = wake > w->now && wake - w->now < 1000 ? wake : w->now + 200;
}

void world_step(struct world *w, bool releasing)
{
	pass_time(w, releasing);
	if (!releasing)
		for (int i = 0; i < MODEL_TARGETS; i++)
			set_mood(w, i, HEALTHY);
	if (!releasing)
		world_resume_all(w);
	world_link(w);
	if (world_roll(w, 2)) {
		dispatch_tick(w->dispatch, w->now);
		world_take_changes(w);
		look_after_orphans(w);
	}
	if (releasing && world_roll(w, 2))
		release(w);
	world_carry(w);
	world_read(w);
	if (releasing)
		mishaps(w);
	for (int target = 0; target < MODEL_TARGETS; target++)
		for (int lane = 0; lane < (sides[target].lanes ? MODEL_LANES : 1); lane++)
			world_hand_out(w, target, lane);
	model_check_counts(&w->model, w->dispatch);
	world_land(w, releasing ? world_roll(w, 30) : 1000);
}
