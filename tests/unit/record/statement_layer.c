/* SPDX-License-Identifier: Apache-2.0
 * statement_layer - see statement_layer.h. After a failure of ours SQLite's words about the last
 * call are ours too, until the next call that it carries out.
 */
#include "statement_layer.h"

#include <sqlite3.h>

#include "fixture.h"

static struct {
	long at, calls; /* at 0: none fails */
	enum statement_fault fault;
	bool for_good;
	const char *asked; /* by the first that failed */
	int said;          /* what the last call came to by our doing; SQLITE_OK: ask SQLite */
} layer;

static const struct {
	const char *text;
	int code;
} faults[STATEMENT_FAULTS] = {
        [STATEMENT_BUSY] = {"busy", SQLITE_BUSY},
        [STATEMENT_IOERR] = {"I/O error", SQLITE_IOERR_WRITE},
        [STATEMENT_FULL] = {"full", SQLITE_FULL},
        [STATEMENT_NOMEM] = {"no memory", SQLITE_NOMEM},
        [STATEMENT_DONE] = {"done, but an I/O error", SQLITE_IOERR_FSYNC},
        [STATEMENT_INTERRUPT] = {"interrupted", SQLITE_INTERRUPT},
};

char *statement_where(
        const char *name, int number, long at, enum statement_fault fault, bool for_good)
{
	return mem_format("%s %d, call %ld, %s, %s", name, number, at, faults[fault].text,
	        for_good ? "for good" : "once");
}

void statement_told(const struct err *err, const char *where)
{
	if (!*err->en || !*err->zh)
		fail_msg("%s: refused without a word", where);
	if (err->kind == ERR_MISSING || err->kind == ERR_CONFLICT || err->kind == ERR_NONE)
		fail_msg("%s: a failure is told as an answer: %s", where, err->en);
}

void statement_fail(long at, enum statement_fault fault, bool for_good)
{
	layer.at = at;
	layer.calls = 0;
	layer.fault = fault;
	layer.for_good = for_good;
	layer.asked = NULL;
	layer.said = SQLITE_OK;
}

void statement_heal(void)
{
	layer.at = 0;
	layer.said = SQLITE_OK;
}

long statement_calls(void)
{
	return layer.calls;
}

const char *statement_failed(void)
{
	return layer.asked;
}

/* Counts a call: is it one that fails? */
static bool due(void)
{
	layer.calls++;
	layer.said = SQLITE_OK;
	return layer.at && (layer.calls == layer.at || (layer.for_good && layer.calls > layer.at));
}

static int failed_so(const char *asked)
{
	if (!layer.asked)
		layer.asked = asked;
	layer.said = faults[layer.fault].code;
	return layer.said;
}

/* Of a call that does not go by SQLite's machine: an interruption is none of its failures. */
static bool due_outside(void)
{
	return due() && layer.fault != STATEMENT_INTERRUPT;
}

static int break_off(void *arg)
{
	if (!layer.asked)
		layer.asked = arg;
	return 1;
}

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt)
{
	sqlite3 *db = sqlite3_db_handle(stmt);

	if (!due())
		return __real_sqlite3_step(stmt);
	if (layer.fault == STATEMENT_INTERRUPT) {
		sqlite3_progress_handler(db, 1, break_off, (void *)sqlite3_sql(stmt));
		int code = __real_sqlite3_step(stmt);
		sqlite3_progress_handler(db, 0, NULL, NULL);
		return code;
	}
	if (layer.fault == STATEMENT_DONE)
		__real_sqlite3_step(stmt);
	return failed_so(sqlite3_sql(stmt));
}

int __real_sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
        void *arg, char **said);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
        void *arg, char **said);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
        void *arg, char **said)
{
	bool fails = due_outside();

	if (fails && layer.fault != STATEMENT_DONE)
		return failed_so(sql);
	int code = __real_sqlite3_exec(db, sql, row, arg, said);
	return fails ? failed_so(sql) : code;
}

int __real_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int len, unsigned flags,
        sqlite3_stmt **stmt, const char **rest);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int len, unsigned flags,
        sqlite3_stmt **stmt, const char **rest);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int len, unsigned flags,
        sqlite3_stmt **stmt, const char **rest)
{
	*stmt = NULL;
	return due_outside() ? failed_so(sql)
	                     : __real_sqlite3_prepare_v3(db, sql, len, flags, stmt, rest);
}

int __real_sqlite3_prepare_v2(
        sqlite3 *db, const char *sql, int len, sqlite3_stmt **stmt, const char **rest);
int __wrap_sqlite3_prepare_v2(
        sqlite3 *db, const char *sql, int len, sqlite3_stmt **stmt, const char **rest);
int __wrap_sqlite3_prepare_v2(
        sqlite3 *db, const char *sql, int len, sqlite3_stmt **stmt, const char **rest)
{
	*stmt = NULL;
	return due_outside() ? failed_so(sql) : __real_sqlite3_prepare_v2(db, sql, len, stmt, rest);
}

int __real_sqlite3_backup_step(sqlite3_backup *backup, int pages);
int __wrap_sqlite3_backup_step(sqlite3_backup *backup, int pages);
int __wrap_sqlite3_backup_step(sqlite3_backup *backup, int pages)
{
	return due_outside() ? failed_so("a backup's pages")
	                     : __real_sqlite3_backup_step(backup, pages);
}

int __real_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs)
{
	bool fails = due_outside();
	int code = __real_sqlite3_open_v2(name, db, flags, vfs); /* one that failed is a handle */

	return fails ? failed_so(name) : code;
}

/* --- what is said about it ---------------------------------------------------------------------
 */

int __real_sqlite3_errcode(sqlite3 *db);
int __wrap_sqlite3_errcode(sqlite3 *db);
int __wrap_sqlite3_errcode(sqlite3 *db)
{
	return layer.said ? layer.said & 0xff : __real_sqlite3_errcode(db);
}

int __real_sqlite3_extended_errcode(sqlite3 *db);
int __wrap_sqlite3_extended_errcode(sqlite3 *db);
int __wrap_sqlite3_extended_errcode(sqlite3 *db)
{
	return layer.said ? layer.said : __real_sqlite3_extended_errcode(db);
}

const char *__real_sqlite3_errmsg(sqlite3 *db);
const char *__wrap_sqlite3_errmsg(sqlite3 *db);
const char *__wrap_sqlite3_errmsg(sqlite3 *db)
{
	return layer.said ? sqlite3_errstr(layer.said) : __real_sqlite3_errmsg(db);
}
