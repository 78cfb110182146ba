/* SPDX-License-Identifier: Apache-2.0
 * backup - see backup.h. A file that cannot be written, a page that cannot be read: said, and what
 * was begun is taken away.
 */
#include "backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "disk.h"
#include "store_db.h"

/* 256 pages of 4 KiB, and the time others have the disk between two of them. */
enum { STEP_PAGES = 256, SYNC_STEPS = 4, PAUSE_MS = 2 };

struct copying {
	const char *to;
	int fd; /* of the copy, to sync it as it grows */
	sqlite3 *source, *copy;
};

static bool failed(const char *path, const char *why, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "记录库备份不成：%s：%s",
	        "the record cannot be backed up: %s: %s", path, why);
}

static bool open_one(const char *path, int flags, sqlite3 **db, struct err *err)
{
	if (sqlite3_open_v2(path, db, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
		return true;
	return failed(path, *db ? sqlite3_errmsg(*db) : "out of memory", err);
}

static bool run(sqlite3 *db, const char *path, const char *sql, struct err *err)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       failed(path, sqlite3_errmsg(db), err);
}

static void pause_a_little(void)
{
	const struct timespec wait = {.tv_nsec = PAUSE_MS * 1000000L};

	nanosleep(&wait, NULL);
}

static bool copy_pages(struct copying *c, struct err *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(c->copy, "main", c->source, "main");
	int code = backup ? SQLITE_OK : SQLITE_ERROR;

	for (int n = 1; code == SQLITE_OK; n++) {
		code = sqlite3_backup_step(backup, STEP_PAGES);
		if (code == SQLITE_OK && n % SYNC_STEPS == 0 && fdatasync(c->fd) != 0)
			code = SQLITE_IOERR_FSYNC;
		if (code == SQLITE_OK)
			pause_a_little();
	}
	if (backup)
		sqlite3_backup_finish(backup);
	return code == SQLITE_DONE || failed(c->to, sqlite3_errstr(code), err);
}

/* The state is fixed by the first question of the transaction. The copy is nobody's yet: it needs
 * no journal. */
static bool copy_state(struct copying *c, const char *from, struct err *err)
{
	bool ok = open_one(from, SQLITE_OPEN_READONLY, &c->source, err) &&
	          open_one(c->to, SQLITE_OPEN_READWRITE, &c->copy, err) &&
	          run(c->source, from,
	                  "PRAGMA busy_timeout=5000; BEGIN; SELECT COUNT(*) FROM sqlite_master",
	                  err) &&
	          run(c->copy, c->to, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", err) &&
	          copy_pages(c, err);

	sqlite3_close(c->source);
	sqlite3_close(c->copy);
	return ok && (fsync(c->fd) == 0 || failed(c->to, strerror(errno), err));
}

/* --- looking at every page ----------------------------------------------------------------------
 */

static bool look_at_all(sqlite3 *db, const char *path, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	bool whole = false;
	int code = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);

	if (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *said = (const char *)sqlite3_column_text(stmt, 0);
		whole = said && strcmp(said, "ok") == 0;
		if (!whole)
			store_damaged(path, said ? said : "?", err);
	} else if (store_is_damage(code) || (code & 0xff) == SQLITE_IOERR) {
		store_damaged(path, sqlite3_errmsg(db), err);
	} else {
		failed(path, sqlite3_errmsg(db), err);
	}
	sqlite3_finalize(stmt);
	return whole;
}

static bool check_file(const char *path, const char *name, struct err *err)
{
	sqlite3 *db = NULL;
	bool ok = open_one(name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, &db, err) &&
	          run(db, path, "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF", err) &&
	          look_at_all(db, path, err);

	sqlite3_close(db);
	return ok;
}

bool backup_check(const char *path, struct err *err)
{
	return check_file(path, path, err);
}

/* A name for SQLite that says: nobody changes this file, make no files beside it. */
static char *untouched(const char *path)
{
	struct buf name;

	buf_init(&name, 0);
	buf_text(&name, "file:");
	for (const char *at = path; *at; at++)
		buf_format(&name, strchr("%?#", *at) ? "%%%02X" : "%c", (unsigned char)*at);
	buf_text(&name, "?immutable=1");
	return buf_take(&name);
}

static bool check_copy(const char *path, struct err *err)
{
	char *name = untouched(path);
	bool ok = check_file(path, name, err);

	free(name);
	return ok;
}

/* --- the copy -----------------------------------------------------------------------------------
 */

static bool read_facts(const char *path, struct backup_facts *facts, struct err *err)
{
	char *name = untouched(path);
	struct store *store = store_open(name, STORE_READ, err);
	struct query q;

	free(name);
	if (!store)
		return false;
	query_begin(&q, store, "SELECT version FROM schema_version", err);
	facts->schema = query_row(&q) ? query_get_int(&q) : 0;
	bool ok = query_end(&q) && store_audit_head(store, &facts->records, facts->head, err);
	store_close(&store);
	return ok;
}

/* A new file, synced and looked at; one that is not good is taken away. */
static bool copy_file(const char *from, const char *to, struct err *err)
{
	struct copying copying = {
	        .to = to, .fd = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};

	if (copying.fd < 0)
		return failed(to, strerror(errno), err);
	bool ok = copy_state(&copying, from, err) && check_copy(to, err);
	close(copying.fd);
	if (!ok)
		unlink(to);
	return ok;
}

bool backup_copy(const char *folder, const char *to, struct backup_facts *facts, struct err *err)
{
	char *from = mem_format("%s/record.db", folder);
	bool ok = copy_file(from, to, err);

	free(from);
	if (ok && !read_facts(to, facts, err)) {
		unlink(to);
		ok = false;
	}
	return ok;
}

bool backup_copy_directory(const char *folder, const char *to, bool *there, struct err *err)
{
	char *from = mem_format("%s/directory.db", folder);

	*there = access(from, F_OK) == 0;
	bool ok = !*there || copy_file(from, to, err);
	free(from);
	return ok;
}
