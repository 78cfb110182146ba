/* SPDX-License-Identifier: Apache-2.0
 * store_db - see store_db.h. Relies on SQLite with WAL and synchronous=FULL: when COMMIT has
 * returned, the change is on disk. A full or failing disk, a damaged file: `broken` is set, and
 * whoever owns the connection must stop using it (record.c ends the program).
 */
#include "store_db.h"

#include <stdlib.h>
#include <string.h>

#include "secret.h"

enum { BUSY_MS = 5000 };

bool store_damaged(const char *path, const char *said, struct err *err)
{
	return err_set(err, ERR_DAMAGED,
	        "记录库 %s 已损坏：%s。请保留原件，用最近的完好备份恢复（OPERATING 第 7 节）",
	        "the record %s is damaged: %s. Keep it as it is, and restore the newest good "
	        "backup (OPERATING, section 7)",
	        path, said);
}

bool store_is_damage(int code)
{
	return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

static bool open_failed(struct store *store, struct err *err)
{
	if (store->db && store_is_damage(sqlite3_errcode(store->db)))
		return store_damaged(store->path, sqlite3_errmsg(store->db), err);
	return err_set(err, ERR_UNAVAILABLE, "打不开记录库 %s：%s", "cannot open the record %s: %s",
	        store->path, store->db ? sqlite3_errmsg(store->db) : "out of memory");
}

/* temp_store: what a statement needs to take itself back is kept in memory. In a file it would need
 * a descriptor in the middle of a change, and lay pages of the record into a common folder. */
static bool set_pragmas(struct store *store, enum store_use use, struct err *err)
{
	static const char write[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	                            "PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0;"
	                            "PRAGMA journal_size_limit=67108864; PRAGMA cell_size_check=ON;"
	                            "PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
	                            "PRAGMA temp_store=MEMORY";
	static const char read[] = "PRAGMA query_only=ON; PRAGMA cell_size_check=ON;"
	                           "PRAGMA trusted_schema=OFF";

	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	if (sqlite3_exec(store->db, use == STORE_WRITE ? write : read, NULL, NULL, NULL) !=
	        SQLITE_OK)
		return open_failed(store, err);
	return true;
}

struct store *store_open(const char *path, enum store_use use, struct err *err)
{
	struct store *store = mem_zero(sizeof *store);
	int flags = SQLITE_OPEN_NOMUTEX;

	store->path = mem_text(path);
	store->lock = -1;
	flags |= use == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
	                            : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
	bool ok = sqlite3_open_v2(path, &store->db, flags, NULL) == SQLITE_OK
	                  ? true
	                  : open_failed(store, err);
	if (!ok || !set_pragmas(store, use, err))
		store_close(&store);
	return store;
}

static void forget_tokens(struct lease_token *tokens, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(tokens[i].name);
	free(tokens);
}

void store_close(struct store **place)
{
	struct store *store = *place;

	if (!store)
		return;
	*place = NULL;
	for (size_t i = 0; i < store->cached; i++)
		sqlite3_finalize(store->cache[i].compiled);
	free(store->cache);
	forget_tokens(store->leases.mine, store->leases.mine_count);
	forget_tokens(store->leases.seen, store->leases.seen_count);
	store_close(&store->directory);
	sqlite3_close(store->db);
	secret_forget(&store->audit_key);
	free(store->path);
	free(store);
}

/* A fault of the disk or the file, after which no further word of this connection counts. */
static bool is_fault(int code)
{
	switch (code & 0xff) {
	case SQLITE_IOERR:
	case SQLITE_FULL:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_NOMEM:
	case SQLITE_PROTOCOL:
		return true;
	default:
		return false;
	}
}

static void note_failure(struct query *query)
{
	struct store *store = query->store;
	int code = sqlite3_extended_errcode(store->db);
	const char *said = sqlite3_errmsg(store->db);

	query->failed = true;
	if (is_fault(code)) {
		store->broken = true;
		sqlite3_snprintf((int)sizeof store->fault, store->fault, "%s (%d)", said, code);
	}
	if ((code & 0xff) == SQLITE_CONSTRAINT) {
		query->conflict = true;
		err_set(query->err, ERR_CONFLICT, "记录中已有相同或缺少所依据的内容：%s",
		        "the record already holds this, or lacks what it refers to: %s", said);
		return;
	}
	if (store_is_damage(code)) {
		store_damaged(store->path, said, query->err);
		return;
	}
	enum err_kind kind = (code & 0xff) == SQLITE_BUSY ? ERR_BUSY : ERR_UNAVAILABLE;
	err_set(query->err, kind, "记录库 %s 出错：%s（%d）", "the record %s failed: %s (%d)",
	        store->path, said, code);
}

static sqlite3_stmt *compiled(struct store *store, const char *sql)
{
	for (size_t i = 0; i < store->cached; i++)
		if (store->cache[i].sql == sql)
			return store->cache[i].compiled;
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
	        SQLITE_OK)
		return NULL;
	struct statement *place = mem_push(&store->cache, &store->cached, sizeof *store->cache);
	*place = (struct statement){sql, stmt};
	return stmt;
}

void query_begin(struct query *query, struct store *store, const char *sql, struct err *err)
{
	*query = (struct query){.store = store, .err = err};
	query->stmt = compiled(store, sql);
	if (!query->stmt) {
		note_failure(query);
		return;
	}
	if (!store->inside && !sqlite3_stmt_readonly(query->stmt)) {
		query->failed = true;
		err_set(err, ERR_INTERNAL, "记录库只能在事务中改动：%s",
		        "the record may only be changed inside a transaction: %s", sql);
	}
}

static void bound(struct query *query, int code)
{
	if (code != SQLITE_OK)
		note_failure(query);
}

void query_text(struct query *query, const char *text)
{
	int place = ++query->bound;

	if (!query->failed)
		bound(query, sqlite3_bind_text(query->stmt, place, text, -1, SQLITE_STATIC));
}

void query_int(struct query *query, int64_t value)
{
	int place = ++query->bound;

	if (!query->failed)
		bound(query, sqlite3_bind_int64(query->stmt, place, value));
}

void query_bytes(struct query *query, const void *bytes, size_t len)
{
	int place = ++query->bound;

	if (!query->failed)
		bound(query, sqlite3_bind_blob64(query->stmt, place, bytes, len, SQLITE_STATIC));
}

bool query_row(struct query *query)
{
	if (query->failed)
		return false;
	query->column = 0;
	int code = sqlite3_step(query->stmt);
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		note_failure(query);
	return false;
}

bool query_end(struct query *query)
{
	if (query->stmt) {
		sqlite3_reset(query->stmt);
		sqlite3_clear_bindings(query->stmt);
	}
	return !query->failed;
}

bool query_run(struct query *query)
{
	query_row(query);
	return query_end(query);
}

int64_t query_get_int(struct query *query)
{
	return sqlite3_column_int64(query->stmt, query->column++);
}

const char *query_peek_text(struct query *query)
{
	const char *text = (const char *)sqlite3_column_text(query->stmt, query->column++);

	return text ? text : "";
}

char *query_get_text(struct query *query)
{
	return mem_text(query_peek_text(query));
}

char *query_get_maybe(struct query *query)
{
	return mem_text((const char *)sqlite3_column_text(query->stmt, query->column++));
}

void *query_get_bytes(struct query *query, size_t *len)
{
	int column = query->column++;
	const void *bytes = sqlite3_column_blob(query->stmt, column);

	*len = (size_t)sqlite3_column_bytes(query->stmt, column);
	if (sqlite3_column_type(query->stmt, column) == SQLITE_NULL)
		return NULL;
	return mem_text_n(bytes, *len);
}

void query_get_into(struct query *query, char **place)
{
	free(*place);
	*place = query_get_text(query);
}

void query_get_digest(struct query *query, char hex[DIGEST_HEX])
{
	sqlite3_snprintf(DIGEST_HEX, hex, "%s", query_peek_text(query));
}

int64_t store_changes(const struct store *store)
{
	return sqlite3_changes64(store->db);
}

void store_keyed_digest(
        const struct store *store, const void *bytes, size_t len, char hex[DIGEST_HEX])
{
	const char *key = store->audit_key ? store->audit_key : "";

	digest_hmac(key, strlen(key), bytes, len, hex);
}
