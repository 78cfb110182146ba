/* SPDX-License-Identifier: Apache-2.0
 * store_delivery - deliveries in and out of the record, and the recipients of a block. How they
 * change is in store_delivery_state.c.
 */
#include "store_db.h"

#include <stdlib.h>

#include "store_lease.h"
#include "store_number.h"

/* The columns of a delivery, in the order delivery_read() reads them. */
#define DELIVERY                                                                                   \
	"id, bulletin, chain, target, job_kind, block, level, correction, state, began, attempt,"  \
	" release_order, due, expires, far_id, proof, reason, first_sent, updated, reached,"       \
	" failed, done, doubts"

void delivery_list_finish(struct delivery_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		delivery_finish(&list->items[i]);
	free(list->items);
	*list = (struct delivery_list){0};
}

static bool delivery_read(struct query *q, struct delivery *out, struct err *err)
{
	struct delivery d;

	delivery_init(&d);
	d.id = query_get_int(q);
	free(d.bulletin);
	d.bulletin = mem_format("b%lld", (long long)query_get_int(q));
	query_get_into(q, &d.chain);
	query_get_into(q, &d.target);
	d.job_kind = (int)query_get_int(q);
	d.block = (int)query_get_int(q);
	bool known = level_read(query_peek_text(q), &d.level);
	d.correction = query_get_int(q) != 0;
	known &= delivery_state_read(query_peek_text(q), &d.state);
	d.began = query_get_int(q) != 0;
	d.attempt = (int)query_get_int(q);
	d.order = query_get_int(q);
	d.due = query_get_int(q);
	d.expires = query_get_int(q);
	query_get_into(q, &d.far_id);
	query_get_into(q, &d.proof);
	query_get_into(q, &d.reason);
	d.first_sent = query_get_int(q);
	d.updated = query_get_int(q);
	d.reached = query_get_int(q);
	d.failed = query_get_int(q);
	d.done = query_get_bytes(q, &d.done_len);
	d.doubts = (int)query_get_int(q);
	*out = d;
	if (known)
		return true;
	err_set(err, ERR_UNAVAILABLE, "投递 %lld 在记录库中的内容无法识别",
	        "the record holds a word for delivery %lld that is none", (long long)d.id);
	delivery_finish(out);
	return false;
}

static bool read_deliveries(struct query *q, struct delivery_list *out, struct err *err)
{
	bool ok = true;

	*out = (struct delivery_list){0};
	while (ok && query_row(q)) {
		struct delivery delivery;
		ok = delivery_read(q, &delivery, err);
		if (ok)
			*(struct delivery *)mem_push(&out->items, &out->count, sizeof *out->items) =
			        delivery;
	}
	if (query_end(q) && ok)
		return true;
	delivery_list_finish(out);
	return false;
}

bool store_add_delivery(struct store *store, struct delivery *d, struct err *err)
{
	struct query q;

	if (d->state == DELIVERY_SENDING && !store_must_hold(store, d->target, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO delivery (id, bulletin, chain, target, job_kind, block, level, "
	        "correction,"
	        " state, began, attempt, release_order, due, expires, far_id, proof, reason,"
	        " first_sent, updated, reached, failed, done)"
	        " VALUES (" NUMBER_NEXT("delivery", "id",
	                NUMBER_DELIVERY) ",?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
	        err);
	query_int(&q, bulletin_row(d->bulletin));
	query_text(&q, d->chain);
	query_text(&q, d->target);
	query_int(&q, d->job_kind);
	query_int(&q, d->block);
	query_text(&q, level_text(d->level));
	query_int(&q, d->correction);
	query_text(&q, delivery_state_text(d->state));
	query_int(&q, d->began);
	query_int(&q, d->attempt);
	query_int(&q, d->order);
	query_int(&q, d->due);
	query_int(&q, d->expires);
	query_text(&q, d->far_id);
	query_text(&q, d->proof);
	query_text(&q, d->reason);
	query_int(&q, d->first_sent);
	query_int(&q, d->updated);
	query_int(&q, d->reached);
	query_int(&q, d->failed);
	query_bytes(&q, d->done, d->done_len);
	int64_t id = query_row(&q) ? query_get_int(&q) : 0;
	if (query_end(&q)) {
		d->id = id;
		return true;
	}
	if (q.conflict)
		err_set(err, ERR_CONFLICT, "信息 %s 发往 %s 的投递已在记录中，或没有这条信息",
		        "the record already holds this delivery of %s to %s, or no such bulletin",
		        d->bulletin, d->target);
	return false;
}

bool store_get_delivery(struct store *store, int64_t id, struct delivery *out, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT " DELIVERY " FROM delivery WHERE id = ?", err);
	query_int(&q, id);
	bool found = query_row(&q);
	bool known = found && delivery_read(&q, out, err);
	if (!query_end(&q)) {
		if (known)
			delivery_finish(out);
		return false;
	}
	if (!found)
		return err_set(err, ERR_MISSING, "没有编号为 %lld 的投递",
		        "there is no delivery %lld", (long long)id);
	return known;
}

bool store_list_deliveries(
        struct store *store, const char *bulletin, struct delivery_list *out, struct err *err)
{
	struct query q;

	query_begin(
	        &q, store, "SELECT " DELIVERY " FROM delivery WHERE bulletin = ? ORDER BY id", err);
	query_int(&q, bulletin_row(bulletin));
	return read_deliveries(&q, out, err);
}

/* The first list of states must be that of the index delivery_live, word by word, or the whole
 * table is read. An UNKNOWN one may still be decided while its bulletin is in force; those of the
 * past, which are never final, are not even looked at. */
#define PENDING(only)                                                                              \
	"SELECT " DELIVERY " FROM delivery WHERE state IN ('waiting','sending','unknown')"         \
	" AND state IN ('waiting','sending')" only " UNION ALL SELECT " DELIVERY                   \
	" FROM delivery WHERE state = 'unknown' AND bulletin"                                      \
	" IN (SELECT row FROM bulletin WHERE state = 'released') ORDER BY id"

bool store_list_pending(struct store *store, struct delivery_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store, PENDING(""), err);
	return read_deliveries(&q, out, err);
}

/* What may stay in the record until its turn: delivery_may_rest() says the same. */
#define MAY_REST "state = 'waiting' AND attempt = 0 AND block >= 0 AND level NOT IN ('red','I')"

bool delivery_may_rest(const struct delivery *d)
{
	return d->state == DELIVERY_WAITING && !d->attempt && d->block >= 0 &&
	       level_rank(d->level) < level_rank(LEVEL_RED);
}

bool store_list_begun(struct store *store, struct delivery_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store, PENDING(" AND NOT (" MAY_REST ")"), err);
	return read_deliveries(&q, out, err);
}

void delivery_rest_finish(struct delivery_rest *rest)
{
	free(rest->bulletin);
	free(rest->chain);
	free(rest->target);
}

void delivery_rest_list_finish(struct delivery_rest_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		delivery_rest_finish(&list->items[i]);
	free(list->items);
	*list = (struct delivery_rest_list){0};
}

bool store_list_rests(struct store *store, struct delivery_rest_list *out, struct err *err)
{
	struct query q;
	bool known = true;

	*out = (struct delivery_rest_list){0};
	query_begin(&q, store,
	        "SELECT bulletin, target, job_kind, MIN(chain), MIN(level), MAX(correction),"
	        " MIN(release_order), MIN(expires), MIN(block), COUNT(*) FROM delivery"
	        " WHERE state IN ('waiting','sending','unknown') AND " MAY_REST
	        " GROUP BY bulletin, target, job_kind ORDER BY MIN(id)",
	        err);
	while (known && query_row(&q)) {
		struct delivery_rest *rest = mem_push(&out->items, &out->count, sizeof *rest);
		rest->bulletin = mem_format("b%lld", (long long)query_get_int(&q));
		rest->target = query_get_text(&q);
		rest->job_kind = (int)query_get_int(&q);
		rest->chain = query_get_text(&q);
		known = level_read(query_peek_text(&q), &rest->level);
		rest->correction = query_get_int(&q) != 0;
		rest->order = query_get_int(&q);
		rest->expires = query_get_int(&q);
		rest->block = (int)query_get_int(&q);
		rest->count = query_get_int(&q);
	}
	if (query_end(&q) && known)
		return true;
	if (!known)
		err_set(err, ERR_UNAVAILABLE, "记录库中有投递的级别无法识别",
		        "the record holds a level of deliveries that is none");
	delivery_rest_list_finish(out);
	return false;
}

bool store_list_rest_blocks(struct store *store, const struct delivery_rest *rest, int most,
        struct delivery_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT " DELIVERY " FROM delivery WHERE bulletin = ? AND target = ?"
	        " AND job_kind = ? AND block >= ? AND " MAY_REST " ORDER BY block LIMIT ?",
	        err);
	query_int(&q, bulletin_row(rest->bulletin));
	query_text(&q, rest->target);
	query_int(&q, rest->job_kind);
	query_int(&q, rest->block);
	query_int(&q, most);
	return read_deliveries(&q, out, err);
}

bool store_find_far_id(struct store *store, const char *target, const char *far_id,
        int64_t *delivery, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT id FROM delivery WHERE target = ? AND far_id = ? AND far_id <> ''"
	        " ORDER BY id DESC LIMIT 1",
	        err);
	query_text(&q, target);
	query_text(&q, far_id);
	bool found = query_row(&q);
	if (found)
		*delivery = query_get_int(&q);
	if (!query_end(&q))
		return false;
	return found || err_set(err, ERR_MISSING, "%s 没有回执编号 %s 对应的投递",
	                        "no delivery of %s is known there as %s", target, far_id);
}
