/* SPDX-License-Identifier: Apache-2.0
 * backup_restore - a record out of a copy (backup.h). Made ready in FOLDER/restoring, which stands
 * for "not done yet" to every start, and moved to its place by one rename.
 */
#include "backup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "folder.h"
#include "record.h"

static bool failed(const char *path, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "恢复不成：%s：%s", "cannot restore: %s: %s", path,
	        strerror(errno));
}

/* What an earlier attempt left is only its own work. */
static void clear(const char *scratch)
{
	static const char *const names[] = {"record.db", "record.db-wal", "record.db-shm",
	        "record.db-journal", "audit.key", "directory.db", "directory.db-wal",
	        "directory.db-shm", "lock"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = mem_format("%s/%s", scratch, names[i]);
		unlink(path);
		free(path);
	}
}

static bool lay_out(const char *copy, const char *key, const char *directory, const char *scratch,
        struct err *err)
{
	char *record = mem_format("%s/record.db", scratch);
	char *audit_key = mem_format("%s/audit.key", scratch);
	char *people = mem_format("%s/directory.db", scratch);

	bool ok = mkdir(scratch, 0700) == 0 || errno == EEXIST || failed(scratch, err);
	if (ok)
		clear(scratch);
	ok = ok && (disk_copy(copy, record) || failed(copy, err)) &&
	     (!key || disk_copy(key, audit_key) || failed(key, err)) &&
	     (!directory || ((disk_copy(directory, people) || failed(directory, err)) &&
	                            backup_check(people, err)));
	free(people);
	free(record);
	free(audit_key);
	return ok;
}

struct beginning {
	enum mode mode;
	const char *digest;
	struct hold *hold;
};

static bool begin_hold(struct store *store, void *arg, struct err *err)
{
	const struct beginning *b = arg;

	return store_bind_mode(store, b->mode, err) &&
	       store_hold_begin(store, b->hold, b->digest, err);
}

static bool make_ready(const char *scratch, struct beginning *beginning, struct err *err)
{
	char *record = mem_format("%s/record.db", scratch);
	bool ok = backup_check(record, err);
	struct store *store = ok ? record_tool_open(scratch, err) : NULL;

	ok = store && record_tool_do(store, begin_hold, beginning, err);
	record_tool_close(&store); /* and its log is in the tables */
	free(record);
	return ok;
}

static bool move(const char *scratch, const char *folder, const char *name, struct err *err)
{
	char *from = mem_format("%s/%s", scratch, name);
	char *to = mem_format("%s/%s", folder, name);
	bool ok = rename(from, to) == 0 || failed(to, err);

	free(from);
	free(to);
	return ok;
}

/* A log of another directory beside it would be taken for its own. */
static bool move_directory(const char *scratch, const char *folder, struct err *err)
{
	static const char *const beside[] = {"directory.db-wal", "directory.db-shm"};
	char *copy = mem_format("%s/directory.db", scratch);
	bool there = access(copy, F_OK) == 0;

	free(copy);
	for (size_t i = 0; there && i < sizeof beside / sizeof *beside; i++) {
		char *path = mem_format("%s/%s", folder, beside[i]);
		unlink(path);
		free(path);
	}
	return !there || move(scratch, folder, "directory.db", err);
}

/* The record last: with it in its place, and `restoring` away, it is done. */
static bool put_in_place(const char *scratch, const char *folder, struct err *err)
{
	char *log = mem_format("%s/record.db-wal", scratch);
	bool ok = access(log, F_OK) != 0 || err_set(err, ERR_INTERNAL, "%s 未并入记录库",
	                                            "%s is still beside the record", log);

	free(log);
	ok = ok && move(scratch, folder, "audit.key", err) &&
	     move_directory(scratch, folder, err) && move(scratch, folder, "record.db", err) &&
	     (disk_sync_folder(folder) || failed(folder, err));
	if (ok) {
		clear(scratch);
		ok = (rmdir(scratch) == 0 && disk_sync_folder(folder)) || failed(scratch, err);
	}
	return ok;
}

static bool nothing_there(const char *folder, const char *scratch, struct err *err)
{
	char *record = mem_format("%s/record.db", folder);
	/* Both there: everything but the last step was done before. */
	bool free_place = access(record, F_OK) != 0 || access(scratch, F_OK) == 0;

	if (!free_place)
		err_set(err, ERR_CONFLICT, "%s 已存在：请停止 tocsind，把整个目录移走留存，再恢复",
		        "%s is there: stop tocsind, move the whole folder away and keep it, then "
		        "restore",
		        record);
	free(record);
	return free_place;
}

bool backup_restore(const char *copy, const char *key, const char *directory, const char *folder,
        enum mode mode, const char *digest, struct hold *hold, struct err *err)
{
	struct beginning beginning = {mode, digest, hold};
	char *scratch = mem_format("%s/" FOLDER_RESTORING, folder);
	int lock = -1;
	bool ok = folder_lock(folder, &lock, err) && nothing_there(folder, scratch, err) &&
	          lay_out(copy, key, directory, scratch, err) &&
	          make_ready(scratch, &beginning, err) && put_in_place(scratch, folder, err);

	if (lock >= 0)
		close(lock);
	free(scratch);
	return ok;
}
