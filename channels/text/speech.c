/* SPDX-License-Identifier: Apache-2.0
 * speech - a text a person reads aloud, by telephone, radio or loudspeaker van: short lines in the
 * order the ear needs them, the number last because nobody reads it out.
 */
#include "renderers.h"

#include "when.h"

static void compose(const struct draft *draft, struct buf *out)
{
	const struct view *view = draft->view;
	struct buf until;

	buf_text(out, mode_banner(view->mode));
	if (view->mode != MODE_LIVE)
		buf_format(out, "%s\n", words_caution(view->mode));
	words_lead(view, out);
	words_end(out);
	buf_text(out, "\n区域：");
	words_areas(view, out);
	buf_text(out, "。\n");
	words_line(out, draft->description);
	words_end(out);
	buf_text(out, draft->description[0] ? "\n" : "");
	words_line(out, draft->instruction);
	words_end(out);
	buf_text(out, draft->instruction[0] ? "\n" : "");
	if (view->expires && view->verb != VERB_CANCEL) {
		buf_init(&until, 0);
		text_fill_sent(VIEW_SENT_MARK, view->expires, &until);
		buf_format(out, "有效至%s。\n", until.data);
		buf_finish(&until);
	}
	if (view->mode != MODE_LIVE)
		buf_format(out, "再说一遍：%s\n", words_caution(view->mode));
	buf_text(out, "（编号");
	words_line(out, view->identifier);
	buf_text(out, "，不必宣读）\n");
}

bool render_speech(const struct view *view, const struct text_style *style, struct buf *out,
        struct text_fit *fit, struct err *err)
{
	return words_fit(view, style, compose, words_bytes, TEXT_MOST_BYTES, out, fit, err);
}
