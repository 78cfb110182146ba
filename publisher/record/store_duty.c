/* SPDX-License-Identifier: Apache-2.0
 * store_duty - see store_duty.h. Relies on the record's transaction for changes; an arrow names the
 * state it starts from, so that two who file at once end as one.
 */
#include "store_duty.h"

#include <stdlib.h>

#include "store_db.h"
#include "store_lease.h"

/* The columns of a duty, in the order duty_read() reads them. */
#define DUTY                                                                                       \
	"SELECT d.id, d.bulletin, d.chain, d.unit, d.what, d.recipient, d.basis, d.opened, d.due," \
	" d.state = 'done', d.closed, d.closed_by, d.reference, d.note, d.shouts, d.shouted,"      \
	" b.headline FROM duty d JOIN bulletin b ON b.row = d.bulletin "

void duty_list_finish(struct duty_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct duty_row *d = &list->items[i];
		char *texts[] = {d->bulletin, d->chain, d->unit, d->what, d->recipient, d->basis,
		        d->closed_by, d->reference, d->note, d->headline};
		for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
			free(texts[t]);
	}
	free(list->items);
	*list = (struct duty_list){0};
}

static void duty_read(struct query *q, struct duty_row *d)
{
	d->id = query_get_int(q);
	d->bulletin = mem_format("b%lld", (long long)query_get_int(q));
	d->chain = query_get_text(q);
	d->unit = query_get_text(q);
	d->what = query_get_text(q);
	d->recipient = query_get_text(q);
	d->basis = query_get_text(q);
	d->opened = query_get_int(q);
	d->due = query_get_int(q);
	d->done = query_get_int(q) != 0;
	d->closed = query_get_int(q);
	d->closed_by = query_get_text(q);
	d->reference = query_get_text(q);
	d->note = query_get_text(q);
	d->shouts = (int)query_get_int(q);
	d->shouted = query_get_int(q);
	d->headline = query_get_text(q);
}

static bool read_all(struct query *q, struct duty_list *out)
{
	*out = (struct duty_list){0};
	while (query_row(q))
		duty_read(q, mem_push(&out->items, &out->count, sizeof *out->items));
	if (query_end(q))
		return true;
	duty_list_finish(out);
	return false;
}

bool store_add_duty(struct store *store, const struct duty_row *duty, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO duty (bulletin, chain, unit, what, recipient, basis, opened, due,"
	        " state, closed, closed_by, reference, note, shouts, shouted)"
	        " VALUES (?,?,?,?,?,?,?,?,'open',0,'','','',0,0)",
	        err);
	query_int(&q, bulletin_row(duty->bulletin));
	query_text(&q, duty->chain);
	query_text(&q, duty->unit);
	query_text(&q, duty->what);
	query_text(&q, duty->recipient);
	query_text(&q, duty->basis);
	query_int(&q, duty->opened);
	query_int(&q, duty->due);
	return query_run(&q);
}

bool store_list_duties(struct store *store, const char *bulletin, int limit, struct duty_list *out,
        struct err *err)
{
	struct query q;

	if (bulletin) {
		query_begin(&q, store, DUTY "WHERE d.bulletin = ? ORDER BY d.id LIMIT ?", err);
		query_int(&q, bulletin_row(bulletin));
	} else {
		query_begin(
		        &q, store, DUTY "WHERE d.state = 'open' ORDER BY d.due, d.id LIMIT ?", err);
	}
	query_int(&q, limit);
	return read_all(&q, out);
}

static bool no_duty(int64_t id, struct err *err)
{
	return err_set(err, ERR_MISSING, "没有编号为 d%lld 的待办", "there is no duty d%lld",
	        (long long)id);
}

bool store_get_duty(struct store *store, int64_t id, struct duty_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store, DUTY "WHERE d.id = ?", err);
	query_int(&q, id);
	return read_all(&q, out) && (out->count == 1 || no_duty(id, err));
}

bool store_close_duty(struct store *store, int64_t id, const char *by, const char *reference,
        const char *note, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE duty SET state = 'done', closed = ?, closed_by = ?, reference = ?, note = ?"
	        " WHERE id = ? AND state = 'open'",
	        err);
	query_int(&q, now);
	query_text(&q, by);
	query_text(&q, reference);
	query_text(&q, note);
	query_int(&q, id);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 || err_set(err, ERR_CONFLICT, "待办 d%lld 已经办结",
	                                            "duty d%lld is done already", (long long)id);
}

bool store_close_duties(struct store *store, const char *chain, const char *what,
        const char *bulletin, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE duty SET state = 'done', closed = ?, closed_by = ?"
	        " WHERE chain = ? AND what = ? AND state = 'open' AND bulletin <> ?",
	        err);
	query_int(&q, now);
	query_text(&q, bulletin);
	query_text(&q, chain);
	query_text(&q, what);
	query_int(&q, bulletin_row(bulletin));
	return query_run(&q);
}

bool store_list_overdue(
        struct store *store, const char *what, int64_t now, struct duty_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        DUTY "WHERE d.state = 'open' AND d.what = ? AND d.due <= ? ORDER BY d.due, d.id",
	        err);
	query_text(&q, what);
	query_int(&q, now);
	return read_all(&q, out);
}

bool store_duty_shouted(struct store *store, int64_t id, int64_t now, struct err *err)
{
	struct query q;

	if (!store_must_hold(store, LEASE_DUTIES, err))
		return false;
	query_begin(&q, store,
	        "UPDATE duty SET shouts = shouts + 1, shouted = ? WHERE id = ? AND state = 'open'",
	        err);
	query_int(&q, now);
	query_int(&q, id);
	return query_run(&q);
}
