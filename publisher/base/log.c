/* SPDX-License-Identifier: Apache-2.0
 * log - see log.h. Whoever reads our lines may hang (a journal whose disk does) or be gone: then
 * lines are lost and counted, and the program goes on. One reader that hangs costs WAIT_MS once,
 * not with every line.
 */
#include "log.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "mem.h"
#include "utf8.h"

/* PIECE: what a pipe or socket that takes anything takes without waiting (pipe(7): PIPE_BUF). */
enum { LINE_MAX_BYTES = 16384, VALUE_MAX_BYTES = 4096, PIECE = 4096, WAIT_MS = 100 };

/* Of the one stderr a process has. */
static struct {
	pthread_mutex_t mutex; /* two threads in one gap would be one too many */
	long lost;             /* lines, since the last that went */
	bool torn;             /* the last one that went lacks its end */
} out = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static bool takes_more(int wait)
{
	struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};

	return poll(&fd, 1, wait) == 1 && fd.revents & POLLOUT;
}

static bool put(const char *bytes, size_t len)
{
	int wait = out.lost ? 0 : WAIT_MS;

	for (size_t done = 0; done < len;) {
		if (!takes_more(wait))
			return false;
		size_t piece = len - done < PIECE ? len - done : PIECE;
		ssize_t n = write(STDERR_FILENO, bytes + done, piece);
		if (n <= 0)
			return false;
		done += (size_t)n;
		out.torn = bytes[done - 1] != '\n';
	}
	return true;
}

static bool put_lost(void)
{
	char line[64];
	int len = snprintf(line, sizeof line, "%s<%d>event=log-lost lines=%ld\n",
	        out.torn ? "\n" : "", LOG_ERROR, out.lost);

	return put(line, (size_t)len);
}

static void put_line(const char *line, size_t len)
{
	pthread_mutex_lock(&out.mutex);
	if (out.lost && put_lost())
		out.lost = 0;
	if (out.lost || !put(line, len))
		out.lost++;
	pthread_mutex_unlock(&out.mutex);
}

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
	put_line(line.data, line.len);
	buf_finish(&line);
}
