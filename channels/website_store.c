/* SPDX-License-Identifier: Apache-2.0
 * website_store - the site's files, and what it remembers about each bulletin (views/NAME: a frame
 * with the view and how it ended), so that a page can be written again as ended.
 *
 * No fsync: all of it can be rebuilt from the record. A file that cannot be read back is dropped;
 * the digest then differs from tocsind's or the next state job writes it again.
 */
#include "website.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lists.h"
#include "protocol.h"

enum { VIEW_FILE = 1 }; /* frame type of views/NAME */

static char *whole_path(const struct website *site, const char *path)
{
	return mem_format("%s/%s", site->folder, path);
}

char *site_path(const char *dir, const char *identifier, const char *end)
{
	struct buf path;

	buf_init(&path, 0);
	buf_format(&path, "%s/", dir);
	text_file_name(identifier, &path);
	buf_text(&path, end);
	return buf_take(&path);
}

bool site_has(const struct website *site, const char *path)
{
	char *whole = whole_path(site, path);
	bool there = access(whole, F_OK) == 0;

	free(whole);
	return there;
}

bool site_folder(const struct website *site, const char *name, struct err *err)
{
	char *path = whole_path(site, name);
	/* The web server reads as another user, whatever our umask is. */
	bool made = mkdir(path, 0755) == 0 ? chmod(path, 0755) == 0 : errno == EEXIST;

	if (!made)
		err_set(err, ERR_UNAVAILABLE, "无法建立网站目录 %s：%s",
		        "cannot make the site's folder %s: %s", path, strerror(errno));
	free(path);
	return made;
}

bool site_folders(const struct website *site, struct err *err)
{
	return site_folder(site, "", err) && site_folder(site, TEXT_PAGE_DIR, err) &&
	       site_folder(site, TEXT_CAP_DIR, err) && site_folder(site, "views", err) &&
	       site_folder(site, "gen", err);
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t done = write(fd, bytes, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		bytes += done;
		len -= (size_t)done;
	}
	return true;
}

/* Readable by the web server whatever our umask is. */
static bool write_new(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return false;
	bool good = write_all(fd, bytes, len) && fchmod(fd, 0644) == 0;
	return close(fd) == 0 && good;
}

bool site_write(const struct website *site, const char *path, const void *bytes, size_t len,
        struct err *err)
{
	char *to = whole_path(site, path);
	char *from = mem_format("%s.new", to);
	bool good = write_new(from, bytes, len) && rename(from, to) == 0;

	if (!good)
		err_set(err, ERR_UNAVAILABLE, "无法写入网站文件 %s：%s",
		        "cannot write the site's file %s: %s", to, strerror(errno));
	free(from);
	free(to);
	return good;
}

bool site_read(const struct website *site, const char *path, struct buf *out)
{
	char chunk[65536];
	char *whole = whole_path(site, path);
	int fd = open(whole, O_RDONLY | O_CLOEXEC);
	ssize_t got = -1;

	free(whole);
	if (fd < 0)
		return false;
	while ((got = read(fd, chunk, sizeof chunk)) > 0 && !out->full)
		buf_add(out, chunk, (size_t)got);
	close(fd);
	return got == 0 && !out->full;
}

struct site_item *site_find(struct website *site, const char *identifier)
{
	for (size_t i = 0; i < site->item_count; i++)
		if (strcmp(site->items[i].view.identifier, identifier) == 0)
			return &site->items[i];
	return NULL;
}

static struct site_item *push(struct website *site)
{
	struct site_item *item = mem_push(&site->items, &site->item_count, sizeof *item);

	item->by = mem_text("");
	return item;
}

struct site_item *site_add(struct website *site, const struct view *view)
{
	struct site_item *item = push(site);
	struct frame frame;
	struct buf bytes;

	buf_init(&bytes, (size_t)2 * FRAME_MAX);
	size_t mark = frame_begin(&bytes, VIEW_FILE);
	view_put(view, &bytes);
	frame_end(&bytes, mark);
	frame_open(&frame, bytes.data, bytes.len);
	if (!view_get(&item->view, &frame))
		view_init(&item->view);
	buf_finish(&bytes);
	return item;
}

void site_drop(struct website *site, size_t index, bool file_too)
{
	struct site_item *item = &site->items[index];

	if (file_too) {
		char *path = site_path("views", item->view.identifier, "");
		char *whole = whole_path(site, path);
		unlink(whole);
		free(whole);
		free(path);
	}
	view_finish(&item->view);
	free(item->by);
	*item = site->items[--site->item_count];
}

bool site_save_item(const struct website *site, const struct site_item *item, struct err *err)
{
	struct buf bytes;
	char *path = site_path("views", item->view.identifier, "");

	buf_init(&bytes, (size_t)2 * FRAME_MAX);
	size_t mark = frame_begin(&bytes, VIEW_FILE);
	frame_put_int(&bytes, TAG_KIND, item->in_force);
	frame_put_int(&bytes, TAG_TIME, item->ended);
	frame_put_text(&bytes, TAG_ID, item->by);
	view_put(&item->view, &bytes);
	bool good = frame_end(&bytes, mark) && site_write(site, path, bytes.data, bytes.len, err);
	buf_finish(&bytes);
	free(path);
	return good;
}

static void load_item(struct website *site, const char *name)
{
	struct frame frame;
	struct buf bytes;
	char *path = mem_format("views/%s", name);

	buf_init(&bytes, FRAME_MAX);
	if (site_read(site, path, &bytes) && frame_open(&frame, bytes.data, bytes.len)) {
		struct site_item *item = push(site);
		item->in_force = frame_get_int(&frame, TAG_KIND) != 0;
		item->ended = frame_get_int(&frame, TAG_TIME);
		free(item->by);
		item->by = frame_get_text(&frame, TAG_ID);
		bool good = view_get(&item->view, &frame);
		if (!good || !frame_close(&frame, NULL))
			site_drop(site, site->item_count - 1, false);
	}
	buf_finish(&bytes);
	free(path);
}

void site_load(struct website *site)
{
	char *path = whole_path(site, "views");
	DIR *dir = opendir(path);
	struct dirent *entry;

	free(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			load_item(site, entry->d_name);
	if (dir)
		closedir(dir);
}
