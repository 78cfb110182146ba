/* SPDX-License-Identifier: Apache-2.0
 * html - pieces of HTML the page, the lists and the WeChat article share. Private to this folder.
 * Everything that comes from a view is escaped here.
 */
#ifndef TOCSIN_HTML_H
#define TOCSIN_HTML_H

#include <stdint.h>

#include "buf.h"
#include "view.h"

typedef void words_writer(const struct view *view, struct buf *out);

void html_words(struct buf *out, words_writer *writer, const struct view *view);
void html_paragraphs(struct buf *out, const char *text); /* one <p> per line that is not blank */
void html_row_begin(
        struct buf *out, const char *name); /* <p><strong>name：</strong> ... up to </p> */
void html_row(struct buf *out, const char *name, words_writer *writer, const struct view *view);
void html_level(
        struct buf *out, const struct view *view); /* ▲ 橙色（严重）: shape, colour word, grade */
const char *html_level_class(enum level level); /* "red", "II" -> "orange", "none" */
const char *html_level_shape(enum level level); /* ◆ ▲ ● ■, ○ for none */
const char *html_level_word(enum level level);  /* 红色, Ⅱ级; 其他信息 for none */
void html_moment(struct buf *out, int64_t ms);  /* <time datetime=...>2026年...</time> */
/* <head> of a document of ours; `up` is the way to the root ("", "../"). */
void html_head(struct buf *out, const char *title, const char *up);
void html_banner(struct buf *out, enum mode mode); /* nothing in live mode */
void html_title(
        const struct view *view, struct buf *out); /* 天津市气象台发布暴雨橙色预警; not escaped */
/* What ends a page of one bulletin: the way to its signed CAP and to the index, then the document.
 */
void html_page_end(struct buf *out, const struct view *view);

#endif
