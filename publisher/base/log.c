/* SPDX-License-Identifier: Apache-2.0
 * log - see log.h. A line is written with one write(2); a full pipe loses the line, never the
 * program.
 */
#include "log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "mem.h"
#include "utf8.h"

enum { LINE_MAX_BYTES = 16384, VALUE_MAX_BYTES = 4096 };

/* Values come from outside too: what they hold must neither end the line nor move a terminal. */
static void put_value(struct buf *line, const char *value)
{
	char *clean = mem_text_n(value, utf8_cut(value, VALUE_MAX_BYTES));

	utf8_one_line(clean);
	if (*clean && !strpbrk(clean, " \"=\\")) {
		buf_text(line, clean);
	} else {
		buf_char(line, '"');
		for (const char *p = clean; *p; p++) {
			if (*p == '"' || *p == '\\')
				buf_char(line, '\\');
			buf_char(line, *p);
		}
		buf_char(line, '"');
	}
	free(clean);
}

void log_event(enum log_weight weight, const char *event, ...)
{
	struct buf line;
	va_list args;
	const char *key;

	buf_init(&line, LINE_MAX_BYTES);
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
	/* Whatever did not fit is left out; the end of the line is not. */
	line.limit++;
	line.full = false;
	buf_char(&line, '\n');
	ssize_t written = write(STDERR_FILENO, line.data, line.len);
	(void)written;
	buf_finish(&line);
}
