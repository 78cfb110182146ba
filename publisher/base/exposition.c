/* SPDX-License-Identifier: Apache-2.0
 * exposition - see exposition.h.
 */
#include "exposition.h"

#include <stdarg.h>

static void escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			buf_char(out, '\\');
		if (*text == '\n')
			buf_text(out, "\\n");
		else
			buf_char(out, *text);
	}
}

void exposition_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void exposition_put(struct buf *out, const char *name, double value, ...)
{
	const char *label;
	bool any = false;
	va_list args;

	buf_text(out, name);
	va_start(args, value);
	while ((label = va_arg(args, const char *))) {
		buf_format(out, "%s%s=\"", any ? "," : "{", label);
		escaped(out, va_arg(args, const char *));
		buf_char(out, '"');
		any = true;
	}
	va_end(args);
	buf_format(out, "%s %.15g\n", any ? "}" : "", value);
}
