/* SPDX-License-Identifier: Apache-2.0
 * weibo - one post of at most 140 units that ends with the link to the bulletin's own page.
 *
 * A unit is one Chinese character or two half-width ones; a link takes ten whatever its length,
 * because the platform shortens it. '#' and '@' would open a topic or call a user: they become
 * their full-width twins.
 */
#include "renderers.h"

#include <limits.h>
#include <string.h>

#include "utf8.h"

enum { WEIBO_LIMIT = 140, LINK_HALVES = 20 };

static bool in_link(char c)
{
	return c > ' ' && c < 0x7f;
}

static bool starts_link(const char *text)
{
	return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}

static int weibo_units(const char *text)
{
	long halves = 0;

	while (*text) {
		if (starts_link(text)) {
			halves += LINK_HALVES;
			while (in_link(*text))
				text++;
			continue;
		}
		uint32_t c = utf8_next(&text);
		halves += c < 0x80 ? 1 : c < 0x10000 ? 2 : 4;
	}
	return halves / 2 >= INT_MAX ? INT_MAX : (int)((halves + 1) / 2);
}

/* Adds `words` without '#' and '@'. */
static void put(struct buf *out, struct buf *words)
{
	for (size_t i = 0; i < words->len; i++) {
		if (words->data[i] == '#')
			buf_text(out, "＃");
		else if (words->data[i] == '@')
			buf_text(out, "＠");
		else
			buf_char(out, words->data[i]);
	}
	buf_finish(words);
}

static void compose(const struct draft *draft, struct buf *out)
{
	const struct view *view = draft->view;
	struct buf words;

	buf_init(&words, 0);
	buf_text(&words, mode_banner(view->mode));
	words_line(&words, draft->style->prefix ? draft->style->prefix : "");
	buf_text(&words, "【");
	words_line(&words, view->sender_name);
	words_matter(view, &words);
	buf_text(&words, "】");
	buf_text(&words, words_caution(view->mode));
	buf_text(&words, VIEW_SENT_MARK "，区域：");
	words_areas(view, &words);
	buf_text(&words, "。");
	words_line(&words, draft->description);
	words_end(&words);
	words_line(&words, draft->instruction);
	words_end(&words);
	buf_text(&words, "编号");
	words_line(&words, view->identifier);
	buf_text(&words, " 详情 ");
	put(out, &words);
	buf_text(out, view->web);
}

/* The platform takes the link as it stands, so it must be one. */
static bool check_link(const char *web, struct err *err)
{
	if (words_is_link(web))
		return true;
	return err_set(err, ERR_CONFIG, "微博必须以网页链接结尾，而“%s”不是（设置 public_url）",
	        "a weibo must end with the page's link, and \"%s\" is none (setting public_url)",
	        web);
}

/* The post ends with the page, where all of it stands: rather than refuse a warning at night, the
 * description may stay there entirely. Issuer, level, areas, time and what to do never do. */
static bool fit_without_description(const struct view *view, const struct text_style *style,
        struct buf *out, struct text_fit *fit, struct err *err)
{
	char none[] = "";
	struct view brief = *view;

	brief.description = none;
	buf_reset(out);
	bool fits = words_fit(&brief, style, compose, weibo_units, WEIBO_LIMIT, out, fit, err);
	fit->shortened = true;
	return fits;
}

bool render_weibo(const struct view *view, const struct text_style *style, struct buf *out,
        struct text_fit *fit, struct err *err)
{
	return check_link(view->web, err) &&
	       (words_fit(view, style, compose, weibo_units, WEIBO_LIMIT, out, fit, err) ||
	               fit_without_description(view, style, out, fit, err));
}
