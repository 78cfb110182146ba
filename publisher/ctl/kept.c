/* SPDX-License-Identifier: Apache-2.0
 * kept - see kept.h. A file that others may read is not believed and not used.
 */
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "mem.h"
#include "secret.h"

enum { NAME_DIGITS = 16 };

void kept_finish(struct kept *kept)
{
	secret_forget(&kept->token);
	secret_forget(&kept->device);
}

static char *folder(struct err *err)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state && *state == '/')
		return mem_format("%s/tocsin", state);
	if (home && *home == '/')
		return mem_format("%s/.local/state/tocsin", home);
	err_set(err, ERR_USAGE, "请设置 HOME 或 XDG_STATE_HOME", "set HOME or XDG_STATE_HOME");
	return NULL;
}

/* Servers apart: the token of one must not be sent to another. */
static char *path_of(const char *server, struct err *err)
{
	char digest[DIGEST_HEX];
	char *where = folder(err);

	digest_sha256(server, strlen(server), digest);
	char *path = where ? mem_format("%s/session-%.*s", where, NAME_DIGITS, digest) : NULL;
	free(where);
	return path;
}

bool kept_read(const char *server, struct kept *out, struct err *err)
{
	char *path = path_of(server, err);
	bool there = path && access(path, F_OK) == 0;
	char *line = there ? secret_read(path, err) : NULL;
	bool ok = path && (!there || line);
	char *space = line ? strchr(line, ' ') : NULL;

	if (space)
		*space = '\0';
	*out = (struct kept){.token = mem_text(line && strcmp(line, "-") != 0 ? line : ""),
	        .device = mem_text(space ? space + 1 : "")};
	secret_forget(&line);
	free(path);
	return ok;
}

/* Every folder on the way; those that are there stay as they are. */
static void make_folders(const char *path)
{
	char *copy = mem_text(path);

	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		mkdir(copy, 0700);
		*p = '/';
	}
	free(copy);
}

static bool put(int fd, const struct kept *kept)
{
	char *line = mem_format("%s %s\n", *kept->token ? kept->token : "-", kept->device);
	size_t len = strlen(line);
	bool ok = write(fd, line, len) == (ssize_t)len && fsync(fd) == 0;

	secret_forget(&line);
	return ok;
}

bool kept_write(const char *server, const struct kept *kept, struct err *err)
{
	char *path = path_of(server, err);

	if (!path)
		return false;
	make_folders(path);
	char *beside = mem_format("%s.%ld", path, (long)getpid());
	int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && put(fd, kept);
	if (fd >= 0)
		close(fd);
	ok = ok && rename(beside, path) == 0;
	if (!ok) {
		err_set(err, ERR_UNAVAILABLE, "无法写 %s：%s", "cannot write %s: %s", path,
		        strerror(errno));
		unlink(beside);
	}
	free(beside);
	free(path);
	return ok;
}
