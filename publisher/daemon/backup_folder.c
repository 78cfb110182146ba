/* SPDX-License-Identifier: Apache-2.0
 * backup_folder - see backup_folder.h. Names hold the moment, so that their order is that of time.
 */
#include "backup_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

void backup_folder_remove(const char *backup)
{
	DIR *dir = opendir(backup);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(backup);
}

/* Only what has our form: a moment of fourteen digits. */
static int is_backup(const struct dirent *entry)
{
	const char *digits = entry->d_name + strlen(BACKUP_PREFIX);

	return strncmp(entry->d_name, BACKUP_PREFIX, strlen(BACKUP_PREFIX)) == 0 &&
	       strspn(digits, "0123456789") == 14 && digits[14] == '\0';
}

bool backup_folder_thin(const char *folder, size_t keep, struct err *err)
{
	struct dirent **found = NULL;
	int count = scandir(folder, &found, is_backup, alphasort);

	if (count < 0)
		return err_set(err, ERR_UNAVAILABLE, "读不了备份目录 %s：%s",
		        "cannot read the backups' folder %s: %s", folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		char *path = mem_format("%s/%s", folder, found[i]->d_name);
		if ((size_t)i + keep < (size_t)count)
			backup_folder_remove(path);
		free(path);
		free(found[i]);
	}
	free(found);
	return true;
}
