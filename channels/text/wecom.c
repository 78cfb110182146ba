/* SPDX-License-Identifier: Apache-2.0
 * wecom - markdown for a group robot, at most 4096 bytes. The colour is a word first; red and
 * orange also take the robot's one warm colour ("warning").
 */
#include "renderers.h"

enum { WECOM_LIMIT = 4096 };

static void row(struct buf *out, const char *name, struct buf *words)
{
	buf_format(out, "> %s：", name);
	text_markdown(out, words->data ? words->data : "");
	buf_char(out, '\n');
	buf_reset(words);
}

static void put_level(struct buf *out, enum level level)
{
	bool warm = level_rank(level) >= level_rank(LEVEL_ORANGE);

	if (level == LEVEL_NONE)
		return;
	buf_format(out, "> 级别：%s%s（%s）%s\n", warm ? "<font color=\"warning\">" : "",
	        level_zh(level), words_grade(level), warm ? "</font>" : "");
}

static void put_rows(const struct view *view, struct buf *out)
{
	struct buf words;

	buf_init(&words, 0);
	put_level(out, view->level);
	words_areas(view, &words);
	row(out, "区域", &words);
	words_line(&words, view->sender_name);
	row(out, "发布单位", &words);
	buf_text(out, "> 发布时间：" VIEW_SENT_MARK "\n");
	words_line(&words, view->identifier);
	row(out, "编号", &words);
	buf_char(out, '\n'); /* or what follows would belong to the quote */
	buf_finish(&words);
}

static void compose(const struct draft *draft, struct buf *out)
{
	const struct view *view = draft->view;
	struct buf words;

	buf_text(out, mode_banner(view->mode));
	if (view->mode != MODE_LIVE)
		buf_format(out, "%s\n", words_caution(view->mode));
	buf_init(&words, 0);
	words_line(&words, view->sender_name);
	words_matter(view, &words);
	buf_text(out, "**");
	text_markdown(out, words.data);
	buf_text(out, "**\n");
	buf_finish(&words);
	put_rows(view, out);
	text_markdown(out, draft->description);
	if (draft->instruction[0])
		buf_text(out, draft->description[0] ? "\n**请注意**：" : "**请注意**：");
	text_markdown(out, draft->instruction);
	if (words_is_link(view->web))
		buf_format(out, "\n[查看详情](%s)", view->web);
}

bool render_wecom(const struct view *view, const struct text_style *style, struct buf *out,
        struct text_fit *fit, struct err *err)
{
	return words_fit(view, style, compose, words_bytes, WECOM_LIMIT, out, fit, err);
}
