/* SPDX-License-Identifier: Apache-2.0
 * outbox_forget - tells an agent which bulletins will not be named again, so that none piles up in
 * it. Only an agent with nothing in hand is told, and only when as much as an eighth of what it has
 * may have ended since: to look through all that is in force at each end would be felt in a storm.
 * Cannot fail: what is forgotten too early would be sent again before it is named.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

enum { FEW = 8 };

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What may still be named to this agent, sorted: borrowed ids in the caller's array. */
static const char **still_needed(
        const struct outbox *outbox, const struct agent *agent, size_t *count)
{
	const char **ids = mem_array(
	        outbox->entry_count + outbox->rest_count + outbox->active_count + 1, sizeof *ids);
	bool projection = outbox->config->targets[agent->index].traits->projection;

	*count = 0;
	for (size_t b = 0; b < ENTRY_BUCKETS; b++)
		for (const struct entry *entry = outbox->entries[b]; entry; entry = entry->next)
			if (entry->target == agent->index)
				ids[(*count)++] = entry->issue->id;
	for (size_t i = 0; i < outbox->rest_count; i++)
		if (outbox->rests[i].target == agent->index)
			ids[(*count)++] = outbox->rests[i].issue->id;
	for (size_t i = 0; projection && i < outbox->active_count; i++)
		ids[(*count)++] = outbox->active[i]->id;
	qsort(ids, *count, sizeof *ids, by_text);
	return ids;
}

void outbox_forget(struct outbox *outbox, struct agent *agent)
{
	size_t ended = (size_t)(outbox->endings - agent->forgot_at);
	struct texts over = {0};
	const struct lookup_slot *slot;
	size_t needed;

	if (agent->job_count || agent->state_job || agent->ended.count || !ended ||
	        ended < agent->sent.count / FEW)
		return; /* what has ended is told by its name, which is to be known still */
	agent->forgot_at = outbox->endings;
	const char **ids = still_needed(outbox, agent, &needed);
	for (size_t at = 0; (slot = lookup_next(&agent->sent, &at));)
		if (!bsearch(&slot->name, ids, needed, sizeof *ids, by_text))
			texts_add(&over, slot->name);
	for (size_t i = 0; i < over.count; i++)
		agent_send_forget(agent, over.items[i]);
	texts_finish(&over);
	free(ids);
}
