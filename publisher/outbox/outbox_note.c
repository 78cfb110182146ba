/* SPDX-License-Identifier: Apache-2.0
 * outbox_note - the house's own forms (heartbeat, signed index) to the far sides that show them.
 * Only the newest counts: nothing is kept, nothing is sent again but the next one; a far side that
 * comes back gets it at once.
 */
#include "outbox_private.h"

#include <stdlib.h>

#include "channel.h"
#include "log.h"
#include "protocol.h"
#include "when.h"

enum { NOTE_MS = 5000 };

/* On its way from a worker to the loop. */
struct fresh {
	struct outbox *outbox;
	enum status_form form;
	char *text, *signature;
};

static struct note *note_of(struct outbox *outbox, enum status_form form)
{
	return form == STATUS_HEARTBEAT ? &outbox->heartbeat : &outbox->index;
}

static void drop(struct note *note)
{
	free(note->text);
	free(note->signature);
	*note = (struct note){0};
}

void outbox_notes_clear(struct outbox *outbox)
{
	drop(&outbox->heartbeat);
	drop(&outbox->index);
}

static void take_note(void *arg)
{
	struct fresh *fresh = arg;
	struct note *note = note_of(fresh->outbox, fresh->form);

	drop(note);
	*note = (struct note){++fresh->outbox->notes, fresh->text, fresh->signature};
	outbox_pump(fresh->outbox);
	free(fresh);
}

void outbox_note(
        struct outbox *outbox, enum status_form form, const char *text, const char *signature)
{
	struct fresh *fresh = mem_zero(sizeof *fresh);

	*fresh = (struct fresh){outbox, form, mem_text(text), mem_text(signature)};
	loop_post(outbox->loop, take_note, fresh);
}

/* What this far side shows of the house; NULL = nothing, or none was signed yet. */
static const struct note *shown_by(const struct outbox *outbox, const struct agent *agent)
{
	const struct channel_traits *traits =
	        agent->source ? NULL : outbox->config->targets[agent->index].traits;
	const struct note *note = NULL;

	if (traits && traits->heartbeat)
		note = &outbox->heartbeat;
	else if (traits && traits->index)
		note = &outbox->index;
	return note && note->serial ? note : NULL;
}

void outbox_hand_note(struct outbox *outbox, struct agent *agent)
{
	const struct note *note = shown_by(outbox, agent);
	struct buf out;

	if (!note || outbox->stopped || agent->free <= 0 || agent->note_job ||
	        agent->noted == note->serial)
		return;
	buf_init(&out, 2 * FRAME_MAX);
	int64_t number = --outbox->state_jobs;
	size_t start = frame_begin(&out, FRAME_JOB);
	outbox_put_job(&out, number, CHANNEL_NOTE, 1, NULL, note->text, NOTE_MS, "");
	frame_put_text(&out, TAG_SIGNATURE, note->signature);
	if (frame_end(&out, start)) {
		agent->note_job = number;
		agent->noted = note->serial;
		agent->free--;
		agent_send(agent, &out);
	}
	buf_finish(&out);
}

bool outbox_note_done(
        struct outbox *outbox, struct agent *agent, const struct agent_receipt *receipt)
{
	(void)outbox;
	if (!agent->note_job || receipt->job != agent->note_job)
		return false;
	agent->note_job = 0;
	if (receipt->verdict != CHANNEL_DELIVERED)
		log_event(LOG_WARN, "note-not-shown", "target", agent->name, "reason",
		        receipt->reason, NULL);
	agent_send_ack(agent, receipt->job);
	return true;
}
