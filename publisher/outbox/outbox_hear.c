/* SPDX-License-Identifier: Apache-2.0
 * outbox_hear - what agents and sources say, and what follows from it.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "log.h"
#include "when.h"

/* --- what agents say ----------------------------------------------------------------------------
 */

static void on_hello(void *ctx, struct agent *agent)
{
	struct outbox *outbox = ctx;

	if (agent->source)
		return;
	outbox_orphans_claimed(outbox, agent);
	dispatch_target_back(outbox->dispatch, agent->index, when_boot());
}

static void on_ready(void *ctx, struct agent *agent)
{
	struct outbox *outbox = ctx;

	if (!agent->ready) {
		agent->ready = true;
		dispatch_set_window(outbox->dispatch, agent->index, outbox_lane(agent),
		        (int)(agent->free + (int64_t)agent->job_count));
		outbox_orphans_lost(outbox, agent, when_boot());
	}
	outbox_pump(ctx);
}

static void on_far(void *ctx, struct agent *agent, bool well, const char *why)
{
	struct outbox *outbox = ctx;

	(void)why; /* the agent has logged it */
	dispatch_far(outbox->dispatch, agent->index, outbox_lane(agent), well, when_boot());
	outbox_pump(outbox);
}

static void began_done(void *arg, bool ok, const struct err *err)
{
	(void)ok;
	(void)err;
	free(arg);
}

static bool write_began(struct store *store, void *arg, struct err *err)
{
	return store_delivery_began(store, *(int64_t *)arg, when_now(), err);
}

static void on_began(void *ctx, struct agent *agent, int64_t job)
{
	struct outbox *outbox = ctx;
	struct entry *entry = outbox_entry(outbox, job);

	(void)agent;
	if (!entry)
		return;
	if (entry->since && entry->attempt == 1)
		figures_first_byte(
		        &outbox->figures, entry->issue->level, when_boot() - entry->since);
	int64_t *id = mem_zero(sizeof *id);
	*id = job;
	record_post(outbox->record, outbox_rank(entry), write_began, began_done, id);
}

static void state_done(
        struct outbox *outbox, struct agent *agent, const struct agent_receipt *receipt)
{
	agent->state_job = false;
	if (receipt->verdict == CHANNEL_DELIVERED)
		outbox_active_digest(outbox, agent->index, agent->holds);
	else
		log_event(LOG_WARN, "state-not-shown", "target", agent->name, "reason",
		        receipt->reason, NULL);
	agent_send_ack(agent, receipt->job);
}

static void on_receipt(void *ctx, struct agent *agent, const struct agent_receipt *receipt)
{
	struct outbox *outbox = ctx;
	struct entry *entry = receipt->job > 0 ? outbox_entry(outbox, receipt->job) : NULL;

	if (receipt->job < 0 && outbox_notice_done(outbox, agent, receipt)) {
		outbox_pump(outbox);
		return;
	}
	if (receipt->job < 0) {
		if (!outbox_note_done(outbox, agent, receipt) && agent->state_job)
			state_done(outbox, agent, receipt);
		outbox_pump(outbox);
		return;
	}
	struct outbox_proof proof = {
	        receipt->job, receipt->proof, receipt->reason, receipt->far_id, agent};
	agent_job_remove(agent, receipt->job);
	if (entry) {
		entry->orphan_until = 0;
		outbox_tally_end(outbox, entry);
		figures_attempt(&outbox->figures, entry->target, receipt->verdict);
		if (receipt->verdict == CHANNEL_DELIVERED && entry->digest[0])
			memcpy(agent->holds, entry->digest, DIGEST_HEX);
		if (entry->halted && receipt->verdict == CHANNEL_DEFERRED)
			outbox_given_back(outbox, entry);
		else
			dispatch_done(outbox->dispatch, receipt->job, (int)receipt->verdict,
			        receipt->wait, when_boot());
	}
	outbox_write_changes(outbox, &proof);
	outbox_pump(outbox);
}

static void on_tally(void *ctx, struct agent *agent, int64_t job, const unsigned char *taken,
        const unsigned char *refused)
{
	struct outbox *outbox = ctx;
	struct entry *entry = outbox_entry(outbox, job);

	if (entry && entry->block >= 0)
		outbox_tally(outbox, agent, entry, taken, refused);
}

static void on_report(void *ctx, struct agent *agent, const struct agent_receipt *report)
{
	outbox_write_report(ctx, agent->name, report);
}

static void on_gone(void *ctx, struct agent *agent)
{
	struct outbox *outbox = ctx;

	if (agent->source)
		return;
	outbox_orphans_of_gone(outbox, agent, when_boot());
	dispatch_far_unknown(outbox->dispatch, agent->index, outbox_lane(agent), when_boot());
	outbox_write_changes(outbox, NULL);
}

/* --- what sources say ---------------------------------------------------------------------------
 */

struct seat {
	struct outbox *outbox;
	char *name;
	int64_t number;
};

/* Loop thread: the bytes are on disk (or refused for good). */
static void taken(void *arg, const struct err *err)
{
	struct seat *seat = arg;
	struct agent *agent = agents_find(seat->outbox->agents, seat->name, NULL);

	if (agent)
		agent_send_taken(agent, seat->number, err);
	free(seat->name);
	free(seat);
}

static void on_intake(void *ctx, struct agent *agent, int64_t number, const char *name,
        const void *bytes, size_t len)
{
	struct outbox *outbox = ctx;
	struct seat *seat = mem_zero(sizeof *seat);

	seat->outbox = outbox;
	seat->name = mem_text(agent->name);
	seat->number = number;
	outbox->intake(outbox->ctx, agent->name, name, bytes, len, outbox->loop, taken, seat);
}

const struct agent_ears outbox_ears = {
        .hello = on_hello,
        .ready = on_ready,
        .began = on_began,
        .receipt = on_receipt,
        .tally = on_tally,
        .report = on_report,
        .far = on_far,
        .intake = on_intake,
        .gone = on_gone,
};
