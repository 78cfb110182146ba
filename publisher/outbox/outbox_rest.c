/* SPDX-License-Identifier: Apache-2.0
 * outbox_rest - blocks of bulk jobs that stay in the record until dispatch wishes for them: ten
 * thousand blocks of a job are one rest here, and the record reads some of them at a time, on its
 * own thread. What ends with a rest is one change on disk. When the record cannot read, dispatch
 * asks again; what the record no longer has waiting, it says itself by reading fewer.
 */
#include "outbox_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "when.h"

/* On its way: loop -> record thread -> loop. */
struct rest_read {
	struct outbox *outbox;
	int64_t name;
	struct delivery_rest place; /* texts its own */
	int most;
	struct delivery_list found;
	bool ok;
};

static struct rest *find(const struct outbox *outbox, int64_t name)
{
	for (size_t i = 0; i < outbox->rest_count; i++)
		if (outbox->rests[i].name == name)
			return &outbox->rests[i];
	return NULL;
}

static void drop(struct outbox *outbox, struct rest *rest)
{
	issue_let_go(&rest->issue);
	*rest = outbox->rests[--outbox->rest_count];
	outbox->endings++;
}

static const char *target_name(const struct outbox *outbox, const struct rest *rest)
{
	return outbox->config->targets[rest->target].name;
}

/* --- in -----------------------------------------------------------------------------------------
 */

void outbox_rest_add(struct outbox *outbox, const struct delivery_rest *place, struct issue *issue,
        int64_t since, int64_t now)
{
	int target = outbox_target_index(outbox->config, place->target);

	if (target < 0) {
		log_event(LOG_ERROR, "no-such-target", "target", place->target, "bulletin",
		        place->bulletin, NULL);
		return;
	}
	struct rest *rest = mem_push(&outbox->rests, &outbox->rest_count, sizeof *rest);
	*rest = (struct rest){.name = -++outbox->rest_names,
	        .issue = issue_hold(issue),
	        .target = target,
	        .job_kind = place->job_kind,
	        .block = place->block,
	        .left = place->count,
	        .since = since};
	const struct delivery like = {.id = rest->name,
	        .chain = place->chain,
	        .target = place->target,
	        .block = place->block,
	        .level = place->level,
	        .correction = place->correction,
	        .order = place->order,
	        .expires = place->expires};
	struct dispatch_delivery dd = outbox_for_dispatch(outbox, &like, issue, target, now);
	dd.overtaken = issue->overtaken;
	int64_t name = rest->name;
	dispatch_add_rest(outbox->dispatch, &dd, place->count, now);
	if (outbox_is_paused(outbox, issue->id, target))
		dispatch_hold_back(outbox->dispatch, name, true, now);
}

/* --- what dispatch wishes for -------------------------------------------------------------------
 */

static void read_destroy(struct rest_read *r)
{
	delivery_rest_finish(&r->place);
	delivery_list_finish(&r->found);
	free(r);
}

static bool read_rest(struct store *store, void *arg, struct err *err)
{
	struct rest_read *r = arg;

	return store_list_rest_blocks(store, &r->place, r->most, &r->found, err);
}

static void take_in(struct outbox *outbox, struct rest *rest, struct rest_read *r, int64_t now)
{
	size_t count = r->found.count;

	for (size_t i = 0; i < count; i++) {
		outbox_entry_add(outbox, &r->found.items[i], rest->issue, now);
		struct entry *entry = outbox_entry(outbox, r->found.items[i].id);
		if (entry)
			entry->since = rest->since;
	}
	if (count)
		rest->block = r->found.items[count - 1].block + 1;
	rest->left -= (int64_t)count;
	if (count < (size_t)r->most)
		rest->left = 0; /* the record knows, however many were counted */
	int64_t left = rest->left;
	if (left <= 0)
		drop(outbox, rest);
	dispatch_rest_read(outbox->dispatch, r->name, left, now);
}

/* Loop thread. A rest that has ended meanwhile has no use for it. */
static void was_read(void *arg)
{
	struct rest_read *r = arg;
	struct outbox *outbox = r->outbox;
	struct rest *rest = find(outbox, r->name);
	int64_t now = when_boot();

	outbox->marks--;
	if (rest && r->ok)
		take_in(outbox, rest, r, now);
	else if (rest)
		dispatch_rest_unread(outbox->dispatch, r->name, now);
	read_destroy(r);
	outbox_pump(outbox);
}

static void read_done(void *arg, bool ok, const struct err *err)
{
	struct rest_read *r = arg;

	r->ok = ok;
	if (!ok)
		log_event(LOG_ERROR, "rest-not-read", "bulletin", r->place.bulletin, "target",
		        r->place.target, "reason", err ? err->en : "", NULL);
	loop_post(r->outbox->loop, was_read, r);
}

void outbox_rests_wished(struct outbox *outbox)
{
	struct dispatch_wish wish;

	while (dispatch_take_wish(outbox->dispatch, &wish)) {
		const struct rest *rest = find(outbox, wish.rest);
		struct rest_read *r = mem_zero(sizeof *r);
		r->outbox = outbox;
		r->name = wish.rest;
		r->most = wish.most;
		r->place = (struct delivery_rest){.bulletin = mem_text(rest->issue->id),
		        .target = mem_text(target_name(outbox, rest)),
		        .job_kind = rest->job_kind,
		        .block = rest->block};
		outbox->marks++;
		record_post(
		        outbox->record, level_rank(rest->issue->level), read_rest, read_done, r);
	}
}

/* --- ends ---------------------------------------------------------------------------------------
 */

struct rest_end {
	struct delivery_rest place;
	enum delivery_state state;
	const char *reason; /* dispatch's own, or a release's */
};

static bool write_end(struct store *store, void *arg, struct err *err)
{
	const struct rest_end *e = arg;

	return store_close_rest(store, &e->place, e->state, e->reason, when_now(), err);
}

static void end_written(void *arg, bool ok, const struct err *err)
{
	struct rest_end *e = arg;

	if (!ok)
		log_event(LOG_WARN, "change-refused", "reason", err ? err->en : "", NULL);
	delivery_rest_finish(&e->place);
	free(e);
}

static void write_it(
        struct outbox *outbox, const struct rest *rest, const struct dispatch_change *change)
{
	struct rest_end *e = mem_zero(sizeof *e);

	*e = (struct rest_end){.state = change->state,
	        .reason = change->reason,
	        .place = {.bulletin = mem_text(rest->issue->id),
	                .target = mem_text(target_name(outbox, rest)),
	                .job_kind = rest->job_kind,
	                .block = rest->block}};
	record_post(outbox->record, level_rank(rest->issue->level), write_end, end_written, e);
}

void outbox_rest_ended(struct outbox *outbox, const struct dispatch_change *change, bool known)
{
	struct rest *rest = find(outbox, change->id);
	char count[24];

	if (!rest)
		return;
	snprintf(count, sizeof count, "%lld", (long long)change->rest);
	log_event(known ? LOG_INFO : LOG_WARN, "delivery", "bulletin", rest->issue->id, "target",
	        target_name(outbox, rest), "state", delivery_state_text(change->state), "blocks",
	        count, "reason", change->reason, NULL);
	outbox->figures.ended[rest->target][change->state] += change->rest;
	if (!known)
		write_it(outbox, rest, change);
	drop(outbox, rest);
}

/* Its release has ended on disk what waited there of its chain. */
void outbox_rests_withdraw(struct outbox *outbox, const struct issue *newer, int64_t now)
{
	for (size_t i = 0; i < outbox->rest_count; i++)
		if (outbox->rests[i].issue->order < newer->order &&
		        strcmp(outbox->rests[i].issue->chain, newer->chain) == 0)
			dispatch_withdraw(
			        outbox->dispatch, outbox->rests[i].name, OUTBOX_CANCELLED, now);
}

void outbox_rests_hold_back(
        struct outbox *outbox, const char *bulletin, int target, bool on, int64_t now)
{
	for (size_t i = 0; i < outbox->rest_count; i++)
		if (outbox->rests[i].target == target &&
		        strcmp(outbox->rests[i].issue->id, bulletin) == 0)
			dispatch_hold_back(outbox->dispatch, outbox->rests[i].name, on, now);
}

void outbox_rests_clear(struct outbox *outbox)
{
	while (outbox->rest_count)
		drop(outbox, &outbox->rests[0]);
	free(outbox->rests);
	outbox->rests = NULL;
}
