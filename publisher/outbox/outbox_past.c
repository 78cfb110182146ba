/* SPDX-License-Identifier: Apache-2.0
 * outbox_past - what the record holds of what is under way: read by any thread, taken up by the
 * loop's. Each bulletin becomes one issue, however many of its deliveries wait.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "store_pause.h"
#include "when.h"

struct past {
	const struct config *config;
	struct issue **issues; /* of the set in force, in order of release */
	size_t issue_count;
	struct issue **by_id; /* the same, to be found */
	struct withheld *withheld;
	size_t withheld_count;
	struct pause_list paused;
	struct delivery_list pending;
	struct issue **pending_issues; /* one each; NULL = not taken up */
	struct delivery_rest_list rests;
	struct issue **rest_issues; /* likewise */
};

void past_destroy(struct past **past)
{
	struct past *p = *past;

	if (!p)
		return;
	for (size_t i = 0; i < p->issue_count; i++)
		issue_let_go(&p->issues[i]);
	for (size_t i = 0; i < p->withheld_count; i++)
		free(p->withheld[i].bulletin);
	for (size_t i = 0; p->pending_issues && i < p->pending.count; i++)
		issue_let_go(&p->pending_issues[i]);
	for (size_t i = 0; p->rest_issues && i < p->rests.count; i++)
		issue_let_go(&p->rest_issues[i]);
	delivery_list_finish(&p->pending);
	delivery_rest_list_finish(&p->rests);
	pause_list_finish(&p->paused);
	free(p->issues);
	free(p->by_id);
	free(p->withheld);
	free(p->pending_issues);
	free(p->rest_issues);
	free(p);
	*past = NULL;
}

/* What authority was lost over before a projection had it stays away from there. */
static bool read_withheld(
        struct past *p, struct store *store, const char *bulletin, struct err *err)
{
	struct delivery_list list = {0};

	if (!store_list_deliveries(store, bulletin, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		int target = outbox_target_index(p->config, list.items[i].target);
		if (list.items[i].state != DELIVERY_WITHDRAWN || target < 0 ||
		        !p->config->targets[target].traits->projection)
			continue;
		struct withheld *one = mem_push(&p->withheld, &p->withheld_count, sizeof *one);
		*one = (struct withheld){mem_text(bulletin), target};
	}
	delivery_list_finish(&list);
	return true;
}

static int by_id(const void *a, const void *b)
{
	const struct issue *const *left = a;
	const struct issue *const *right = b;

	return strcmp((*left)->id, (*right)->id);
}

static bool read_active(struct past *p, struct store *store, struct err *err)
{
	struct bulletin_list active = {0};
	bool ok = store_list_active(store, &active, err);

	for (size_t i = 0; ok && i < active.count; i++) {
		struct issue *issue = issue_create(active.items[i], p->config->public_url, err);
		if (issue)
			*(struct issue **)mem_push(&p->issues, &p->issue_count, sizeof *p->issues) =
			        issue;
		ok = read_withheld(p, store, active.items[i]->id, err);
	}
	bulletin_list_finish(&active);
	p->by_id = mem_array(p->issue_count + 1, sizeof *p->by_id);
	if (p->issue_count) {
		memcpy(p->by_id, p->issues, p->issue_count * sizeof *p->by_id);
		qsort(p->by_id, p->issue_count, sizeof *p->by_id, by_id);
	}
	return ok;
}

/* Held for the caller; NULL when it cannot be read back, which is logged. */
static struct issue *issue_of(struct past *p, struct store *store, char *id, struct issue *last)
{
	struct issue wanted = {.id = id};
	const struct issue *key = &wanted;
	struct bulletin *bulletin = NULL;
	struct issue *made = NULL;
	struct err err = {0};

	if (last && strcmp(last->id, id) == 0)
		return issue_hold(last);
	struct issue **found =
	        p->issue_count ? bsearch(&key, p->by_id, p->issue_count, sizeof *p->by_id, by_id)
	                       : NULL;
	if (found)
		return issue_hold(*found);
	if (store_get_bulletin(store, id, &bulletin, &err))
		made = issue_create(bulletin, p->config->public_url, &err);
	bulletin_destroy(&bulletin);
	if (!made)
		log_event(LOG_ERROR, "replay", "bulletin", id, "reason", err.en, NULL);
	return made;
}

static bool read_pending(struct past *p, struct store *store, struct err *err)
{
	struct issue *last = NULL;

	if (!store_list_begun(store, &p->pending, err))
		return false;
	p->pending_issues = mem_array(p->pending.count + 1, sizeof(struct issue *));
	for (size_t i = 0; i < p->pending.count; i++) {
		if (p->pending.items[i].state == DELIVERY_UNKNOWN)
			continue;
		last = issue_of(p, store, p->pending.items[i].bulletin, last);
		p->pending_issues[i] = last;
	}
	return true;
}

/* A hundred thousand blocks that wait are as many jobs as there are. */
static bool read_rests(struct past *p, struct store *store, struct err *err)
{
	if (!store_list_rests(store, &p->rests, err))
		return false;
	p->rest_issues = mem_array(p->rests.count + 1, sizeof(struct issue *));
	for (size_t i = 0; i < p->rests.count; i++)
		p->rest_issues[i] = issue_of(
		        p, store, p->rests.items[i].bulletin, i ? p->rest_issues[i - 1] : NULL);
	return true;
}

struct past *past_read(const struct config *config, struct store *store, struct err *err)
{
	struct past *past = mem_zero(sizeof *past);

	past->config = config;
	if (!read_active(past, store, err) || !read_pending(past, store, err) ||
	        !read_rests(past, store, err) ||
	        !store_list_pauses(store, NULL, &past->paused, err))
		past_destroy(&past);
	return past;
}

void outbox_take_up(struct outbox *outbox, struct past **past)
{
	struct past *p = *past;
	int64_t now = when_boot();

	/* Those past their end leave at the first turn, which records it. */
	outbox_active_start(outbox, p->issues, p->issue_count);
	for (size_t i = 0; i < p->withheld_count; i++)
		outbox_active_withhold(outbox, p->withheld[i].bulletin, p->withheld[i].target);
	for (size_t i = 0; i < p->paused.count; i++)
		outbox_pause(outbox, p->paused.items[i].bulletin,
		        outbox_target_index(outbox->config, p->paused.items[i].target), true);
	if (p->issue_count || p->pending.count || p->rests.count)
		dispatch_drain(outbox->dispatch, now);
	for (size_t i = 0; i < p->pending.count; i++)
		if (p->pending_issues[i] || p->pending.items[i].state == DELIVERY_UNKNOWN)
			outbox_entry_add(outbox, &p->pending.items[i], p->pending_issues[i], now);
	for (size_t i = 0; i < p->rests.count; i++)
		if (p->rest_issues[i])
			outbox_rest_add(outbox, &p->rests.items[i], p->rest_issues[i], 0, now);
	past_destroy(past);
}
