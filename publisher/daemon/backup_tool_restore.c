/* SPDX-License-Identifier: Apache-2.0
 * backup_tool_restore - a backup into its place again (backup_tool.h): what it is, whether it is
 * what was written, then backup_restore.c. Settings, policy and keys are root's to put back: they
 * are compared by what starts next (policy_history.h), not touched here.
 */
#include "backup_tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup.h"
#include "backup_folder.h"
#include "disk.h"
#include "lines.h"
#include "when.h"

enum { TEXT_MOST = 65536 };

static char *read_text(const char *backup, const char *name, struct err *err)
{
	char *path = mem_format("%s/%s", backup, name);
	FILE *file = fopen(path, "re");
	struct buf text;

	buf_init(&text, TEXT_MOST);
	bool ok = file && buf_read(&text, file);
	if (file)
		fclose(file);
	if (!ok)
		err_set(err, ERR_INPUT, "%s 读不了，不是完整的备份：%s",
		        "%s cannot be read, this is no whole backup: %s", path, strerror(errno));
	free(path);
	char *taken = ok ? buf_take(&text) : NULL;
	buf_finish(&text);
	return taken;
}

/* --- is it what was written? ------------------------------------------------------------------ */

static bool fits(const char *backup, const char *name, const char *want, struct err *err)
{
	char hex[DIGEST_HEX];
	int64_t size;
	char *path = mem_format("%s/%s", backup, name);
	bool ok = disk_digest(path, hex, &size) && strcmp(hex, want) == 0;

	if (!ok)
		err_set(err, ERR_INPUT, "%s 与 " BACKUP_SUMS " 不符：备份已损坏，请换一份",
		        "%s is not what " BACKUP_SUMS " says: this backup is damaged, take another",
		        path);
	free(path);
	return ok;
}

/* What a backup may hold besides the record. */
struct held_files {
	bool key, directory;
};

/* Every line holds, and the record's is among them: its digest. */
static bool sums_hold(const char *backup, char *sums, char record[DIGEST_HEX],
        struct held_files *has, struct err *err)
{
	bool ok = true;

	record[0] = '\0';
	for (char *line; ok && (line = strsep(&sums, "\n")) && *line;) {
		char *name = strstr(line, "  ");
		ok = name && name - line == DIGEST_HEX - 1 && !strchr(name, '/');
		if (!ok)
			return err_set(err, ERR_INPUT, "%s/" BACKUP_SUMS " 的内容无法识别",
			        "%s/" BACKUP_SUMS " has a line that is none", backup);
		*name = '\0';
		name += 2;
		if (strcmp(name, "record.db") == 0)
			memcpy(record, line, DIGEST_HEX);
		has->key |= strcmp(name, "audit.key") == 0;
		has->directory |= strcmp(name, "directory.db") == 0;
		ok = fits(backup, name, line, err);
	}
	if (ok && !*record)
		err_set(err, ERR_INPUT, "%s 中没有 record.db", "there is no record.db in %s",
		        backup);
	return ok && *record;
}

static bool made_at(const char *backup, int64_t *at, struct err *err)
{
	char *text = read_text(backup, BACKUP_ABOUT, err);
	struct lines lines = {.at = text};

	if (!text)
		return false;
	bool ok = strcmp(lines_value(&lines, "tocsin-backup"), "1") == 0 &&
	          when_read(lines_value(&lines, "at"), at, NULL) && !lines.bad;
	free(text);
	return ok || err_set(err, ERR_INPUT, "%s/" BACKUP_ABOUT " 不是本程序的备份说明",
	                     "%s/" BACKUP_ABOUT " is not about a backup of ours", backup);
}

bool backup_tool_restore(const struct config *config, const char *backup, struct err *err)
{
	char *sums = read_text(backup, BACKUP_SUMS, err);
	char *record = mem_format("%s/record.db", backup);
	char *key = mem_format("%s/audit.key", backup);
	struct hold hold = {.since = when_now()};
	char digest[DIGEST_HEX];
	char copied[WHEN_TEXT];
	char *directory = mem_format("%s/directory.db", backup);
	struct held_files has = {0};

	bool ok = sums && made_at(backup, &hold.copied, err) &&
	          sums_hold(backup, sums, digest, &has, err) &&
	          backup_restore(record, has.key ? key : NULL, has.directory ? directory : NULL,
	                  config->state, config->mode, digest, &hold, err);
	when_text(hold.copied, copied);
	if (ok)
		printf("已恢复到 %s（%s 的备份，审计链到第 %lld 条），现为扣住状态：启动 tocsind "
		       "后由负责发布的人员 tocsin hold end\n"
		       "restored into %s (the backup of %s, its audit chain ends at record %lld), "
		       "and "
		       "held: start tocsind, then an officer who publishes says tocsin hold end\n",
		        config->state, copied, (long long)hold.cut, config->state, copied,
		        (long long)hold.cut);
	free(sums);
	free(record);
	free(key);
	free(directory);
	return ok;
}
