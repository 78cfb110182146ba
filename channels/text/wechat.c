/* SPDX-License-Identifier: Apache-2.0
 * wechat - an article of an Official Account: {"title","digest","author","content"}.
 *
 * Limits of the draft interface: title 32 characters, digest 128, author 16, content under 20000.
 * The platform takes scripts, classes and style sheets away, so the content is plain paragraphs.
 * Titles are never cut: the first of three wordings that fits is taken.
 */
#include "renderers.h"

#include "html.h"

enum { TITLE_LIMIT = 32, DIGEST_LIMIT = 128, AUTHOR_LIMIT = 16, CONTENT_LIMIT = 19999 };

static bool short_enough(const struct buf *text, int limit)
{
	return words_characters(text->data ? text->data : "") <= limit;
}

/* <issuer><matter>, or <issuer><act> with the headline left to the content, or <act>. */
static bool put_title(const struct view *view, struct buf *title, bool *shortened)
{
	for (int wording = 0; wording < 3; wording++) {
		buf_reset(title);
		buf_text(title, mode_banner(view->mode));
		if (wording < 2)
			words_line(title, view->sender_name);
		if (wording == 0)
			words_matter(view, title);
		else
			words_act(view, title);
		if (short_enough(title, TITLE_LIMIT)) {
			*shortened = *shortened || wording > 0;
			return true;
		}
	}
	return false;
}

static void compose_digest(const struct draft *draft, struct buf *out)
{
	buf_text(out, mode_banner(draft->view->mode));
	words_lead(draft->view, out);
	words_end(out);
	buf_text(out, "区域：");
	words_areas(draft->view, out);
	buf_text(out, "。");
	words_line(out, draft->instruction);
}

/* A list of areas too long for the digest is named as such, not cut. */
static void compose_digest_short(const struct draft *draft, struct buf *out)
{
	buf_text(out, mode_banner(draft->view->mode));
	words_origin(draft->view, out);
	buf_text(out, "。区域和应对措施见正文。");
}

static bool put_digest(const struct view *view, const struct text_style *style, struct buf *digest,
        struct err *err)
{
	struct text_fit fit = {.unit = "characters"};

	return words_fit(view, style, compose_digest, words_characters, DIGEST_LIMIT, digest, &fit,
	               NULL) ||
	       words_fit(view, style, compose_digest_short, words_characters, DIGEST_LIMIT, digest,
	               &fit, err);
}

static void compose_content(const struct draft *draft, struct buf *out)
{
	const struct view *view = draft->view;

	if (view->mode != MODE_LIVE)
		buf_format(
		        out, "<h2>%s%s</h2>", mode_banner(view->mode), words_caution(view->mode));
	html_row_begin(out, "级别");
	html_level(out, view);
	buf_text(out, "</p>");
	html_row(out, "区域", words_areas, view);
	html_row(out, "发布", words_lead, view);
	html_paragraphs(out, draft->description);
	if (draft->instruction[0])
		buf_text(out, "<p><strong>请注意</strong></p>");
	html_paragraphs(out, draft->instruction);
	if (view->expires && view->verb != VERB_CANCEL) {
		html_row_begin(out, "有效至");
		html_moment(out, view->expires);
		buf_text(out, "</p>");
	}
	html_row_begin(out, "编号");
	text_html(out, view->identifier);
	buf_text(out, "</p>");
}

static void put_member(struct buf *out, const char *name, const struct buf *value, const char *end)
{
	buf_format(out, "\"%s\":", name);
	text_json_string(out, value->data ? value->data : "");
	buf_text(out, end);
}

bool render_wechat(const struct view *view, const struct text_style *style, struct buf *out,
        struct text_fit *fit, struct err *err)
{
	struct buf title, digest, author, content;

	buf_init(&title, 0);
	buf_init(&digest, 0);
	buf_init(&author, 0);
	buf_init(&content, 0);
	bool done = put_digest(view, style, &digest, err) &&
	            words_fit(view, style, compose_content, words_characters, CONTENT_LIMIT,
	                    &content, fit, err);
	if (done && !put_title(view, &title, &fit->shortened))
		done = err_set(err, ERR_INPUT, "微信标题超过 %d 个字",
		        "the title is over %d characters", TITLE_LIMIT);
	words_line(&author, view->sender_name);
	if (!short_enough(&author, AUTHOR_LIMIT))
		buf_reset(&author); /* the content names the issuer */
	if (done) {
		buf_char(out, '{');
		put_member(out, "title", &title, ",");
		put_member(out, "digest", &digest, ",");
		put_member(out, "author", &author, ",");
		put_member(out, "content", &content, "}");
	}
	buf_finish(&title);
	buf_finish(&digest);
	buf_finish(&author);
	buf_finish(&content);
	return done;
}
