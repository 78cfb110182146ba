/* SPDX-License-Identifier: Apache-2.0
 * api_board - the desk's first page in one question: what waits and for whom, what is in force,
 * what is going out; and how each far side does.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "api_open.h"
#include "due.h"
#include "outbox.h"
#include "turn.h"
#include "when.h"

enum { WAITING_MOST = 200, ACTIVE_MOST = 500, OUTGOING_MOST = 4, RECENT_MOST = 200 };

/* --- what waits ---------------------------------------------------------------------------------
 */

static void add_one(struct call *call, const struct bulletin *b,
        const struct approval_list *approvals, int64_t now, json_t *array)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	struct turn turn;

	json_t *json = bulletin_head_json(b);
	open_names(call->house, b, json);
	open_acts_json(call, b, approvals, now, json);
	bool up = turn_of(policy, b, approvals, now, &turn);
	json_object_set_new(json, "turn", json_string(up ? status_step_text(turn.step) : "draft"));
	json_object_set_new(json, "since", moment_json(up ? turn.since : b->created));
	json_array_append_new(array, json);
}

/* In full: whose turn it is depends on what exactly was approved. */
static bool add_waiting(
        struct call *call, const char *id, int64_t now, json_t *array, struct err *err)
{
	struct approval_list approvals = {0};
	struct bulletin *b = NULL;
	bool ok = store_get_bulletin(call->reader, id, &b, err) &&
	          store_list_approvals(call->reader, id, &approvals, err);

	if (ok)
		add_one(call, b, &approvals, now, array);
	approval_list_finish(&approvals);
	bulletin_destroy(&b);
	return ok;
}

static bool waiting(struct call *call, int64_t now, json_t *board, struct err *err)
{
	static const enum bulletin_state states[] = {
	        BULLETIN_APPROVED, BULLETIN_SUBMITTED, BULLETIN_DRAFT};
	json_t *array = json_array();
	bool ok = true;

	json_object_set_new(board, "waiting", array);
	for (size_t s = 0; ok && s < sizeof states / sizeof *states; s++) {
		struct bulletin_list list = {0};
		ok = store_list_bulletins(call->reader, (int)states[s], WAITING_MOST, &list, err);
		for (size_t i = 0; ok && i < list.count; i++)
			ok = add_waiting(call, list.items[i]->id, now, array, err);
		bulletin_list_finish(&list);
	}
	return ok;
}

/* --- what is in force ---------------------------------------------------------------------------
 */

static bool active(struct call *call, int64_t now, json_t *board, struct err *err)
{
	struct bulletin_list list = {0};
	json_t *array = json_array();

	json_object_set_new(board, "active", array);
	if (!store_list_bulletins(call->reader, BULLETIN_RELEASED, ACTIVE_MOST, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		if (!open_in_force(list.items[i], now))
			continue;
		json_t *json = bulletin_head_json(list.items[i]);
		open_names(call->house, list.items[i], json);
		open_ends_json(call, list.items[i], now, json);
		json_array_append_new(array, json);
	}
	bulletin_list_finish(&list);
	return true;
}

/* --- what is going out --------------------------------------------------------------------------
 */

static json_t *target_of(json_t *targets, const struct delivery *d)
{
	size_t i;
	json_t *target;

	json_array_foreach(
	        targets, i, target) if (strcmp(json_string_value(json_object_get(target, "target")),
	                                        d->target) == 0) return target;
	target = json_pack("{s:s,s:{},s:i,s:i,s:s}", "target", d->target, "states", "reached", 0,
	        "failed", 0, "reason", "");
	json_array_append_new(targets, target);
	return target;
}

static void add_to(json_t *json, const char *member, int64_t more)
{
	json_object_set_new(json, member,
	        json_integer(json_integer_value(json_object_get(json, member)) + more));
}

/* A far side with many blocks of recipients is one line. */
static json_t *targets_json(const struct delivery_list *deliveries)
{
	json_t *targets = json_array();

	for (size_t i = 0; i < deliveries->count; i++) {
		const struct delivery *d = &deliveries->items[i];
		json_t *target = target_of(targets, d);
		add_to(json_object_get(target, "states"), delivery_state_text(d->state), 1);
		add_to(target, "reached", d->reached);
		add_to(target, "failed", d->failed);
		if (d->state != DELIVERY_DELIVERED && *d->reason)
			json_object_set_new(target, "reason", json_string(d->reason));
	}
	return targets;
}

static bool add_outgoing(
        struct call *call, const struct bulletin *b, json_t *array, struct err *err)
{
	struct delivery_list deliveries = {0};

	if (!store_list_deliveries(call->reader, b->id, &deliveries, err))
		return false;
	json_t *json = bulletin_head_json(b);
	json_object_set_new(json, "deliveries", targets_json(&deliveries));
	json_array_append_new(array, json);
	delivery_list_finish(&deliveries);
	return true;
}

static int newest_first(const void *a, const void *b)
{
	const struct bulletin *left = *(struct bulletin *const *)a;
	const struct bulletin *right = *(struct bulletin *const *)b;

	return (left->released < right->released) - (left->released > right->released);
}

static bool outgoing(struct call *call, json_t *board, struct err *err)
{
	struct bulletin_list list = {0};
	json_t *array = json_array();

	json_object_set_new(board, "outgoing", array);
	bool ok = store_list_bulletins(call->reader, -1, RECENT_MOST, &list, err);
	if (ok && list.count)
		qsort(list.items, list.count, sizeof *list.items, newest_first);
	for (size_t i = 0; ok && i < list.count && i < OUTGOING_MOST; i++)
		ok = !list.items[i]->released || add_outgoing(call, list.items[i], array, err);
	bulletin_list_finish(&list);
	return ok;
}

static bool get_board(struct call *call, struct err *err)
{
	int64_t now = when_now();
	json_t *board = json_pack("{s:o}", "now", moment_json(now));
	json_t *due = NULL;
	bool ok = waiting(call, now, board, err) && active(call, now, board, err) &&
	          outgoing(call, board, err) &&
	          due_list(call->house, call->reader, NULL, now, &due, err);

	if (ok) {
		json_object_set_new(board, "due", due);
		call_json(call, 200, board);
	} else {
		json_decref(board);
	}
	return ok;
}

/* Asked every few seconds by a page: nothing of it is read from the record. */
static bool get_channels(struct call *call, struct err *err)
{
	(void)err;
	call_json(call, 200, json_pack("{s:o}", "channels", outbox_standing(call->house->outbox)));
	return true;
}

const struct route api_board_routes[] = {
        {"GET", "/api/v1/board", "read", 0, get_board},
        {"GET", "/api/v1/channels", "read", 0, get_channels},
        {0},
};
