/* SPDX-License-Identifier: Apache-2.0
 * page - a bulletin's own page: a whole HTML document in Chinese that works without scripts and
 * says the level by colour, shape and word. Nothing inline, so that the site's content policy can
 * forbid it.
 */
#include "renderers.h"

#include "html.h"
#include "lists.h"

static void put_headline(const struct view *view, struct buf *out)
{
	if (!view->headline[0]) {
		html_title(view, out);
		return;
	}
	buf_text(out, mode_banner(view->mode));
	words_headline(view, out);
}

static const char *state_of(const struct view *view)
{
	static const char *const states[VERB_COUNT] = {"发布", "更新", "解除", "更正"};

	return states[view->verb];
}

static void put_head(const struct view *view, struct buf *out)
{
	struct buf title;

	buf_init(&title, 0);
	html_title(view, &title);
	html_head(out, title.data, "../");
	buf_finish(&title);
	buf_text(out,
	        "<link rel=\"alternate\" type=\"application/cap+xml\" href=\"../" TEXT_CAP_DIR "/");
	text_file_name(view->identifier, out);
	buf_text(out, ".xml\">\n</head>\n");
}

static void alert_line(struct buf *out, const char *name)
{
	buf_format(out, "<p class=\"fact\"><strong>%s</strong> ", name);
}

/* What one must know at a glance: what became of it, how grave, where, until when. */
static void put_alert(const struct view *view, struct buf *out)
{
	bool over = view->verb == VERB_CANCEL;

	buf_format(out,
	        "<div class=\"alert level-%s\" role=\"alert\">\n<p "
	        "class=\"state\"><strong>%s</strong> ",
	        over ? "over" : html_level_class(view->level), state_of(view));
	html_level(out, view);
	buf_text(out, "</p>\n<h1>");
	html_words(out, put_headline, view);
	buf_text(out, "</h1>\n<p>");
	html_words(out, words_origin, view);
	buf_text(out, "</p>\n");
	alert_line(out, "区域");
	html_words(out, words_areas, view);
	buf_text(out, "</p>\n");
	if (view->expires && !over) {
		alert_line(out, "有效至");
		html_moment(out, view->expires);
		buf_text(out, "</p>\n");
	}
	buf_text(out, "</div>\n");
}

static void row_begin(struct buf *out, const char *name)
{
	buf_format(out, "<tr><th scope=\"row\">%s</th><td>", name);
}

static void row_end(struct buf *out)
{
	buf_text(out, "</td></tr>\n");
}

static void row_text(struct buf *out, const char *name, const char *text)
{
	if (!text[0])
		return;
	row_begin(out, name);
	text_html(out, text);
	row_end(out);
}

static void row_moment(struct buf *out, const char *name, int64_t ms)
{
	if (!ms)
		return;
	row_begin(out, name);
	html_moment(out, ms);
	row_end(out);
}

static void put_table(const struct view *view, struct buf *out)
{
	buf_text(out, "<table>\n<caption>基本信息</caption>\n<tbody>\n");
	row_begin(out, "级别");
	html_level(out, view);
	row_end(out);
	row_begin(out, "区域");
	html_words(out, words_areas, view);
	row_end(out);
	row_text(out, "发布单位", view->sender_name);
	row_begin(out, "发布时间");
	buf_text(out, "<time datetime=\"" VIEW_SENT_ISO_MARK "\">" VIEW_SENT_MARK "</time>");
	row_end(out);
	row_moment(out, "生效时间", view->effective);
	row_moment(out, "预计开始", view->onset);
	row_moment(out, "有效至", view->verb == VERB_CANCEL ? 0 : view->expires);
	row_text(out, "联系方式", view->contact);
	row_text(out, "编号", view->identifier);
	if (view->replaces[0]) {
		row_begin(out, "针对");
		buf_text(out, "<a href=\"");
		text_file_name(view->replaces, out);
		buf_text(out, ".html\">");
		text_html(out, view->replaces);
		buf_text(out, "</a>");
		row_end(out);
	}
	buf_text(out, "</tbody>\n</table>\n");
}

static void put_foot(const struct view *view, struct buf *out)
{
	buf_text(out, "</main>\n<footer>\n");
	html_banner(out, view->mode);
	html_page_end(out, view);
}

static void put_words(struct buf *out, const char *role, const char *title, const char *text)
{
	if (!text[0])
		return;
	buf_format(out, "<div class=\"%s\">\n<h2>%s</h2>\n", role, title);
	html_paragraphs(out, text);
	buf_text(out, "</div>\n");
}

static void compose(const struct draft *draft, struct buf *out)
{
	const struct view *view = draft->view;

	put_head(view, out);
	buf_format(out, "<body class=\"mode-%s\">\n", mode_text(view->mode));
	html_banner(out, view->mode);
	buf_text(out, "<main>\n");
	put_alert(view, out);
	put_words(out, "said", "内容", draft->description);
	put_words(out, "do", "请这样做", draft->instruction);
	put_table(view, out);
	put_foot(view, out);
}

bool render_page(const struct view *view, const struct text_style *style, struct buf *out,
        struct text_fit *fit, struct err *err)
{
	return words_fit(view, style, compose, words_bytes, TEXT_MOST_BYTES, out, fit, err);
}
