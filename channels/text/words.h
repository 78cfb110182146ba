/* SPDX-License-Identifier: Apache-2.0
 * words - the phrases all texts are put together from, and how a text that is too long gets
 * shorter. Private to this folder. Pure; only words_fit() can fail, with a sentence naming text,
 * size and limit.
 */
#ifndef TOCSIN_WORDS_H
#define TOCSIN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "text.h"
#include "view.h"

/* Controls but for the line end, marks that turn the direction of reading, invisible and impossible
 * characters. */
bool words_dropped(uint32_t c);
/* Without those; line ends (CR LF, U+2028 too) become '\n'; blanks at both ends are gone. */
char *words_clean(const char *text);
void words_line(
        struct buf *out, const char *text); /* cleaned, on one line: line ends become one blank */
void words_end(struct buf *out);            /* a full stop, unless `out` ends a sentence already */

bool words_ends_sentence(uint32_t c); /* 。；！ or a line end */

/* The text behind the banner that a draft has put in front of it: every renderer writes its own. */
const char *words_unmarked(enum mode mode, const char *text);
void words_headline(const struct view *view, struct buf *out); /* unmarked, on one line */

const char *words_caution(enum mode mode); /* the same as a sentence, or "" */
const char *words_grade(enum level level); /* 特别严重 ... 一般, "" for none */

/* 发布暴雨橙色预警 | 启动防汛Ⅱ级应急响应 | 发布事实通报：<headline> | 更正暴雨橙色预警：<headline>
 */
void words_matter(const struct view *view, struct buf *out);
/* The same without a headline behind. */
void words_act(const struct view *view, struct buf *out);
/* 天津市气象台：暴雨橙色预警 */
void words_who_says(const struct view *view, struct buf *out);
/* <issuer><sent mark><act>, <issuer><sent mark><matter> */
void words_origin(const struct view *view, struct buf *out);
void words_lead(const struct view *view, struct buf *out);
void words_areas(const struct view *view, struct buf *out); /* 和平区、河西区 */

/* http(s), printable ASCII without a mark that means something in a post or in markdown. */
bool words_is_link(const char *text);

/* What a renderer puts its text together from: description and instruction cleaned, cut at sentence
 * ends. */
struct draft {
	const struct view *view;
	const struct text_style *style;
	const char *description;
	const char *instruction;
};
typedef void draft_compose(const struct draft *draft, struct buf *out);
typedef int draft_measure(const char *text); /* of the filled text, in the far side's unit */

/* Composes the longest version of at most `limit`; fills used, limit and shortened of *fit (unit is
 * the caller's). The text goes to the end of `out`. */
bool words_fit(const struct view *view, const struct text_style *style, draft_compose *compose,
        draft_measure *measure, int limit, struct buf *out, struct text_fit *fit, struct err *err);

/* The text as it will be once filled; the caller's. */
char *words_filled(const char *text);

int words_bytes(const char *text);
int words_characters(const char *text);

#endif
