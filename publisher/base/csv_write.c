/* SPDX-License-Identifier: Apache-2.0
 * csv_write - see csv_write.h.
 */
#include "csv_write.h"

#include <string.h>

static void comma(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != '\n')
		buf_char(out, ',');
}

/* Spreadsheets read full-width signs as the plain ones. */
static bool begins_a_formula(const char *text)
{
	static const char *const wide[] = {"＝", "＋", "－", "＠"};

	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return *text && strchr("=+-@\t\r", *text);
}

void csv_field(struct buf *out, const char *text)
{
	bool formula = begins_a_formula(text);
	/* An empty one too: a line's first would vanish otherwise. */
	bool quoted = !*text || strpbrk(text, "\",\r\n");

	comma(out);
	if (quoted)
		buf_char(out, '"');
	if (formula)
		buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	if (quoted)
		buf_char(out, '"');
}

void csv_number(struct buf *out, double number)
{
	comma(out);
	buf_format(out, "%.12g", (double)(long long)(number * 1000 + 0.5) / 1000);
}

void csv_end(struct buf *out)
{
	buf_text(out, "\r\n");
}
