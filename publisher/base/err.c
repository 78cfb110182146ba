/* SPDX-License-Identifier: Apache-2.0
 * err - see err.h. Cannot fail; a sentence too long for its room is cut at a character.
 */
#include "err.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "utf8.h"

/* vsnprintf cuts at a byte; a half character would spoil the JSON and the terminal. */
static void cut_at_character(char *text)
{
	size_t len = strlen(text);
	size_t back = 0;

	while (back < 4 && back < len && ((unsigned char)text[len - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back == len)
		return;
	unsigned char lead = (unsigned char)text[len - 1 - back];
	size_t need = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
	if (back < need)
		text[len - 1 - back] = '\0';
}

bool err_set_v(struct err *err, enum err_kind kind, const char *zh, const char *en, va_list args)
{
	va_list again;

	if (!err)
		return false;
	err->kind = kind;
	va_copy(again, args);
	vsnprintf(err->zh, sizeof err->zh, zh, args);
	vsnprintf(err->en, sizeof err->en, en, again);
	va_end(again);
	cut_at_character(err->zh);
	cut_at_character(err->en);
	utf8_one_line(err->zh);
	utf8_one_line(err->en);
	return false;
}

bool err_set(struct err *err, enum err_kind kind, const char *zh, const char *en, ...)
{
	va_list args;

	va_start(args, en);
	err_set_v(err, kind, zh, en, args);
	va_end(args);
	return false;
}

static const struct {
	int exit_code;
	int http_status;
} kinds[] = {
        [ERR_NONE] = {EX_OK, 200},
        [ERR_USAGE] = {EX_USAGE, 400},
        [ERR_INPUT] = {EX_DATAERR, 400},
        [ERR_TOO_BIG] = {EX_DATAERR, 413},
        [ERR_IDENTITY] = {EX_NOPERM, 401},
        [ERR_DENIED] = {EX_NOPERM, 403},
        [ERR_MISSING] = {EX_NOINPUT, 404},
        [ERR_CONFLICT] = {EX_DATAERR, 409},
        [ERR_BUSY] = {EX_TEMPFAIL, 503},
        [ERR_OFTEN] = {EX_TEMPFAIL, 429},
        [ERR_UNAVAILABLE] = {EX_UNAVAILABLE, 503},
        [ERR_DAMAGED] = {EX_DATAERR, 503},
        [ERR_FENCED] = {EX_PROTOCOL, 503},
        [ERR_CONFIG] = {EX_CONFIG, 500},
        [ERR_INTERNAL] = {EX_SOFTWARE, 500},
};

int err_exit_code(enum err_kind kind)
{
	return kinds[kind].exit_code;
}

int err_http_status(enum err_kind kind)
{
	return kinds[kind].http_status;
}
