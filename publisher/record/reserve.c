/* SPDX-License-Identifier: Apache-2.0
 * reserve - see reserve.h. A disk that cannot be asked counts as one with space: what fails then is
 * the write itself, which is the end (record.c).
 */
#include "reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "log.h"
#include "mem.h"

/* A release or cancel writes some hundred kilobytes, its log included. */
#define RESERVE_BYTES ((int64_t)8 << 20)
#define NEARLY_FULL ((int64_t)4 << 20)
#define ENOUGH (RESERVE_BYTES + 2 * NEARLY_FULL)

static int64_t space(const char *folder)
{
	struct statvfs disk;

	if (statvfs(folder, &disk) != 0)
		return INT64_MAX;
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

static char *path_of(const char *folder)
{
	return mem_format("%s/reserve", folder);
}

static bool is_there(const char *folder)
{
	char *path = path_of(folder);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

void reserve_give_up(const char *folder)
{
	if (space(folder) >= NEARLY_FULL)
		return;
	char *path = path_of(folder);
	if (unlink(path) == 0)
		log_event(LOG_ERROR, "disk-nearly-full", "path", folder, "reason",
		        "the reserve is in use: only red and cancels are taken in until there is "
		        "space",
		        "zh", "已动用预留空间：腾出空间之前只收红色预警和解除", NULL);
	free(path);
}

/* Half a one would be no reserve. */
static void make(const char *folder)
{
	char *path = path_of(folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int trouble = fd < 0 ? errno : posix_fallocate(fd, 0, RESERVE_BYTES);

	if (fd >= 0) {
		close(fd);
		if (trouble)
			unlink(path);
	}
	if (trouble)
		log_event(LOG_WARN, "no-reserve", "path", path, "reason", strerror(trouble), NULL);
	else
		log_event(LOG_INFO, "reserve-made", "path", path, NULL);
	free(path);
}

void reserve_look(const char *folder)
{
	if (is_there(folder))
		reserve_give_up(folder);
	else if (space(folder) >= ENOUGH)
		make(folder);
}

bool reserve_there(const char *folder)
{
	return is_there(folder) || space(folder) >= ENOUGH;
}

bool reserve_spares(const char *folder, int64_t bytes)
{
	return space(folder) - bytes >= ENOUGH;
}
