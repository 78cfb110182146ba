/* SPDX-License-Identifier: Apache-2.0
 * base_fixture - see base_fixture.h.
 */
#include "base_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "mem.h"

int make_folder(void **state)
{
	*state = folder_make();
	return 0;
}

int remove_folder(void **state)
{
	folder_remove((char **)state);
	return 0;
}

char *path_in(const char *folder, const char *name)
{
	return mem_format("%s/%s", folder, name);
}

void write_bytes(const char *path, const void *bytes, size_t len, mode_t mode)
{
	unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

void write_text(const char *path, const char *text, mode_t mode)
{
	write_bytes(path, text, strlen(text), mode);
}

uint64_t next_number(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}
