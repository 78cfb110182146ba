/* SPDX-License-Identifier: Apache-2.0
 * store_call - see turn_call.h. Relies on the record's transaction.
 */
#include "turn_call.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"
#include "store_lease.h"

void turn_call_finish(struct turn_call *call)
{
	free(call->confirmed_by);
	call->confirmed_by = NULL;
}

static void name(struct query *q, const struct turn_call *call)
{
	query_int(q, call->bulletin);
	query_text(q, status_step_text(call->step));
	query_int(q, call->since);
}

/* The columns after its name: rung, called, tries, arrived, confirmed, confirmed_by. */
static void get_course(struct query *q, struct turn_call *call)
{
	call->rung = (int)query_get_int(q);
	call->called = query_get_int(q);
	call->tries = (int)query_get_int(q);
	call->arrived = query_get_int(q);
	call->confirmed = query_get_int(q);
	query_get_into(q, &call->confirmed_by);
}

bool store_get_call(struct store *store, struct turn_call *call, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT rung, called, tries, arrived, confirmed, confirmed_by FROM turn_call"
	        " WHERE bulletin = ? AND step = ? AND since = ?",
	        err);
	name(&q, call);
	if (query_row(&q))
		get_course(&q, call);
	return query_end(&q);
}

void turn_call_list_finish(struct turn_call_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		turn_call_finish(&list->items[i]);
	free(list->items);
	*list = (struct turn_call_list){0};
}

/* Peeking takes the column, too. */
static enum status_step step_of(const char *word)
{
	int step = 0;

	while (step < STEP_COUNT - 1 && strcmp(status_step_text((enum status_step)step), word) != 0)
		step++;
	return (enum status_step)step;
}

bool store_list_calls(
        struct store *store, const char *bulletin, struct turn_call_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT step, since, rung, called, tries, arrived, confirmed, confirmed_by"
	        " FROM turn_call WHERE bulletin = ? ORDER BY since, called",
	        err);
	query_int(&q, bulletin_row(bulletin));
	while (query_row(&q)) {
		struct turn_call *call = mem_push(&out->items, &out->count, sizeof *call);
		call->step = step_of(query_peek_text(&q));
		call->since = query_get_int(&q);
		get_course(&q, call);
	}
	return query_end(&q);
}

bool store_put_call(struct store *store, const struct turn_call *call, struct err *err)
{
	struct query q;

	if (!store_must_hold(store, LEASE_DUTIES, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO turn_call (bulletin, step, since, rung, called, tries, arrived,"
	        " confirmed, confirmed_by) VALUES (?,?,?,?,?,?,0,0,'')"
	        " ON CONFLICT (bulletin, step, since) DO UPDATE SET rung = excluded.rung,"
	        " called = excluded.called, tries = excluded.tries, arrived = 0",
	        err);
	name(&q, call);
	query_int(&q, call->rung);
	query_int(&q, call->called);
	query_int(&q, call->tries);
	return query_run(&q);
}

bool store_call_arrived(
        struct store *store, const struct turn_call *call, int64_t now, struct err *err)
{
	struct query q;

	if (!store_must_hold(store, LEASE_DUTIES, err))
		return false;
	query_begin(&q, store,
	        "UPDATE turn_call SET arrived = ? WHERE bulletin = ? AND step = ? AND since = ?"
	        " AND rung = ? AND arrived = 0",
	        err);
	query_int(&q, now);
	name(&q, call);
	query_int(&q, call->rung);
	return query_run(&q);
}

bool store_call_confirmed(struct store *store, const struct turn_call *call, const char *officer,
        int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO turn_call (bulletin, step, since, rung, called, tries, arrived,"
	        " confirmed, confirmed_by) VALUES (?,?,?,0,0,0,0,?,?)"
	        " ON CONFLICT (bulletin, step, since) DO UPDATE SET confirmed = excluded.confirmed,"
	        " confirmed_by = excluded.confirmed_by WHERE turn_call.confirmed = 0",
	        err);
	name(&q, call);
	query_int(&q, now);
	query_text(&q, officer);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 || err_set(err, ERR_CONFLICT, "此项叫应已有人确认",
	                                            "somebody has answered this call already");
}
