/* SPDX-License-Identifier: Apache-2.0
 * log - see log.h. A line is written with one write(2); a full pipe loses the line, never the
 * program.
 */
#include "log.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"

static void put_value(struct buf *line, const char *value)
{
	if (*value && !strpbrk(value, " \"=\\") && strspn(value, "\n\r\t") == 0) {
		buf_text(line, value);
		return;
	}
	buf_char(line, '"');
	for (const char *p = value; *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_char(line, '\\');
		buf_char(line, (unsigned char)*p < 0x20 || *p == 0x7f ? ' ' : *p);
	}
	buf_char(line, '"');
}

void log_event(enum log_weight weight, const char *event, ...)
{
	struct buf line;
	va_list args;
	const char *key;

	buf_init(&line, 16384);
	buf_format(&line, "<%d>event=%s", (int)weight, event);
	va_start(args, event);
	while ((key = va_arg(args, const char *))) {
		const char *value = va_arg(args, const char *);
		if (!value)
			continue;
		buf_format(&line, " %s=", key);
		put_value(&line, value);
	}
	va_end(args);
	buf_char(&line, '\n');
	ssize_t written = write(STDERR_FILENO, line.data, line.len);
	(void)written;
	buf_finish(&line);
}
