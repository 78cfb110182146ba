/* SPDX-License-Identifier: Apache-2.0
 * outbox_orphan - deliveries in flight that are in nobody's hands: we have just started, or their
 * agent has gone. Their far side may still get them, so they stay in flight, and hold back what is
 * newer in their chain, until their agent is back and answers, or says that it holds them no more,
 * or until no attempt can last any longer.
 */
#include "outbox_private.h"

#include "when.h"

void outbox_orphans_of_gone(struct outbox *outbox, struct agent *agent, int64_t now)
{
	for (size_t i = 0; i < agent->job_count; i++) {
		struct entry *entry = outbox_entry(outbox, agent->jobs[i]);
		if (!entry)
			continue;
		outbox_tally_end(outbox, entry); /* before what is left is looked up */
		if (agent->began[i] && entry->deadline > now)
			entry->orphan_until = entry->deadline;
		else
			dispatch_lost(outbox->dispatch, entry->id, agent->began[i], now);
		entry->halted = entry->halted && entry->orphan_until;
		entry->mark = 0;
	}
}

void outbox_orphans_claimed(struct outbox *outbox, struct agent *agent)
{
	for (size_t i = 0; i < agent->job_count; i++) {
		struct entry *entry = outbox_entry(outbox, agent->jobs[i]);
		if (entry)
			entry->orphan_until = 0;
		if (entry && entry->halted)
			agent_send_halt(agent, entry->id);
	}
}

static bool carries(
        const struct outbox *outbox, const struct agent *agent, const struct entry *entry)
{
	bool lanes = outbox->config->targets[agent->index].traits->lanes;
	bool urgent = level_rank(entry->issue->level) >= level_rank(LEVEL_ORANGE);

	return entry->target == agent->index &&
	       (!lanes || urgent == (outbox_lane(agent) == DISPATCH_URGENT));
}

static void lose(struct outbox *outbox, const struct agent *agent, int64_t now)
{
	for (size_t b = 0; b < ENTRY_BUCKETS; b++)
		for (struct entry *entry = outbox->entries[b]; entry; entry = entry->next) {
			if (!entry->orphan_until || (agent && !carries(outbox, agent, entry)) ||
			        (!agent && entry->orphan_until > now))
				continue;
			entry->orphan_until = 0;
			entry->halted = false;
			dispatch_lost(outbox->dispatch, entry->id, true, now);
		}
}

void outbox_orphans_lost(struct outbox *outbox, struct agent *agent, int64_t now)
{
	lose(outbox, agent, now);
}

void outbox_orphans_look(struct outbox *outbox, int64_t now)
{
	lose(outbox, NULL, now);
}
