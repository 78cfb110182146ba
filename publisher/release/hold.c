/* SPDX-License-Identifier: Apache-2.0
 * hold - see hold.h. The record ends the hold first; then the loop takes up what the record holds,
 * as at a start. Should that fail, the program ends: the next start does it.
 */
#include "hold.h"

#include <stdlib.h>

#include "log.h"
#include "loop.h"
#include "outbox.h"
#include "when.h"

bool hold_or_begin(struct house *house, struct store *store, struct err *err)
{
	struct hold hold;
	char copied[WHEN_TEXT];

	if (!store_hold(store, &hold, err))
		return false;
	if (hold.since) {
		atomic_store(&house->held, 1);
		when_text(hold.copied, copied);
		log_event(LOG_ERROR, "held", "backup", copied, "do", "tocsin hold", NULL);
		return true;
	}
	struct past *past = past_read(house->config, store, err);
	if (!past)
		return false;
	outbox_take_up(house->outbox, &past);
	return outbox_listen(house->outbox, err);
}

bool hold_permits(struct house *house, struct err *err)
{
	return !atomic_load(&house->held) ||
	       err_set(err, ERR_BUSY,
	               "记录库由备份恢复，现为扣住状态，不能对外发布：先由负责发布的人员核对后 "
	               "tocsin "
	               "hold end",
	               "the record was restored from a backup and is held, nothing leaves: an "
	               "officer who publishes has to look and say tocsin hold end first");
}

/* --- ending it -------------------------------------------------------------------------------- */

struct ending {
	const struct policy *policy;
	const char *officer;
	enum sent_since sent;
	const char *reason;
	int64_t now;
	const struct err *why; /* NULL: permitted */
	int64_t begun;
};

static bool record_decision(struct store *store, const struct ending *e, struct err *err)
{
	json_t *reasons = e->why ? json_pack("[{s:s,s:s}]", "zh", e->why->zh, "en", e->why->en)
	                         : json_array();
	json_t *decision = json_pack("{s:b,s:s?,s:s?,s:s,s:o}", "permit", e->why == NULL, "rule",
	        e->why ? NULL : "hold:end", "basis", NULL, "policy", e->policy->version, "reasons",
	        reasons);
	json_t *facts = json_pack("{s:s,s:s,s:s,s:s}", "act", "hold-end", "duty",
	        duty_text(DUTY_PUBLISH), "sent", e->sent == SENT_NOTHING ? "nothing" : "unknown",
	        "reason", e->reason);
	bool ok = store_add_decision(
	        store, "", "hold", e->officer, e->why == NULL, decision, facts, e->now, err);

	json_decref(decision);
	json_decref(facts);
	return ok;
}

static bool write_ending(struct store *store, void *arg, struct err *err)
{
	struct ending *e = arg;

	return record_decision(store, e, err) &&
	       (e->why || store_hold_end(store, e->officer, e->sent, e->now, &e->begun, err));
}

struct taking {
	struct house *house;
	struct past *past;
};

static void cannot_go_on(const struct err *err)
{
	log_event(LOG_FATAL, "hold-ended", "reason", err->en, NULL);
	abort();
}

/* Loop thread. Releases are let through last: none is in what was read, so none is added twice. */
static void take_up(void *arg)
{
	struct taking *taking = arg;
	struct house *house = taking->house;
	struct err err = {0};

	outbox_take_up(house->outbox, &taking->past);
	if (!outbox_listen(house->outbox, &err))
		cannot_go_on(&err);
	atomic_store(&house->held, 0);
	free(taking);
}

static void begin(struct house *house, struct store *reader)
{
	struct err err = {0};
	struct taking *taking = mem_zero(sizeof *taking);

	*taking = (struct taking){house, past_read(house->config, reader, &err)};
	if (!taking->past)
		cannot_go_on(&err);
	loop_post(house->loop, take_up, taking);
}

bool hold_end(struct house *house, struct store *reader, const struct caller *caller,
        enum sent_since sent, const char *reason, struct err *err)
{
	struct err why = {0};
	struct ending e = {.policy = atomic_load(&house->policy),
	        .officer = caller->officer ? caller->officer->id : "",
	        .sent = sent,
	        .reason = reason,
	        .now = when_now()};

	if (!caller_must_be_officer(caller, err))
		return false;
	if (!caller_must_hold(caller, DUTY_PUBLISH, &why))
		e.why = &why;
	bool ok = record_do(house->record, 0, write_ending, &e, err);
	if (ok && e.why) {
		*err = why;
		ok = false;
	}
	log_event(ok ? LOG_WARN : LOG_ERROR, "hold-end", "officer", e.officer, "sent",
	        sent == SENT_NOTHING ? "nothing" : "unknown", "reason", ok ? NULL : err->en, NULL);
	if (ok)
		begin(house, reader);
	return ok;
}
