/* SPDX-License-Identifier: Apache-2.0
 * lines - see lines.h.
 */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"
#include "when.h"

enum { DIGITS_MOST = 12 };

void lines_put(struct buf *out, const char *key, const char *value)
{
	buf_format(out, "%s ", key);
	size_t from = out->len;

	buf_text(out, value && *value ? value : "-");
	if (!out->full)
		utf8_one_line(out->data + from);
	buf_char(out, '\n');
}

void lines_put_moment(struct buf *out, const char *key, int64_t ms)
{
	char text[WHEN_TEXT] = "";

	if (ms)
		when_text(ms, text);
	lines_put(out, key, text);
}

bool lines_next_is(const struct lines *lines, const char *key)
{
	size_t len = strlen(key);

	return !lines->bad && strncmp(lines->at, key, len) == 0 && lines->at[len] == ' ';
}

char *lines_value(struct lines *lines, const char *key)
{
	char *end = lines->bad ? NULL : strchr(lines->at, '\n');

	if (!end || !lines_next_is(lines, key)) {
		lines->bad = true;
		return lines->at + strlen(lines->at);
	}
	char *value = lines->at + strlen(key) + 1;
	*end = '\0';
	lines->at = end + 1;
	lines->number++;
	return value;
}

char *lines_text(struct lines *lines, const char *key)
{
	const char *value = lines_value(lines, key);

	return mem_text(strcmp(value, "-") == 0 ? "" : value);
}

int64_t lines_moment(struct lines *lines, const char *key)
{
	const char *value = lines_value(lines, key);
	int64_t ms = 0;

	if (!lines->bad && strcmp(value, "-") != 0 && !when_read(value, &ms, NULL))
		lines->bad = true;
	return ms;
}

void lines_digest(struct lines *lines, const char *value, char out[DIGEST_HEX])
{
	if (!value || !digest_is_hex(value)) {
		lines->bad = true;
		return;
	}
	memcpy(out, value, DIGEST_HEX);
}

int64_t lines_count(struct lines *lines, const char *value)
{
	size_t len = value ? strlen(value) : 0;

	if (!len || len > DIGITS_MOST || strspn(value, "0123456789") != len) {
		lines->bad = true;
		return 0;
	}
	return strtoll(value, NULL, 10);
}

bool lines_same(const struct lines *lines, const struct buf *again, const char *bytes, size_t len)
{
	return !lines->bad && !again->full && again->len == len &&
	       memcmp(again->data, bytes, len) == 0;
}
