/* SPDX-License-Identifier: Apache-2.0
 * district_map_draw - the map itself. See district_map.h.
 *
 * A level is a colour, a pattern, a sign and a word at once, so that it is read in black and white
 * as well. Names stand in front of all shapes and are hidden from readers of the screen, to whom
 * each link says the same in a sentence.
 */
#include "district_map.h"

#include <string.h>

#include "html.h"
#include "lists.h"
#include "text.h"
#include "words.h"

enum { SIGN_BELOW = 34, NAME_ALONE = 10, NAME_ABOVE = -2 };

struct drawing {
	const struct map_sheet *sheet;
	const struct view *const *active;
	size_t count;
	enum mode mode;
};

/* NULL: nothing concerns the district. */
static const struct view *gravest(const struct drawing *d, const char *district, size_t *found)
{
	const struct view *first = NULL;

	*found = 0;
	for (size_t i = 0; i < d->count; i++) {
		if (map_touched_by(district, d->active[i], NULL) == MAP_APART)
			continue;
		if (!first)
			first = d->active[i];
		++*found;
	}
	return first;
}

static void put_sentence(
        const struct map_shape *shape, const struct view *view, size_t found, struct buf *out)
{
	text_html(out, shape->name);
	buf_format(out, "：%s，", html_level_word(view->level));
	html_words(out, words_who_says, view);
	if (found > 1)
		buf_format(out, "，共 %zu 条", found);
}

static void put_path(const struct map_shape *shape, const struct view *view, struct buf *out)
{
	if (view)
		buf_format(out, "<path fill=\"url(#fill-%s)\" d=\"%s\"/>",
		        html_level_class(view->level), shape->path);
	else
		buf_format(out, "<path class=\"calm\" d=\"%s\"/>\n", shape->path);
}

/* One bulletin: the way to its page; more: to the district's line in the list. */
static void put_shape(const struct drawing *d, const struct map_shape *shape, struct buf *out)
{
	size_t found;
	const struct view *view = gravest(d, shape->code, &found);

	if (!view || !shape->named) {
		put_path(shape, view, out);
		return;
	}
	if (found == 1) {
		buf_text(out, "<a href=\"" TEXT_PAGE_DIR "/");
		text_file_name(view->identifier, out);
		buf_text(out, ".html\" aria-label=\"");
	} else {
		buf_format(out, "<a href=\"#d%s\" aria-label=\"", shape->code);
	}
	put_sentence(shape, view, found, out);
	buf_text(out, "\"><title>");
	put_sentence(shape, view, found, out);
	buf_text(out, "</title>");
	put_path(shape, view, out);
	buf_text(out, "</a>\n");
}

static void put_name(const struct drawing *d, const struct map_shape *shape, struct buf *out)
{
	size_t found;
	const struct view *view = gravest(d, shape->code, &found);

	if (!shape->named)
		return;
	buf_format(out, "<text class=\"on-%s\" x=\"%ld\" y=\"%ld\">",
	        view ? html_level_class(view->level) : "calm", shape->x,
	        shape->y + (view ? NAME_ABOVE : NAME_ALONE));
	text_html(out, shape->name);
	if (view)
		buf_format(out, "<tspan x=\"%ld\" dy=\"%d\">%s %s</tspan>", shape->x, SIGN_BELOW,
		        html_level_shape(view->level), html_level_word(view->level));
	buf_text(out, "</text>\n");
}

static void put_patterns(struct buf *out)
{
	static const char *const marks[][2] = {
	        {"red", "<path d=\"M-4-4l32 32M28-4l-32 32\"/>"},
	        {"orange", "<path d=\"M-4 4L4-4M-4 28L28-4M20 28l8-8\"/>"},
	        {"yellow",
	                "<circle cx=\"6\" cy=\"6\" r=\"3\"/><circle cx=\"18\" cy=\"18\" r=\"3\"/>"},
	        {"blue", "<path d=\"M0 6h24M0 18h24\"/>"},
	        {"none", "<path d=\"M6 0v24M18 0v24\"/>"},
	};

	buf_text(out, "<defs>\n");
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		buf_format(out,
		        "<pattern id=\"fill-%s\" class=\"fill-%s\" width=\"24\" height=\"24\" "
		        "patternUnits=\"userSpaceOnUse\"><rect width=\"24\" height=\"24\"/>%s"
		        "</pattern>\n",
		        marks[i][0], marks[i][0], marks[i][1]);
	buf_text(out, "</defs>\n");
}

/* Over the districts and behind their names: no picture of the map is without it. */
static void put_mode(const struct drawing *d, struct buf *out)
{
	if (d->mode != MODE_LIVE)
		buf_format(out,
		        "<text class=\"not-live\" transform=\"translate(%ld %ld) "
		        "rotate(-30)\">%s</text>\n",
		        d->sheet->width / 2, d->sheet->height / 2, mode_banner(d->mode));
}

static void put_sheet(const struct drawing *d, int number, struct buf *out)
{
	const struct map_sheet *sheet = d->sheet;
	const long *larger = sheet->larger;

	buf_format(out,
	        "<svg class=\"sheet-%d\" viewBox=\"0 0 %ld %ld\" role=\"group\" "
	        "aria-labelledby=\"sheet-%d\">\n<title id=\"sheet-%d\">%s%s</title>\n",
	        number, sheet->width, sheet->height, number, number, mode_banner(d->mode),
	        number == 1 ? "各区生效信息图" : "各区生效信息图（放大部分）");
	if (number == 1) {
		buf_text(out, "<desc>内容与“各区”列表相同。</desc>\n");
		put_patterns(out);
	}
	for (size_t i = 0; i < sheet->count; i++)
		put_shape(d, &sheet->shapes[i], out);
	buf_text(out, "<g aria-hidden=\"true\">\n");
	put_mode(d, out);
	if (larger[2])
		buf_format(out,
		        "<rect class=\"larger\" x=\"%ld\" y=\"%ld\" width=\"%ld\" "
		        "height=\"%ld\"/>\n",
		        larger[0], larger[1], larger[2], larger[3]);
	for (size_t i = 0; i < sheet->count; i++)
		put_name(d, &sheet->shapes[i], out);
	buf_text(out, "</g>\n</svg>\n");
}

static void put_key(struct buf *out)
{
	static const enum level levels[] = {
	        LEVEL_RED, LEVEL_ORANGE, LEVEL_YELLOW, LEVEL_BLUE, LEVEL_NONE};

	buf_text(out, "<ul class=\"key\">\n");
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
		buf_format(out,
		        "<li><svg viewBox=\"0 0 72 48\" aria-hidden=\"true\"><rect width=\"72\" "
		        "height=\"48\" fill=\"url(#fill-%s)\"/></svg> <span "
		        "aria-hidden=\"true\">%s</span> %s%s%s</li>\n",
		        html_level_class(levels[i]), html_level_shape(levels[i]),
		        html_level_word(levels[i]), i < 4 ? " " : "", words_grade(levels[i]));
	buf_text(out, "</ul>\n");
}

void map_draw(const struct district_map *map, const struct view *const *active, size_t count,
        enum mode mode, struct buf *out)
{
	struct drawing d = {.active = active, .count = count, .mode = mode};

	buf_format(out, "<h2>%s地图</h2>\n<div class=\"sheets\">\n", mode_banner(mode));
	for (size_t i = 0; i < map->count; i++) {
		d.sheet = &map->sheets[i];
		buf_text(out, i ? "<div>\n" : "");
		put_sheet(&d, (int)i + 1, out);
	}
	buf_text(out, map->count > 1 ? "" : "<div>\n");
	put_key(out);
	buf_text(out, "</div>\n</div>\n");
}
