/* SPDX-License-Identifier: Apache-2.0
 * disk - see disk.h. Written beside, synced, renamed, and the folder synced.
 */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

bool disk_write(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t done = write(fd, bytes, len);
		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0) {
			bytes += done;
			len -= (size_t)done;
		}
	}
	return fsync(fd) == 0;
}

static bool sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == path ? mem_text("/")
	               : slash       ? mem_text_n(path, (size_t)(slash - path))
	                             : mem_text(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	free(folder);
	return ok;
}

int disk_replace(const char *path, const char *bytes, size_t len)
{
	char *next = mem_format("%s.new", path);
	int fd = open(next, O_RDWR | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 &&
	        !(disk_write(fd, bytes, len) && rename(next, path) == 0 && sync_folder(path))) {
		int why = errno;
		close(fd);
		unlink(next);
		errno = why;
		fd = -1;
	}
	free(next);
	return fd;
}
