/* SPDX-License-Identifier: Apache-2.0
 * cap_leaf - see cap_leaf.h. Pure, and asks for no memory.
 */
#include "cap_leaf.h"

#include <string.h>

enum { MAX_DIGITS = 24, MAX_SUBTAG = 8 };

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool cap_leaf_blank(const char *text)
{
	return !text || text[strspn(text, " \t\r\n")] == '\0';
}

/* [a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})* */
bool cap_leaf_language(const char *text)
{
	size_t len = 0;
	bool first = true;

	if (!*text)
		return true;
	for (; *text; text++) {
		if (*text == '-') {
			if (len == 0)
				return false;
			first = false;
			len = 0;
		} else if ((!is_letter(*text) && (first || !is_digit(*text))) ||
		           ++len > MAX_SUBTAG) {
			return false;
		}
	}
	return len > 0;
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Steps over characters a URI may hold there: pchar without ':' and '@', and of `also`. Those it
 * may not hold but an anyURI may (Chinese ones, blanks) count as any other. */
static void skip(const char **at, const char *also)
{
	for (;; *at += 1) {
		char c = **at;

		if (c == '%' && is_hex((*at)[1]) && is_hex((*at)[2]))
			*at += 2;
		else if (!c || (strchr(":/?#[]@%", c) && !strchr(also, c)))
			return;
	}
}

/* [userinfo@]host[:port], as far as it goes. */
static bool skip_authority(const char **at)
{
	const char *from = *at;

	skip(at, ":");
	if (**at == '@')
		*at += 1;
	else
		*at = from;
	if (**at == '[') {
		*at += strcspn(*at, "]");
		if (!**at)
			return false;
		*at += 1;
	} else {
		skip(at, "");
	}
	if (**at != ':')
		return true;
	from = *at += 1;
	while (is_digit(**at))
		*at += 1;
	return *at > from;
}

/* hier-part or relative-part, then query and fragment, to the end. `first`: what the path's first
 * part may hold besides. */
static bool is_rest(const char *at, const char *first)
{
	if (at[0] == '/' && at[1] == '/') {
		at += 2;
		if (!skip_authority(&at) || (*at && !strchr("/?#", *at)))
			return false;
	} else {
		skip(&at, first);
	}
	if (*at == '/')
		skip(&at, ":@/");
	if (*at == '?') {
		at++;
		skip(&at, ":@/?");
	}
	if (*at == '#') {
		at++;
		skip(&at, ":@/?[]");
	}
	return *at == '\0';
}

bool cap_leaf_uri(const char *text)
{
	const char *at = text;

	if (is_letter(*at)) {
		while (is_letter(*at) || is_digit(*at) || (*at && strchr("+-.", *at)))
			at++;
		if (*at == ':' && is_rest(at + 1, ":@"))
			return true;
	}
	return is_rest(text, "@");
}

static bool is_number(const char *text, bool decimals)
{
	size_t digits = 0;

	text += *text == '+' || *text == '-';
	for (; is_digit(*text); text++)
		digits++;
	if (decimals && *text == '.') {
		for (text++; is_digit(*text); text++)
			digits++;
	}
	return *text == '\0' && digits > 0 && digits <= MAX_DIGITS;
}

bool cap_leaf_integer(const char *text)
{
	return is_number(text, false);
}

bool cap_leaf_decimal(const char *text)
{
	return is_number(text, true);
}
