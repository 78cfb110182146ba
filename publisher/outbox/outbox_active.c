/* SPDX-License-Identifier: Apache-2.0
 * outbox_active - the set in force: every released warning neither replaced, cancelled nor expired.
 * Its digest tells projections (website, MQTT) whether their far side still shows the right thing.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "protocol.h"

enum { NO_TARGET = -1 };

static void let_be_shown(struct outbox *outbox, const char *bulletin)
{
	size_t kept = 0;

	for (size_t i = 0; i < outbox->withheld_count; i++) {
		if (strcmp(outbox->withheld[i].bulletin, bulletin) == 0)
			free(outbox->withheld[i].bulletin);
		else
			outbox->withheld[kept++] = outbox->withheld[i];
	}
	outbox->withheld_count = kept;
}

bool outbox_active_is_for(const struct outbox *outbox, const struct issue *issue, int target)
{
	for (size_t i = 0; i < outbox->withheld_count; i++)
		if (outbox->withheld[i].target == target &&
		        strcmp(outbox->withheld[i].bulletin, issue->id) == 0)
			return false;
	return true;
}

/* --- what agents were told ----------------------------------------------------------------------
 */

void outbox_active_put(struct outbox *outbox, struct agent *agent, struct buf *out)
{
	for (size_t i = 0; i < agent->ended.count; i++)
		frame_put_text(out, TAG_ENDED, agent->ended.items[i]);
	for (size_t i = agent->named; i < outbox->active_count; i++) {
		if (!outbox_active_is_for(outbox, outbox->active[i], agent->index))
			continue;
		agent_send_bulletin(agent, outbox->active[i]);
		frame_put_text(out, TAG_ACTIVE, outbox->active[i]->id);
	}
}

void outbox_active_told(const struct outbox *outbox, struct agent *agent)
{
	texts_finish(&agent->ended);
	agent->named = outbox->active_count;
}

/* The one at this place is in the set no more, or not for this target (NO_TARGET: for none). */
static void note_end(struct outbox *outbox, size_t place, int target)
{
	const struct issue *issue = outbox->active[place];

	for (struct agent *agent = agents_first(outbox->agents); agent; agent = agent->next)
		if (place < agent->named && (target == NO_TARGET || target == agent->index) &&
		        outbox_active_is_for(outbox, issue, agent->index))
			texts_add(&agent->ended, issue->id);
}

/* --- the set ------------------------------------------------------------------------------------
 */

static void remove_at(struct outbox *outbox, size_t place)
{
	struct issue **at = &outbox->active[place];

	note_end(outbox, place, NO_TARGET);
	for (struct agent *agent = agents_first(outbox->agents); agent; agent = agent->next)
		agent->named -= place < agent->named;
	let_be_shown(outbox, (*at)->id);
	if (lookup_get(&outbox->chains, (*at)->chain) == *at)
		lookup_drop(&outbox->chains, (*at)->chain);
	digest_drop(&outbox->stream);
	issue_let_go(at);
	memmove(at, at + 1, (outbox->active_count - place - 1) * sizeof *at);
	outbox->active_count--;
	outbox->endings++;
}

static void digest_one(struct digest_stream *stream, const struct issue *issue)
{
	digest_more(stream, issue->identifier, strlen(issue->identifier));
	digest_more(stream, "\n", 1);
}

void outbox_active_digest(const struct outbox *outbox, int target, char out[DIGEST_HEX])
{
	if (!outbox->withheld_count) {
		memcpy(out, outbox->digest, DIGEST_HEX);
		return;
	}
	struct digest_stream *stream = digest_begin();
	for (size_t i = 0; i < outbox->active_count; i++)
		if (outbox_active_is_for(outbox, outbox->active[i], target))
			digest_one(stream, outbox->active[i]);
	digest_end(&stream, out);
}

/* While the set only grows, its digest goes on where it was. */
static void take_digest(struct outbox *outbox)
{
	if (!outbox->stream) {
		outbox->stream = digest_begin();
		for (size_t i = 0; i < outbox->active_count; i++)
			digest_one(outbox->stream, outbox->active[i]);
	}
	digest_so_far(outbox->stream, outbox->digest);
	atomic_fetch_add(&outbox->sets, 1);
}

void outbox_active_withhold(struct outbox *outbox, const char *bulletin, int target)
{
	for (size_t i = 0; i < outbox->active_count; i++)
		if (strcmp(outbox->active[i]->id, bulletin) == 0)
			note_end(outbox, i, target);
	struct withheld *withheld =
	        mem_push(&outbox->withheld, &outbox->withheld_count, sizeof *withheld);
	*withheld = (struct withheld){mem_text(bulletin), target};
}

static void put(struct outbox *outbox, struct issue *issue)
{
	outbox->active =
	        mem_resize(outbox->active, outbox->active_count + 1, sizeof *outbox->active);
	outbox->active[outbox->active_count++] = issue_hold(issue);
	lookup_put(&outbox->chains, issue->chain, issue);
	if (outbox->stream)
		digest_one(outbox->stream, issue);
}

/* What a newer message replaced or ended is not RELEASED any more (release_commit.c): nothing is
 * looked for here. */
void outbox_active_start(struct outbox *outbox, struct issue **issues, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (issues[i]->verb != VERB_CANCEL && issues[i]->verb != VERB_CORRECT)
			put(outbox, issues[i]);
	take_digest(outbox);
}

void outbox_active_add(struct outbox *outbox, struct issue *issue, int64_t now)
{
	bool known = lookup_get(&outbox->chains, issue->chain);

	for (size_t i = outbox->active_count; i > 0 && known; i--) {
		const struct issue *other = outbox->active[i - 1];
		if (strcmp(other->chain, issue->chain) == 0 && other->order < issue->order)
			remove_at(outbox, i - 1);
	}
	if (!verb_ends_chain(issue->verb) && (issue->expires == 0 || issue->expires > now))
		put(outbox, issue);
	take_digest(outbox);
}

bool outbox_active_expire(struct outbox *outbox, int64_t now)
{
	bool any = false;

	for (size_t i = outbox->active_count; i > 0; i--) {
		const struct issue *issue = outbox->active[i - 1];
		if (!issue->expires || issue->expires > now)
			continue;
		outbox_write_expired(outbox, issue);
		remove_at(outbox, i - 1);
		any = true;
	}
	if (any)
		take_digest(outbox);
	return any;
}

/* At the end of all, when no agent is left. */
void outbox_active_clear(struct outbox *outbox)
{
	for (size_t i = 0; i < outbox->active_count; i++)
		issue_let_go(&outbox->active[i]);
	for (size_t i = 0; i < outbox->withheld_count; i++)
		free(outbox->withheld[i].bulletin);
	outbox->active_count = outbox->withheld_count = 0;
	lookup_finish(&outbox->chains);
	digest_drop(&outbox->stream);
	free(outbox->active);
	outbox->active = NULL;
	free(outbox->withheld);
	outbox->withheld = NULL;
}

long long outbox_sets(struct outbox *outbox)
{
	return atomic_load(&outbox->sets);
}
