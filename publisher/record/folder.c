/* SPDX-License-Identifier: Apache-2.0
 * folder - see folder.h. The lock is the kernel's (flock): it ends with the process, however it
 * ends. What stands in the file is only for the sentence to the second one. The file and its name
 * in the folder are on disk before the first change; nobody but the owner may read either.
 */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "disk.h"
#include "mem.h"
#include "secret.h"

static bool cannot(struct err *err, const char *path)
{
	return err_set(err, ERR_UNAVAILABLE, "记录目录用不了：%s：%s",
	        "the record cannot be kept there: %s: %s", path, strerror(errno));
}

static bool refuse_second(int lock, const char *folder, struct err *err)
{
	char holder[32] = "";
	ssize_t len = pread(lock, holder, sizeof holder - 1, 0);

	if (len > 0)
		holder[strcspn(holder, "\n")] = '\0';
	return err_set(err, ERR_BUSY, "记录目录 %s 正由另一个进程（%s）使用，不能再开一个",
	        "the record in %s is in use by another process (%s): a second one may not run",
	        folder, *holder ? holder : "?");
}

static bool take_lock(const char *folder, int *out, struct err *err)
{
	char *path = mem_format("%s/lock", folder);
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	bool ok = lock >= 0 ? true : cannot(err, path);

	if (ok && flock(lock, LOCK_EX | LOCK_NB) != 0)
		ok = errno == EWOULDBLOCK ? refuse_second(lock, folder, err) : cannot(err, path);
	if (ok) {
		char *pid = mem_format("pid %ld\n", (long)getpid());
		ok = ftruncate(lock, 0) == 0 && pwrite(lock, pid, strlen(pid), 0) > 0;
		if (!ok)
			cannot(err, path);
		free(pid);
	}
	free(path);
	if (!ok && lock >= 0)
		close(lock);
	*out = ok ? lock : -1;
	return ok;
}

/* SQLite gives its side files the rights of the main one: so the main one is made here. */
static bool make_file(const char *folder, char **database, struct err *err)
{
	char *path = mem_format("%s/record.db", folder);
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = file >= 0 && dir >= 0 && fsync(dir) == 0;

	if (!ok)
		cannot(err, path);
	if (file >= 0)
		close(file);
	if (dir >= 0)
		close(dir);
	if (ok)
		*database = path;
	else
		free(path);
	return ok;
}

bool folder_lock(const char *folder, int *lock, struct err *err)
{
	*lock = -1;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return cannot(err, folder);
	return take_lock(folder, lock, err);
}

/* Half a restore is no record, and an empty one in its place would give numbers twice. */
static bool restored(const char *folder, struct err *err)
{
	char *path = mem_format("%s/" FOLDER_RESTORING, folder);
	bool broken_off = access(path, F_OK) == 0;

	if (broken_off)
		err_set(err, ERR_CONFIG,
		        "%s 还在：恢复中断，记录库不完整，请再执行一次 tocsin restore",
		        "%s is there: a restore was broken off and the record is not whole; run "
		        "tocsin restore once more",
		        path);
	free(path);
	return !broken_off;
}

bool folder_open(const char *folder, int *lock, char **database, struct err *err)
{
	if (!folder_lock(folder, lock, err))
		return false;
	if (restored(folder, err) && make_file(folder, database, err))
		return true;
	close(*lock);
	*lock = -1;
	return false;
}

/* Whole or not at all: half a key, left by a kill, would stop every later start. The folder's lock
 * is held, so nobody else makes one meanwhile. */
static bool make_key(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		return true;
	if (errno != ENOENT)
		return cannot(err, path);
	char *line = random_token();
	int file = disk_replace(path, line, strlen(line));
	bool ok = file >= 0 || cannot(err, path);
	secret_forget(&line);
	if (file >= 0)
		close(file);
	return ok;
}

char *folder_audit_key(const char *folder, struct err *err)
{
	char *path = mem_format("%s/audit.key", folder);
	char *key = make_key(path, err) ? secret_read(path, err) : NULL;

	free(path);
	return key;
}
