/* SPDX-License-Identifier: Apache-2.0
 * outbox_notice - officers told whose turn it is, by the far sides marked for it. A notice is
 * handed to an agent that is there now, or not at all: whoever calls (notices.c) calls again by the
 * clock, so nothing queues here and nothing stale goes out later. Numbers never reach a log.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "log.h"
#include "protocol.h"
#include "when.h"

enum { NOTICE_MS = 5000, FORGOTTEN_MS = 120000 };

/* In an agent's hands. */
struct told_notice {
	int64_t number;
	int64_t until; /* boot ms: nobody will answer for it any more */
	struct turn_call call;
};

/* On its way from a worker to the loop. */
struct errand {
	struct outbox *outbox;
	char *target, *text, *signature, *phone;
	struct turn_call call;
};

static void errand_destroy(struct errand *errand)
{
	free(errand->target);
	free(errand->text);
	free(errand->signature);
	free(errand->phone);
	free(errand);
}

static void forget_old(struct outbox *outbox, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < outbox->told_count; i++)
		if (outbox->told[i].until > now)
			outbox->told[kept++] = outbox->told[i];
	outbox->told_count = kept;
}

static bool put_notice(struct agent *agent, const struct errand *errand, int64_t number)
{
	struct buf out;

	buf_init(&out, 2 * FRAME_MAX);
	size_t start = frame_begin(&out, FRAME_JOB);
	outbox_put_job(&out, number, CHANNEL_NOTE, 1, NULL, errand->text, NOTICE_MS, "");
	if (errand->phone) {
		frame_put_int(&out, TAG_RECIPIENT, 0);
		frame_put_text(&out, TAG_ADDRESS, errand->phone);
		frame_put_text(&out, TAG_CALLBACK, "");
	}
	frame_put_text(&out, TAG_SIGNATURE, errand->signature);
	bool fits = frame_end(&out, start);
	if (fits)
		agent_send(agent, &out);
	buf_finish(&out);
	return fits;
}

static struct agent *agent_for(struct outbox *outbox, const char *target)
{
	struct agent *agent = agents_find(outbox->agents, target, "urgent");

	return agent ? agent : agents_find(outbox->agents, target, "all");
}

static void hand(void *arg)
{
	struct errand *errand = arg;
	struct outbox *outbox = errand->outbox;
	struct agent *agent = agent_for(outbox, errand->target);
	int64_t now = when_boot();

	forget_old(outbox, now);
	if (!agent || outbox->stopped || agent->free <= 0) {
		log_event(LOG_WARN, "notice-waits", "target", errand->target, "reason",
		        agent ? "the channel is busy" : "the channel is away", NULL);
	} else if (put_notice(agent, errand, --outbox->state_jobs)) {
		struct told_notice *told =
		        mem_push(&outbox->told, &outbox->told_count, sizeof *told);
		agent->free--;
		*told = (struct told_notice){outbox->state_jobs, now + FORGOTTEN_MS, errand->call};
		told->call.confirmed_by = NULL;
	}
	errand_destroy(errand);
}

void outbox_notice(struct outbox *outbox, const char *target, const struct turn_call *call,
        const char *text, const char *signature, const char *phone)
{
	struct errand *errand = mem_zero(sizeof *errand);

	errand->outbox = outbox;
	errand->target = mem_text(target);
	errand->text = mem_text(text);
	errand->signature = mem_text(signature);
	errand->phone = mem_text(phone);
	errand->call = *call;
	loop_post(outbox->loop, hand, errand);
}

static bool write_arrived(struct store *store, void *arg, struct err *err)
{
	return store_call_arrived(store, arg, when_now(), err);
}

static void written(void *arg, bool ok, const struct err *err)
{
	if (!ok)
		log_event(LOG_ERROR, "notice-not-kept", "reason", err->en, NULL);
	free(arg);
}

static struct told_notice *find(struct outbox *outbox, int64_t number)
{
	for (size_t i = 0; i < outbox->told_count; i++)
		if (outbox->told[i].number == number)
			return &outbox->told[i];
	return NULL;
}

bool outbox_notice_done(
        struct outbox *outbox, struct agent *agent, const struct agent_receipt *receipt)
{
	struct told_notice *told = find(outbox, receipt->job);

	if (!told)
		return false;
	if (receipt->verdict == CHANNEL_DELIVERED) {
		struct turn_call *call = mem_zero(sizeof *call);
		*call = told->call;
		record_post(outbox->record, 0, write_arrived, written, call);
	} else {
		log_event(LOG_WARN, "notice-not-taken", "target", agent->name, "reason",
		        receipt->reason, NULL);
	}
	told->until = 0;
	forget_old(outbox, 1);
	agent_send_ack(agent, receipt->job);
	return true;
}

void outbox_notices_clear(struct outbox *outbox)
{
	free(outbox->told);
	outbox->told = NULL;
	outbox->told_count = 0;
}
