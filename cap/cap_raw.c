/* SPDX-License-Identifier: Apache-2.0
 * cap_raw - see cap_raw.h. Pure but for the arena; asks nothing of the bytes that expat has not
 * seen to, and stays within them whatever they are.
 */
#include "cap_raw.h"

#include <string.h>

#include "utf8.h"

/* What is left. */
struct raw {
	const char *at, *end;
	const char *cdata_end; /* up to here & and < are letters */
};

/* A run of text: within the document, or in `made`. */
struct piece {
	const char *text;
	size_t len;
	char made[5];
};

static bool begins(const struct raw *raw, const char *mark)
{
	size_t len = strlen(mark);

	return (size_t)(raw->end - raw->at) >= len && memcmp(raw->at, mark, len) == 0;
}

/* Behind the next `mark`, or the end. */
static const char *behind(const struct raw *raw, const char *mark)
{
	const char *found = memmem(raw->at, (size_t)(raw->end - raw->at), mark, strlen(mark));

	return found ? found + strlen(mark) : raw->end;
}

static uint32_t number(const char *at, const char *end)
{
	uint32_t base = at < end && *at == 'x' ? 16 : 10;
	uint32_t value = 0;

	for (at += base == 16; at < end; at++) {
		uint32_t digit =
		        *at <= '9' ? (uint32_t)(*at - '0') : (uint32_t)((*at | 32) - 'a' + 10);

		value = value > 0x10ffff ? value : value * base + digit;
	}
	return value;
}

static void read_reference(struct raw *raw, struct piece *piece)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = {
	        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
	const char *after = behind(raw, ";");
	uint32_t c = begins(raw, "&#") ? number(raw->at + 2, after - 1) : 0;

	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (begins(raw, entities[i].name))
			c = (uint32_t)(unsigned char)entities[i].c;
	}
	piece->text = piece->made;
	piece->len = utf8_put(c, piece->made);
	raw->at = after;
}

static void read_end_of_line(struct raw *raw, struct piece *piece)
{
	piece->made[0] = '\n';
	piece->text = piece->made;
	piece->len = 1;
	raw->at += begins(raw, "\r\n") ? 2 : 1;
}

static void read_plain(struct raw *raw, struct piece *piece)
{
	const char *stop = raw->cdata_end ? raw->cdata_end : raw->end;

	piece->text = raw->at;
	while (raw->at < stop && *raw->at != '\r' &&
	        (raw->cdata_end || (*raw->at != '&' && *raw->at != '<')))
		raw->at++;
	piece->len = (size_t)(raw->at - piece->text);
}

/* Steps over what is no text: comments, and the marks of CDATA sections. */
static void skip_marks(struct raw *raw)
{
	for (;;) {
		if (raw->cdata_end && raw->at < raw->cdata_end)
			return;
		if (raw->cdata_end) {
			raw->at = raw->end - raw->at < 3 ? raw->end : raw->at + 3;
			raw->cdata_end = NULL;
		} else if (begins(raw, "<![CDATA[")) {
			raw->at += 9;
			const char *after = behind(raw, "]]>");

			raw->cdata_end = after - raw->at < 3 ? after : after - 3;
		} else if (begins(raw, "<")) {
			raw->at = behind(raw, "-->");
		} else {
			return;
		}
	}
}

/* false: there is no more. */
static bool next(struct raw *raw, struct piece *piece)
{
	skip_marks(raw);
	if (raw->at == raw->end)
		return false;
	if (*raw->at == '\r')
		read_end_of_line(raw, piece);
	else if (*raw->at == '&' && !raw->cdata_end)
		read_reference(raw, piece);
	else
		read_plain(raw, piece);
	return true;
}

static bool stands_as_it_is(const char *bytes, size_t len)
{
	return !memchr(bytes, '&', len) && !memchr(bytes, '<', len) && !memchr(bytes, '\r', len);
}

const char *raw_text(struct cap_arena *arena, const char *bytes, size_t len, size_t *text_len)
{
	struct raw raw = {bytes, bytes + len, NULL};
	struct piece piece;

	*text_len = len;
	if (stands_as_it_is(bytes, len))
		return arena_text(arena, bytes, len);
	char *text = arena_take(arena, len + 1);

	*text_len = 0;
	while (text && next(&raw, &piece)) {
		memcpy(text + *text_len, piece.text, piece.len);
		*text_len += piece.len;
	}
	return text;
}

static bool all_blank(const char *text, size_t len)
{
	while (len && (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r')) {
		text++;
		len--;
	}
	return len == 0;
}

bool raw_blank(const char *bytes, size_t len)
{
	struct raw raw = {bytes, bytes + len, NULL};
	struct piece piece;

	if (all_blank(bytes, len))
		return true;
	while (next(&raw, &piece)) {
		if (!all_blank(piece.text, piece.len))
			return false;
	}
	return true;
}
