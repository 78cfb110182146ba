/* SPDX-License-Identifier: Apache-2.0
 * outbox_hand - jobs out: dispatch picks, the record marks, then the agent gets it.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "callback.h"
#include "channel.h"
#include "frame.h"
#include "log.h"
#include "protocol.h"
#include "when.h"

/* On its way: loop -> record thread -> loop. */
struct mark {
	struct outbox *outbox;
	int64_t id;
	char *agent, *lane;
	int64_t deadline;
	int64_t serial; /* only the newest mark of a delivery may hand it out */
	char *bulletin, *target;
	int block;
	bool ends_chain;
	char *recipients;    /* of the block, one a line; NULL = none */
	unsigned char *done; /* those that need no more attempts */
	size_t done_len;
	int64_t people, reached; /* of the block: all, and those who have it */
	bool known;              /* nobody of it is left */
	bool unlisted; /* its agent had no list of the audience's blocks when it was posted */
	struct audience_list *list; /* then: that list */
	bool ok;
	bool lost; /* asked anew, the policy says no: err has its sentence */
	struct err err;
};

static void mark_destroy(struct mark *mark)
{
	free(mark->agent);
	free(mark->lane);
	free(mark->bulletin);
	free(mark->target);
	free(mark->recipients);
	free(mark->done);
	outbox_list_let_go(&mark->list);
	free(mark);
}

/* What of a block its agent needs. */
static bool read_block(struct store *store, struct mark *mark, struct err *err)
{
	struct delivery delivery;

	if (mark->unlisted) {
		mark->list = outbox_list(mark->outbox, store, mark->bulletin, mark->target, err);
		if (!mark->list)
			return false;
	}
	if (!store_audience_block(
	            store, mark->bulletin, mark->target, mark->block, &mark->recipients, err))
		return false;
	if (!store_get_delivery(store, mark->id, &delivery, err))
		return false;
	mark->done = delivery.done;
	mark->done_len = delivery.done_len;
	mark->reached = delivery.reached;
	delivery.done = NULL;
	delivery_finish(&delivery);
	mark->known =
	        !outbox_block_left(mark->recipients, mark->done, mark->done_len, &mark->people);
	return true;
}

/* When it was released the block was on its way; meanwhile it came back before its first byte. */
static bool may_have_heard(struct store *store, const struct mark *mark, struct err *err)
{
	bool heard = true;

	if (mark->ends_chain && mark->block >= 0 &&
	        !store_delivery_heard(store, mark->id, &heard, err))
		return false;
	return heard || err_set(err, ERR_CONFLICT, "此前的信息未发到这一段的任何人",
	                        "nobody of this block was told before");
}

/* Record thread, inside the transaction. */
static bool mark_sending(struct store *store, void *arg, struct err *err)
{
	struct mark *mark = arg;
	bool permitted = true;

	if (!standing_ask(
	            mark->outbox->standings, store, mark->bulletin, &permitted, &mark->err, err))
		return false;
	mark->lost = !permitted;
	if (mark->lost)
		return true;
	if (!may_have_heard(store, mark, err))
		return false;
	if (!store_delivery_sending(store, mark->id, when_now(), err))
		return false;
	return mark->block < 0 || read_block(store, mark, err);
}

/* The whole block, since its digest is over all of it; what needs no more attempts has no use for
 * a callback. */
static void put_recipients(const struct mark *mark, const struct config *config, struct buf *out)
{
	int64_t index = 0;

	if (!mark->recipients)
		return;
	frame_put_int(out, TAG_BLOCK, mark->block);
	frame_put(out, TAG_BYTES, mark->done, mark->done_len);
	for (char *at = mark->recipients; *at; index++) {
		size_t len = strcspn(at, "\n");
		size_t byte = (size_t)index / 8;
		bool done = byte < mark->done_len && (mark->done[byte] >> (index % 8) & 1);
		char *url = done ? mem_text("")
		                 : callback_url(config->callback_url, config->callback_secret,
		                           mark->id, index);
		frame_put_int(out, TAG_RECIPIENT, index);
		frame_put(out, TAG_ADDRESS, at, len);
		frame_put_text(out, TAG_CALLBACK, url);
		free(url);
		at += len + (at[len] == '\n');
	}
}

void outbox_put_job(struct buf *out, int64_t id, int kind, int attempt, const struct issue *issue,
        const char *text, int64_t wait, const char *digest)
{
	frame_put_int(out, TAG_JOB, id);
	frame_put_int(out, TAG_KIND, kind);
	frame_put_int(out, TAG_ATTEMPT, attempt);
	frame_put_text(out, TAG_ID, issue ? issue->id : "");
	frame_put_text(out, TAG_TEXT, text);
	frame_put_int(out, TAG_WAIT, wait);
	frame_put_int(out, TAG_EXPIRES, issue ? issue->expires : 0);
	frame_put_int(out, TAG_SEQUENCE, issue ? issue->sequence : 0);
	frame_put_text(out, TAG_DIGEST, digest);
}

static void send_job(
        struct outbox *outbox, struct agent *agent, struct entry *entry, const struct mark *mark)
{
	const struct config_target *target = &outbox->config->targets[entry->target];
	int64_t wait = mark->deadline - when_boot();
	struct buf out;

	if (target->traits->projection)
		outbox_active_digest(outbox, entry->target, entry->digest);
	buf_init(&out, 2 * FRAME_MAX);
	agent_send_bulletin(agent, entry->issue);
	if (mark->list)
		agent_send_audience(
		        agent, entry->issue->id, mark->list->digests, mark->list->count);
	size_t start = frame_begin(&out, FRAME_JOB);
	outbox_put_job(&out, entry->id, CHANNEL_ISSUE, entry->attempt, entry->issue,
	        issue_text(entry->issue, target->name), wait > 100 ? wait : 100, entry->digest);
	if (target->traits->projection)
		outbox_active_put(outbox, agent, &out);
	put_recipients(mark, outbox->config, &out);
	if (frame_end(&out, start)) {
		agent_send(agent, &out);
		if (target->traits->projection)
			outbox_active_told(outbox, agent);
	} else {
		log_event(LOG_ERROR, "job-too-large", "bulletin", entry->issue->id, "target",
		        target->name, NULL);
	}
	buf_finish(&out);
}

/* Whatever was handed out before goes on; what a projection shows is lifted by a cancel only. */
static void withdraw_lost(struct outbox *outbox, struct entry *entry, const struct mark *mark)
{
	char *reason =
	        mem_format("授权已失效：%s / authority lost: %s", mark->err.zh, mark->err.en);
	struct outbox_proof proof = {.id = mark->id, .reason = reason};

	log_event(LOG_WARN, "authority-lost", "bulletin", mark->bulletin, "target", mark->target,
	        "reason", mark->err.en, NULL);
	if (outbox->config->targets[entry->target].traits->projection)
		outbox_active_withhold(outbox, mark->bulletin, entry->target);
	dispatch_put_back(outbox->dispatch, mark->id, when_boot());
	dispatch_withdraw(outbox->dispatch, mark->id, "withdrawn: authority lost", when_boot());
	outbox_write_changes(outbox, &proof);
	free(reason);
}

/* The record could not answer, which says nothing about whether it may go: later again. */
static void try_later(struct outbox *outbox, const struct mark *mark)
{
	char *reason = mem_format("未能交出，稍后再试：%s / not handed out, later again: %s",
	        mark->err.zh, mark->err.en);
	struct outbox_proof proof = {.id = mark->id, .reason = reason};

	log_event(LOG_ERROR, "not-handed-out", "bulletin", mark->bulletin, "target", mark->target,
	        "reason", mark->err.en, NULL);
	dispatch_done(outbox->dispatch, mark->id, CHANNEL_DEFERRED, 0, when_boot());
	outbox_write_changes(outbox, &proof);
	free(reason);
}

/* The record says it may not go any more. */
static void withdraw_refused(struct outbox *outbox, const struct mark *mark)
{
	log_event(LOG_WARN, "hand-out-refused", "bulletin", mark->bulletin, "target", mark->target,
	        "reason", mark->err.en, NULL);
	dispatch_put_back(outbox->dispatch, mark->id, when_boot());
	dispatch_withdraw(
	        outbox->dispatch, mark->id, "withdrawn before it was handed out", when_boot());
}

/* The last of its recipients were answered for after its last attempt, or reported: an agent would
 * refuse a job for nobody. */
static void end_known(struct outbox *outbox, const struct mark *mark)
{
	char *said = mem_format(
	        "%lld of %lld recipients", (long long)mark->reached, (long long)mark->people);
	struct outbox_proof proof = {
	        .id = mark->id, .proof = said, .reason = "known before it was handed out"};

	dispatch_put_back(outbox->dispatch, mark->id, when_boot());
	dispatch_done(outbox->dispatch, mark->id,
	        mark->reached ? CHANNEL_DELIVERED : CHANNEL_REJECTED, 0, when_boot());
	outbox_write_changes(outbox, &proof);
	free(said);
}

/* Back on the loop: the mark is on disk, or was refused (cancelled meanwhile). */
static void marked(void *arg)
{
	struct mark *mark = arg;
	struct outbox *outbox = mark->outbox;
	struct entry *entry = outbox_entry(outbox, mark->id);
	struct agent *agent = agents_find(outbox->agents, mark->agent, mark->lane);
	bool mine = agent && entry && entry->mark == mark->serial;
	bool in_hand = mine && agent_job_remove(agent, mark->id);

	outbox->marks--;
	if (in_hand && mark->ok && !mark->lost && (entry->halted || entry->paused)) {
		agent->free++;
		outbox_given_back(outbox, entry);
	} else if (in_hand && mark->ok && !mark->lost && mark->known) {
		agent->free++;
		end_known(outbox, mark);
	} else if (in_hand && mark->ok && !mark->lost) {
		agent_job_add(agent, mark->id);
		entry->attempt++;
		entry->deadline = mark->deadline;
		send_job(outbox, agent, entry, mark);
	} else if (in_hand) {
		agent->free++;
		if (mark->ok)
			withdraw_lost(outbox, entry, mark);
		else if (mark->err.kind == ERR_CONFLICT)
			withdraw_refused(outbox, mark);
		else
			try_later(outbox, mark);
	}
	mark_destroy(mark);
	outbox_pump(outbox);
}

/* Record thread, after the commit. */
static void mark_done(void *arg, bool ok, const struct err *err)
{
	struct mark *mark = arg;

	mark->ok = ok;
	if (!ok && err)
		mark->err = *err;
	loop_post(mark->outbox->loop, marked, mark);
}

enum dispatch_lane outbox_lane(const struct agent *agent)
{
	return strcmp(agent->lane, "urgent") == 0    ? DISPATCH_URGENT
	       : strcmp(agent->lane, "routine") == 0 ? DISPATCH_ROUTINE
	                                             : DISPATCH_ALL;
}

static void send_to_record(
        struct outbox *outbox, struct agent *agent, struct entry *entry, int64_t deadline)
{
	struct mark *mark = mem_zero(sizeof *mark);

	mark->outbox = outbox;
	mark->id = entry->id;
	mark->agent = mem_text(agent->name);
	mark->lane = mem_text(agent->lane);
	mark->deadline = deadline;
	mark->serial = entry->mark = ++outbox->mark_serial;
	mark->bulletin = mem_text(entry->issue->id);
	mark->target = mem_text(outbox->config->targets[entry->target].name);
	mark->block = entry->block;
	mark->ends_chain = verb_ends_chain(entry->issue->verb);
	mark->unlisted = !lookup_get(&agent->listed, entry->issue->id);
	outbox->marks++;
	record_post(outbox->record, outbox_rank(entry), mark_sending, mark_done, mark);
}

/* The record has it as SENDING since its release, and the policy was asked then. */
static void send_at_once(
        struct outbox *outbox, struct agent *agent, struct entry *entry, int64_t deadline)
{
	const struct mark mark = {.id = entry->id, .deadline = deadline};

	entry->marked = false;
	entry->attempt++;
	entry->deadline = deadline;
	send_job(outbox, agent, entry, &mark);
}

void outbox_hand_out(struct outbox *outbox, struct agent *agent)
{
	int64_t deadline;
	int64_t id;

	while (agent->free > 0 && !outbox->stopped &&
	        (id = dispatch_next(outbox->dispatch, agent->index, outbox_lane(agent), when_boot(),
	                 &deadline))) {
		struct entry *entry = outbox_entry(outbox, id);
		agent->free--;
		agent_job_add(agent, id);
		if (entry->marked)
			send_at_once(outbox, agent, entry, deadline);
		else
			send_to_record(outbox, agent, entry, deadline);
	}
}

/* The ranks this agent's lane would get at once, a bit each. What is not red has the record catch
 * up first: a mark must not overtake the answers that make room for it, or more would be in flight
 * on disk than the far side's window. */
static unsigned prompt_ranks(const struct outbox *outbox, const struct agent *agent, int64_t now)
{
	enum dispatch_lane lane = outbox_lane(agent);
	int urgent = level_rank(LEVEL_ORANGE), red = level_rank(LEVEL_RED);
	int from = outbox->marks ? red : lane == DISPATCH_URGENT ? urgent : 0;
	int to = lane == DISPATCH_ROUTINE ? urgent - 1 : red;
	unsigned ranks = 0;

	if (!agent->ready || agent->free <= 0 || outbox->stopped)
		return 0;
	for (int rank = from; rank <= to; rank++)
		if (dispatch_prompt(outbox->dispatch, agent->index, rank, now))
			ranks |= 1u << rank;
	return ranks;
}

void outbox_look_who_is_prompt(struct outbox *outbox)
{
	int64_t now = when_boot();
	size_t count = outbox->config->target_count;
	unsigned *ranks = outbox->ranks;

	memset(ranks, 0, count * sizeof *ranks);
	for (struct agent *agent = agents_first(outbox->agents); agent; agent = agent->next)
		if (agent->welcome && !agent->source)
			ranks[agent->index] |= prompt_ranks(outbox, agent, now);
	for (size_t i = 0; i < count; i++)
		atomic_store(&outbox->prompt[i], ranks[i]);
}

bool outbox_take_prompt(struct outbox *outbox, const char *target, int rank)
{
	int index = outbox_target_index(outbox->config, target);
	unsigned red = 1u << level_rank(LEVEL_RED), bit = 1u << rank;

	if (index < 0 || !(atomic_load(&outbox->prompt[index]) & bit))
		return false;
	return bit == red || (atomic_fetch_and(&outbox->prompt[index], red) & bit);
}
