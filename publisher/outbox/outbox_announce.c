/* SPDX-License-Identifier: Apache-2.0
 * outbox_announce - a bulletin goes to its agents while the record still writes its release: to
 * check signature and digests takes seven of them as long as the commit, and a job comes only once
 * that is through. Only to those who would get it at once: the others' work is to begin after
 * theirs. Where no job ever comes, the agent is told to forget as after any other
 * (outbox_forget.c), or gets the words of a later release of it before their job. Nothing takes the
 * place of what it has: that may be in the record.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

struct announcement {
	struct outbox *outbox;
	struct issue *issue;
};

static bool is_for(
        const struct outbox *outbox, const struct issue *issue, const struct agent *agent)
{
	bool urgent = level_rank(issue->level) >= level_rank(LEVEL_ORANGE);
	enum dispatch_lane lane = outbox_lane(agent);

	if (lane != DISPATCH_ALL && urgent != (lane == DISPATCH_URGENT))
		return false;
	for (size_t i = 0; i < issue->text_count; i++)
		if (strcmp(issue->texts[i].target, outbox->config->targets[agent->index].name) == 0)
			return true;
	return false;
}

static void announce(void *arg)
{
	struct announcement *a = arg;
	struct outbox *outbox = a->outbox;
	unsigned rank = 1u << level_rank(a->issue->level);

	for (struct agent *agent = agents_first(outbox->agents); agent; agent = agent->next)
		if (agent->welcome && !agent->source &&
		        atomic_load(&outbox->prompt[agent->index]) & rank &&
		        !lookup_get(&agent->sent, a->issue->id) && is_for(outbox, a->issue, agent))
			agent_send_bulletin(agent, a->issue);
	issue_let_go(&a->issue);
	free(a);
}

void outbox_announce(struct outbox *outbox, struct issue *issue)
{
	struct announcement *a = mem_zero(sizeof *a);

	a->outbox = outbox;
	a->issue = issue_hold(issue);
	loop_post(outbox->loop, announce, a);
}
