/* SPDX-License-Identifier: Apache-2.0
 * district_map - which district a bulletin concerns, and the list by district. See district_map.h.
 */
#include "district_map.h"

#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "lists.h"
#include "text.h"
#include "words.h"

enum { LINKS_MOST = 6 }; /* in one line of the list; the list of bulletins has them all */

void map_finish(struct district_map *map)
{
	for (size_t i = 0; i < map->count; i++) {
		for (size_t k = 0; k < map->sheets[i].count; k++) {
			free(map->sheets[i].shapes[k].code);
			free(map->sheets[i].shapes[k].name);
			free(map->sheets[i].shapes[k].path);
		}
		free(map->sheets[i].shapes);
	}
	*map = (struct district_map){0};
}

bool map_path_is_plain(const char *path)
{
	return *path == 'M' && path[strspn(path, "Mlz0123456789- ")] == '\0';
}

static bool is_code(const char *code)
{
	size_t len = strlen(code);

	return (len == 6 || len == 9 || len == 12) && strspn(code, "0123456789") == len;
}

/* What the codes of all divisions inside begin with. */
static size_t stem(const char *code)
{
	size_t len = strlen(code);

	while (len > 6 && strncmp(code + len - 3, "000", 3) == 0)
		len -= 3;
	while (len <= 6 && len > 0 && code[len - 1] == '0' && code[len - 2] == '0')
		len -= 2;
	return len;
}

enum map_touch map_touches(const char *district, const char *code)
{
	if (!is_code(code))
		return MAP_APART;
	if (strncmp(district, code, stem(code)) == 0)
		return MAP_WHOLLY;
	return strncmp(district, code, stem(district)) == 0 ? MAP_PARTLY : MAP_APART;
}

enum map_touch map_touched_by(
        const char *district, const struct view *view, const struct view_area **area)
{
	enum map_touch nearest = MAP_APART;

	for (size_t i = 0; i < view->area_count; i++) {
		enum map_touch touch = map_touches(district, view->areas[i].code);
		if (touch <= nearest)
			continue;
		nearest = touch;
		if (area)
			*area = &view->areas[i];
	}
	return nearest;
}

static void put_link(const struct view *view, struct buf *out)
{
	buf_text(out, "<a href=\"" TEXT_PAGE_DIR "/");
	text_file_name(view->identifier, out);
	buf_text(out, ".html\">");
	html_words(out, words_who_says, view);
	buf_text(out, "</a>");
}

static void put_part(const struct view_area *area, struct buf *out)
{
	buf_text(out, "（部分区域：");
	text_html(out, area->name);
	buf_text(out, "）");
}

/* -1: nothing concerns it. */
static int rank_of(const char *district, const struct view *const *active, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (map_touched_by(district, active[i], NULL) != MAP_APART)
			return level_rank(active[i]->level);
	return -1;
}

static void put_district(const struct map_shape *shape, const struct view *const *active,
        size_t count, struct buf *out)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct view_area *area = NULL;
		enum map_touch touch = map_touched_by(shape->code, active[i], &area);
		if (touch == MAP_APART || found++ >= LINKS_MOST)
			continue;
		if (found == 1) {
			buf_format(out, "<li id=\"d%s\" class=\"level-%s\"><strong>", shape->code,
			        html_level_class(active[i]->level));
			text_html(out, shape->name);
			buf_format(out, "</strong> <span class=\"sign\">%s %s</span>",
			        html_level_shape(active[i]->level),
			        html_level_word(active[i]->level));
		}
		buf_text(out, "\n<p>");
		put_link(active[i], out);
		if (touch == MAP_PARTLY)
			put_part(area, out);
		buf_text(out, "</p>");
	}
	if (found > LINKS_MOST)
		buf_format(out, "\n<p>另有 %zu 条，见<a href=\"#force\">生效中</a>。</p>",
		        found - LINKS_MOST);
	buf_text(out, "</li>\n");
}

static bool on_map(const struct district_map *map, const char *code)
{
	for (size_t i = 0; i < map->count; i++)
		for (size_t k = 0; k < map->sheets[i].count; k++)
			if (map_touches(map->sheets[i].shapes[k].code, code) != MAP_APART)
				return true;
	return false;
}

/* Nothing is left out because it could not be drawn. */
static void put_elsewhere(const struct district_map *map, const struct view *const *active,
        size_t count, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k <= active[i]->area_count; k++) {
			bool nowhere = active[i]->area_count == 0;
			if (k == active[i]->area_count ? !nowhere
			                               : on_map(map, active[i]->areas[k].code))
				continue;
			if (!any)
				buf_text(
				        out, "<h3>图上没有的区域</h3>\n<ul class=\"districts\">\n");
			any = true;
			buf_format(out, "<li class=\"level-%s\"><strong>",
			        html_level_class(active[i]->level));
			text_html(out, nowhere ? "未写明区域" : active[i]->areas[k].name);
			buf_format(out, "</strong> <span class=\"sign\">%s %s</span>\n<p>",
			        html_level_shape(active[i]->level),
			        html_level_word(active[i]->level));
			put_link(active[i], out);
			buf_text(out, "</p></li>\n");
		}
	}
	buf_text(out, any ? "</ul>\n" : "");
}

/* -> how many districts bear this rank; `out` NULL: they are only counted. */
static size_t put_rank(const struct district_map *map, int rank, const struct view *const *active,
        size_t count, struct buf *out)
{
	size_t found = 0;

	for (size_t i = 0; i < map->count; i++) {
		for (size_t k = 0; k < map->sheets[i].count; k++) {
			const struct map_shape *shape = &map->sheets[i].shapes[k];
			if (!shape->named || rank_of(shape->code, active, count) != rank)
				continue;
			found++;
			if (out)
				put_district(shape, active, count, out);
		}
	}
	return found;
}

void map_list(const struct district_map *map, const struct view *const *active, size_t count,
        struct buf *out)
{
	size_t calm = put_rank(map, -1, active, count, NULL);
	size_t concerned = 0;

	buf_text(out, "<h2>各区</h2>\n");
	buf_text(out, count ? "<ul class=\"districts\">\n" : "");
	for (int rank = level_rank(LEVEL_RED); rank >= 0; rank--)
		concerned += put_rank(map, rank, active, count, out);
	buf_text(out, count ? "</ul>\n" : "");
	if (calm)
		buf_format(out, "<p class=\"calm\">%s %zu 个区没有生效中的信息。</p>\n",
		        concerned ? "其余" : "全部", calm);
	put_elsewhere(map, active, count, out);
}
