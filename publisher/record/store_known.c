/* SPDX-License-Identifier: Apache-2.0
 * store_known - devices and addresses somebody signed in from before, and the waits after failures
 * that outlive a restart (store_account.h).
 */
#include "store_account.h"

#include <string.h>

#include "store_db.h"

enum { DEVICES_MOST = 16, SOURCES_MOST = 32 };

/* Asked with two texts and a moment: is there a row? */
static bool is_there(struct query *q, const char *a, const char *b, int64_t now, bool *known)
{
	query_text(q, a);
	query_text(q, b);
	query_int(q, now);
	*known = query_row(q);
	return query_end(q);
}

bool store_is_known_device(struct store *store, const char *digest, const char *officer,
        int64_t now, bool *known, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT 1 FROM known_device WHERE digest = ? AND officer = ? AND ends > ?", err);
	return is_there(&q, digest, officer, now, known);
}

bool store_is_known_source(struct store *store, const char *officer, const char *source,
        int64_t now, bool *known, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT 1 FROM known_source WHERE officer = ? AND source = ? AND ends > ?", err);
	return is_there(&q, officer, source, now, known);
}

static bool put(struct query *q, const char *a, const char *b, int64_t ends)
{
	query_text(q, a);
	query_text(q, b);
	query_int(q, ends);
	return query_run(q);
}

static bool trim(struct query *q, const char *officer, int most)
{
	query_text(q, officer);
	query_text(q, officer);
	query_int(q, most);
	return query_run(q);
}

bool store_know_device(
        struct store *store, const char *digest, const char *officer, int64_t ends, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO known_device (digest, officer, ends) VALUES (?,?,?)"
	        " ON CONFLICT (digest) DO UPDATE SET ends = excluded.ends",
	        err);
	if (!put(&q, digest, officer, ends))
		return false;
	query_begin(&q, store,
	        "DELETE FROM known_device WHERE officer = ? AND digest NOT IN (SELECT digest FROM"
	        " known_device WHERE officer = ? ORDER BY ends DESC, digest LIMIT ?)",
	        err);
	return trim(&q, officer, DEVICES_MOST);
}

bool store_know_source(
        struct store *store, const char *officer, const char *source, int64_t ends, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO known_source (officer, source, ends) VALUES (?,?,?)"
	        " ON CONFLICT (officer, source) DO UPDATE SET ends = excluded.ends",
	        err);
	if (!put(&q, officer, source, ends))
		return false;
	query_begin(&q, store,
	        "DELETE FROM known_source WHERE officer = ? AND source NOT IN (SELECT source FROM"
	        " known_source WHERE officer = ? ORDER BY ends DESC, source LIMIT ?)",
	        err);
	return trim(&q, officer, SOURCES_MOST);
}

bool store_forget_devices(struct store *store, const char *officer, struct err *err)
{
	struct query q;

	query_begin(&q, store, "DELETE FROM known_device WHERE officer = ?", err);
	query_text(&q, officer);
	if (!query_run(&q))
		return false;
	query_begin(&q, store, "DELETE FROM known_source WHERE officer = ?", err);
	query_text(&q, officer);
	return query_run(&q);
}

/* --- waits ------------------------------------------------------------------------------------ */

bool store_put_wait(struct store *store, const struct wait_row *row, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO sign_in_wait (key, failures, until, at) VALUES (?,?,?,?)"
	        " ON CONFLICT (key) DO UPDATE SET failures = excluded.failures,"
	        " until = excluded.until, at = excluded.at",
	        err);
	query_text(&q, row->key);
	query_int(&q, row->failures);
	query_int(&q, row->until);
	query_int(&q, row->at);
	return query_run(&q);
}

bool store_list_waits(
        struct store *store, int64_t since, struct wait_row **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_begin(&q, store,
	        "SELECT key, failures, until, at FROM sign_in_wait WHERE at >= ? ORDER BY at DESC"
	        " LIMIT 4096",
	        err);
	query_int(&q, since);
	while (query_row(&q)) {
		struct wait_row *row = mem_push(out, count, sizeof **out);
		query_get_digest(&q, row->key);
		row->failures = query_get_int(&q);
		row->until = query_get_int(&q);
		row->at = query_get_int(&q);
	}
	return query_end(&q);
}

static bool drop_before(struct store *store, const char *sql, int64_t moment, struct err *err)
{
	struct query q;

	query_begin(&q, store, sql, err);
	query_int(&q, moment);
	return query_run(&q);
}

bool store_forget_known(struct store *store, int64_t now, int64_t waits, struct err *err)
{
	return drop_before(store, "DELETE FROM known_device WHERE ends <= ?", now, err) &&
	       drop_before(store, "DELETE FROM known_source WHERE ends <= ?", now, err) &&
	       drop_before(store, "DELETE FROM sign_in_wait WHERE at < ?", waits, err);
}
