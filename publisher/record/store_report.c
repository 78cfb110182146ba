/* SPDX-License-Identifier: Apache-2.0
 * store_report - see store_report.h. Two passes over an index on `released`; no row is kept.
 */
#include "store_report.h"

#include <stdlib.h>

#include "store_bulletin.h"
#include "when.h"

bool store_add_receipt(struct store *store, const char *bulletin, int64_t at, int64_t upstream_sent,
        struct err *err)
{
	struct query q;

	query_begin(
	        &q, store, "INSERT INTO receipt (bulletin, at, upstream_sent) VALUES (?,?,?)", err);
	query_int(&q, bulletin_row(bulletin));
	query_int(&q, at);
	query_int(&q, upstream_sent);
	return query_run(&q);
}

static struct report_group read_group(struct query *q)
{
	struct report_group group;

	group.unit = query_peek_text(q);
	group.kind = query_peek_text(q);
	group.hazard = query_peek_text(q);
	group.level = query_peek_text(q);
	return group;
}

/* The newest reason filed for a bulletin. */
#define REASON                                                                                     \
	" COALESCE((SELECT r.reason FROM late_reason r WHERE r.bulletin = b.row"                   \
	" ORDER BY r.id DESC LIMIT 1), '')"

bool store_report_moments(struct store *store, int64_t from, int64_t until,
        report_moments_each each, void *ctx, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT b.unit, b.kind, b.hazard, b.level, b.row, b.identifier, b.headline,"
	        " COALESCE(i.upstream_sent, 0), COALESCE(i.at, b.created), b.submitted,"
	        " COALESCE((SELECT MAX(a.recorded) FROM approval a WHERE a.bulletin = b.row"
	        " AND a.act = 'review' AND a.voided = 0), 0), b.approved, b.released," REASON
	        " FROM bulletin b LEFT JOIN receipt i ON i.bulletin = b.row"
	        " WHERE b.released >= ? AND b.released < ? AND b.staged_as = ''"
	        " ORDER BY b.unit, b.kind, b.hazard, b.level",
	        err);
	query_int(&q, from);
	query_int(&q, until);
	while (query_row(&q)) {
		struct report_moments row = {.group = read_group(&q)};
		row.bulletin = query_get_int(&q);
		row.identifier = query_peek_text(&q);
		row.headline = query_peek_text(&q);
		int64_t *moments[] = {&row.upstream_sent, &row.received, &row.submitted,
		        &row.reviewed, &row.approved, &row.released};
		for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
			*moments[i] = query_get_int(&q);
		row.reason = query_peek_text(&q);
		each(ctx, &row);
	}
	return query_end(&q);
}

bool store_report_channels(struct store *store, int64_t from, int64_t until,
        report_channel_each each, void *ctx, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT b.unit, b.kind, b.hazard, b.level, b.row, b.identifier, b.headline,"
	        " d.target, b.released, CASE WHEN MIN(d.accepted) = 0 THEN 0 ELSE MAX(d.accepted)"
	        " END, SUM(d.reached), SUM(d.failed)," REASON
	        " FROM bulletin b JOIN delivery d ON d.bulletin = b.row"
	        " WHERE b.released >= ? AND b.released < ?"
	        " AND d.state NOT IN ('superseded','withdrawn')"
	        " GROUP BY b.unit, b.kind, b.hazard, b.level, d.target, b.row, b.identifier,"
	        " b.headline, b.released"
	        " ORDER BY b.unit, b.kind, b.hazard, b.level, d.target",
	        err);
	query_int(&q, from);
	query_int(&q, until);
	while (query_row(&q)) {
		struct report_channel row = {.group = read_group(&q)};
		row.bulletin = query_get_int(&q);
		row.identifier = query_peek_text(&q);
		row.headline = query_peek_text(&q);
		row.target = query_peek_text(&q);
		row.released = query_get_int(&q);
		row.accepted = query_get_int(&q);
		row.reached = query_get_int(&q);
		row.failed = query_get_int(&q);
		row.reason = query_peek_text(&q);
		each(ctx, &row);
	}
	return query_end(&q);
}

bool store_add_late_reason(struct store *store, const char *bulletin, const char *officer,
        const char *reason, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO late_reason (bulletin, officer, reason, at) VALUES (?,?,?,?)", err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, officer);
	query_text(&q, reason);
	query_int(&q, now);
	return query_run(&q);
}

bool store_list_released(struct store *store, int64_t from, int64_t until, int limit,
        struct bulletin_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT " BULLETIN_HEAD " FROM bulletin WHERE released >= ? AND released < ?"
	        " ORDER BY released DESC LIMIT ?",
	        err);
	query_int(&q, from);
	query_int(&q, until);
	query_int(&q, limit);
	return heads_read(&q, out, err);
}

bool store_list_expiring(
        struct store *store, int64_t until, int limit, struct bulletin_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT " BULLETIN_HEAD " FROM bulletin WHERE state = 'released' AND expires < ?"
	        " AND expires > 0 ORDER BY expires LIMIT ?",
	        err);
	query_int(&q, until);
	query_int(&q, limit);
	return heads_read(&q, out, err);
}

bool store_list_failures(
        struct store *store, int64_t from, int64_t until, int limit, json_t **out, struct err *err)
{
	struct query q;
	json_t *list = json_array();
	char at[WHEN_TEXT];
	char id[32];

	query_begin(&q, store,
	        "SELECT bulletin, target, state, reason, updated FROM delivery"
	        " WHERE state IN ('rejected','expired','unknown') AND updated >= ?1 AND updated < "
	        "?2"
	        " UNION ALL"
	        " SELECT d.bulletin, d.target, d.state, d.reason, d.updated"
	        " FROM delivery d"
	        " WHERE d.state = 'withdrawn' AND d.updated >= ?1 AND d.updated < ?2"
	        " AND EXISTS (SELECT 1 FROM bulletin b WHERE b.row = d.bulletin"
	        " AND b.state IN ('released','expired'))"
	        " ORDER BY 5 DESC LIMIT ?3",
	        err);
	query_int(&q, from);
	query_int(&q, until);
	query_int(&q, limit);
	while (query_row(&q)) {
		json_t *one = json_object();
		snprintf(id, sizeof id, "b%lld", (long long)query_get_int(&q));
		json_object_set_new(one, "bulletin", json_string(id));
		json_object_set_new(one, "target", json_string(query_peek_text(&q)));
		json_object_set_new(one, "state", json_string(query_peek_text(&q)));
		json_object_set_new(one, "reason", json_string(query_peek_text(&q)));
		when_text(query_get_int(&q), at);
		json_object_set_new(one, "at", json_string(at));
		json_array_append_new(list, one);
	}
	if (query_end(&q)) {
		*out = list;
		return true;
	}
	json_decref(list);
	return false;
}
