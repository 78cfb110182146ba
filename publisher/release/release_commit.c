/* SPDX-License-Identifier: Apache-2.0
 * release_commit - see release_commit.h. Runs on the record thread inside one transaction; what it
 * read before is read again here, so that two people at once end as one.
 */
#include "release_commit.h"

#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "duties.h"
#include "heard.h"
#include "incident_now.h"
#include "issue.h"
#include "loop.h"
#include "outbox.h"
#include "when.h"

/* Blocks of a list that the loop gets with the release: the first of them leave without a question
 * to the record. */
enum { COME_ALONG = 16 };

struct told {
	struct outbox *outbox;
	struct news news;
};

struct commit {
	struct house *house;
	struct bulletin *bulletin;
	const struct bulletin_list *chain;
	const struct ask *ask;
	const char *asked;
	const struct proof *own;
	struct told *told;
	struct news *news; /* told's */
};

static void withdrawn(struct news *news, int64_t id)
{
	*(int64_t *)mem_push(&news->withdrawn, &news->withdrawn_count, sizeof *news->withdrawn) =
	        id;
}

/* Earlier deliveries of the chain that still wait: none of them may go after this one. */
static bool close_deliveries(struct store *store, struct commit *c, const struct bulletin *earlier,
        struct heard *heard, struct err *err)
{
	enum delivery_state end =
	        verb_ends_chain(c->bulletin->verb) ? DELIVERY_WITHDRAWN : DELIVERY_SUPERSEDED;
	struct delivery_list list = {0};

	if (!store_list_deliveries(store, earlier->id, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct delivery *d = &list.items[i];
		heard_add(heard, earlier, d, c->bulletin);
		bool in_flight = d->state == DELIVERY_SENDING && end == DELIVERY_WITHDRAWN;
		if (d->state == DELIVERY_WAITING || in_flight)
			withdrawn(c->news, d->id);
	}
	delivery_list_finish(&list);
	return store_close_waiting(
	        store, earlier->id, end, c->bulletin->identifier, when_now(), err);
}

static bool close_earlier(struct store *store, struct commit *c, const struct bulletin *earlier,
        struct heard *heard, struct err *err)
{
	struct bulletin *now = NULL;

	if (!store_get_bulletin(store, earlier->id, &now, err))
		return false;
	bool ok = close_deliveries(store, c, earlier, heard, err);
	if (ok && now->state == BULLETIN_RELEASED) {
		now->state = verb_ends_chain(c->bulletin->verb) ? BULLETIN_CANCELLED
		                                                : BULLETIN_SUPERSEDED;
		json_t *body = json_pack("{s:s}", "by", c->bulletin->identifier);
		ok = store_put_bulletin(store, now, err) &&
		     store_audit(store, bulletin_state_text(now->state), now->id, body, when_now(),
		             err);
		json_decref(body);
	}
	bulletin_destroy(&now);
	return ok;
}

/* It goes out with its release where its far side answers: no second commit stands between. Only
 * while the policy is the one that permitted it, and not where a block's numbers must be read. */
static bool goes_at_once(const struct commit *c, const char *target, int block)
{
	const struct policy *policy = atomic_load(&c->house->policy);

	return block < 0 && strcmp(policy->version, c->ask->decision.policy) == 0 &&
	       outbox_take_prompt(c->house->outbox, target, level_rank(c->bulletin->level));
}

/* The loop hears of it as one of the blocks of this job that stay in the record. */
static void add_to_rest(struct news *news, const struct delivery *d)
{
	struct delivery_rest *rest =
	        news->rests.count ? &news->rests.items[news->rests.count - 1] : NULL;

	if (!rest || strcmp(rest->target, d->target) != 0) {
		rest = mem_push(&news->rests.items, &news->rests.count, sizeof *rest);
		*rest = (struct delivery_rest){.bulletin = mem_text(d->bulletin),
		        .chain = mem_text(d->chain),
		        .target = mem_text(d->target),
		        .job_kind = d->job_kind,
		        .level = d->level,
		        .correction = d->correction,
		        .order = d->order,
		        .expires = d->expires,
		        .block = d->block};
	}
	rest->count++;
}

static void tell_of(struct news *news, struct delivery *d)
{
	if (d->block >= COME_ALONG && delivery_may_rest(d)) {
		add_to_rest(news, d);
		delivery_finish(d);
		return;
	}
	*(struct delivery *)mem_push(&news->deliveries.items, &news->deliveries.count, sizeof *d) =
	        *d;
}

static void fill_delivery(const struct commit *c, const char *target, int block, struct delivery *d)
{
	const struct bulletin *b = c->bulletin;

	delivery_init(d);
	free(d->bulletin);
	free(d->chain);
	free(d->target);
	d->bulletin = mem_text(b->id);
	d->chain = mem_text(b->chain);
	d->target = mem_text(target);
	d->job_kind = CHANNEL_ISSUE;
	d->block = block;
	d->level = b->level;
	d->correction = verb_ends_chain(b->verb);
	d->attempt = goes_at_once(c, target, block);
	d->state = d->attempt ? DELIVERY_SENDING : DELIVERY_WAITING;
	d->order = b->order;
	d->expires = b->expires;
	d->updated = when_now();
}

static bool add_delivery(
        struct store *store, struct commit *c, const char *target, int block, struct err *err)
{
	struct delivery d;

	fill_delivery(c, target, block, &d);
	bool ok = store_add_delivery(store, &d, err);
	if (ok)
		tell_of(c->news, &d);
	else
		delivery_finish(&d);
	return ok;
}

/* heard NULL: to everybody. */
static bool add_blocks(struct store *store, struct commit *c, const char *target,
        const struct heard *heard, struct err *err)
{
	int64_t blocks = 0;

	if (!store_audience_blocks(store, c->bulletin->id, target, &blocks, err))
		return false;
	for (int block = 0; block < (int)blocks; block++)
		if ((!heard || heard_has(heard, target, block)) &&
		        !add_delivery(store, c, target, block, err))
			return false;
	return true;
}

static bool add_deliveries(
        struct store *store, struct commit *c, const struct heard *heard, struct err *err)
{
	const struct bulletin *b = c->bulletin;
	bool only_heard = verb_ends_chain(b->verb) && b->procedure != PROCEDURE_RELAY;

	for (size_t i = 0; i < b->targets.count; i++) {
		const char *name = b->targets.items[i];
		const struct config_target *target = config_target(c->house->config, name);
		bool projection = target && target->traits->projection;
		if (only_heard && !projection && !heard_has(heard, name, -1))
			continue;
		if (!bulletin_audience(b, name)) {
			if (!add_delivery(store, c, name, -1, err))
				return false;
			continue;
		}
		if (!add_blocks(store, c, name, only_heard ? heard : NULL, err))
			return false;
	}
	return true;
}

/* The state and version the caller saw must still be the stored ones: two releases at once end as
 * one. */
static bool still_same(struct store *store, const struct bulletin *b, struct err *err)
{
	struct bulletin *stored = NULL;

	if (!store_get_bulletin(store, b->id, &stored, err))
		return false;
	bool same = stored->version == b->version && stored->state == b->state;
	if (!same)
		err_set(err, ERR_CONFLICT, "%s 刚被他人改动（现为 %s），请重新查看",
		        "%s was changed meanwhile (now %s): look again", b->id,
		        bulletin_state_text(stored->state));
	bulletin_destroy(&stored);
	return same;
}

/* An update and a cancel at the same moment: the second one no longer follows what its people saw.
 */
static bool chain_still_ends_there(struct store *store, const struct commit *c, struct err *err)
{
	struct bulletin_list now = {0};

	if (!*c->bulletin->replaces)
		return true;
	bool same = store_list_chain(store, c->bulletin->chain, &now, err);
	if (same && now.count != c->chain->count)
		same = err_set(err, ERR_CONFLICT, "%s 所属消息链刚有新消息发布，请重新查看",
		        "a newer message of %s's chain was released meanwhile: look again",
		        c->bulletin->id);
	bulletin_list_finish(&now);
	return same;
}

static bool commit(struct store *store, void *arg, struct err *err)
{
	struct commit *c = arg;
	struct bulletin *b = c->bulletin;
	struct heard heard = {0};
	int64_t now = when_now();
	/* Its deliveries go to this process's loop: nobody else would hear of them. */
	bool ok = store_must_hold(store, LEASE_DISPATCH, err) && still_same(store, b, err) &&
	          chain_still_ends_there(store, c, err) &&
	          incident_still(store, b, c->ask->incident_sequence, err);

	for (size_t i = 0; ok && i < c->chain->count; i++)
		ok = close_earlier(store, c, c->chain->items[i], &heard, err);
	if (ok) {
		b->state = BULLETIN_RELEASED;
		b->released = now;
		ok = store_next_sequence(store, COUNTER_MESSAGES, &b->sequence, err) &&
		     store_put_bulletin(store, b, err) && add_deliveries(store, c, &heard, err) &&
		     ask_record(store, c->ask, b->id, c->asked, err) &&
		     duties_open(store, atomic_load(&c->house->policy), b, now, err);
	}
	if (ok && c->own)
		ok = store_add_approval(store, b->id, c->own, now, err);
	if (ok) {
		char digest[DIGEST_HEX];
		digest_sha256(b->filled_manifest, strlen(b->filled_manifest), digest);
		json_t *body = json_pack("{s:s,s:s,s:s,s:s}", "identifier", b->identifier, "verb",
		        verb_text(b->verb), "officer", b->releaser, "manifest", digest);
		ok = store_audit(store, "released", b->id, body, now, err);
		json_decref(body);
	}
	heard_finish(&heard);
	return ok;
}

static void take_up(void *arg)
{
	struct told *told = arg;

	outbox_add(told->outbox, &told->news);
	free(told);
}

/* On the record thread: what is said later about it, a pause say, must find it in the loop. */
static void tell(void *arg)
{
	const struct commit *c = arg;

	c->told->news.issue->order = c->bulletin->order;
	c->told->news.issue->sequence = c->bulletin->sequence;
	loop_post(c->house->loop, take_up, c->told);
}

bool release_commit(struct house *house, struct bulletin *bulletin,
        const struct bulletin_list *chain, const struct ask *ask, const char *asked,
        const struct proof *own, struct err *err)
{
	struct told *told = mem_zero(sizeof *told);
	struct commit c = {house, bulletin, chain, ask, asked, own, told, &told->news};

	told->outbox = house->outbox;
	/* What cannot be read back must not be recorded as released. */
	told->news.issue = issue_create(bulletin, house->config->public_url, err);
	/* Of a storm of relays the record is busy with others anyway. */
	if (told->news.issue && bulletin->procedure != PROCEDURE_RELAY)
		outbox_announce(house->outbox, told->news.issue);
	bool ok = told->news.issue && record_do_and_tell(house->record, level_rank(bulletin->level),
	                                      commit, tell, &c, err);
	if (ok)
		return true;
	news_finish(&told->news);
	free(told);
	return false;
}
