/* SPDX-License-Identifier: Apache-2.0
 * backup_tool - making a backup: see backup_tool.h. Nothing is taken away before the new one
 * stands.
 */
#include "backup_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup.h"
#include "backup_folder.h"
#include "disk.h"
#include "log.h"
#include "when.h"

static bool failed(const char *path, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "备份不成：%s：%s", "cannot back up: %s: %s", path,
	        strerror(errno));
}

/* Others may read no number of a person, here no more than in the state folder. One at a time. */
static bool open_folder(const char *folder, int *lock, struct err *err)
{
	struct stat about;

	*lock = -1;
	if ((mkdir(folder, 0700) != 0 && errno != EEXIST) || stat(folder, &about) != 0)
		return failed(folder, err);
	if (about.st_mode & 077)
		return err_set(err, ERR_CONFIG, "备份目录 %s 他人可读，应为 0700",
		        "the backups' folder %s is open to others: it must be 0700", folder);
	*lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*lock < 0)
		return failed(folder, err);
	return flock(*lock, LOCK_EX | LOCK_NB) == 0 ||
	       err_set(err, ERR_BUSY, "%s 中正在做另一份备份", "another backup is being made in %s",
	               folder);
}

/* --- its files -------------------------------------------------------------------------------- */

struct making {
	const struct config *config;
	const char *folder; /* of this backup, while it has no name yet */
	int64_t at;         /* all before this moment is in it */
	struct backup_facts facts;
	struct buf sums;
};

static bool add_sum(struct making *m, const char *name, struct err *err)
{
	char hex[DIGEST_HEX];
	int64_t size;
	char *path = mem_format("%s/%s", m->folder, name);
	bool ok = disk_digest(path, hex, &size) || failed(path, err);

	if (ok)
		buf_format(&m->sums, "%s  %s\n", hex, name);
	free(path);
	return ok;
}

static bool put_file(const char *folder, const char *name, const struct buf *text, struct err *err)
{
	char *path = mem_format("%s/%s", folder, name);
	int fd = disk_replace(path, text->data, text->len);
	bool ok = fd >= 0 || failed(path, err);

	if (fd >= 0)
		close(fd);
	free(path);
	return ok;
}

static bool copy_file(struct making *m, const char *from, const char *name, struct err *err)
{
	char *to = mem_format("%s/%s", m->folder, name);
	bool ok = (disk_copy(from, to) || failed(from, err)) && add_sum(m, name, err);

	free(to);
	return ok;
}

static bool copy_record(struct making *m, struct err *err)
{
	char *to = mem_format("%s/record.db", m->folder);
	char *key = mem_format("%s/audit.key", m->config->state);
	bool ok = backup_copy(m->config->state, to, &m->facts, err) &&
	          add_sum(m, "record.db", err) && copy_file(m, key, "audit.key", err);

	free(key);
	free(to);
	return ok;
}

static bool copy_directory(struct making *m, struct err *err)
{
	char *to = mem_format("%s/directory.db", m->folder);
	bool there;
	bool ok = backup_copy_directory(m->config->state, to, &there, err) &&
	          (!there || add_sum(m, "directory.db", err));

	free(to);
	return ok;
}

static bool put_about(struct making *m, struct err *err)
{
	const struct config *config = m->config;
	char at[WHEN_TEXT];
	struct buf text;

	when_text(m->at, at);
	buf_init(&text, 0);
	buf_format(&text,
	        "tocsin-backup 1\nat %s\nnode %s\nmode %s\nschema %lld\naudit %lld %s\n"
	        "program %s\n"
	        "apart /etc/tocsin/secrets and what targets name as secrets: kept by root\n"
	        "apart alert and status key, the signer's policy and its memory (seen): the "
	        "signer's, kept by root\n",
	        at, config->node, mode_text(config->mode), (long long)m->facts.schema,
	        (long long)m->facts.records, m->facts.head, TOCSIN_VERSION);
	bool ok = put_file(m->folder, BACKUP_ABOUT, &text, err) && add_sum(m, BACKUP_ABOUT, err);
	buf_finish(&text);
	return ok;
}

static bool fill(struct making *m, struct err *err)
{
	buf_init(&m->sums, 0);
	bool ok = copy_record(m, err) && copy_directory(m, err) &&
	          copy_file(m, m->config->file, "tocsin.yaml", err) &&
	          copy_file(m, m->config->policy, "authority.yaml", err) && put_about(m, err) &&
	          put_file(m->folder, BACKUP_SUMS, &m->sums, err);
	buf_finish(&m->sums);
	return ok;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Two within a second: the later one bears the next. */
static bool name_it(
        const char *unnamed, const char *folder, int64_t at, char **path, struct err *err)
{
	char digits[WHEN_DIGITS];
	bool ok = disk_sync_folder(unnamed);
	bool taken = true;

	for (; ok && taken; at += 1000) {
		free(*path);
		when_digits(at, digits);
		*path = mem_format("%s/" BACKUP_PREFIX "%s", folder, digits);
		taken = access(*path, F_OK) == 0;
		ok = taken || rename(unnamed, *path) == 0;
	}
	return (ok && disk_sync_folder(folder)) || failed(*path ? *path : unnamed, err);
}

static bool make(const struct config *config, const char *folder, struct err *err)
{
	char *unnamed = mem_format("%s/" BACKUP_UNNAMED, folder);
	struct making making = {.config = config, .folder = unnamed, .at = when_now()};
	char *path = NULL;

	backup_folder_remove(unnamed); /* of one that was broken off */
	bool ok = (mkdir(unnamed, 0700) == 0 || failed(unnamed, err)) && fill(&making, err) &&
	          name_it(unnamed, folder, making.at, &path, err);
	if (ok)
		puts(path);
	else
		backup_folder_remove(unnamed);
	free(unnamed);
	free(path);
	return ok;
}

bool backup_tool_make(const struct config *config, const char *folder, struct err *err)
{
	const char *place = *folder ? folder : config->backups;
	int lock = -1;
	bool ok = *place || err_set(err, ERR_CONFIG, "请写明备份目录，或设置 backups",
	                            "name a folder for the backup, or set backups");

	ok = ok && open_folder(place, &lock, err) && make(config, place, err) &&
	     backup_folder_thin(place, (size_t)config->backups_keep, err);
	if (lock >= 0)
		close(lock);
	return ok;
}
