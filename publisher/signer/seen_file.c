/* SPDX-License-Identifier: Apache-2.0
 * seen_file - see seen_file.h. A line is 16 hex digits, a blank, and what is kept; the digits begin
 * SHA-256 of the whole digest before and this line.
 */
#include "seen_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "digest.h"
#include "disk.h"
#include "log.h"

/* SPARE: kept for us on the disk beyond the end, so that one that others fill keeps nobody from
 * cancelling. */
enum { SUM = 16, LINE_MOST = 256, SPARE = 64 << 10 };

struct seen_file {
	char *path, *form;
	int fd;
	size_t size, lines;
	char sum[DIGEST_HEX]; /* over all that is good */
	bool broken;
};

static void sum_next(char sum[DIGEST_HEX], const char *line, size_t len)
{
	char *both = mem_format("%s%.*s", sum, (int)len, line);

	digest_sha256(both, strlen(both), sum);
	free(both);
}

static bool failed(const struct seen_file *file, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE,
	        "签名进程的记忆 %s 写不下去：%s。请腾出空间；仍写不下去的，重启签名进程",
	        "the signer's memory %s cannot be written: %s. Make room; where that does not "
	        "help, start the signer again",
	        file->path, strerror(errno));
}

static void keep_room(const struct seen_file *file)
{
	/* Not every file system can. */
	(void)fallocate(file->fd, FALLOC_FL_KEEP_SIZE, (off_t)file->size, SPARE);
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool damaged(const struct seen_file *file, size_t line, struct err *err)
{
	return err_set(err, ERR_CONFIG,
	        "签名进程的记忆 %s 第 %zu 行已损坏，不能启动。请保留原件；其前 %zu 行完好，可用 "
	        "head -n %zu 取出换上（OPERATING 第 7 "
	        "节）：损坏处及其后所记的解除、更新和移交将不再记得",
	        "the signer's memory %s is damaged at line %zu, not started. Keep it as it is; the "
	        "%zu lines before are good, and head -n %zu takes them out to be put in its place "
	        "(OPERATING, section 7): what was ended or handed over from there on is then not "
	        "remembered",
	        file->path, line, line - 1, line - 1);
}

static bool sum_holds(
        const struct seen_file *file, const char *at, size_t len, char sum[DIGEST_HEX])
{
	if (len <= SUM + 1 || at[SUM] != ' ' || memchr(at, '\0', len))
		return false;
	memcpy(sum, file->sum, DIGEST_HEX);
	sum_next(sum, at + SUM + 1, len - SUM - 1);
	return memcmp(sum, at, SUM) == 0;
}

static bool take_line(
        struct seen_file *file, const char *at, const char *end, seen_file_take *take, void *arg)
{
	size_t len = (size_t)(end - at);
	char sum[DIGEST_HEX];

	if (!sum_holds(file, at, len, sum))
		return false;
	char *line = mem_text_n(at + SUM + 1, len - SUM - 1);
	bool ours = take(arg, line);
	free(line);
	if (ours) {
		memcpy(file->sum, sum, DIGEST_HEX);
		file->size += len + 1;
		file->lines++;
	}
	return ours;
}

/* Is what stands at the end the beginning of one line, as a write that was broken off leaves it?
 * Not when a good line is in it whose end alone is damaged. */
static bool is_torn(const struct seen_file *file, const char *at, size_t len)
{
	char sum[DIGEST_HEX];

	if (len > LINE_MOST || memchr(at, '\n', len - 1))
		return false;
	for (size_t n = 0; n < len; n++)
		if (at[n] && sum_holds(file, at, n, sum))
			return false;
	return true;
}

static bool cut(struct seen_file *file, struct err *err)
{
	char *line = mem_format("%zu", file->lines + 2);

	log_event(LOG_WARN, "seen-cut", "file", file->path, "line", line, NULL);
	free(line);
	return (ftruncate(file->fd, (off_t)file->size) == 0 && fsync(file->fd) == 0) ||
	       failed(file, err);
}

static bool take_lines(struct seen_file *file, const struct buf *bytes, seen_file_take *take,
        void *arg, struct err *err)
{
	while (file->size < bytes->len) {
		const char *at = bytes->data + file->size;
		size_t left = bytes->len - file->size;
		const char *end = memchr(at, '\n', left);
		if (end && take_line(file, at, end, take, arg))
			continue;
		return is_torn(file, at, left) ? cut(file, err)
		                               : damaged(file, file->lines + 2, err);
	}
	return true;
}

/* Said, for somebody may have taken away what was there. */
static bool begin(struct seen_file *file, struct err *err)
{
	char *first = mem_format("%s\n", file->form);
	int fd = disk_replace(file->path, first, strlen(first));

	if (fd >= 0) {
		close(file->fd);
		file->fd = fd;
		file->size = strlen(first);
	}
	free(first);
	log_event(LOG_WARN, "seen-begins", "file", file->path, NULL);
	return (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) || failed(file, err);
}

static bool take_all(struct seen_file *file, const struct buf *bytes, seen_file_take *take,
        void *arg, struct err *err)
{
	size_t first = strlen(file->form);

	if (!bytes->len)
		return begin(file, err);
	if (bytes->len <= first || memcmp(bytes->data, file->form, first) != 0 ||
	        bytes->data[first] != '\n')
		return err_set(err, ERR_CONFIG,
		        "%s 不是签名进程的记忆，或不属于这一模式：第一行应为“%s”",
		        "%s is not a signer's memory, or not of this mode: its first line should "
		        "be \"%s\"",
		        file->path, file->form);
	file->size = first + 1;
	return take_lines(file, bytes, take, arg, err);
}

static bool read_all(struct seen_file *file, struct buf *bytes)
{
	int again = dup(file->fd);
	FILE *stream = again >= 0 ? fdopen(again, "r") : NULL;
	bool ok = stream && buf_read(bytes, stream);

	if (stream)
		fclose(stream);
	else if (again >= 0)
		close(again);
	return ok;
}

static bool open_locked(struct seen_file *file, struct err *err)
{
	struct stat about;

	file->fd = open(file->path,
	        O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (file->fd < 0 || fstat(file->fd, &about) != 0)
		return err_set(err, ERR_CONFIG, "无法打开签名进程的记忆 %s：%s",
		        "cannot open the signer's memory %s: %s", file->path, strerror(errno));
	if (!S_ISREG(about.st_mode))
		return err_set(err, ERR_CONFIG, "签名进程的记忆 %s 不是普通文件",
		        "the signer's memory %s is no regular file", file->path);
	return flock(file->fd, LOCK_EX | LOCK_NB) == 0 ||
	       err_set(err, ERR_CONFIG, "签名进程的记忆 %s 正由另一个进程使用",
	               "the signer's memory %s is in use by another process", file->path);
}

struct seen_file *seen_file_open(
        const char *path, const char *form, seen_file_take *take, void *arg, struct err *err)
{
	struct seen_file *file = mem_zero(sizeof *file);
	struct buf bytes;

	*file = (struct seen_file){.path = mem_text(path), .form = mem_text(form), .fd = -1};
	digest_sha256(form, strlen(form), file->sum);
	buf_init(&bytes, 0);
	bool ok = open_locked(file, err);
	if (ok && !read_all(file, &bytes))
		ok = err_set(err, ERR_CONFIG, "无法读取签名进程的记忆 %s：%s",
		        "cannot read the signer's memory %s: %s", path, strerror(errno));
	ok = ok && take_all(file, &bytes, take, arg, err);
	buf_finish(&bytes);
	if (ok)
		keep_room(file);
	else
		seen_file_close(&file);
	return file;
}

void seen_file_close(struct seen_file **file)
{
	struct seen_file *f = *file;

	if (!f)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f->path);
	free(f->form);
	free(f);
	*file = NULL;
}

size_t seen_file_lines(const struct seen_file *file)
{
	return file->lines;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put_line(const char *line, char sum[DIGEST_HEX], struct buf *out)
{
	if (SUM + 2 + strlen(line) > LINE_MOST)
		abort(); /* a torn one could not be told from damage */
	sum_next(sum, line, strlen(line));
	buf_format(out, "%.*s %s\n", SUM, sum, line);
}

static void now_has(struct seen_file *file, const char sum[DIGEST_HEX], size_t size, size_t lines)
{
	memcpy(file->sum, sum, DIGEST_HEX);
	file->size = size;
	file->lines = lines;
	keep_room(file);
}

bool seen_file_add(struct seen_file *file, const char *line, struct err *err)
{
	char sum[DIGEST_HEX];
	struct buf bytes;

	memcpy(sum, file->sum, DIGEST_HEX);
	buf_init(&bytes, 0);
	put_line(line, sum, &bytes);
	errno = EIO;
	bool ok = !file->broken && disk_write(file->fd, bytes.data, bytes.len);
	if (ok) {
		now_has(file, sum, file->size + bytes.len, file->lines + 1);
	} else {
		/* After a sync that failed nobody can say what is on the disk. */
		bool unsure = errno == EIO;
		failed(file, err);
		file->broken = ftruncate(file->fd, (off_t)file->size) != 0 || unsure;
	}
	buf_finish(&bytes);
	return ok;
}

/* A new one that could not be written leaves the old one in its place, unless it was the folder
 * that could not be synced. */
static bool still_stands(const struct seen_file *file)
{
	int why = errno;
	struct stat ours, there;
	bool stands = fstat(file->fd, &ours) == 0 && lstat(file->path, &there) == 0 &&
	              ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;

	errno = why;
	if (stands)
		log_event(LOG_WARN, "seen-not-tidied", "file", file->path, "reason", strerror(why),
		        NULL);
	return stands;
}

bool seen_file_rewrite(struct seen_file *file, const struct texts *lines, struct err *err)
{
	char sum[DIGEST_HEX];
	struct buf bytes;

	digest_sha256(file->form, strlen(file->form), sum);
	buf_init(&bytes, 0);
	buf_format(&bytes, "%s\n", file->form);
	for (size_t i = 0; i < lines->count; i++)
		put_line(lines->items[i], sum, &bytes);
	errno = EFBIG;
	int fd = bytes.full ? -1 : disk_replace(file->path, bytes.data, bytes.len);
	bool ok = fd >= 0 ? flock(fd, LOCK_EX | LOCK_NB) == 0 : still_stands(file);
	if (!ok)
		failed(file, err);
	if (fd >= 0) {
		close(file->fd);
		file->fd = fd;
		now_has(file, sum, bytes.len, lines->count);
	}
	buf_finish(&bytes);
	return ok;
}
