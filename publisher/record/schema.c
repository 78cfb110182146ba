/* SPDX-License-Identifier: Apache-2.0
 * schema - see schema.h. What each version adds stands in a file of its own (schema_versions.h).
 *
 * Fails as store_db.h says; a migration that fails is rolled back and named.
 */
#include "schema.h"

#include "schema_versions.h"

static const struct migration {
	int64_t version;
	const char *const *statements; /* ends with NULL */
} migrations[] = {
        {1, schema_version_1},
        {2, schema_version_2},
        {3, schema_version_3},
        {4, schema_version_4},
        {5, schema_version_5},
        {6, schema_version_6},
        {7, schema_version_7},
        {8, schema_version_8},
        {9, schema_version_9},
        {10, schema_version_10},
        {11, schema_version_11},
        {12, schema_version_12},
        {13, schema_version_13},
        {14, schema_version_14},
        {15, schema_version_15},
        {16, schema_version_16},
        {17, schema_version_17},
        {18, schema_version_18},
};

enum { MIGRATIONS = sizeof migrations / sizeof *migrations };

/* The version this program writes. */
static int64_t schema_newest(void)
{
	return migrations[MIGRATIONS - 1].version;
}

static bool run_script(struct store *store, const char *sql, struct err *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	if (store_is_damage(sqlite3_errcode(store->db)))
		return store_damaged(store->path, sqlite3_errmsg(store->db), err);
	return err_set(err, ERR_UNAVAILABLE, "记录库 %s 升级不成：%s",
	        "cannot upgrade the record %s: %s", store->path, sqlite3_errmsg(store->db));
}

static bool read_version(struct store *store, int64_t *version, struct err *err)
{
	struct query q;

	*version = 0;
	query_begin(&q, store, "SELECT version FROM schema_version", err);
	if (query_row(&q))
		*version = query_get_int(&q);
	return query_end(&q);
}

static bool apply(struct store *store, const struct migration *step, struct err *err)
{
	struct query q;

	if (!store_begin(store, err))
		return false;
	bool ok = true;
	for (size_t i = 0; ok && step->statements[i]; i++)
		ok = run_script(store, step->statements[i], err);
	if (ok) {
		query_begin(&q, store, "UPDATE schema_version SET version = ?", err);
		query_int(&q, step->version);
		ok = query_run(&q);
	}
	if (ok)
		return store_commit(store, err);
	store_roll_back(store);
	return false;
}

bool schema_upgrade(struct store *store, struct err *err)
{
	int64_t version;

	if (!run_script(store,
	            "BEGIN IMMEDIATE;"
	            "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL);"
	            "INSERT INTO schema_version (version) SELECT 0"
	            " WHERE NOT EXISTS (SELECT 1 FROM schema_version);"
	            "COMMIT",
	            err) ||
	        !read_version(store, &version, err))
		return false;
	if (version > schema_newest())
		return err_set(err, ERR_UNAVAILABLE,
		        "记录库 %s 由较新的程序写成（版本 %lld），本程序只认到版本 "
		        "%lld：请升级程序",
		        "the record %s was written by a newer program (version %lld, this one "
		        "knows up "
		        "to %lld): upgrade this program",
		        store->path, (long long)version, (long long)schema_newest());
	for (int i = 0; i < MIGRATIONS; i++)
		if (migrations[i].version > version && !apply(store, &migrations[i], err))
			return false;
	return true;
}
