/* SPDX-License-Identifier: Apache-2.0
 * watched_folder - see watched_folder.h. A file that cannot be read or moved is named in the log
 * and tried again; none is ever deleted.
 */
#include "watched_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "option.h"
#include "when.h"

enum { FILE_MAX = 1000000 };

struct folder {
	char *path;
	long every, settle;
};

static const struct option rows[] = {
        {"path", OPTION_TEXT, offsetof(struct folder, path), NULL, 0, 0, "The folder to watch.",
                "监视的目录。"},
        {"every", OPTION_SECONDS, offsetof(struct folder, every), "0.5", 50, 600000,
                "How often to look.", "查看间隔。"},
        {"settle", OPTION_SECONDS, offsetof(struct folder, settle), "0.2", 0, 60000,
                "How long a file must have been left alone.", "文件静置多久后才读取。"},
        {0},
};

void folder_manual(struct buf *out)
{
	option_manual(rows, out);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* NULL: not a settled plain file, or not readable (logged). *len > FILE_MAX: too large, nothing
 * read. */
static char *read_settled(const struct folder *folder, int dir, const char *name, size_t *len)
{
	struct stat st;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char *bytes = NULL;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	        when_now() - ((int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000) >=
	                folder->settle) {
		*len = (size_t)st.st_size;
		bytes = mem_zero(*len > FILE_MAX ? 1 : *len + 1);
		ssize_t got = *len > FILE_MAX ? 0 : read(fd, bytes, *len);
		if (got < 0 || (*len <= FILE_MAX && (size_t)got != *len)) {
			free(bytes);
			bytes = NULL;
		}
	}
	close(fd);
	return bytes;
}

static void move_away(int dir, const char *name, const char *to, const char *reason)
{
	char *target = mem_format("%s/%s", to, name);

	if (mkdirat(dir, to, 0750) != 0 && errno != EEXIST)
		log_event(LOG_ERROR, "cannot-make", "folder", to, "reason", strerror(errno), NULL);
	if (reason) {
		char *note = mem_format("%s.reason", target);
		int fd = openat(dir, note, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
		if (fd >= 0) {
			dprintf(fd, "%s\n", reason);
			close(fd);
		}
		free(note);
	}
	if (renameat(dir, name, dir, target) != 0)
		log_event(LOG_ERROR, "cannot-move", "file", name, "to", to, "reason",
		        strerror(errno), NULL);
	free(target);
}

static enum handed hand_in_file(
        struct hand_in *line, int dir, const char *name, const char *bytes, size_t len)
{
	struct err err = {0};
	enum handed handed = HANDED_REFUSED;

	if (len > FILE_MAX)
		err_set(&err, ERR_TOO_BIG, "文件 %zu 字节，超过上限 %d",
		        "%zu bytes, the limit is %d", len, FILE_MAX);
	else
		handed = hand_in_bytes(line, name, bytes, len, &err);
	if (handed == HANDED_TAKEN) {
		log_event(LOG_INFO, "handed-in", "file", name, NULL);
		move_away(dir, name, "done", NULL);
	} else if (handed == HANDED_REFUSED) {
		char *reason = mem_format("%s / %s", err.zh, err.en);
		log_event(LOG_WARN, "refused", "file", name, "reason", err.en, NULL);
		move_away(dir, name, "refused", reason);
		free(reason);
	}
	return handed;
}

/* One look at the folder, in the order of names. false: the line broke. */
static bool look(
        const struct folder *folder, struct hand_in *line, const volatile sig_atomic_t *stop)
{
	struct dirent **entries;
	int count = scandir(folder->path, &entries, visible, alphasort);
	int dir = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool alive = true;

	if (count < 0 || dir < 0)
		log_event(LOG_ERROR, "cannot-look", "folder", folder->path, "reason",
		        strerror(errno), NULL);
	for (int i = 0; i < count; i++) {
		size_t len = 0;
		char *bytes = alive && !*stop && dir >= 0
		                      ? read_settled(folder, dir, entries[i]->d_name, &len)
		                      : NULL;
		if (bytes)
			alive = hand_in_file(line, dir, entries[i]->d_name, bytes, len) !=
			        HANDED_LOST;
		free(bytes);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	if (dir >= 0)
		close(dir);
	return alive;
}

bool folder_run(struct hand_in *line, const volatile sig_atomic_t *stop, struct err *err)
{
	struct folder folder = {0};
	bool ok = hand_in_options(line, rows, &folder, err);

	while (ok && !*stop && look(&folder, line, stop) && hand_in_wait(line, (int)folder.every))
		continue;
	option_finish(&folder, rows);
	return ok;
}
