/* SPDX-License-Identifier: Apache-2.0
 * store_pause - see store_pause.h.
 */
#include "store_pause.h"

#include <stdlib.h>

#include "store_db.h"
#include "store_lease.h"

void pause_list_finish(struct pause_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].bulletin);
		free(list->items[i].target);
		free(list->items[i].officer);
		free(list->items[i].reason);
	}
	free(list->items);
	*list = (struct pause_list){0};
}

bool store_pause_ground(struct store *store, const char *bulletin, const char *target,
        struct pause_ground *out, struct err *err)
{
	struct query q;

	*out = (struct pause_ground){0};
	query_begin(&q, store,
	        "SELECT COUNT(*), COALESCE(SUM(state IN ('waiting','sending')), 0),"
	        " COALESCE(MAX(correction), 0) FROM delivery WHERE bulletin = ? AND target = ?",
	        err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, target);
	if (query_row(&q)) {
		out->all = query_get_int(&q);
		out->open = query_get_int(&q);
		out->correction = query_get_int(&q) != 0;
	}
	return query_end(&q);
}

bool store_add_pause(struct store *store, const struct pause *pause, struct err *err)
{
	struct query q;

	if (!store_must_hold(store, pause->target, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO pause (bulletin, target, since, officer, reason) VALUES (?,?,?,?,?)"
	        " ON CONFLICT (bulletin, target) DO NOTHING",
	        err);
	query_int(&q, bulletin_row(pause->bulletin));
	query_text(&q, pause->target);
	query_int(&q, pause->since);
	query_text(&q, pause->officer);
	query_text(&q, pause->reason);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 ||
	       err_set(err, ERR_CONFLICT, "信息 %s 发往 %s 的投递已经暂停",
	               "what goes of %s to %s is paused already", pause->bulletin, pause->target);
}

bool store_end_pause(struct store *store, const char *bulletin, const char *target, struct err *err)
{
	struct query q;

	if (!store_must_hold(store, target, err))
		return false;
	query_begin(&q, store, "DELETE FROM pause WHERE bulletin = ? AND target = ?", err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, target);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 ||
	       err_set(err, ERR_CONFLICT, "信息 %s 发往 %s 的投递没有暂停",
	               "what goes of %s to %s is not paused", bulletin, target);
}

bool store_list_pauses(
        struct store *store, const char *bulletin, struct pause_list *out, struct err *err)
{
	struct query q;

	*out = (struct pause_list){0};
	query_begin(&q, store,
	        bulletin ? "SELECT bulletin, target, since, officer, reason FROM pause"
	                   " WHERE bulletin = ? ORDER BY target"
	                 : "SELECT bulletin, target, since, officer, reason FROM pause"
	                   " WHERE bulletin IN (SELECT row FROM bulletin WHERE state = 'released')",
	        err);
	if (bulletin)
		query_int(&q, bulletin_row(bulletin));
	while (query_row(&q)) {
		struct pause *p = mem_push(&out->items, &out->count, sizeof *p);
		p->bulletin = mem_format("b%lld", (long long)query_get_int(&q));
		p->target = query_get_text(&q);
		p->since = query_get_int(&q);
		p->officer = query_get_text(&q);
		p->reason = query_get_text(&q);
	}
	if (query_end(&q))
		return true;
	pause_list_finish(out);
	return false;
}
