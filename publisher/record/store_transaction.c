/* SPDX-License-Identifier: Apache-2.0
 * store_transaction - begin, commit, and the savepoint around each change of a group. Used by
 * record.c and schema.c only. Changes are possible from store_begin to store_commit or
 * store_roll_back.
 */
#include "store_db.h"

static bool run(struct store *store, const char *sql, struct err *err)
{
	struct query q;

	query_begin(&q, store, sql, err);
	return query_run(&q);
}

bool store_begin(struct store *store, struct err *err)
{
	/* IMMEDIATE: the right to write is had now or not at all, never in the middle of a change.
	 */
	store->inside = true;
	store->leases.looked = false;
	store->inside = run(store, "BEGIN IMMEDIATE", err);
	return store->inside;
}

bool store_commit(struct store *store, struct err *err)
{
	bool ok = run(store, "COMMIT", err);

	store->inside = !ok;
	return ok;
}

/* What cannot be taken back stands in the way of every later change: the store is done with. (Some
 * failures have SQLite take all of it back by itself.) */
void store_roll_back(struct store *store)
{
	struct err err = {0};

	store->inside = false;
	if (run(store, "ROLLBACK", &err) || sqlite3_get_autocommit(store->db) || store->broken)
		return;
	store->broken = true;
	sqlite3_snprintf((int)sizeof store->fault, store->fault, "%s", err.en);
}

bool store_savepoint(struct store *store, struct err *err)
{
	return run(store, "SAVEPOINT change", err);
}

bool store_savepoint_keep(struct store *store, struct err *err)
{
	return run(store, "RELEASE SAVEPOINT change", err);
}

bool store_savepoint_undo(struct store *store, struct err *err)
{
	store->leases.looked = false; /* one may have been taken in it */
	return run(store, "ROLLBACK TO SAVEPOINT change", err) && store_savepoint_keep(store, err);
}

bool snapshot_begin(struct snapshot *snapshot, struct store *store, struct err *err)
{
	*snapshot = (struct snapshot){0};
	if (store->inside || !sqlite3_get_autocommit(store->db))
		return true;
	if (!run(store, "BEGIN", err))
		return false;
	snapshot->store = store;
	return true;
}

/* A reader that kept its snapshot would see nothing new ever after. */
void snapshot_end(struct snapshot *snapshot)
{
	if (snapshot->store && !run(snapshot->store, "COMMIT", NULL))
		run(snapshot->store, "ROLLBACK", NULL);
	snapshot->store = NULL;
}
