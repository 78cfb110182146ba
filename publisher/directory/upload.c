/* SPDX-License-Identifier: Apache-2.0
 * upload - see upload.h.
 */
#include "upload.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "mem.h"
#include "store_directory.h"

struct upload {
	pthread_mutex_t lock;
	char *folder;
	int64_t most;
	int fd;     /* what has come; -1 = none */
	int faults; /* of the last one imported; -1 = none */
	int64_t touched;
	struct upload_seen now; /* but `read` and `faults` */
	atomic_llong read;
};

const char *upload_state_text(enum upload_state state)
{
	static const char *const texts[] = {"none", "coming", "importing", "done", "refused"};

	return texts[state];
}

void upload_seen_finish(struct upload_seen *seen)
{
	free(seen->officer);
	*seen = (struct upload_seen){0};
}

struct upload *upload_create(const char *folder, int64_t most)
{
	struct upload *u = mem_zero(sizeof *u);

	pthread_mutex_init(&u->lock, NULL);
	u->folder = mem_text(folder);
	u->most = most;
	u->fd = u->faults = -1;
	return u;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void upload_destroy(struct upload **upload)
{
	struct upload *u = *upload;

	*upload = NULL;
	if (!u)
		return;
	close_one(&u->fd);
	close_one(&u->faults);
	upload_seen_finish(&u->now);
	pthread_mutex_destroy(&u->lock);
	free(u->folder);
	free(u);
}

/* --- all of these hold the lock ----------------------------------------------------------------
 */

static void forget(struct upload *u)
{
	close_one(&u->fd);
	close_one(&u->faults);
	upload_seen_finish(&u->now);
	atomic_store(&u->read, 0);
}

static void run_out(struct upload *u, int64_t now)
{
	if (u->now.state == UPLOAD_COMING && now - u->touched >= UPLOAD_IDLE_MS)
		forget(u);
}

static int nameless(const struct upload *u, struct err *err)
{
	int fd = open(u->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		err_set(err, ERR_UNAVAILABLE, "无法写入 %s：%s", "cannot write in %s: %s",
		        u->folder, strerror(errno));
	return fd;
}

static bool may_begin(const struct upload *u, int64_t size, struct err *err)
{
	if (u->now.state == UPLOAD_COMING || u->now.state == UPLOAD_IMPORTING)
		return err_set(err, ERR_CONFLICT, "%s 正在上传或导入另一份名册，请等它结束",
		        "%s is uploading or importing another list; wait until that ends",
		        u->now.officer);
	if (size <= 0)
		return err_set(err, ERR_INPUT, "文件是空的", "the file is empty");
	return size <= u->most ||
	       err_set(err, ERR_TOO_BIG,
	               "文件超过 %lld 字节（设置 limit_upload）：请在服务器上用 tocsin recipients "
	               "import 导入",
	               "the file has more than %lld bytes (limit_upload): import it on the machine "
	               "with tocsin recipients import",
	               (long long)u->most);
}

static bool is_theirs(const struct upload *u, const char *id, const char *officer, struct err *err)
{
	if (u->now.state == UPLOAD_NONE || strcmp(u->now.id, id) != 0)
		return err_set(err, ERR_MISSING,
		        "没有这次上传：已取消，或停顿超过十分钟，请重新上传",
		        "no such upload: it was dropped or stood still for ten minutes; begin "
		        "anew");
	if (strcmp(u->now.officer, officer) != 0)
		return err_set(
		        err, ERR_DENIED, "这次上传是 %s 的", "this upload is %s's", u->now.officer);
	return true;
}

static bool is_coming(const struct upload *u, const char *id, const char *officer, struct err *err)
{
	return is_theirs(u, id, officer, err) &&
	       (u->now.state == UPLOAD_COMING || err_set(err, ERR_CONFLICT, "这次上传已经结束",
	                                                 "this upload has ended already"));
}

static bool fits(const struct upload *u, int64_t at, size_t len, struct err *err)
{
	if (len > UPLOAD_PART_MOST)
		return err_set(err, ERR_TOO_BIG, "每段最多 %d 字节", "a part has %d bytes at most",
		        UPLOAD_PART_MOST);
	if (at != u->now.came)
		return err_set(err, ERR_CONFLICT, "次序不对：已收到 %lld 字节",
		        "out of order: %lld bytes have come", (long long)u->now.came);
	if ((int64_t)len > u->now.size - at)
		return err_set(err, ERR_TOO_BIG, "比所报的 %lld 字节多",
		        "more than the %lld bytes said before", (long long)u->now.size);
	return len > 0 || err_set(err, ERR_INPUT, "这一段是空的", "the part is empty");
}

static bool write_at(const struct upload *u, const char *bytes, size_t len, struct err *err)
{
	for (size_t done = 0; done < len;) {
		ssize_t some =
		        pwrite(u->fd, bytes + done, len - done, (off_t)u->now.came + (off_t)done);
		if (some < 0 && errno == EINTR)
			continue;
		if (some <= 0)
			return err_set(err, ERR_UNAVAILABLE, "无法写入 %s：%s",
			        "cannot write in %s: %s", u->folder, strerror(errno));
		done += (size_t)some;
	}
	return true;
}

/* -----------------------------------------------------------------------------------------------
 */

bool upload_begin(struct upload *u, const char *officer, int64_t size, int64_t now,
        char id[UPLOAD_ID], struct err *err)
{
	unsigned char name[UPLOAD_ID / 2];

	pthread_mutex_lock(&u->lock);
	run_out(u, now);
	int fd = may_begin(u, size, err) ? nameless(u, err) : -1;
	if (fd >= 0) {
		forget(u);
		random_bytes(name, sizeof name);
		for (size_t i = 0; i < sizeof name; i++)
			snprintf(u->now.id + 2 * i, 3, "%02x", name[i]);
		memcpy(id, u->now.id, UPLOAD_ID);
		u->fd = fd;
		u->now.state = UPLOAD_COMING;
		u->now.officer = mem_text(officer);
		u->now.size = size;
		u->touched = now;
	}
	pthread_mutex_unlock(&u->lock);
	return fd >= 0;
}

bool upload_part(struct upload *u, const char *id, const char *officer, int64_t at,
        const void *bytes, size_t len, int64_t now, struct err *err)
{
	pthread_mutex_lock(&u->lock);
	run_out(u, now);
	bool ok = is_coming(u, id, officer, err) && fits(u, at, len, err) &&
	          directory_room(u->folder, (int64_t)len, err) && write_at(u, bytes, len, err);
	if (ok) {
		u->now.came += (int64_t)len;
		u->touched = now;
	}
	pthread_mutex_unlock(&u->lock);
	return ok;
}

bool upload_whole(
        struct upload *u, const char *id, const char *officer, int64_t now, struct err *err)
{
	pthread_mutex_lock(&u->lock);
	run_out(u, now);
	bool ok = is_coming(u, id, officer, err) &&
	          (u->now.came == u->now.size ||
	                  err_set(err, ERR_CONFLICT, "还没有传完：%lld / %lld 字节",
	                          "not all has come: %lld of %lld bytes", (long long)u->now.came,
	                          (long long)u->now.size));
	if (ok)
		u->now.state = UPLOAD_IMPORTING;
	pthread_mutex_unlock(&u->lock);
	return ok;
}

/* Both files are reached by descriptor: the state keeps whoever else would touch them out. */
static bool import_it(
        struct upload *u, const struct import *order, struct generation *made, struct err *err)
{
	struct import import = *order;

	u->faults = nameless(u, err);
	if (u->faults < 0)
		return false;
	char *path = mem_format("/proc/self/fd/%d", u->fd);
	char *errors = mem_format("/proc/self/fd/%d", u->faults);
	import.path = path;
	import.errors = errors;
	import.name = "CSV";
	import.read = &u->read;
	bool ok = directory_import(&import, made, err);
	free(path);
	free(errors);
	return ok;
}

void upload_import(struct upload *u, const struct import *order)
{
	struct generation made = {0};
	struct err err = {0};
	bool ok = import_it(u, order, &made, &err);

	pthread_mutex_lock(&u->lock);
	close_one(&u->fd);
	u->now.state = ok ? UPLOAD_DONE : UPLOAD_REFUSED;
	u->now.generation = ok ? made.id : 0;
	u->now.err = err;
	pthread_mutex_unlock(&u->lock);
}

bool upload_drop(struct upload *u, const char *id, const char *officer, struct err *err)
{
	pthread_mutex_lock(&u->lock);
	bool ok = is_theirs(u, id, officer, err) &&
	          (u->now.state != UPLOAD_IMPORTING ||
	                  err_set(err, ERR_CONFLICT, "正在导入，请等它结束",
	                          "it is being imported; wait until that ends"));
	if (ok)
		forget(u);
	pthread_mutex_unlock(&u->lock);
	return ok;
}

void upload_run_out(struct upload *u, int64_t now)
{
	pthread_mutex_lock(&u->lock);
	run_out(u, now);
	pthread_mutex_unlock(&u->lock);
}

/* Or whoever mends these lines would think them all. */
#define CUT_HERE                                                                                   \
	",,此处截断：其余有误的行请在服务器上导入后查看,"                    \
	"cut here: import the list on the machine to see the other faulty lines\r\n"

/* More than the heading of the errors file. */
static bool has_faults(const struct upload *u)
{
	struct stat file;

	return (u->now.state == UPLOAD_DONE || u->now.state == UPLOAD_REFUSED) && u->faults >= 0 &&
	       fstat(u->faults, &file) == 0 && file.st_size > (off_t)strlen(IMPORT_ERRORS_HEADING);
}

void upload_look(struct upload *u, struct upload_seen *out)
{
	pthread_mutex_lock(&u->lock);
	*out = u->now;
	out->officer = mem_text(u->now.officer ? u->now.officer : "");
	out->read = atomic_load(&u->read);
	out->faults = has_faults(u);
	pthread_mutex_unlock(&u->lock);
}

bool upload_faults(struct upload *u, size_t most, struct buf *out, struct err *err)
{
	char *bytes = mem_array(most, 1);
	char next;
	bool cut = false;
	ssize_t len = 0;

	pthread_mutex_lock(&u->lock);
	bool ok = has_faults(u) || err_set(err, ERR_MISSING, "没有有误的行", "no line was faulty");
	if (ok) {
		len = pread(u->faults, bytes, most, 0);
		cut = pread(u->faults, &next, 1, (off_t)most) == 1;
	}
	pthread_mutex_unlock(&u->lock);
	while (len > 0 && bytes[len - 1] != '\n')
		len--;
	if (len > 0)
		buf_add(out, bytes, (size_t)len);
	if (cut)
		buf_text(out, CUT_HERE);
	free(bytes);
	return ok;
}
