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
	free(entry);
	outbox->entry_count--;
	outbox->endings++;
}

static int target_index(const struct outbox *outbox, const char *name)
{
	for (size_t i = 0; i < outbox->config->target_count; i++)
		if (strcmp(outbox->config->targets[i].name, name) == 0)
			return (int)i;
	return -1;
}

static bool add_entry(
        struct outbox *outbox, const struct delivery *d, struct issue *issue, int64_t now)
{
	int target = target_index(outbox, d->target);
	int64_t utc = when_now();

	if (target < 0) {
		log_event(LOG_ERROR, "no-such-target", "target", d->target, "bulletin", d->bulletin,
		        NULL);
		return false;
	}
	struct entry *entry = mem_zero(sizeof *entry);
	entry->id = d->id;
	entry->issue = issue_hold(issue);
	entry->target = target;
	entry->block = d->block;
	entry->attempt = d->attempt;
	entry->next = outbox->entries[(uint64_t)d->id % ENTRY_BUCKETS];
	outbox->entries[(uint64_t)d->id % ENTRY_BUCKETS] = entry;
	outbox->entry_count++;
	struct dispatch_delivery dd = {
	        .id = d->id,
	        .target = target,
	        .chain = d->chain,
	        .order = d->order,
	        .level = d->level,
	        .correction = d->correction,
	        .attempt = d->attempt,
	        .due = d->due > utc ? now + (d->due - utc) : 0,
	        .expires = d->expires ? now + (d->expires - utc) : 0,
	        .cost = 1,
	};
	/* Already past: dispatch reads 0 as "never". */
	if (d->expires && dd.expires <= 0)
		dd.expires = 1;
	bool repeatable = outbox->config->targets[target].traits->takes_key;
	if (d->state == DELIVERY_SENDING && !repeatable) {
		entry->orphan_until = now + ORPHAN_MS;
		dispatch_add_sending(outbox->dispatch, &dd, entry->orphan_until, now);
	} else if (d->state == DELIVERY_SENDING) {
		/* A key makes the repeat harmless: it goes again, once the record says WAITING. */
		dispatch_add_sending(outbox->dispatch, &dd, now, now);
		dispatch_lost(outbox->dispatch, d->id, true, now);
	} else {
		dispatch_add(outbox->dispatch, &dd, now);
	}
	return true;
}

/* --- turning ------------------------------------------------------------------------------------
 */

static void look_after_orphans(struct outbox *outbox, int64_t now)
{
	for (size_t b = 0; b < ENTRY_BUCKETS; b++) {
		for (struct entry *entry = outbox->entries[b]; entry; entry = entry->next) {
			if (!entry->orphan_until || entry->orphan_until > now)
				continue;
			entry->orphan_until = 0;
			dispatch_lost(outbox->dispatch, entry->id, true, now);
		}
	}
}

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
	outbox_write_changes(outbox, NULL);
	set_timer(outbox, now);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	outbox_active_expire(outbox, when_now());
	look_after_orphans(outbox, when_boot());
	outbox_pump(outbox);
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
		};
		dispatch_add_target(outbox->dispatch, &target);
	}
}

struct outbox *outbox_create(struct loop *loop, const struct config *config, struct record *record,
        struct standings *standings, outbox_intake intake, void *ctx, struct err *err)
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
	add_targets(outbox);
	digest_sha256("", 0, outbox->digest);
	outbox->timer = evtimer_new(loop_base(loop), on_timer, outbox);
	outbox->agents = agents_create(loop, config, &outbox_ears, outbox, err);
	if (!outbox->agents)
		outbox_destroy(&outbox);
	else
		set_timer(outbox, when_boot());
	return outbox;
}

/* The issue of a bulletin, made once during replay. */
static struct issue *issue_for(
        struct outbox *outbox, struct store *store, const char *id, struct issue **last)
{
	struct bulletin *bulletin = NULL;
	struct err err;

	for (size_t i = 0; i < outbox->active_count; i++)
		if (strcmp(outbox->active[i]->id, id) == 0)
			return outbox->active[i];
	if (*last && strcmp((*last)->id, id) == 0)
		return *last;
	issue_let_go(last);
	if (store_get_bulletin(store, id, &bulletin, &err))
		*last = issue_create(bulletin, outbox->config->public_url, &err);
	bulletin_destroy(&bulletin);
	if (!*last)
		log_event(LOG_ERROR, "replay", "bulletin", id, "reason", err.en, NULL);
	return *last;
}

/* What authority was lost over before a projection had it stays away from there. */
static bool replay_withheld(
        struct outbox *outbox, struct store *store, const char *bulletin, struct err *err)
{
	struct delivery_list list = {0};

	if (!store_list_deliveries(store, bulletin, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		int target = target_index(outbox, list.items[i].target);
		if (list.items[i].state == DELIVERY_WITHDRAWN && target >= 0 &&
		        outbox->config->targets[target].traits->projection)
			outbox_active_withhold(outbox, bulletin, target);
	}
	delivery_list_finish(&list);
	return true;
}

bool outbox_replay(struct outbox *outbox, struct store *store, struct err *err)
{
	struct bulletin_list active = {0};
	struct delivery_list pending = {0};
	struct issue *last = NULL;

	if (!store_list_active(store, &active, err) || !store_list_pending(store, &pending, err)) {
		bulletin_list_finish(&active);
		return false;
	}
	bool ok = true;
	for (size_t i = 0; ok && i < active.count; i++) {
		struct issue *issue =
		        issue_create(active.items[i], outbox->config->public_url, err);
		if (issue)
			outbox_active_add(outbox, issue,
			        0); /* those past their end leave at the first turn */
		issue_let_go(&issue);
		ok = replay_withheld(outbox, store, active.items[i]->id, err);
	}
	for (size_t i = 0; ok && i < pending.count; i++) {
		struct issue *issue =
		        pending.items[i].state == DELIVERY_UNKNOWN
		                ? NULL
		                : issue_for(outbox, store, pending.items[i].bulletin, &last);
		if (issue)
			add_entry(outbox, &pending.items[i], issue, when_boot());
	}
	issue_let_go(&last);
	bulletin_list_finish(&active);
	delivery_list_finish(&pending);
	return ok;
}

void outbox_add(struct outbox *outbox, struct news *news)
{
	int64_t now = when_boot();

	for (size_t i = 0; i < news->withdrawn_count; i++)
		dispatch_withdraw(
		        outbox->dispatch, news->withdrawn[i], "withdrawn: cancelled", now);
	outbox_active_add(outbox, news->issue, when_now());
	for (size_t i = 0; i < news->deliveries.count; i++)
		add_entry(outbox, &news->deliveries.items[i], news->issue, now);
	news_finish(news);
	outbox_pump(outbox);
}

void outbox_stop(struct outbox *outbox)
{
	outbox->stopped = true;
	agents_stop(outbox->agents);
}

bool outbox_idle(const struct outbox *outbox)
{
	if (outbox->marks)
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
	outbox_active_clear(o);
	outbox_notices_clear(o);
	outbox_notes_clear(o);
	dispatch_destroy(&o->dispatch);
	if (o->timer)
		event_free(o->timer);
	free(o);
	*outbox = NULL;
}
