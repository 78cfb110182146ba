/* SPDX-License-Identifier: Apache-2.0
 * outbox_state - the set in force to a projection that shows another one: it came back, or
 * something has ended. Nothing of it goes on disk, so the record is asked first whether the far
 * side is still ours: what another has taken over is not ours to show.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "protocol.h"
#include "store_lease.h"

enum { STATE_MS = 10000 };

/* On its way: loop -> record thread -> loop. */
struct asking {
	struct outbox *outbox;
	char *agent, *lane;
	int64_t serial; /* only the newest asking of an agent may send */
	bool ok;
};

static void asking_destroy(struct asking *asking)
{
	free(asking->agent);
	free(asking->lane);
	free(asking);
}

static bool has_entries(const struct outbox *outbox, int target)
{
	for (size_t b = 0; b < ENTRY_BUCKETS; b++)
		for (const struct entry *entry = outbox->entries[b]; entry; entry = entry->next)
			if (entry->target == target)
				return true;
	return false;
}

/* digest: of the set it is to show. */
static bool shows_another(
        const struct outbox *outbox, const struct agent *agent, char digest[DIGEST_HEX])
{
	outbox_active_digest(outbox, agent->index, digest);
	return !outbox->stopped && agent->job_count == 0 && strcmp(agent->holds, digest) != 0 &&
	       !has_entries(outbox, agent->index);
}

static bool send_state(struct outbox *outbox, struct agent *agent, const char *digest)
{
	struct buf out;

	buf_init(&out, 2 * FRAME_MAX);
	size_t start = frame_begin(&out, FRAME_JOB);
	outbox_put_job(&out, --outbox->state_jobs, CHANNEL_STATE, 1, NULL, "", STATE_MS, digest);
	outbox_active_put(outbox, agent, &out);
	bool fits = frame_end(&out, start);
	if (fits) {
		agent_send(agent, &out);
		outbox_active_told(outbox, agent);
	}
	buf_finish(&out);
	return fits;
}

/* Back on the loop. What could not be sent is tried at the next turn. */
static void asked(void *arg)
{
	struct asking *asking = arg;
	struct outbox *outbox = asking->outbox;
	struct agent *agent = agents_find(outbox->agents, asking->agent, asking->lane);
	char digest[DIGEST_HEX];

	outbox->marks--;
	if (agent && agent->state_mark == asking->serial) {
		agent->state_mark = 0;
		agent->state_job = asking->ok && shows_another(outbox, agent, digest) &&
		                   send_state(outbox, agent, digest);
		agent->free += !agent->state_job;
	}
	asking_destroy(asking);
}

static void ask_done(void *arg, bool ok, const struct err *err)
{
	struct asking *asking = arg;

	(void)err;
	asking->ok = ok;
	loop_post(asking->outbox->loop, asked, asking);
}

static bool is_ours(struct store *store, void *arg, struct err *err)
{
	const struct asking *asking = arg;

	return store_must_hold(store, asking->agent, err);
}

void outbox_hand_state(struct outbox *outbox, struct agent *agent)
{
	char digest[DIGEST_HEX];

	if (agent->state_job || agent->free <= 0 || !shows_another(outbox, agent, digest))
		return;
	struct asking *asking = mem_zero(sizeof *asking);
	asking->outbox = outbox;
	asking->agent = mem_text(agent->name);
	asking->lane = mem_text(agent->lane);
	asking->serial = agent->state_mark = ++outbox->mark_serial;
	agent->state_job = true;
	agent->free--;
	outbox->marks++;
	record_post(outbox->record, 0, is_ours, ask_done, asking);
}
