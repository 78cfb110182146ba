/* SPDX-License-Identifier: Apache-2.0
 * directory_open - see store_directory.h: the file, apart from the record whatever engine that has.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory_rows.h"
#include "reserve.h"

/* clang-format off */
static const char schema[] =
	"BEGIN IMMEDIATE;"
	"CREATE TABLE IF NOT EXISTS generation (id INTEGER PRIMARY KEY, state TEXT NOT NULL,"
	" digest TEXT NOT NULL, imported BIGINT NOT NULL, in_force BIGINT NOT NULL,"
	" follows BIGINT NOT NULL, lines BIGINT NOT NULL, people BIGINT NOT NULL,"
	" blocks BIGINT NOT NULL, faults BIGINT NOT NULL, repeated BIGINT NOT NULL,"
	" withheld BIGINT NOT NULL, added BIGINT NOT NULL, gone BIGINT NOT NULL,"
	" changed BIGINT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS profile (generation BIGINT NOT NULL, number BIGINT NOT NULL,"
	" hazards TEXT NOT NULL, rank BIGINT NOT NULL, groups TEXT NOT NULL,"
	" purposes TEXT NOT NULL, PRIMARY KEY (generation, number)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS block (id INTEGER PRIMARY KEY, generation BIGINT NOT NULL,"
	" digest TEXT NOT NULL, count BIGINT NOT NULL, lines TEXT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS block_generation ON block (generation);"
	"CREATE TABLE IF NOT EXISTS detail (block INTEGER PRIMARY KEY, people BLOB NOT NULL);"
	"CREATE TABLE IF NOT EXISTS head (generation BIGINT NOT NULL, position BIGINT NOT NULL,"
	" block BIGINT NOT NULL, count BIGINT NOT NULL, placed BIGINT NOT NULL,"
	" digest TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL,"
	" west BIGINT NOT NULL, south BIGINT NOT NULL, east BIGINT NOT NULL,"
	" north BIGINT NOT NULL, shares BLOB NOT NULL, PRIMARY KEY (generation, position))"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS audience (id INTEGER PRIMARY KEY, digest TEXT NOT NULL,"
	" selection TEXT NOT NULL, count BIGINT NOT NULL, blocks BIGINT NOT NULL,"
	" frozen BIGINT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS audience_digest ON audience (digest);"
	"CREATE INDEX IF NOT EXISTS audience_selection ON audience (selection);"
	"CREATE TABLE IF NOT EXISTS part (audience BIGINT NOT NULL, position BIGINT NOT NULL,"
	" block BIGINT NOT NULL, PRIMARY KEY (audience, position)) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS part_block ON part (block);"
	"COMMIT";
/* clang-format on */

static bool cannot(const char *path, const char *why, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "接收人名册 %s 无法使用：%s",
	        "the directory of recipients %s cannot be used: %s", path, why);
}

bool directory_belongs(int fd, const char *folder)
{
	struct stat owner;

	return geteuid() != 0 ||
	       (stat(folder, &owner) == 0 && fchown(fd, owner.st_uid, owner.st_gid) == 0);
}

/* SQLite gives its side files the rights of the main one, and its owner. One that is there is not
 * even opened: to close any descriptor of a file takes away all locks this process has on it, and
 * another process would throw away the log under our readers. */
static bool make_file(const char *path, const char *folder, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST || cannot(path, strerror(errno), err);
	bool ok = directory_belongs(fd, folder) || cannot(path, strerror(errno), err);
	close(fd);
	return ok;
}

struct store *directory_open(const char *folder, bool write, struct err *err)
{
	char *path = mem_format("%s/directory.db", folder);
	struct store *store = NULL;

	if (!write && access(path, F_OK) != 0)
		err_set(err, ERR_MISSING, "还没有接收人名册，请先导入（tocsin recipients import）",
		        "there is no directory of recipients yet: import one (tocsin recipients "
		        "import)");
	else if (!write || make_file(path, folder, err))
		store = store_open(path, write ? STORE_WRITE : STORE_READ, err);
	/* Large writes move out of the log as they go: nobody here waits for a reader. */
	if (store && write &&
	        (sqlite3_exec(store->db, "PRAGMA wal_autocheckpoint=1000", NULL, NULL, NULL) !=
	                        SQLITE_OK ||
	                sqlite3_exec(store->db, schema, NULL, NULL, NULL) != SQLITE_OK)) {
		cannot(path, sqlite3_errmsg(store->db), err);
		store_close(&store);
	}
	free(path);
	return store;
}

bool directory_room(const char *folder, int64_t bytes, struct err *err)
{
	return reserve_spares(folder, bytes) ||
	       err_set(err, ERR_UNAVAILABLE,
	               "%s 所在磁盘空间不足：再写就会用掉红色预警和解除所需的预留空间",
	               "the disk of %s has no room for this: it would take what red and cancels "
	               "need",
	               folder);
}

void directory_close(struct store **store)
{
	store_close(store);
}

/* Nobody reads on: what is left of the log would hold what was just destroyed. */
void directory_empty_log(struct store *store)
{
	sqlite3_exec(store->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
}
