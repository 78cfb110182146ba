/* SPDX-License-Identifier: Apache-2.0
 * store_hold - see store_hold.h. Relies on the record's transaction. Jumps are made by rows of
 * `counter`: those of its own name for what is counted there, and a floor for the rows of bulletins
 * and deliveries, whose numbers are known outside (store_number.c).
 */
#include "store_hold.h"

#include "store_db.h"
#include "store_lease.h"
#include "store_number.h"

static const int64_t million = 1000000;

/* A number known outside that this record gave last. */
struct given {
	const char *counter; /* what stands for it */
	const char *highest;
	int64_t step;
	bool by_moment; /* far sides and phones go on naming it for days */
};

static const struct given rows[] = {
        {NUMBER_BULLETIN, "SELECT MAX(row) FROM bulletin", 1000000, false},
        {NUMBER_LEASE, "SELECT MAX(token) FROM lease", 1000000, false},
        {NUMBER_DELIVERY, "SELECT MAX(id) FROM delivery", 1000000000, true},
        {COUNTER_MESSAGES, NULL, 1000000, true},
};

static bool number(
        struct store *store, const char *sql, const char *name, int64_t *out, struct err *err)
{
	struct query q;

	query_begin(&q, store, sql, err);
	if (name)
		query_text(&q, name);
	*out = query_row(&q) ? query_get_int(&q) : 0;
	return query_end(&q);
}

/* Beyond whatever was given since: the next round number, so that a person sees where it was; or
 * the moment, for a second life that begins from the same copy comes to the same round number. */
static bool jump(struct store *store, const struct given *given, int64_t moment, struct err *err)
{
	int64_t last = 0;
	int64_t floor;
	struct query q;

	if ((given->highest && !number(store, given->highest, NULL, &last, err)) ||
	        !number(store, "SELECT value FROM counter WHERE name = ?", given->counter, &floor,
	                err))
		return false;
	last = floor > last ? floor : last;
	query_begin(&q, store,
	        "INSERT INTO counter (name, value) VALUES (?, ?)"
	        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
	        err);
	query_text(&q, given->counter);
	query_int(&q, given->by_moment && moment > last ? moment
	                                                : (last / given->step + 1) * given->step);
	return query_run(&q);
}

static bool jump_counters(struct store *store, int64_t moment, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE counter SET value = (value / ? + 1) * ? WHERE name NOT IN"
	        " ('" NUMBER_BULLETIN "', '" NUMBER_LEASE "', '" NUMBER_DELIVERY
	        "', '" COUNTER_MESSAGES "')",
	        err);
	query_int(&q, million);
	query_int(&q, million);
	bool ok = query_run(&q);
	for (size_t i = 0; ok && i < sizeof rows / sizeof rows[0]; i++)
		ok = jump(store, &rows[i], moment, err);
	return ok;
}

static bool end_sessions(struct store *store, struct err *err)
{
	struct query q;

	query_begin(&q, store, "DELETE FROM session", err);
	return query_run(&q);
}

static bool audit_restored(
        struct store *store, const struct hold *hold, const char *digest, struct err *err)
{
	json_t *body = json_pack("{s:I,s:I,s:s}", "copied", (json_int_t)hold->copied, "cut",
	        (json_int_t)hold->cut, "digest", digest);
	bool ok = store_audit(store, "restored", "", body, hold->since, err);

	json_decref(body);
	return ok;
}

bool store_hold_begin(struct store *store, struct hold *hold, const char *digest, struct err *err)
{
	char head[DIGEST_HEX];
	struct query q;

	if (!store_audit_head(store, &hold->cut, head, err) ||
	        !jump_counters(store, hold->since, err) || !end_sessions(store, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO hold (since, copied, cut, ended, ended_by) VALUES (?,?,?,0,'')", err);
	query_int(&q, hold->since);
	query_int(&q, hold->copied);
	query_int(&q, hold->cut);
	return query_run(&q) && audit_restored(store, hold, digest, err);
}

bool store_hold(struct store *store, struct hold *out, struct err *err)
{
	struct query q;

	*out = (struct hold){0};
	/* Restored twice and never released: what was sent since the older copy is unknown. */
	query_begin(&q, store,
	        "SELECT since, copied, cut FROM hold WHERE ended = 0 ORDER BY copied LIMIT 1", err);
	if (query_row(&q)) {
		out->since = query_get_int(&q);
		out->copied = query_get_int(&q);
		out->cut = query_get_int(&q);
	}
	return query_end(&q);
}

/* A far side that takes a key gets them once more and drops what it has; of the others the urgent
 * ones are sent again and the rest stands UNKNOWN, as after any death in mid-send. */
static bool stand_as_begun(struct store *store, int64_t now, int64_t *begun, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE delivery SET state = 'sending', began = 1, due = 0,"
	        " attempt = CASE WHEN attempt < 1 THEN 1 ELSE attempt END, updated = ?,"
	        " first_sent = CASE WHEN first_sent = 0 AND block >= 0 THEN ? ELSE first_sent END,"
	        " reason = '由备份恢复，可能已发 / restored from a backup, may have gone'"
	        " WHERE state IN ('waiting', 'sending')",
	        err);
	query_int(&q, now);
	query_int(&q, now); /* of a block: a cancel must go there (release/heard.c) */
	bool ok = query_run(&q);
	*begun = ok ? store_changes(store) : 0;
	return ok;
}

bool store_hold_end(struct store *store, const char *officer, enum sent_since sent, int64_t now,
        int64_t *begun, struct err *err)
{
	struct hold hold;
	struct query q;

	*begun = 0;
	if (!store_must_hold(store, LEASE_DISPATCH, err) || !store_hold(store, &hold, err))
		return false;
	if (!hold.since)
		return err_set(err, ERR_CONFLICT, "记录库没有被扣住", "the record is not held");
	query_begin(&q, store, "UPDATE hold SET ended = ?, ended_by = ? WHERE ended = 0", err);
	query_int(&q, now);
	query_text(&q, officer);
	if (!query_run(&q) || (sent == SENT_UNKNOWN && !stand_as_begun(store, now, begun, err)))
		return false;
	json_t *body = json_pack("{s:s,s:s,s:I,s:I}", "officer", officer, "sent",
	        sent == SENT_UNKNOWN ? "unknown" : "nothing", "cut", (json_int_t)hold.cut, "begun",
	        (json_int_t)*begun);
	bool ok = store_audit(store, "hold-ended", "", body, now, err);
	json_decref(body);
	return ok;
}
