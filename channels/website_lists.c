/* SPDX-License-Identifier: Apache-2.0
 * website_lists - index, feed, map and data of one moment in a folder of their own, shown all at
 * once by turning one symlink. A reader in the middle of a page still finds the generation before.
 */
#include "website.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lists.h"
#include "text.h"
#include "when.h"

enum { KEEP_GENERATIONS = 3 };

struct shelves {
	const struct view **active, **ended, **all;
	size_t active_count, ended_count, all_count;
};

static void sort_out(const struct website *site, struct shelves *out)
{
	size_t room = site->item_count + 1;

	*out = (struct shelves){mem_array(room, sizeof(void *)), mem_array(room, sizeof(void *)),
	        mem_array(room, sizeof(void *)), 0, 0, 0};
	for (size_t i = 0; i < site->item_count; i++) {
		const struct site_item *item = &site->items[i];
		out->all[out->all_count++] = &item->view;
		if (item->in_force)
			out->active[out->active_count++] = &item->view;
		else if (item->ended)
			out->ended[out->ended_count++] = &item->view;
	}
}

static void shelves_finish(struct shelves *shelves)
{
	free(shelves->active);
	free(shelves->ended);
	free(shelves->all);
}

/* active.json: what is in force, each as the flat view subscribers of webhooks know. */
static void put_json(
        const struct website *site, const struct shelves *shelves, int64_t now, struct buf *out)
{
	char made[WHEN_TEXT];

	when_text(now, made);
	buf_format(out, "{\"made\":\"%s\",\"mode\":\"%s\",\"digest\":\"%s\",\"alerts\":[", made,
	        mode_text(site->channel.mode), site->digest);
	for (size_t i = 0; i < shelves->active_count; i++) {
		struct buf one;
		buf_init(&one, 0);
		if (text_render("webhook", shelves->active[i], NULL, &one, NULL, NULL)) {
			buf_text(out, out->data[out->len - 1] == '[' ? "\n" : ",\n");
			text_fill_sent(one.data, shelves->active[i]->sent, out);
		}
		buf_finish(&one);
	}
	buf_text(out, "\n]}\n");
}

static bool put_file(const struct website *site, const char *gen, const char *name,
        struct buf *bytes, struct err *err)
{
	char *path = mem_format("%s/%s", gen, name);
	bool good = !bytes->full ? site_write(site, path, bytes->data ? bytes->data : "",
	                                   bytes->len, err)
	                         : err_set(err, ERR_TOO_BIG, "网站文件 %s 过大",
	                                   "the site's file %s is too large", name);

	free(path);
	buf_finish(bytes);
	buf_init(bytes, (size_t)64 << 20);
	return good;
}

static bool put_files(const struct website *site, const char *gen, int64_t now, struct err *err)
{
	struct text_lists lists = {site->title, site->public_url, site->author, site->channel.mode,
	        now, site->map.count ? &site->map : NULL};
	struct shelves s;
	struct buf out;

	buf_init(&out, (size_t)64 << 20);
	sort_out(site, &s);
	text_page_index(s.active, s.active_count, s.ended, s.ended_count, &lists, &out);
	bool good = put_file(site, gen, "index.html", &out, err);
	text_feed_atom(s.all, s.all_count, &lists, &out);
	good = good && put_file(site, gen, "feed.atom", &out, err);
	text_geojson(s.active, s.active_count, &out);
	good = good && put_file(site, gen, "alerts.geojson", &out, err);
	put_json(site, &s, now, &out);
	good = good && put_file(site, gen, "active.json", &out, err);
	if (site->index) {
		buf_text(&out, site->index);
		good = good && put_file(site, gen, "status.txt", &out, err);
	}
	shelves_finish(&s);
	buf_finish(&out);
	return good;
}

static bool link_to(
        const struct website *site, const char *target, const char *path, struct err *err)
{
	char *whole = mem_format("%s/%s", site->folder, path);
	bool good = (unlink(whole) == 0 || errno == ENOENT) && symlink(target, whole) == 0;

	if (!good)
		err_set(err, ERR_UNAVAILABLE, "无法建立链接 %s：%s", "cannot make the link %s: %s",
		        whole, strerror(errno));
	free(whole);
	return good;
}

static bool put_links(const struct website *site, const char *gen, struct err *err)
{
	static const char *const names[] = {TEXT_PAGE_DIR, TEXT_CAP_DIR, "style.css", "map.css"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *target = mem_format("../../%s", names[i]);
		char *path = mem_format("%s/%s", gen, names[i]);
		bool good = link_to(site, target, path, err);
		free(target);
		free(path);
		if (!good)
			return false;
	}
	return true;
}

/* The one moment in which all lists change. */
static bool turn(const struct website *site, const char *gen, struct err *err)
{
	if (!link_to(site, gen, "current.new", err))
		return false;
	char *from = mem_format("%s/current.new", site->folder);
	char *to = mem_format("%s/current", site->folder);
	bool good = rename(from, to) == 0;
	if (!good)
		err_set(err, ERR_UNAVAILABLE, "无法切换网站到新的一版：%s",
		        "cannot turn the site to its new generation: %s", strerror(errno));
	free(from);
	free(to);
	return good;
}

static void remove_generation(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *file = mem_format("%s/%s", path, entry->d_name);
		unlink(file);
		free(file);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void site_remove_old(const struct website *site)
{
	char *gens = mem_format("%s/gen", site->folder);
	DIR *dir = opendir(gens);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *end;
		long number = strtol(entry->d_name, &end, 10);
		if (end == entry->d_name || *end ||
		        (number <= site->generation &&
		                number > site->generation - KEEP_GENERATIONS))
			continue;
		char *path = mem_format("%s/%s", gens, entry->d_name);
		remove_generation(path);
		free(path);
	}
	if (dir)
		closedir(dir);
	free(gens);
}

bool site_publish_lists(struct website *site, int64_t now, struct err *err)
{
	char gen[32];

	snprintf(gen, sizeof gen, "gen/%ld", site->generation + 1);
	if (!site_folder(site, gen, err) || !put_files(site, gen, now, err) ||
	        !put_links(site, gen, err) || !turn(site, gen, err))
		return false;
	site->generation++;
	return site_write(site, "digest", site->digest, strlen(site->digest), err);
}
