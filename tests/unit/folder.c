/* SPDX-License-Identifier: Apache-2.0
 * folder - see folder.h.
 */
#include "folder.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "mem.h"

/* The program, not the test: benches and forked children make folders too. */
static void must(bool well, const char *what)
{
	if (well)
		return;
	perror(what);
	abort();
}

char *folder_make(void)
{
	const char *base = getenv("TMPDIR");
	char *path = mem_format("%s/tocsin-test-XXXXXX", base ? base : P_tmpdir);

	must(mkdtemp(path), path);
	return path;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

void folder_remove(char **folder)
{
	if (*folder)
		nftw(*folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*folder);
	*folder = NULL;
}

char *folder_read(const char *folder, const char *path)
{
	char chunk[4096];
	char *whole = mem_format("%s/%s", folder, path);
	int fd = open(whole, O_RDONLY | O_CLOEXEC);
	struct buf out;
	ssize_t got;

	free(whole);
	if (fd < 0)
		return NULL;
	buf_init(&out, 0);
	while ((got = read(fd, chunk, sizeof chunk)) > 0)
		buf_add(&out, chunk, (size_t)got);
	close(fd);
	return buf_take(&out);
}

void folder_write(const char *folder, const char *path, const char *text)
{
	char *whole = mem_format("%s/%s", folder, path);
	int fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), whole);
	close(fd);
	free(whole);
}

bool folder_has(const char *folder, const char *path)
{
	char *whole = mem_format("%s/%s", folder, path);
	bool there = access(whole, F_OK) == 0;

	free(whole);
	return there;
}
