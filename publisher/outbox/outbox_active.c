/* SPDX-License-Identifier: Apache-2.0
 * outbox_active - the set in force: every released warning neither replaced, cancelled nor expired.
 * Its digest tells projections (website, MQTT) whether their far side still shows the right thing.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

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

static void remove_at(struct outbox *outbox, size_t i)
{
	let_be_shown(outbox, outbox->active[i]->id);
	issue_let_go(&outbox->active[i]);
	memmove(&outbox->active[i], &outbox->active[i + 1],
	        (outbox->active_count - i - 1) * sizeof *outbox->active);
	outbox->active_count--;
	outbox->endings++;
}

bool outbox_active_is_for(const struct outbox *outbox, const struct issue *issue, int target)
{
	for (size_t i = 0; i < outbox->withheld_count; i++)
		if (outbox->withheld[i].target == target &&
		        strcmp(outbox->withheld[i].bulletin, issue->id) == 0)
			return false;
	return true;
}

enum { NO_TARGET = -1 };

void outbox_active_digest(const struct outbox *outbox, int target, char out[DIGEST_HEX])
{
	struct buf text;

	if (!outbox->withheld_count && target != NO_TARGET) {
		memcpy(out, outbox->digest, DIGEST_HEX);
		return;
	}
	buf_init(&text, 0);
	for (size_t i = 0; i < outbox->active_count; i++)
		if (target == NO_TARGET ||
		        outbox_active_is_for(outbox, outbox->active[i], target)) {
			buf_text(&text, outbox->active[i]->identifier);
			buf_char(&text, '\n');
		}
	digest_sha256(text.data ? text.data : "", text.len, out);
	buf_finish(&text);
}

static void take_digest(struct outbox *outbox)
{
	outbox_active_digest(outbox, NO_TARGET, outbox->digest);
	atomic_fetch_add(&outbox->sets, 1);
}

void outbox_active_withhold(struct outbox *outbox, const char *bulletin, int target)
{
	struct withheld *withheld =
	        mem_push(&outbox->withheld, &outbox->withheld_count, sizeof *withheld);

	*withheld = (struct withheld){mem_text(bulletin), target};
}

static void put(struct outbox *outbox, struct issue *issue)
{
	outbox->active =
	        mem_resize(outbox->active, outbox->active_count + 1, sizeof *outbox->active);
	outbox->active[outbox->active_count++] = issue_hold(issue);
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
	bool ends = issue->verb == VERB_CANCEL || issue->verb == VERB_CORRECT;

	for (size_t i = outbox->active_count; i > 0; i--) {
		const struct issue *other = outbox->active[i - 1];
		if (strcmp(other->chain, issue->chain) == 0 && other->order < issue->order)
			remove_at(outbox, i - 1);
	}
	if (!ends && (issue->expires == 0 || issue->expires > now))
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

void outbox_active_clear(struct outbox *outbox)
{
	while (outbox->active_count)
		remove_at(outbox, outbox->active_count - 1);
	free(outbox->active);
	outbox->active = NULL;
	free(outbox->withheld);
	outbox->withheld = NULL;
}

long long outbox_sets(struct outbox *outbox)
{
	return atomic_load(&outbox->sets);
}
