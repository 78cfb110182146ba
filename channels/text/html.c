/* SPDX-License-Identifier: Apache-2.0
 * html - see html.h. Cannot fail.
 */
#include "html.h"

#include <stdlib.h>
#include <string.h>

#include "lists.h"
#include "text.h"
#include "when.h"
#include "words.h"

void html_words(struct buf *out, words_writer *writer, const struct view *view)
{
	struct buf words;

	buf_init(&words, 0);
	writer(view, &words);
	text_html(out, words.data ? words.data : "");
	buf_finish(&words);
}

void html_paragraphs(struct buf *out, const char *text)
{
	char *clean = words_clean(text);
	char *at = clean;

	while (*at) {
		size_t len = strcspn(at, "\n");
		char *line = mem_text_n(at, len);
		if (line[strspn(line, " ")]) {
			buf_text(out, "<p>");
			text_html(out, line);
			buf_text(out, "</p>\n");
		}
		free(line);
		at += len + (at[len] == '\n');
	}
	free(clean);
}

void html_row_begin(struct buf *out, const char *name)
{
	buf_format(out, "<p><strong>%s：</strong>", name);
}

void html_row(struct buf *out, const char *name, words_writer *writer, const struct view *view)
{
	html_row_begin(out, name);
	html_words(out, writer, view);
	buf_text(out, "</p>");
}

const char *html_level_class(enum level level)
{
	static const char *const classes[] = {"none", "blue", "yellow", "orange", "red"};

	return classes[level_rank(level)];
}

const char *html_level_shape(enum level level)
{
	static const char *const shapes[] = {"○", "■", "●", "▲", "◆"};

	return shapes[level_rank(level)];
}

const char *html_level_word(enum level level)
{
	return level == LEVEL_NONE ? "其他信息" : level_zh(level);
}

void html_level(struct buf *out, const struct view *view)
{
	if (view->level == LEVEL_NONE) {
		buf_text(out, kind_zh(view->kind));
		return;
	}
	buf_format(out, "<span aria-hidden=\"true\">%s</span> %s（%s）",
	        html_level_shape(view->level), level_zh(view->level), words_grade(view->level));
}

void html_moment(struct buf *out, int64_t ms)
{
	text_fill_sent(
	        "<time datetime=\"" VIEW_SENT_ISO_MARK "\">" VIEW_SENT_MARK "</time>", ms, out);
}

void html_head(struct buf *out, const char *title, const char *up)
{
	buf_text(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
	              "<meta name=\"viewport\" content=\"width=device-width, "
	              "initial-scale=1\">\n<title>");
	text_html(out, title);
	buf_format(out, "</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\">\n", up);
}

void html_banner(struct buf *out, enum mode mode)
{
	if (mode == MODE_LIVE)
		return;
	buf_format(out, "<p class=\"banner\"><strong>%s%s</strong></p>\n", mode_banner(mode),
	        words_caution(mode));
}

void html_title(const struct view *view, struct buf *out)
{
	buf_text(out, mode_banner(view->mode));
	words_line(out, view->sender_name);
	words_matter(view, out);
}

void html_page_end(struct buf *out, const struct view *view)
{
	buf_text(out, "<p><a href=\"../" TEXT_CAP_DIR "/");
	text_file_name(view->identifier, out);
	buf_text(out, ".xml\">带签名的原文（CAP 1.2）</a></p>\n<p><a "
	              "href=\"../index.html\">返回全部信息</a></p>\n"
	              "</footer>\n</body>\n</html>\n");
}
