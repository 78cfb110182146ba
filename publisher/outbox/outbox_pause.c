/* SPDX-License-Identifier: Apache-2.0
 * outbox_pause - what an officer holds back: a far side of one bulletin. Its deliveries stay in
 * dispatch, which gives none of them out, and its blocks in flight are called back as a cancel
 * calls them: whoever was told stays told, and the rest of the block waits. A single delivery in
 * its channel's hands is let be: a channel begins each as it gets it (exchange.c), as many as its
 * window.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

static struct paused *find(const struct outbox *outbox, const char *bulletin, int target)
{
	for (size_t i = 0; i < outbox->paused_count; i++)
		if (outbox->paused[i].target == target &&
		        strcmp(outbox->paused[i].bulletin, bulletin) == 0)
			return &outbox->paused[i];
	return NULL;
}

bool outbox_is_paused(const struct outbox *outbox, const char *bulletin, int target)
{
	return find(outbox, bulletin, target) != NULL;
}

static void drop(struct outbox *outbox, struct paused *one)
{
	free(one->bulletin);
	*one = outbox->paused[--outbox->paused_count];
}

static void hold_back(struct outbox *outbox, struct entry *entry, bool on, int64_t now)
{
	entry->paused = on;
	dispatch_hold_back(outbox->dispatch, entry->id, on, now);
	if (on && entry->block >= 0)
		outbox_halt(outbox, entry);
}

static void hold_all(struct outbox *outbox, const char *bulletin, int target, bool on, int64_t now)
{
	for (size_t b = 0; b < ENTRY_BUCKETS; b++)
		for (struct entry *entry = outbox->entries[b]; entry; entry = entry->next)
			if (entry->target == target && strcmp(entry->issue->id, bulletin) == 0)
				hold_back(outbox, entry, on, now);
	outbox_rests_hold_back(outbox, bulletin, target, on, now);
}

void outbox_pause(struct outbox *outbox, const char *bulletin, int target, bool on)
{
	struct paused *known = find(outbox, bulletin, target);

	if (target < 0 || (known != NULL) == on)
		return;
	if (on)
		*(struct paused *)mem_push(&outbox->paused, &outbox->paused_count,
		        sizeof *outbox->paused) = (struct paused){mem_text(bulletin), target};
	else
		drop(outbox, known);
	hold_all(outbox, bulletin, target, on, when_boot());
}

void outbox_pause_entry(struct outbox *outbox, const struct delivery *d, int target, int64_t now)
{
	struct entry *entry = outbox_entry(outbox, d->id);

	if (entry && outbox_is_paused(outbox, d->bulletin, target))
		hold_back(outbox, entry, true, now);
}

static bool in_force(const struct outbox *outbox, const char *bulletin)
{
	for (size_t i = 0; i < outbox->active_count; i++)
		if (strcmp(outbox->active[i]->id, bulletin) == 0)
			return true;
	return false;
}

/* What waited has ended with its bulletin. What was in flight may come back unsent, and its far
 * side may never get the newer one: let go, it ends when the record refuses it. */
void outbox_pauses_over(struct outbox *outbox)
{
	for (size_t i = outbox->paused_count; i-- > 0;) {
		struct paused *one = &outbox->paused[i];
		if (in_force(outbox, one->bulletin))
			continue;
		hold_all(outbox, one->bulletin, one->target, false, when_boot());
		drop(outbox, one);
	}
}

void outbox_pauses_clear(struct outbox *outbox)
{
	while (outbox->paused_count)
		drop(outbox, &outbox->paused[0]);
	free(outbox->paused);
	outbox->paused = NULL;
}
