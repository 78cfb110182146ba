/* SPDX-License-Identifier: Apache-2.0
 * escape - words into HTML, JSON and markdown so that they stay words. See text.h.
 */
#include "text.h"

#include "utf8.h"
#include "words.h"

static void put(struct buf *out, uint32_t c)
{
	char bytes[5];

	buf_add(out, bytes, utf8_put(c, bytes));
}

/* The next character worth keeping; every kind of line end comes as '\n'. 0 at the end. */
static uint32_t next(const char **text)
{
	uint32_t c;

	while ((c = utf8_next(text))) {
		if (c == '\t')
			return ' ';
		if ((c == '\r' && **text != '\n') || c == 0x2028 || c == 0x2029 || c == 0x85)
			return '\n';
		if (!words_dropped(c))
			return c;
	}
	return 0;
}

void text_html(struct buf *out, const char *text)
{
	uint32_t c;

	while ((c = next(&text))) {
		if (c == '&')
			buf_text(out, "&amp;");
		else if (c == '<')
			buf_text(out, "&lt;");
		else if (c == '>')
			buf_text(out, "&gt;");
		else if (c == '"')
			buf_text(out, "&quot;");
		else if (c == '\'')
			buf_text(out, "&#39;");
		else
			put(out, c);
	}
}

void text_json_string(struct buf *out, const char *text)
{
	uint32_t c;

	buf_char(out, '"');
	while ((c = next(&text))) {
		if (c == '\n')
			buf_text(out, "\\n");
		else if (c == '"' || c == '\\')
			buf_format(out, "\\%c", (int)c);
		else
			put(out, c);
	}
	buf_char(out, '"');
}

void text_json_member(struct buf *out, const char *name, const char *value)
{
	buf_format(out, "\"%s\":", name);
	text_json_string(out, value);
	buf_char(out, ',');
}

/* The dialects of robots know no escape, so a mark is written as its full-width twin: it reads the
 * same. */
void text_markdown(struct buf *out, const char *text)
{
	uint32_t c;

	while ((c = next(&text))) {
		bool mark = c == '<' || c == '>' || c == '[' || c == ']' || c == '*' || c == '`' ||
		            c == '#' || c == '\\' || c == '~' || c == '|' || c == '@';
		put(out, mark ? c - 0x20 + 0xff00 : c);
	}
}
