/* SPDX-License-Identifier: Apache-2.0
 * cap_liberty - see cap_liberty.h: times and words. cap_liberty_shape.c has the shapes.
 */
#include "cap_liberty.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool digits(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_digit(text[i]))
			return false;
	}
	return true;
}

/* "2026-11-23", then T or a blank. */
static bool take_date(const char **at, char *out, unsigned *liberties)
{
	const char *p = *at;

	if (!digits(p, 4) || p[4] != '-' || !digits(p + 5, 2) || p[7] != '-' || !digits(p + 8, 2) ||
	        (p[10] != 'T' && p[10] != 't' && p[10] != ' '))
		return false;
	memcpy(out, p, 10);
	out[10] = 'T';
	if (p[10] == ' ')
		*liberties |= LIBERTY_BLANK;
	if (p[10] == 't')
		*liberties |= LIBERTY_CLOCK;
	*at += 11;
	return true;
}

/* "09:00:00", or without seconds, or with parts of one. */
static bool take_clock(const char **at, char *out, unsigned *liberties)
{
	const char *p = *at;

	if (!digits(p, 2) || p[2] != ':' || !digits(p + 3, 2))
		return false;
	memcpy(out, "00:00:00", 8);
	memcpy(out, p, 5);
	*at += 5;
	if (**at != ':') {
		*liberties |= LIBERTY_CLOCK;
		return true;
	}
	if (!digits(p + 6, 2))
		return false;
	memcpy(out + 6, p + 6, 2);
	*at += 3;
	if (**at != '.' && **at != ',')
		return true;
	if (!is_digit((*at)[1]))
		return false;
	for (*at += 1; is_digit(**at); *at += 1)
		continue;
	*liberties |= LIBERTY_FRACTION;
	return true;
}

/* "+08:00", "+0800", "+08", "Z" or nothing, to the end. */
static bool take_offset(const char *at, const char *zone, char *out, unsigned *liberties)
{
	if (*at == '\0' && strlen(zone) == 6) {
		*liberties |= LIBERTY_ZONE;
		memcpy(out, zone, 6);
		return true;
	}
	if (*at == ' ') {
		*liberties |= LIBERTY_CLOCK;
		at++;
	}
	if ((*at == 'Z' || *at == 'z') && at[1] == '\0') {
		*liberties |= LIBERTY_ZULU;
		memcpy(out, "-00:00", 6);
		return true;
	}
	if ((*at != '+' && *at != '-') || !digits(at + 1, 2))
		return false;
	memcpy(out, "+00:00", 6);
	memcpy(out, at, 3);
	at += 3;
	if (*at != ':')
		*liberties |= LIBERTY_CLOCK;
	at += *at == ':';
	if (*at == '\0')
		return at[-1] != ':';
	if (!digits(at, 2) || at[2])
		return false;
	memcpy(out + 4, at, 2);
	return true;
}

bool liberty_time(const char *text, const char *zone, struct cap_time *out, unsigned *liberties)
{
	char strict[26] = "";

	*liberties = 0;
	return take_date(&text, strict, liberties) && take_clock(&text, strict + 11, liberties) &&
	       take_offset(text, zone, strict + 19, liberties) && cap_time_read(strict, out);
}

bool liberty_lacks_zone(const char *text)
{
	struct cap_time time;
	unsigned liberties;

	return liberty_time(text, "+00:00", &time, &liberties) && (liberties & LIBERTY_ZONE);
}

static bool is_gap(char c)
{
	return c && strchr(" \t\r\n_-", c) != NULL;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_letters(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (is_gap(*a))
			a++;
		while (is_gap(*b))
			b++;
		if (lower(*a) != lower(*b))
			return false;
		if (!*a)
			return true;
	}
}

bool liberty_word(const struct cap_words *list, const char *text, unsigned *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (same_letters(list->words[i], text)) {
			*out = (unsigned)i;
			return true;
		}
	}
	if (list != &cap_certainty_words || !same_letters("VeryLikely", text))
		return false;
	*out = CAP_LIKELY;
	return true;
}
