/* SPDX-License-Identifier: Apache-2.0
 * page_index - the front page, and the page left behind by a bulletin that is over. See lists.h.
 */
#include "lists.h"

#include <stdlib.h>

#include "html.h"
#include "text.h"
#include "views.h"
#include "words.h"

static void put_item(const struct view *view, bool over, struct buf *out)
{
	buf_format(out, "<li class=\"level-%s\">\n<p class=\"state\">",
	        over ? "over" : html_level_class(view->level));
	buf_text(out, over ? "<strong>已结束</strong> " : "");
	html_level(out, view);
	buf_text(out, "</p>\n<h3><a href=\"" TEXT_PAGE_DIR "/");
	text_file_name(view->identifier, out);
	buf_text(out, ".html\">");
	html_words(out, html_title, view);
	buf_text(out, "</a></h3>\n<p>");
	html_moment(out, view->sent);
	buf_text(out, "，");
	html_words(out, words_areas, view);
	buf_text(out, "</p>\n</li>\n");
}

static void put_list(const struct view *const *views, size_t count, bool over, struct buf *out)
{
	const struct view **sorted =
	        views_sorted(views, count, over ? VIEWS_NEWEST : VIEWS_GRAVEST);

	buf_text(out, "<ul class=\"bulletins\">\n");
	for (size_t i = 0; i < count; i++)
		put_item(sorted[i], over, out);
	buf_text(out, "</ul>\n");
	free(sorted);
}

static void put_head(const struct text_lists *lists, struct buf *out)
{
	struct buf title;

	buf_init(&title, 0);
	buf_text(&title, mode_banner(lists->mode));
	words_line(&title, lists->title);
	html_head(out, title.data ? title.data : "", "");
	buf_format(out,
	        "%s<link rel=\"alternate\" type=\"application/atom+xml\" "
	        "href=\"feed.atom\">\n</head>\n"
	        "<body class=\"mode-%s%s\">\n",
	        lists->map ? "<link rel=\"stylesheet\" href=\"map.css\">\n" : "",
	        mode_text(lists->mode), lists->map ? " wide" : "");
	html_banner(out, lists->mode);
	buf_text(out, "<header>\n<h1>");
	text_html(out, title.data ? title.data : "");
	buf_text(out, "</h1>\n</header>\n<main>\n");
	buf_finish(&title);
}

static void put_lists(const struct view *const *active, size_t active_count,
        const struct view *const *ended, size_t ended_count, struct buf *out)
{
	buf_format(out, "<h2 id=\"force\">生效中（%zu）</h2>\n", active_count);
	if (active_count)
		put_list(active, active_count, false, out);
	else
		buf_text(out, "<p>当前没有生效中的信息。</p>\n");
	if (ended_count) {
		buf_text(out, "<h2>近期结束</h2>\n");
		put_list(ended, ended_count, true, out);
	}
}

static void put_map(const struct view *const *active, size_t count, const struct text_lists *lists,
        struct buf *out)
{
	const struct view **sorted = views_sorted(active, count, VIEWS_GRAVEST);

	map_draw(lists->map, sorted, count, lists->mode, out);
	map_list(lists->map, sorted, count, out);
	free(sorted);
}

void text_page_index(const struct view *const *active, size_t active_count,
        const struct view *const *ended, size_t ended_count, const struct text_lists *lists,
        struct buf *out)
{
	put_head(lists, out);
	buf_text(out, lists->map ? "<div>\n" : "");
	put_lists(active, active_count, ended, ended_count, out);
	if (lists->map) {
		buf_text(out, "</div>\n<div>\n");
		put_map(active, active_count, lists, out);
		buf_text(out, "</div>\n");
	}
	buf_text(out, "</main>\n<footer>\n<p>本页生成于");
	html_moment(out, lists->made);
	buf_text(out, "</p>\n<p><a href=\"feed.atom\">订阅（Atom）</a> <a "
	              "href=\"alerts.geojson\">地图数据"
	              "（GeoJSON）</a></p>\n</footer>\n</body>\n</html>\n");
}

static const char *ended_by(const struct view *by)
{
	return !by                        ? "已过期"
	       : by->verb == VERB_CANCEL  ? "已解除"
	       : by->verb == VERB_CORRECT ? "已更正"
	                                  : "已更新";
}

void text_page_ended(const struct view *ended, const struct view *by, struct buf *out)
{
	struct buf title;

	buf_init(&title, 0);
	buf_format(&title, "【%s】", ended_by(by));
	html_title(ended, &title);
	html_head(out, title.data, "../");
	buf_format(out, "</head>\n<body class=\"mode-%s\">\n", mode_text(ended->mode));
	html_banner(out, ended->mode);
	buf_format(out,
	        "<main>\n<div class=\"alert level-over\" role=\"alert\">\n<p "
	        "class=\"state\"><strong>%s"
	        "</strong></p>\n<h1>",
	        ended_by(by));
	text_html(out, title.data);
	buf_text(out, "</h1>\n<p>发布于");
	html_moment(out, ended->sent);
	buf_text(out, "，区域：");
	html_words(out, words_areas, ended);
	buf_text(out, "</p>\n</div>\n");
	if (by) {
		buf_text(out, "<p>请以此为准：<a href=\"");
		text_file_name(by->identifier, out);
		buf_text(out, ".html\">");
		html_words(out, html_title, by);
		buf_text(out, "</a></p>\n");
	}
	buf_text(out, "</main>\n<footer>\n");
	html_page_end(out, ended);
	buf_finish(&title);
}
