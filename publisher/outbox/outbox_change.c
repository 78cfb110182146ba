/* SPDX-License-Identifier: Apache-2.0
 * outbox_change - what must be on disk: changes of state with their proofs, late reports,
 * expiries. An agent is told to forget a job only after this.
 */
#include "outbox_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "log.h"
#include "when.h"

struct write {
	struct outbox *outbox;
	int64_t id;
	enum delivery_state state;
	int64_t due; /* UTC */
	int doubts;  /* so far, for WAITING */
	bool block;  /* of which recipients may have been reported meanwhile */
	bool ended;  /* then: nobody of them is in doubt, and the record has ended it */
	char *proof, *reason, *far_id;
	char *agent, *lane; /* to be told; NULL = nobody */
	char *target;
};

static void write_destroy(struct write *w)
{
	free(w->proof);
	free(w->reason);
	free(w->far_id);
	free(w->agent);
	free(w->lane);
	free(w->target);
	free(w);
}

static void tell_agent(void *arg)
{
	struct write *w = arg;
	struct agent *agent = w->agent ? agents_find(w->outbox->agents, w->agent, w->lane) : NULL;

	if (w->ended)
		outbox_known_by_reports(w->outbox, w->id);
	if (agent)
		agent_send_ack(agent, w->id);
	if (!--w->outbox->marks)
		outbox_look_who_is_prompt(w->outbox);
	write_destroy(w);
}

static void written(void *arg, bool ok, const struct err *err)
{
	struct write *w = arg;

	if (!ok)
		log_event(LOG_WARN, "change-refused", "reason", err ? err->en : "", NULL);
	loop_post(w->outbox->loop, tell_agent, w);
}

static void post(struct write *w, record_change change, int rank)
{
	w->outbox->marks++;
	record_post(w->outbox->record, rank, change, written, w);
}

static bool write_state(struct store *store, void *arg, struct err *err)
{
	struct write *w = arg;
	bool open = w->state == DELIVERY_WAITING || w->state == DELIVERY_UNKNOWN;

	return store_delivery_state(store, w->id, w->state, w->due, w->reason, w->proof, w->far_id,
	               when_now(), err) &&
	       (!w->doubts || store_delivery_doubts(store, w->id, w->doubts, err)) &&
	       (!w->block || !open ||
	               store_settle_reported(store, w->id, when_now(), &w->ended, err));
}

/* A receipt is answered for even when nothing changed (the agent said it before). */
static bool write_nothing(struct store *store, void *arg, struct err *err)
{
	(void)store;
	(void)arg;
	(void)err;
	return true;
}

static struct write *new_write(struct outbox *outbox, int64_t id)
{
	struct write *w = mem_zero(sizeof *w);

	w->outbox = outbox;
	w->id = id;
	return w;
}

static void log_change(
        const struct outbox *outbox, const struct entry *entry, const struct write *w)
{
	char delay[32] = "";

	if (entry->since && w->state != DELIVERY_WAITING)
		snprintf(delay, sizeof delay, "%.3f", (double)(when_boot() - entry->since) / 1000);
	log_event(w->state == DELIVERY_DELIVERED || w->state == DELIVERY_SUPERSEDED ? LOG_INFO
	                                                                            : LOG_WARN,
	        "delivery", "bulletin", entry->issue->id, "target",
	        outbox->config->targets[entry->target].name, "state", delivery_state_text(w->state),
	        "delay", *delay ? delay : NULL, "proof", w->proof && *w->proof ? w->proof : NULL,
	        "reason", w->reason && *w->reason ? w->reason : NULL, NULL);
}

void outbox_write_changes(struct outbox *outbox, const struct outbox_proof *proof)
{
	struct dispatch_change change;
	bool told = false;

	while (dispatch_take_change(outbox->dispatch, &change)) {
		if (change.rest) {
			outbox_rest_ended(outbox, &change, false);
			continue;
		}
		struct entry *entry = outbox_entry(outbox, change.id);
		struct write *w = new_write(outbox, change.id);
		bool mine = proof && proof->id == change.id;
		w->state = change.state;
		w->due = change.state == DELIVERY_WAITING ? when_now() + (change.due - when_boot())
		                                          : 0;
		w->doubts = change.doubts;
		w->block = entry && entry->block >= 0;
		w->reason = mem_text(
		        mine && proof->reason && *proof->reason ? proof->reason : change.reason);
		w->proof = mem_text(mine && proof->proof ? proof->proof : "");
		w->far_id = mem_text(mine && proof->far_id ? proof->far_id : "");
		if (mine && proof->agent) {
			w->agent = mem_text(proof->agent->name);
			w->lane = mem_text(proof->agent->lane);
			told = true;
		}
		int rank = entry ? outbox_rank(entry) : 0;
		if (entry)
			log_change(outbox, entry, w);
		if (entry && change.state != DELIVERY_WAITING)
			outbox->figures.ended[entry->target][change.state]++;
		if (entry && change.state != DELIVERY_WAITING)
			outbox_entry_drop(outbox, change.id);
		post(w, write_state, rank);
	}
	if (proof && proof->agent && !told) {
		struct write *w = new_write(outbox, proof->id);
		w->agent = mem_text(proof->agent->name);
		w->lane = mem_text(proof->agent->lane);
		post(w, write_nothing, 0);
	}
}

/* The release's own transaction has written them: ten thousand blocks of a bulk job at once, say,
 * and nothing else may wait behind their lines. */
void outbox_changes_known(struct outbox *outbox, const struct issue *newer)
{
	bool cancelled = verb_ends_chain(newer->verb);
	struct dispatch_change change;
	const struct issue *last = NULL;
	int target = -1;

	while (dispatch_take_change(outbox->dispatch, &change)) {
		struct entry *entry = outbox_entry(outbox, change.id);
		change.state = cancelled ? DELIVERY_WITHDRAWN : DELIVERY_SUPERSEDED;
		change.reason = cancelled ? OUTBOX_CANCELLED : "superseded";
		if (change.rest)
			outbox_rest_ended(outbox, &change, true);
		if (!entry)
			continue;
		if (entry->issue != last || entry->target != target)
			log_event(LOG_INFO, "delivery", "bulletin", entry->issue->id, "target",
			        outbox->config->targets[entry->target].name, "state",
			        delivery_state_text(change.state), "reason", change.reason, NULL);
		last = entry->issue;
		target = entry->target;
		outbox->figures.ended[entry->target][change.state]++;
		outbox_entry_drop(outbox, change.id);
	}
}

void outbox_write_unmarked(struct outbox *outbox, const struct entry *entry)
{
	struct write *w = new_write(outbox, entry->id);

	w->state = DELIVERY_WAITING;
	w->reason = mem_text("not handed out");
	w->proof = mem_text("");
	w->far_id = mem_text("");
	post(w, write_state, outbox_rank(entry));
}

static bool write_report(struct store *store, void *arg, struct err *err)
{
	struct write *w = arg;

	if (!store_find_far_id(store, w->target, w->far_id, &w->id, err))
		return false;
	return store_delivery_state(
	        store, w->id, w->state, 0, w->reason, w->proof, "", when_now(), err);
}

void outbox_write_report(
        struct outbox *outbox, const char *target, const struct agent_receipt *report)
{
	struct write *w = new_write(outbox, 0);

	w->target = mem_text(target);
	w->far_id = mem_text(report->far_id);
	w->proof = mem_text(report->proof);
	w->reason = mem_text(report->reason);
	w->state = report->verdict == CHANNEL_DELIVERED  ? DELIVERY_DELIVERED
	           : report->verdict == CHANNEL_REJECTED ? DELIVERY_REJECTED
	                                                 : DELIVERY_UNKNOWN;
	post(w, write_report, 0);
}

static bool write_expired(struct store *store, void *arg, struct err *err)
{
	const struct write *w = arg;
	struct bulletin *bulletin = NULL;

	if (!store_must_hold(store, LEASE_DISPATCH, err) ||
	        !store_get_bulletin(store, w->target, &bulletin, err))
		return false;
	bool ok = true;
	if (bulletin->state == BULLETIN_RELEASED) {
		bulletin->state = BULLETIN_EXPIRED;
		ok = store_put_bulletin(store, bulletin, err) &&
		     store_audit(store, "expired", bulletin->id, NULL, when_now(), err);
	}
	bulletin_destroy(&bulletin);
	return ok;
}

void outbox_write_expired(struct outbox *outbox, const struct issue *issue)
{
	struct write *w = new_write(outbox, 0);

	w->target = mem_text(issue->id);
	log_event(LOG_INFO, "expired", "bulletin", issue->id, NULL);
	post(w, write_expired, 0);
}
