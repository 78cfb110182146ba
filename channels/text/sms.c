/* SPDX-License-Identifier: Apache-2.0
 * sms - one plain line: signature, banner, lead, areas, what will happen, what to do, number.
 *
 * Counted in UTF-16 units as every Chinese gateway does: 70 for a single message, 67 for each part
 * of a long one (six bytes go to the header that joins them).
 */
#include "renderers.h"

#include <limits.h>
#include <stdio.h>

#include "utf8.h"

enum { SINGLE = 70, PART = 67, MOST_PARTS = 10 };

size_t text_sms_part(const char *text, bool whole)
{
	size_t room = whole ? SINGLE : PART;
	const char *at = text;

	for (;;) {
		const char *before = at;
		uint32_t c = utf8_next(&at);
		size_t units = c > 0xffff ? 2 : 1;
		if (!c || units > room)
			return (size_t)(before - text);
		room -= units;
	}
}

int text_sms_parts(const char *text)
{
	int parts = 0;

	if (utf8_units16(text) <= SINGLE)
		return 1;
	while (*text && parts < INT_MAX) {
		text += text_sms_part(text, false);
		parts++;
	}
	return parts;
}

static void compose(const struct draft *draft, struct buf *out)
{
	const struct view *view = draft->view;

	words_line(out, draft->style->signature ? draft->style->signature : "");
	buf_text(out, mode_banner(view->mode));
	buf_text(out, words_caution(view->mode));
	words_lead(view, out);
	words_end(out);
	buf_text(out, "区域：");
	words_areas(view, out);
	buf_text(out, "。");
	words_line(out, draft->description);
	words_end(out);
	words_line(out, draft->instruction);
	words_end(out);
	buf_text(out, "编号");
	words_line(out, view->identifier);
}

static int units(const char *text)
{
	size_t count = utf8_units16(text);

	return count > INT_MAX ? INT_MAX : (int)count;
}

bool render_sms(const struct view *view, const struct text_style *style, struct buf *out,
        struct text_fit *fit, struct err *err)
{
	int most = style->sms_max_parts > 0 ? style->sms_max_parts : MOST_PARTS;

	snprintf(fit->unit, sizeof fit->unit, "parts");
	if (!words_fit(view, style, compose, text_sms_parts, most, out, fit, err))
		return false;
	char *filled = words_filled(out->data);
	snprintf(fit->unit, sizeof fit->unit, "units16");
	fit->parts = text_sms_parts(filled);
	fit->used = units(filled);
	fit->limit = most == 1 ? SINGLE : most * PART;
	free(filled);
	return true;
}
