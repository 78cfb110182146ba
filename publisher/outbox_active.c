/* SPDX-License-Identifier: Apache-2.0
 * outbox_active - the set in force: every released warning neither replaced, cancelled nor expired.
 * Its digest tells projections (website, MQTT) whether their far side still shows the right thing.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

static void remove_at(struct outbox *outbox, size_t i)
{
	issue_let_go(&outbox->active[i]);
	memmove(&outbox->active[i], &outbox->active[i + 1],
	        (outbox->active_count - i - 1) * sizeof *outbox->active);
	outbox->active_count--;
	outbox->endings++;
}

static void take_digest(struct outbox *outbox)
{
	struct buf text;

	buf_init(&text, 0);
	for (size_t i = 0; i < outbox->active_count; i++)
		buf_format(&text, "%s\n", outbox->active[i]->identifier);
	digest_sha256(text.data ? text.data : "", text.len, outbox->digest);
	buf_finish(&text);
}

void outbox_active_add(struct outbox *outbox, struct issue *issue, int64_t now)
{
	bool ends = issue->verb == VERB_CANCEL || issue->verb == VERB_CORRECT;

	for (size_t i = outbox->active_count; i > 0; i--) {
		const struct issue *other = outbox->active[i - 1];
		if (strcmp(other->chain, issue->chain) == 0 && other->order < issue->order)
			remove_at(outbox, i - 1);
	}
	if (!ends && (issue->expires == 0 || issue->expires > now)) {
		outbox->active = mem_resize(
		        outbox->active, outbox->active_count + 1, sizeof *outbox->active);
		outbox->active[outbox->active_count++] = issue_hold(issue);
	}
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
}
