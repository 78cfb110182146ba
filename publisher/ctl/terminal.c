/* SPDX-License-Identifier: Apache-2.0
 * terminal - see terminal.h. The echo comes back on every way out but a kill.
 */
#include "terminal.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "mem.h"

enum { LINE_MOST = 256 };

/* A byte at a time, so that nothing of the next line is taken along. */
static bool read_line(char line[LINE_MOST + 1])
{
	size_t len = 0;
	char c;

	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
		if (len <= LINE_MOST)
			line[len++] = c;
	if (len > LINE_MOST || (len == 0 && c != '\n'))
		return false;
	line[len] = '\0';
	line[strcspn(line, "\r")] = '\0';
	return true;
}

char *terminal_ask(const char *what, bool hidden, struct err *err)
{
	struct termios before;
	char line[LINE_MOST + 2] = "";
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	struct termios quiet = before;

	if (terminal) {
		fprintf(stderr, "%s: ", what);
		quiet.c_lflag &= ~(tcflag_t)(hidden ? ECHO : 0);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	bool ok = read_line(line);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		if (hidden)
			fputc('\n', stderr);
	}
	char *text = ok ? mem_text(line) : NULL;
	explicit_bzero(line, sizeof line);
	if (!ok)
		err_set(err, ERR_INPUT, "没有读到%s", "no line for: %s", what);
	return text;
}
