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

/* What is read at a time, and what is written before it is synced. */
enum { PIECE = 1 << 20, SYNC_PIECES = 4 };

static bool write_piece(int fd, const char *bytes, size_t len)
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
	return true;
}

bool disk_write(int fd, const char *bytes, size_t len)
{
	return write_piece(fd, bytes, len) && fsync(fd) == 0;
}

bool disk_sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == path ? mem_text("/")
	               : slash       ? mem_text_n(path, (size_t)(slash - path))
	                             : mem_text(".");
	bool ok = disk_sync_folder(folder);

	free(folder);
	return ok;
}

int disk_replace(const char *path, const char *bytes, size_t len)
{
	char *next = mem_format("%s.new", path);
	int fd = open(next, O_RDWR | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 &&
	        !(disk_write(fd, bytes, len) && rename(next, path) == 0 && sync_folder_of(path))) {
		int why = errno;
		close(fd);
		unlink(next);
		errno = why;
		fd = -1;
	}
	free(next);
	return fd;
}

static void close_with(int fd, bool ok)
{
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (!ok)
		errno = why;
}

static bool copy_all(int from, int to)
{
	char *piece = mem_array(PIECE, 1);
	ssize_t len = 1;
	bool ok = true;

	for (int n = 1; ok && (len = read(from, piece, PIECE)) > 0; n++)
		ok = write_piece(to, piece, (size_t)len) &&
		     (n % SYNC_PIECES != 0 || fdatasync(to) == 0);
	free(piece);
	return ok && len == 0 && fsync(to) == 0;
}

bool disk_copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	bool ok = out >= 0 && copy_all(in, out);

	close_with(in, ok);
	close_with(out, ok);
	return ok;
}

bool disk_digest(const char *path, char hex[DIGEST_HEX], int64_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char *piece = mem_array(PIECE, 1);
	struct digest_stream *stream = digest_begin();
	ssize_t len = fd >= 0 ? 1 : -1;

	*size = 0;
	while (len > 0 && (len = read(fd, piece, PIECE)) > 0) {
		digest_more(stream, piece, (size_t)len);
		*size += len;
	}
	digest_end(&stream, hex);
	free(piece);
	close_with(fd, len == 0);
	return len == 0;
}
