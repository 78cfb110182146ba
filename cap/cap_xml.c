/* SPDX-License-Identifier: Apache-2.0
 * cap_xml - see cap_xml.h. Relies on texts that are UTF-8.
 */
#include "cap_xml.h"

#include "utf8.h"

static bool xml_may_hold(uint32_t c)
{
	return c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

static void put_escaped(struct buf *out, const char *text)
{
	const char *from = text;

	while (*text) {
		const char *at = text;
		const char *escape = escape_of(*at);
		bool fine = xml_may_hold(utf8_next(&text));

		if (fine && !escape)
			continue;
		buf_add(out, from, (size_t)(at - from));
		buf_text(out, fine ? escape : "\xef\xbf\xbd");
		from = text;
	}
	buf_add(out, from, (size_t)(text - from));
}

static void indent(struct buf *out, size_t depth)
{
	while (depth--)
		buf_text(out, "  ");
}

void xml_open(struct buf *out, size_t depth, const char *name)
{
	indent(out, depth);
	buf_format(out, "<%s>\n", name);
}

void xml_close(struct buf *out, size_t depth, const char *name)
{
	indent(out, depth);
	buf_format(out, "</%s>\n", name);
}

void xml_text(struct buf *out, size_t depth, const char *name, const char *text)
{
	if (!text)
		return;
	indent(out, depth);
	buf_format(out, "<%s>", name);
	put_escaped(out, text);
	buf_format(out, "</%s>\n", name);
}
