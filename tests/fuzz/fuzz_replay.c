/* SPDX-License-Identifier: Apache-2.0
 * fuzz_replay - gives every file of the folders named on the command line to the harness, once.
 * Fails when a folder cannot be read or holds nothing: a test that looked at nothing is no test.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "fuzz.h"

static bool replay(const char *folder, const char *name)
{
	char path[4096];
	char block[4096];
	struct buf bytes;
	size_t got;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");

	if (!file)
		return false;
	buf_init(&bytes, 0);
	while ((got = fread(block, 1, sizeof block, file)) > 0)
		buf_add(&bytes, block, got);
	fclose(file);
	LLVMFuzzerTestOneInput((const uint8_t *)(bytes.data ? bytes.data : ""), bytes.len);
	buf_finish(&bytes);
	return true;
}

static int replay_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int count = 0;

	while (folder && (entry = readdir(folder)) != NULL)
		count += entry->d_name[0] != '.' && replay(path, entry->d_name);
	if (folder)
		closedir(folder);
	printf("%s: %d inputs\n", path, count);
	return count;
}

int main(int argc, char **argv)
{
	bool good = argc > 1;

	for (int i = 1; i < argc; i++)
		good = replay_folder(argv[i]) > 0 && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
