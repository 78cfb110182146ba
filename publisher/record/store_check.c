/* SPDX-License-Identifier: Apache-2.0
 * store_check - see store_check.h. Relies on SQLite: quick_check and integrity_check hold a page's
 * structure, and an index against its table; the words of a row they cannot judge (the audit chain
 * and signatures do).
 */
#include "store_check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store_db.h"

/* Read to their last byte, and held against the index that led to them: `wrong` counts rows that
 * an index says are live and that say themselves they are not. */
#define UNDER_WAY "('draft','submitted','approved','released')"
static const char *const live[] = {
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN +state IN " UNDER_WAY " THEN 0 ELSE 1 END), 0),"
        " SUM(length(headline) + length(areas) + length(targets) + length(earlier))"
        " FROM bulletin WHERE state IN " UNDER_WAY,
        "SELECT COUNT(*), 0, SUM(length(c.cap) + length(c.manifest) +"
        " COALESCE(length(c.signed_cap), 0) + COALESCE(length(c.manifest_signature), 0))"
        " FROM bulletin b JOIN bulletin_body c ON c.bulletin = b.row"
        " WHERE b.state IN " UNDER_WAY,
        "SELECT COUNT(*), 0, SUM(length(t.body) + COALESCE(length(t.filled), 0))"
        " FROM bulletin b JOIN bulletin_text t ON t.bulletin = b.row"
        " WHERE b.state IN " UNDER_WAY,
        "SELECT COUNT(*), 0, SUM(length(a.signature) + a.voided) FROM bulletin b"
        " JOIN approval a ON a.bulletin = b.row WHERE b.state IN " UNDER_WAY,
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN +state IN ('waiting','sending')"
        " THEN 0 ELSE 1 END), 0), SUM(length(reason) + COALESCE(length(done), 0) + accepted)"
        " FROM delivery WHERE state IN ('waiting','sending','unknown')"
        " AND state IN ('waiting','sending')",
};
static const char *const small[] = {
        "PRAGMA quick_check(counter)",
        "PRAGMA quick_check(audit_head)",
        "PRAGMA quick_check(lease)",
        "PRAGMA quick_check(hold)",
        "PRAGMA quick_check(instance)",
        "PRAGMA quick_check(policy_version)",
        "PRAGMA quick_check(change)",
        "PRAGMA quick_check(account)",
        "PRAGMA quick_check(token)",
};

static bool quick_check(struct store *store, const char *sql, struct err *err)
{
	struct query q;
	char *said = NULL;

	query_begin(&q, store, sql, err);
	if (query_row(&q))
		said = query_get_text(&q);
	bool ok = query_end(&q);
	if (ok && said && strcmp(said, "ok") != 0)
		ok = store_damaged(store->path, said, err);
	free(said);
	return ok;
}

static bool read_through(struct store *store, const char *sql, struct err *err)
{
	struct query q;
	int64_t wrong = 0;

	query_begin(&q, store, sql, err);
	if (query_row(&q)) {
		query_get_int(&q);
		wrong = query_get_int(&q);
	}
	if (!query_end(&q))
		return false;
	return !wrong || store_damaged(store->path, "an index does not fit its table", err);
}

bool store_check_live(struct store *store, struct err *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof small / sizeof *small; i++)
		ok = quick_check(store, small[i], err);
	for (size_t i = 0; ok && i < sizeof live / sizeof *live; i++)
		ok = read_through(store, live[i], err);
	return ok;
}

/* --- all of it ----------------------------------------------------------------------------------
 */

/* STEPS of SQLite's machine are about a millisecond's work. */
enum { STEPS = 20000, REST_MS = 4 };

struct looking {
	bool (*go_on)(void *arg);
	void *arg;
	bool ended;
};

static int rest(void *arg)
{
	struct looking *looking = arg;
	const struct timespec wait = {.tv_nsec = REST_MS * 1000000L};

	nanosleep(&wait, NULL);
	looking->ended = !looking->go_on(looking->arg);
	return looking->ended;
}

static bool list_tables(struct store *store, struct texts *names, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
	        err);
	while (query_row(&q))
		texts_add(names, query_peek_text(&q));
	return query_end(&q);
}

/* A statement of its own: its words are not among those that are kept. */
static bool check_table(
        struct store *store, const char *table, const struct looking *looking, struct err *err)
{
	char *sql = mem_format("PRAGMA integrity_check('%s')", table);
	sqlite3_stmt *stmt = NULL;
	char *said = NULL;
	int code = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);

	if (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		said = mem_text((const char *)sqlite3_column_text(stmt, 0));
	else
		said = mem_text(sqlite3_errmsg(store->db));
	bool whole = looking->ended || (code == SQLITE_ROW && strcmp(said, "ok") == 0);
	bool looked = code == SQLITE_ROW || store_is_damage(code) || (code & 0xff) == SQLITE_IOERR;
	if (!whole && !looked) {
		err_set(err, ERR_UNAVAILABLE, "记录库 %s 此刻查不成：%s",
		        "the record %s could not be looked over just now: %s", store->path, said);
	} else if (!whole) {
		char *where = mem_format("%s: %s", table, said);
		store_damaged(store->path, where, err);
		free(where);
	}
	sqlite3_finalize(stmt);
	free(said);
	free(sql);
	return whole;
}

bool store_check_all(struct store *store, bool (*go_on)(void *arg), void *arg, struct err *err)
{
	struct looking looking = {.go_on = go_on, .arg = arg};
	struct texts names = {0};
	bool ok = list_tables(store, &names, err);

	sqlite3_progress_handler(store->db, STEPS, rest, &looking);
	for (size_t i = 0; ok && !looking.ended && i < names.count; i++)
		ok = check_table(store, names.items[i], &looking, err);
	sqlite3_progress_handler(store->db, 0, NULL, NULL);
	texts_finish(&names);
	return ok;
}
