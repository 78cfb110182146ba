/* SPDX-License-Identifier: Apache-2.0
 * store_db - one database connection and the short way to ask it something. Inside this room only.
 *
 * A question goes: query_begin, bind in order, query_row until false, query_end. Every step after a
 *failure does nothing, so that only query_end need be looked at:
 *
 *	query_begin(&q, store, "SELECT headline FROM bulletin WHERE row = ?", err);
 *	query_int(&q, row);
 *	if (query_row(&q))
 *		headline = query_get_text(&q);
 *	return query_end(&q);
 *
 * Statements are prepared once per connection and kept; the SQL is a literal, and its address is
 *the key.
 */
#ifndef TOCSIN_STORE_DB_H
#define TOCSIN_STORE_DB_H

#include <jansson.h>
#include <sqlite3.h>

#include "store.h"

struct statement {
	const char *sql;
	sqlite3_stmt *compiled;
};

/* Tokens of leases (store_lease.h): those we present, and the rows as of this transaction. */
struct lease_token {
	char *name;
	int64_t token;
};
struct leases {
	struct lease_token *mine, *seen;
	size_t mine_count, seen_count;
	bool looked; /* `seen` is of this transaction */
	void (*lost)(const struct err *err);
};

struct store {
	sqlite3 *db;
	char *path;
	int lock;        /* of the folder, for a tool's store; -1 = none */
	bool inside;     /* a transaction is open: changes are allowed */
	bool broken;     /* the disk or the file failed: nothing more may be trusted to it */
	char fault[256]; /* what SQLite said then */
	char *audit_key; /* of keyed digests; NULL for readers */
	struct store *directory; /* beside the record, opened when first asked; NULL = not yet */
	struct leases leases;
	struct statement *cache;
	size_t cached;
};

/* The one sentence about a damaged file (ERR_DAMAGED); said: SQLite's words. Returns false. */
bool store_damaged(const char *path, const char *said, struct err *err);

bool store_is_damage(int code); /* of SQLite: the file is not what was written */

enum store_use { STORE_READ, STORE_WRITE };
/* `path` must exist for STORE_READ. */
struct store *store_open(const char *path, enum store_use use, struct err *err);
void store_close(struct store **store);

bool store_begin(struct store *store, struct err *err);
bool store_commit(struct store *store, struct err *err);
void store_roll_back(struct store *store);
bool store_savepoint(struct store *store, struct err *err);
bool store_savepoint_keep(struct store *store, struct err *err);
bool store_savepoint_undo(struct store *store, struct err *err);

/* One state of the record for several questions. Inside a change it is the change's own. */
struct snapshot {
	struct store *store; /* NULL when there is nothing to end */
};
bool snapshot_begin(struct snapshot *snapshot, struct store *store, struct err *err);
void snapshot_end(struct snapshot *snapshot);

struct query {
	struct store *store;
	sqlite3_stmt *stmt;
	struct err *err;
	int bound;  /* parameters so far */
	int column; /* columns read so far, of this row */
	bool failed;
	bool conflict; /* failed on a uniqueness or reference rule: *err is ERR_CONFLICT */
};

void query_begin(struct query *query, struct store *store, const char *sql, struct err *err);
void query_text(struct query *query, const char *text); /* NULL is NULL; borrowed until query_end */
void query_int(struct query *query, int64_t value);
void query_bytes(
        struct query *query, const void *bytes, size_t len); /* NULL is NULL; borrowed too */
bool query_row(struct query *query);
bool query_end(struct query *query); /* false: failed, and *err says how */
bool query_run(struct query *query); /* a change without rows: one step and the end */

/* The next column of this row. */
int64_t query_get_int(struct query *query);
char *query_get_text(struct query *query);        /* the caller's; NULL becomes "" */
char *query_get_maybe(struct query *query);       /* the caller's; NULL stays NULL */
const char *query_peek_text(struct query *query); /* until the next step; NULL becomes "" */
void *query_get_bytes(
        struct query *query, size_t *len); /* the caller's, NUL behind; NULL stays NULL */
void query_get_into(struct query *query, char **place); /* frees what stood there */
void query_get_digest(struct query *query, char hex[DIGEST_HEX]);

int64_t store_changes(const struct store *store); /* rows touched by the last change */

/* "b12" -> 12; 0 when it is no such name. */
int64_t bulletin_row(const char *id);
bool store_no_bulletin(const char *id, struct err *err); /* false: it names none */

#endif
