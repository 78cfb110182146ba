/* SPDX-License-Identifier: Apache-2.0
 * outbox - see outbox.h. Everything here runs on the loop thread; the record and the workers post
 * to it.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "when.h"

/* How long an attempt that was in flight when we died may still be answered for by its agent:
 * longer than any attempt lasts, so that nothing is sent again while the first one is still going
 * out. */
enum { ORPHAN_MS = 15000, TICK_MS = 1000 };

void news_finish(struct news *news)
{
	issue_let_go(&news->issue);
	delivery_list_finish(&news->deliveries);
	delivery_rest_list_finish(&news->rests);
	free(news->withdrawn);
	*news = (struct news){0};
}

/* --- entries ------------------------------------------------------------------------------------
 */

struct entry *outbox_entry(struct outbox *outbox, int64_t id)
{
	struct entry *entry = outbox->entries[(uint64_t)id % ENTRY_BUCKETS];

	while (entry && entry->id != id)
		entry = entry->next;
	return entry;
}

int outbox_rank(const struct entry *entry)
{
	int rank = level_rank(entry->issue->level);

	return rank == level_rank(LEVEL_RED) && entry->attempt ? rank - 1 : rank;
}

void outbox_entry_drop(struct outbox *outbox, int64_t id)
{
	struct entry **at = &outbox->entries[(uint64_t)id % ENTRY_BUCKETS];

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	if (!*at)
		return;
	struct entry *entry = *at;
	*at = entry->next;
	issue_let_go(&entry->issue);
	free(entry->tally);
	free(entry);
	outbox->entry_count--;
	outbox->endings++;
}

int outbox_target_index(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->target_count; i++)
		if (strcmp(config->targets[i].name, name) == 0)
			return (int)i;
	return -1;
}

struct dispatch_delivery outbox_for_dispatch(const struct outbox *outbox, const struct delivery *d,
        const struct issue *issue, int target, int64_t now)
{
	int64_t utc = steady_now(&outbox->clock, now);
	struct dispatch_delivery dd = {
	        .id = d->id,
	        .target = target,
	        .chain = d->chain,
	        .order = d->order,
	        .level = d->level,
	        .correction = d->correction,
	        .attempt = d->attempt,
	        .doubts = d->doubts,
	        .due = d->due > utc ? now + (d->due - utc) : 0,
	        .expires = d->expires ? now + (d->expires - utc) : 0,
	        .cost = 1,
	        .counted = d->block >= 0 && issue && issue_is_bulk(issue, d->target),
	};

	/* Already past: dispatch reads 0 as "never". */
	if (d->expires && dd.expires <= 0)
		dd.expires = 1;
	return dd;
}

static void put_entry(struct outbox *outbox, const struct delivery *d, struct issue *issue,
        int target, int64_t orphan_until)
{
	struct entry *entry = mem_zero(sizeof *entry);

	*entry = (struct entry){
	        .id = d->id,
	        .issue = issue_hold(issue),
	        .target = target,
	        .block = d->block,
	        .attempt = d->attempt,
	        .orphan_until = orphan_until,
	        .deadline = orphan_until,
	        .next = outbox->entries[(uint64_t)d->id % ENTRY_BUCKETS],
	};
	outbox->entries[(uint64_t)d->id % ENTRY_BUCKETS] = entry;
	outbox->entry_count++;
}

void outbox_entry_add(
        struct outbox *outbox, const struct delivery *d, struct issue *issue, int64_t now)
{
	int target = outbox_target_index(outbox->config, d->target);

	if (target < 0) {
		log_event(LOG_ERROR, "no-such-target", "target", d->target, "bulletin", d->bulletin,
		        NULL);
		return;
	}
	struct dispatch_delivery dd = outbox_for_dispatch(outbox, d, issue, target, now);
	int64_t orphan_until = d->state == DELIVERY_SENDING ? now + ORPHAN_MS : 0;
	if (issue) {
		put_entry(outbox, d, issue, target, orphan_until);
		dd.overtaken = issue->overtaken;
	}
	dispatch_replay(outbox->dispatch, &dd, d->state, orphan_until, now);
	outbox_pause_entry(outbox, d, target, now);
}

/* --- turning ------------------------------------------------------------------------------------
 */

static void set_timer(struct outbox *outbox, int64_t now)
{
	int64_t wake = dispatch_wake(outbox->dispatch, now);
	int64_t wait = wake == INT64_MAX || wake - now > TICK_MS ? TICK_MS
	               : wake - now < 1                          ? 1
	                                                         : wake - now;
	struct timeval tv = {.tv_sec = wait / 1000, .tv_usec = (wait % 1000) * 1000};

	evtimer_add(outbox->timer, &tv);
}

void outbox_pump(struct outbox *outbox)
{
	int64_t now = when_boot();

	dispatch_tick(outbox->dispatch, now);
	outbox_write_changes(outbox, NULL);
	for (struct agent *agent = agents_first(outbox->agents); agent; agent = agent->next) {
		if (!agent->welcome || agent->source)
			continue;
		outbox_hand_out(outbox, agent);
		if (outbox->config->targets[agent->index].traits->projection)
			outbox_hand_state(outbox, agent);
		outbox_hand_note(outbox, agent);
		outbox_forget(outbox, agent);
	}
	outbox_rests_wished(outbox);
	outbox_write_changes(outbox, NULL);
	outbox_look_who_is_prompt(outbox);
	set_timer(outbox, now);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	outbox_pump(arg);
}

/* Once a second, however busy we are: every pump sets the other timer anew. */
static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	int64_t now = when_boot();
	int64_t utc = outbox_utc(outbox, now);
	outbox_active_expire(outbox, utc);
	outbox_pauses_over(outbox);
	outbox_orphans_look(outbox, now);
	outbox_quiet(outbox, utc, now);
	outbox_pump(outbox);
	outbox_figures_renew(outbox);
	outbox_standing_renew(outbox);
}

static void start_timers(struct outbox *outbox)
{
	const struct timeval second = {.tv_usec = 0, .tv_sec = TICK_MS / 1000};

	outbox->timer = evtimer_new(loop_base(outbox->loop), on_timer, outbox);
	outbox->tick = event_new(loop_base(outbox->loop), -1, EV_PERSIST, on_tick, outbox);
	event_add(outbox->tick, &second);
	set_timer(outbox, when_boot());
}

/* --- life ---------------------------------------------------------------------------------------
 */

static void add_targets(struct outbox *outbox)
{
	for (size_t i = 0; i < outbox->config->target_count; i++) {
		const struct config_target *t = &outbox->config->targets[i];
		struct dispatch_target target = {
		        .name = t->name,
		        .lanes = t->traits->lanes,
		        .takes_key = t->traits->takes_key,
		        .projection = t->traits->projection,
		        .back_off_first = t->back_off_first,
		        .back_off_most = t->back_off_most,
		        .per_minute = (int)t->per_minute,
		        .quiet_rank = t->quiet_rank,
		};
		dispatch_add_target(outbox->dispatch, &target);
	}
}

struct outbox *outbox_create(struct loop *loop, const struct config *config, struct record *record,
        struct standings *standings, outbox_intake intake, void *ctx)
{
	struct outbox *outbox = mem_zero(sizeof *outbox);
	uint64_t seed;

	random_bytes(&seed, sizeof seed);
	outbox->loop = loop;
	outbox->config = config;
	outbox->record = record;
	outbox->standings = standings;
	outbox->intake = intake;
	outbox->ctx = ctx;
	outbox->dispatch = dispatch_create(seed);
	figures_init(&outbox->figures, config->target_count);
	add_targets(outbox);
	outbox->prompt = mem_array(config->target_count + 1, sizeof *outbox->prompt);
	outbox->ranks = mem_array(config->target_count + 1, sizeof *outbox->ranks);
	int64_t now = when_boot();
	outbox_quiet(outbox, outbox_utc(outbox, now), now);
	digest_sha256("", 0, outbox->digest);
	outbox->agents = agents_create(loop, config, &outbox_ears, outbox);
	start_timers(outbox);
	outbox_figures_renew(outbox);
	outbox_standing_renew(outbox);
	return outbox;
}

bool outbox_listen(struct outbox *outbox, struct err *err)
{
	return agents_listen(outbox->agents, err);
}

/* To dispatch each of them waits: one that is marked goes out in this turn, or is unmarked. */
static void add_new(
        struct outbox *outbox, struct delivery *delivery, struct issue *issue, int64_t now)
{
	bool marked = delivery->state == DELIVERY_SENDING;

	delivery->state = DELIVERY_WAITING;
	delivery->attempt = 0;
	outbox_entry_add(outbox, delivery, issue, now);
	struct entry *entry = outbox_entry(outbox, delivery->id);
	if (!entry)
		return;
	entry->since = now;
	entry->marked = marked;
}

static void unmark(struct outbox *outbox, int64_t id)
{
	struct entry *entry = outbox_entry(outbox, id);

	if (!entry || !entry->marked)
		return;
	entry->marked = false;
	outbox_write_unmarked(outbox, entry);
}

void outbox_add(struct outbox *outbox, struct news *news)
{
	int64_t now = when_boot();

	outbox_call_back(outbox, news->issue);
	outbox_write_changes(outbox, NULL);
	for (size_t i = 0; i < news->withdrawn_count; i++)
		dispatch_withdraw(outbox->dispatch, news->withdrawn[i], OUTBOX_CANCELLED, now);
	outbox_rests_withdraw(outbox, news->issue, now);
	outbox_changes_known(outbox, news->issue);
	outbox_active_add(outbox, news->issue, steady_now(&outbox->clock, now));
	for (size_t i = 0; i < news->deliveries.count; i++)
		add_new(outbox, &news->deliveries.items[i], news->issue, now);
	for (size_t i = 0; i < news->rests.count; i++)
		outbox_rest_add(outbox, &news->rests.items[i], news->issue, now, now);
	outbox_pump(outbox);
	for (size_t i = 0; i < news->deliveries.count; i++)
		unmark(outbox, news->deliveries.items[i].id);
	news_finish(news);
}

void outbox_stop(struct outbox *outbox)
{
	outbox->stopped = true;
	agents_stop(outbox->agents);
}

bool outbox_idle(const struct outbox *outbox)
{
	if (outbox->marks || outbox->reports.writing || outbox->reports.count)
		return false;
	for (struct agent *agent = agents_first(outbox->agents); agent; agent = agent->next)
		if (agent->job_count || agent->state_job)
			return false;
	return true;
}

void outbox_destroy(struct outbox **outbox)
{
	struct outbox *o = *outbox;

	if (!o)
		return;
	agents_destroy(&o->agents);
	for (size_t b = 0; b < ENTRY_BUCKETS; b++)
		while (o->entries[b])
			outbox_entry_drop(o, o->entries[b]->id);
	outbox_rests_clear(o);
	outbox_active_clear(o);
	outbox_pauses_clear(o);
	outbox_paces_clear(o);
	outbox_notices_clear(o);
	outbox_notes_clear(o);
	outbox_list_let_go(&o->list);
	dispatch_destroy(&o->dispatch);
	figures_finish(&o->figures);
	free(o->reports.items);
	if (o->reports.timer)
		event_free(o->reports.timer);
	free(o->prompt);
	free(o->ranks);
	if (o->timer)
		event_free(o->timer);
	if (o->tick)
		event_free(o->tick);
	free(o);
	*outbox = NULL;
}
