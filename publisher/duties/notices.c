/* SPDX-License-Identifier: Apache-2.0
 * notices - see notices.h. Runs on a worker. A call is on disk before it goes out; one that no far
 * side took is made again after RETRY_MS, TRIES_MOST times, before the next rung.
 */
#include "notices.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "notices_send.h"
#include "policy_obligations.h"
#include "store_duty.h"
#include "turn.h"

enum { RETRY_MS = 5000, TRIES_MOST = 12 };

/* --- when ------------------------------------------------------------------------------------- */

/* Moves the call on to what is due now; false: nothing is. */
static bool step_on(struct turn_call *call, const struct config *config, int64_t now)
{
	int64_t wait = call->rung == 1 ? config->notice_again : config->notice_deputy;

	if (call->confirmed)
		return false;
	if (call->rung > 0 && !call->arrived && call->tries < TRIES_MOST) {
		if (now - call->called < RETRY_MS)
			return false;
		call->tries++;
	} else if (call->rung == 0 || (call->rung < CALL_RUNGS && now - call->called >= wait)) {
		call->rung++;
		call->tries = 1;
	} else {
		return false;
	}
	call->called = now;
	call->arrived = 0;
	return true;
}

struct writing {
	const struct turn_call *call;
	const char *id, *officers; /* ids, with blanks between */
};

static bool write_call(struct store *store, void *arg, struct err *err)
{
	const struct writing *w = arg;
	json_t *body = json_pack("{s:s,s:i,s:i,s:s}", "step", status_step_text(w->call->step),
	        "rung", w->call->rung, "try", w->call->tries, "officers", w->officers);
	bool ok = store_put_call(store, w->call, err) &&
	          store_audit(store, "called", w->id, body, w->call->called, err);

	json_decref(body);
	return ok;
}

/* On disk, then out. */
static void make_call(struct house *house, const struct bulletin *b, struct turn_call *call)
{
	struct callees callees = {0};
	struct err err;
	struct buf names;

	buf_init(&names, 0);
	callees_of(atomic_load(&house->policy), b->unit, call, &callees);
	for (size_t i = 0; i < callees.count; i++)
		buf_format(&names, "%s%s", i ? " " : "", callees.items[i].officer->id);
	struct writing w = {call, b->id, names.data ? names.data : ""};
	if (!record_do(house->record, level_rank(b->level), write_call, &w, &err))
		log_event(LOG_ERROR, "notice-not-kept", "bulletin", b->id, "reason", err.en, NULL);
	else if (callees.count == 0)
		log_event(LOG_WARN, "nobody-on-duty", "bulletin", b->id, "unit", b->unit, "step",
		        status_step_text(call->step), NULL);
	else
		callees_tell(house, b, call, &callees);
	buf_finish(&names);
	free(callees.items);
}

/* --- what waits ------------------------------------------------------------------------------- */

bool notices_turn(struct house *house, struct store *reader, const struct bulletin *b, int64_t now,
        struct turn_call *call, struct err *err)
{
	struct approval_list approvals = {0};
	struct turn turn;

	*call = (struct turn_call){.bulletin = b->row};
	if (!store_list_all_approvals(reader, b->id, &approvals, err))
		return false;
	bool ok = turn_of(atomic_load(&house->policy), b, &approvals, now, &turn) ||
	          err_set(err, ERR_MISSING, "%s 现在不等任何人办理", "%s waits for nobody now",
	                  b->id);
	approval_list_finish(&approvals);
	if (!ok)
		return false;
	call->step = turn.step;
	call->since = turn.since;
	return store_get_call(reader, call, err);
}

static void look_at(
        struct house *house, struct store *reader, const struct bulletin *b, int64_t now)
{
	struct turn_call call;
	struct err err;

	if (!notices_turn(house, reader, b, now, &call, &err))
		return;
	if (step_on(&call, house->config, now))
		make_call(house, b, &call);
	turn_call_finish(&call);
}

static void look_at_waiting(
        struct house *house, struct store *reader, enum bulletin_state state, int64_t now)
{
	struct bulletin_list list = {0};
	struct err err;

	if (!store_list_bulletins(reader, (int)state, WAITING_MOST, &list, &err)) {
		log_event(LOG_ERROR, "notices-unread", "reason", err.en, NULL);
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		look_at(house, reader, list.items[i], now);
	bulletin_list_finish(&list);
}

/* The chief is called about an urgent release that nobody reported in time. */
static void look_at_overdue(
        struct house *house, struct store *reader, const struct duty_row *duty, int64_t now)
{
	struct bulletin *b = NULL;
	struct err err;

	if (!store_get_bulletin(reader, duty->bulletin, &b, &err))
		return;
	struct turn_call call = {.bulletin = b->row, .step = STEP_REPORT, .since = duty->due};
	if (store_get_call(reader, &call, &err) && step_on(&call, house->config, now))
		make_call(house, b, &call);
	turn_call_finish(&call);
	bulletin_destroy(&b);
}

static bool anybody_is_told(const struct house *house)
{
	const struct policy *policy = atomic_load(&house->policy);

	for (size_t i = 0; policy->roster_count && i < house->config->target_count; i++)
		if (house->config->targets[i].notices)
			return true;
	return false;
}

void notices_call(struct house *house, struct store *reader, int64_t now)
{
	struct duty_list overdue = {0};
	struct err err;

	if (!anybody_is_told(house))
		return;
	look_at_waiting(house, reader, BULLETIN_SUBMITTED, now);
	look_at_waiting(house, reader, BULLETIN_APPROVED, now);
	if (!store_list_overdue(
	            reader, obligation_text(OBLIGATION_AFTER_REPORT), now, &overdue, &err)) {
		log_event(LOG_ERROR, "notices-unread", "reason", err.en, NULL);
		return;
	}
	for (size_t i = 0; i < overdue.count; i++)
		look_at_overdue(house, reader, &overdue.items[i], now);
	duty_list_finish(&overdue);
}
