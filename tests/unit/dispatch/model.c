/* SPDX-License-Identifier: Apache-2.0
 * model - see model.h.
 */
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "check.h"
#include "mem.h"

void model_finish(struct model *m)
{
	for (int i = 0; i < MODEL_TARGETS; i++) {
		for (int k = 0; k < MODEL_LANES * MODEL_RANKS; k++)
			free(m->waiting[i][k].ids);
		free(m->flying[i].ids);
	}
	free(m->seen);
	free(m->jobs);
	free(m->newest);
	*m = (struct model){0};
}

void model_note(struct model *m, int64_t a, int64_t b, int64_t c)
{
	const int64_t words[] = {a, b, c};

	for (int i = 0; i < 3; i++)
		m->trace = (m->trace ^ (uint64_t)words[i]) * UINT64_C(0x100000001b3) + 1;
}

bool model_ended(enum delivery_state state)
{
	return state != DELIVERY_WAITING && state != DELIVERY_SENDING;
}

int model_lane(const struct model *m, const struct seen *s)
{
	return m->targets[s->is.target].lanes && level_rank(s->is.level) < 3 ? DISPATCH_ROUTINE
	                                                                     : DISPATCH_URGENT;
}

static struct crowd *waiting_with(struct model *m, const struct seen *s)
{
	return &m->waiting[s->is.target][model_lane(m, s) * MODEL_RANKS + level_rank(s->is.level)];
}

/* One more, or one less, of its job that waits in dispatch. */
static void count_loaded(
        struct model *m, const struct crowd *crowd, const struct seen *s, int change)
{
	if (s->job && !s->on_disk && crowd != &m->flying[s->is.target])
		m->jobs[s->job].waiting += change;
}

static void join(struct model *m, struct crowd *crowd, int64_t id)
{
	const struct seen *s = &m->seen[id];

	m->in_lane[s->is.target][model_lane(m, s)] += crowd == &m->flying[s->is.target];
	count_loaded(m, crowd, s, 1);
	*(int64_t *)mem_push(&crowd->ids, &crowd->count, sizeof id) = id;
	m->seen[id].place = crowd->count - 1;
}

static void part(struct model *m, struct crowd *crowd, int64_t id)
{
	int64_t last = crowd->ids[--crowd->count];
	const struct seen *s = &m->seen[id];

	m->in_lane[s->is.target][model_lane(m, s)] -= crowd == &m->flying[s->is.target];
	count_loaded(m, crowd, s, -1);
	crowd->ids[m->seen[id].place] = last;
	m->seen[last].place = m->seen[id].place;
}

static void enter(struct model *m, int64_t id, enum delivery_state state)
{
	struct seen *s = &m->seen[id];

	if (s->state == DELIVERY_WAITING)
		part(m, waiting_with(m, s), id);
	else if (s->state == DELIVERY_SENDING)
		part(m, &m->flying[s->is.target], id);
	s->state = state;
	if (state == DELIVERY_WAITING)
		join(m, waiting_with(m, s), id);
	else if (state == DELIVERY_SENDING)
		join(m, &m->flying[s->is.target], id);
}

int model_add_chain(struct model *m)
{
	mem_push(&m->newest, &m->chain_count, sizeof *m->newest);
	return (int)m->chain_count - 1;
}

int64_t model_add(struct model *m, const struct dispatch_delivery *delivery, int chain)
{
	if (!m->count)
		mem_push(&m->seen, &m->count, sizeof *m->seen);
	struct seen *s = mem_push(&m->seen, &m->count, sizeof *s);
	int64_t id = (int64_t)m->count - 1;

	s->is = *delivery;
	s->is.id = id;
	s->chain = chain;
	s->due = s->early = delivery->due;
	s->state = DELIVERY_WAITING;
	join(m, waiting_with(m, s), id);
	if (delivery->order > m->newest[chain][delivery->target])
		m->newest[chain][delivery->target] = delivery->order;
	if (delivery->cost > m->biggest[delivery->target])
		m->biggest[delivery->target] = delivery->cost;
	return id;
}

int model_add_job(struct model *m)
{
	if (!m->job_count)
		mem_push(&m->jobs, &m->job_count, sizeof *m->jobs);
	mem_push(&m->jobs, &m->job_count, sizeof *m->jobs);
	return (int)m->job_count - 1;
}

void model_join_job(struct model *m, int64_t id, int job, bool on_disk)
{
	struct seen *s = &m->seen[id];

	s->job = job;
	s->on_disk = on_disk;
	m->jobs[job].waiting += !on_disk;
}

void model_load(struct model *m, int64_t id)
{
	struct seen *s = &m->seen[id];

	assert_true(s->on_disk && s->state == DELIVERY_WAITING);
	s->on_disk = false;
	m->jobs[s->job].waiting++;
}

/* Those that come back from flight wait here besides. */
void model_check_loaded(const struct model *m, int job, int most)
{
	if (m->jobs[job].waiting > most + 16)
		fail_msg("%d of a job wait in memory, want %d", m->jobs[job].waiting, most);
}

void model_check_counts(const struct model *m, const struct dispatch *d)
{
	for (int i = 0; i < MODEL_TARGETS; i++) {
		size_t waiting = 0;
		for (int k = 0; k < MODEL_LANES * MODEL_RANKS; k++)
			waiting += m->waiting[i][k].count;
		size_t got = waiting_in(d, i, DISPATCH_URGENT);
		if (m->targets[i].lanes)
			got += waiting_in(d, i, DISPATCH_ROUTINE);
		if (got != waiting)
			fail_msg("%s: %zu wait, want %zu", m->targets[i].name, got, waiting);
	}
}

/* On disk, and its job has enough in memory that waits for something. */
static bool stands_aside(const struct model *m, const struct seen *s, int64_t now)
{
	const struct job *job = &m->jobs[s->job];

	return s->on_disk && (job->waiting * 2 >= m->loaded || job->unread_until > now);
}

/* Why it may not go now, or NULL. */
static const char *obstacle(const struct model *m, const struct seen *s, int64_t now)
{
	const struct crowd *flying = &m->flying[s->is.target];

	if (s->state != DELIVERY_WAITING)
		return "it does not wait";
	if (stands_aside(m, s, now))
		return "it is on disk, and enough of its job is not";
	if (s->withdrawn)
		return "it was withdrawn";
	if (s->held)
		return "an officer holds it back";
	if (s->is.expires && s->is.expires <= now)
		return "it has expired";
	if (s->early > now)
		return "it is not due";
	if (s->overtaken || s->is.order < m->newest[s->chain][s->is.target])
		return "a newer one is there";
	if (level_rank(s->is.level) <= 2 &&
	        level_rank(s->is.level) <= m->targets[s->is.target].quiet_rank &&
	        m->quiet_until[s->is.target] > now)
		return "it is quiet";
	for (size_t i = 0; i < flying->count; i++) {
		const struct seen *other = &m->seen[flying->ids[i]];
		if (other->chain == s->chain && other->is.order < s->is.order &&
		        other->deadline > now)
			return "an older one is in flight";
	}
	return NULL;
}

static int flying_in_lane(const struct model *m, const struct seen *s)
{
	return m->in_lane[s->is.target][model_lane(m, s)];
}

static void check_places(const struct model *m, const struct seen *s)
{
	int most = m->most[s->is.target];
	bool red = level_rank(s->is.level) == 4;

	if (most && flying_in_lane(m, s) >= (red || most < 4 ? most : most - 1))
		fail_msg("%s: %lld handed out, %d in flight", m->targets[s->is.target].name,
		        (long long)s->is.id, flying_in_lane(m, s));
}

/* Only when its turn has come: nothing is read that nobody could have sent. */
void model_wished(const struct model *m, int64_t id, int64_t now)
{
	const struct seen *rest = &m->seen[id];
	const struct crowd *waiting =
	        &m->waiting[rest->is.target]
	                   [model_lane(m, rest) * MODEL_RANKS + level_rank(rest->is.level)];
	const char *why = obstacle(m, rest, now);

	if (why)
		fail_msg("%lld is read although %s", (long long)id, why);
	for (size_t i = 0; i < waiting->count; i++) {
		const struct seen *s = &m->seen[waiting->ids[i]];
		if (s->job == rest->job && !s->on_disk && s->due <= now && !obstacle(m, s, now))
			fail_msg("%lld is read, want %lld sent first", (long long)id,
			        (long long)s->is.id);
	}
}

static bool better(const struct seen *a, const struct seen *b)
{
	int by_level = level_rank(a->is.level) - level_rank(b->is.level);

	if (by_level)
		return by_level > 0;
	if (a->is.correction != b->is.correction)
		return a->is.correction;
	return a->is.order < b->is.order;
}

/* A red lets those far sides go first that answer. */
static bool just_came(const struct seen *s, int64_t now)
{
	return level_rank(s->is.level) == 4 && now < s->came + 25;
}

static bool may_use_reserve(const struct seen *s)
{
	return level_rank(s->is.level) == 4 || s->is.correction;
}

/* The account: a full bucket, what flowed in since, what was kept as debt at most twice; after a
 * crash the reserve again, and the debt is forgotten. */
static void check_account(struct model *m, const struct seen *s, int64_t now)
{
	const struct dispatch_target *target = &m->targets[s->is.target];

	m->paid[s->is.target] += s->is.cost;
	if (!target->per_minute)
		return;
	int64_t biggest = m->biggest[s->is.target];
	int64_t again = m->crashes * (target->per_minute / 10 + 2 * biggest);
	int64_t most = target->per_minute + 1 + (now - m->started) * target->per_minute / 60000 +
	               2 * biggest + again;
	if (m->paid[s->is.target] > most)
		fail_msg("%s was given %lld, want at most %lld", target->name,
		        (long long)m->paid[s->is.target], (long long)most);
}

/* Nothing of this rank should have gone instead. */
static void check_none_better(const struct model *m, const struct seen *s, int rank, int64_t now)
{
	const struct crowd *waiting =
	        &m->waiting[s->is.target][model_lane(m, s) * MODEL_RANKS + rank];

	for (size_t i = 0; i < waiting->count; i++) {
		const struct seen *other = &m->seen[waiting->ids[i]];
		if (!better(other, s) || other->due > now || just_came(other, now) ||
		        obstacle(m, other, now))
			continue;
		if (m->targets[s->is.target].per_minute && may_use_reserve(s) &&
		        !may_use_reserve(other))
			continue;
		fail_msg("%lld handed out, want %lld before it", (long long)s->is.id,
		        (long long)other->is.id);
	}
}

void model_handed(struct model *m, int64_t id, int target, enum dispatch_lane lane, int64_t now,
        int64_t deadline)
{
	assert_in_range(id, 1, m->count - 1);
	struct seen *s = &m->seen[id];
	const char *why = obstacle(m, s, now);

	assert_false(s->on_disk);
	if (why)
		fail_msg("%lld handed out at %lld: %s", (long long)id, (long long)now, why);
	assert_int_equal(s->is.target, target);
	assert_true(deadline > now);
	if (m->targets[target].lanes)
		assert_int_equal(model_lane(m, s), lane);
	if (m->ill[target] && level_rank(s->is.level) < 4 &&
	        now < m->ill_at[target] + m->targets[target].back_off_most * 4 / 5)
		fail_msg("%lld handed out to a far side that is ill", (long long)id);
	for (int rank = level_rank(s->is.level); rank < MODEL_RANKS; rank++)
		check_none_better(m, s, rank, now);
	check_places(m, s);
	s->handed++;
	s->deadline = deadline;
	s->said_final = s->said_unknown = false;
	check_account(m, s, now);
	enter(m, id, DELIVERY_SENDING);
	m->handed++;
	model_note(m, id, now, deadline);
}

/* What is on its way from disk: nothing worse goes meanwhile. */
static const struct seen *on_its_way(const struct model *m, int target, int lane, int64_t now)
{
	const struct seen *best = NULL;

	for (int rank = 0; rank < MODEL_RANKS; rank++) {
		const struct crowd *waiting = &m->waiting[target][lane * MODEL_RANKS + rank];
		for (size_t i = 0; i < waiting->count; i++) {
			const struct seen *s = &m->seen[waiting->ids[i]];
			if (s->on_disk && m->jobs[s->job].reading && s->due <= now &&
			        !obstacle(m, s, now) && (!best || better(s, best)))
				best = s;
		}
	}
	return best;
}

void model_idle(struct model *m, int target, enum dispatch_lane lane, int64_t now)
{
	bool none_but_red = m->in_lane[target][lane] >= 1 || m->failures[target][lane] >= 5 ||
	                    m->ill[target]; /* the window may be full, the breaker open */

	if (m->targets[target].per_minute || m->in_lane[target][lane] >= m->most[target])
		return;
	const struct crowd *reds = &m->waiting[target][lane * MODEL_RANKS + MODEL_RANKS - 1];
	for (size_t i = 0; i < reds->count; i++)
		if (just_came(&m->seen[reds->ids[i]], now))
			return; /* and what is behind it waits with it */
	for (int rank = none_but_red ? MODEL_RANKS - 1 : 0; rank < MODEL_RANKS; rank++) {
		const struct crowd *waiting = &m->waiting[target][lane * MODEL_RANKS + rank];
		for (size_t i = 0; i < waiting->count; i++) {
			const struct seen *s = &m->seen[waiting->ids[i]];
			if (s->due > now || obstacle(m, s, now))
				continue;
			const struct seen *gate = on_its_way(m, target, lane, now);
			if (gate && !better(s, gate))
				return;
			fail_msg("nothing handed out at %lld, want %lld", (long long)now,
			        (long long)s->is.id);
		}
	}
}

void model_told(struct model *m, int64_t id, bool final, bool unknown)
{
	struct seen *s = &m->seen[id];
	int *failures = &m->failures[s->is.target][model_lane(m, s)];

	*failures = final ? 0 : *failures + 1;
	s->said_final = s->said_final || final;
	s->said_unknown = s->said_unknown || unknown;
	s->doubts += unknown && !m->targets[s->is.target].takes_key;
}

void model_put_back(struct model *m, int64_t id)
{
	m->paid[m->seen[id].is.target] -= m->seen[id].is.cost;
}

/* Red goes at once, and whoever has the old words is owed the new ones. */
void model_hold(struct model *m, int64_t id, bool on, int64_t now)
{
	struct seen *s = &m->seen[id];

	if (on && (level_rank(s->is.level) == 4 || s->is.correction))
		fail_msg("%lld is held back: it is red or a correction", (long long)id);
	s->held = on;
	if (!on && s->state == DELIVERY_WAITING && s->backed_off && s->due > now)
		s->due = s->early = now;
}

static void hurry(struct model *m, int target, bool surely, int64_t now)
{
	for (int k = 0; k < MODEL_LANES * MODEL_RANKS; k++)
		for (size_t i = 0; i < m->waiting[target][k].count; i++) {
			struct seen *s = &m->seen[m->waiting[target][k].ids[i]];
			if (!s->backed_off)
				continue;
			s->early = s->early > now ? now : s->early;
			if (surely && s->due > now)
				s->due = now;
		}
	m->ill[target] = false;
}

void model_back(struct model *m, int target, int64_t now)
{
	hurry(m, target, true, now);
	m->failures[target][0] = m->failures[target][1] = 0;
}

void model_may_be_back(struct model *m, int target, int64_t now)
{
	hurry(m, target, false, now);
}

bool model_over(const struct model *m)
{
	for (int i = 0; i < MODEL_TARGETS; i++) {
		if (m->flying[i].count)
			return false;
		for (int k = 0; k < MODEL_LANES * MODEL_RANKS; k++)
			if (m->waiting[i][k].count)
				return false;
	}
	return true;
}

void model_crash(struct model *m)
{
	for (int i = 0; i < MODEL_TARGETS; i++) {
		for (int k = 0; k < MODEL_LANES * MODEL_RANKS; k++)
			m->waiting[i][k].count = 0;
		m->flying[i].count = 0;
		m->in_lane[i][0] = m->in_lane[i][1] = 0;
		m->failures[i][0] = m->failures[i][1] = 0;
		m->ill[i] = false;
	}
	for (size_t i = 0; i < m->job_count; i++)
		m->jobs[i] = (struct job){0};
	for (int state = 0; state < DELIVERY_STATE_COUNT; state++)
		m->ends[state] = 0;
	m->crashes++;
}

void model_replay(struct model *m, int64_t id, enum delivery_state state, int64_t due,
        int64_t deadline, int attempt, int doubts, bool overtaken)
{
	struct seen *s = &m->seen[id];

	s->state = state;
	s->due = s->early = due;
	s->deadline = deadline;
	s->backed_off = attempt > 0;
	s->overtaken = overtaken;
	s->doubts = doubts;
	s->withdrawn = s->held = s->said_final = s->said_unknown = false;
	if (state == DELIVERY_UNKNOWN)
		m->ends[state]++;
	else
		join(m, state == DELIVERY_WAITING ? waiting_with(m, s) : &m->flying[s->is.target],
		        id);
}

void model_settle(struct model *m, int64_t id, enum delivery_state state)
{
	struct seen *s = &m->seen[id];

	m->ends[DELIVERY_UNKNOWN]--;
	if (model_ended(state)) {
		model_end(m, id, state);
		return;
	}
	s->due = s->early = 0;
	s->doubts = 0;
	s->backed_off = true;
	s->withdrawn = false;
	s->state = DELIVERY_WAITING;
	join(m, waiting_with(m, s), id);
}

void model_end(struct model *m, int64_t id, enum delivery_state state)
{
	m->seen[id].state = state;
	m->ends[state]++;
}

static bool allowed(const struct model *m, const struct seen *s,
        const struct dispatch_change *change, int64_t now)
{
	bool newest = !s->overtaken && s->is.order == m->newest[s->chain][s->is.target];
	bool expired = s->is.expires && s->is.expires <= now;
	bool may_repeat = m->targets[s->is.target].takes_key || !s->said_unknown ||
	                  (level_rank(s->is.level) >= 3 && s->doubts <= 2);

	switch (change->state) {
	case DELIVERY_WAITING:
		return s->state == DELIVERY_SENDING && newest && !expired && !s->withdrawn &&
		       may_repeat &&
		       (!s->is.expires || change->due < s->is.expires ||
		               change->due <= now + 600000);
	case DELIVERY_DELIVERED:
	case DELIVERY_REJECTED:
		return s->said_final;
	case DELIVERY_EXPIRED:
		return expired && !model_ended(s->state);
	case DELIVERY_SUPERSEDED:
		return !newest && !model_ended(s->state);
	case DELIVERY_WITHDRAWN:
		return s->withdrawn && !model_ended(s->state);
	case DELIVERY_UNKNOWN:
		return s->said_unknown && s->state == DELIVERY_SENDING &&
		       !m->targets[s->is.target].takes_key;
	default:
		return false;
	}
}

void model_change(struct model *m, const struct dispatch_change *change, int64_t now)
{
	assert_in_range(change->id, 1, m->count - 1);
	struct seen *s = &m->seen[change->id];

	if ((model_ended(s->state) && s->state != DELIVERY_UNKNOWN) || !allowed(m, s, change, now))
		fail_msg("%lld at %lld: %s -> %s (%s) is not in the story", (long long)change->id,
		        (long long)now, delivery_state_text(s->state),
		        delivery_state_text(change->state), change->reason);
	if (s->state == DELIVERY_UNKNOWN)
		m->ends[DELIVERY_UNKNOWN]--;
	if (model_ended(change->state))
		m->ends[change->state]++;
	if (change->state == DELIVERY_WAITING) {
		s->due = s->early = change->due;
		s->backed_off = s->backed_off || change->due > now;
	}
	enter(m, change->id, change->state);
	s->on_disk = false;
	model_note(m, change->id, (int64_t)change->state, change->due);
}
