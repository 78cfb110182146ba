/* SPDX-License-Identifier: Apache-2.0
 * import - see import.h. Read, compared with what is in force, written: three passes, each in order
 * of something, none of them held in memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import_private.h"

enum { NICE_LAST = 19 };

/* For as long as the file is open: a second import would take the first one for broken off. */
static int lock_imports(const char *folder, struct err *err)
{
	char *path = mem_format("%s/directory.lock", folder);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || !directory_belongs(fd, folder)) {
		err_set(err, ERR_UNAVAILABLE, "无法使用 %s：%s", "cannot use %s: %s", path,
		        strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		free(path);
		return fd;
	} else {
		err_set(err, ERR_BUSY, "另一次接收人导入正在进行",
		        "another import of recipients is under way");
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return -1;
}

static bool same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

static bool open_errors(struct importing *i, struct err *err)
{
	const char *path = i->order->errors;

	if (!path)
		return true;
	if (same_file(path, i->order->path))
		return err_set(err, ERR_INPUT, "错误文件不能就是要导入的文件 %s",
		        "the errors file must not be the file to import, %s", path);
	i->file.errors = fopen(path, "we");
	if (!i->file.errors)
		return err_set(err, ERR_INPUT, "无法写入 %s：%s", "cannot write %s: %s", path,
		        strerror(errno));
	fputs(IMPORT_ERRORS_HEADING, i->file.errors);
	return true;
}

static bool close_errors(struct importing *i, struct err *err)
{
	FILE *file = i->file.errors;

	i->file.errors = NULL;
	if (!file)
		return true;
	bool ok = !ferror(file);
	ok = fclose(file) == 0 && ok;
	return ok || err_set(err, ERR_UNAVAILABLE, "错误文件 %s 没有写完",
	                     "the errors file %s could not be written", i->order->errors);
}

bool import_goes_on(const struct importing *i, struct err *err)
{
	return !i->order->ending || !atomic_load(i->order->ending) ||
	       err_set(err, ERR_UNAVAILABLE, "服务正在停止，没有导入",
	               "the service is stopping; nothing was imported");
}

static bool take_said(void *arg, const struct person *person, struct err *err)
{
	struct importing *i = arg;

	if (i->order->read)
		atomic_fetch_add(i->order->read, 1);
	return import_goes_on(i, err) && sorter_put(i->said, person, err);
}

/* --- who is in force ---------------------------------------------------------------------------
 */

struct knowing {
	struct importing *importing;
	struct profile *profiles;
	size_t profile_count;
};

static bool know_one(struct knowing *k, const char *line, size_t len, const struct detail *detail,
        struct err *err)
{
	struct person person = {.detail = *detail};

	if (len >= NUMBER_ROOM || detail->profile >= k->profile_count)
		return err_set(err, ERR_DAMAGED, "现行接收人名册已损坏",
		        "the directory of recipients in force is damaged");
	memcpy(person.number, line, len);
	person.said = person_said(detail, &k->profiles[detail->profile]);
	return sorter_put(k->importing->known, &person, err);
}

static bool know_block(void *arg, const struct block_head *head, struct err *err)
{
	struct knowing *k = arg;
	struct detail *details;
	char *lines;

	if (!import_goes_on(k->importing, err) ||
	        !block_open(k->importing->store, head, &lines, &details, err))
		return false;
	bool ok = true;
	const char *at = lines;
	for (int64_t i = 0; ok && i < head->count && *at; i++) {
		size_t len = strcspn(at, "\n");
		ok = know_one(k, at, len, &details[i], err);
		at += len + (at[len] == '\n');
	}
	free(lines);
	free(details);
	return ok;
}

static bool know(struct importing *i, struct err *err)
{
	struct knowing k = {.importing = i};
	int64_t id = i->made->follows;

	if (!id)
		return true;
	bool ok = profile_list(i->store, id, &k.profiles, &k.profile_count, err) &&
	          block_each(i->store, id, 0, INT64_MAX, know_block, &k, err);
	profiles_free(k.profiles, k.profile_count);
	return ok;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static bool begin(struct importing *i, struct err *err)
{
	struct generation current = {0};
	struct err none = {0};

	if (!generation_current(i->store, &current, &none) && none.kind != ERR_MISSING) {
		*err = none;
		return false;
	}
	*i->made = (struct generation){
	        .imported = i->order->now, .follows = current.id, .state = GENERATION_READY};
	return generation_begin(i->store, current.id, i->order->now, &i->made->id, err);
}

static struct sorter *by_number(const struct importing *i)
{
	return sorter_create(i->order->folder, sizeof(struct person), 0, person_by_number);
}

static bool read_both(struct importing *i, struct err *err)
{
	i->said = by_number(i);
	if (!people_read(&i->file, i->order->path, take_said, i, err) || !sorter_sort(i->said, err))
		return false;
	i->known = by_number(i);
	return know(i, err) && sorter_sort(i->known, err);
}

static bool put_profiles(struct importing *i, struct err *err)
{
	bool ok = directory_change_begin(i->store, err);

	if (!ok)
		return false;
	for (size_t n = 0; ok && n < profiles_count(i->file.profiles); n++)
		ok = profile_add(
		        i->store, i->made->id, (int64_t)n, profiles_at(i->file.profiles, n), err);
	return directory_change_end(i->store, ok, err);
}

static bool import_all(struct importing *i, struct err *err)
{
	bool ok = open_errors(i, err) && begin(i, err) && read_both(i, err) &&
	          import_compare(i, err) && people_credible(&i->file, i->order->path, err);

	sorter_destroy(&i->said);
	sorter_destroy(&i->known);
	ok = ok && import_build(i, err) && put_profiles(i, err);
	sorter_destroy(&i->kept);
	i->made->lines = i->file.lines;
	i->made->faults = i->file.faults;
	ok = close_errors(i, ok ? err : NULL) && ok;
	ok = ok && generation_finish(i->store, i->made, err);
	if (!ok && i->made->id)
		generation_drop(i->store, i->made->id, NULL);
	return ok;
}

void directory_import_last(void)
{
	setpriority(PRIO_PROCESS, 0, NICE_LAST);
}

bool directory_import(const struct import *import, struct generation *out, struct err *err)
{
	struct importing i = {.order = import, .made = out};
	int lock = lock_imports(import->folder, err);

	if (lock < 0)
		return false;
	*out = (struct generation){0};
	i.file = (struct people_file){.catalog = import->catalog,
	        .most = import->faults_most,
	        .name = import->name,
	        .profiles = profiles_create()};
	i.store = directory_open(import->folder, true, err);
	bool ok = i.store && import_all(&i, err);
	directory_close(&i.store);
	profiles_destroy(&i.file.profiles);
	close(lock);
	return ok;
}
