/* SPDX-License-Identifier: Apache-2.0
 * cap_leaf - see cap_leaf.h. Pure; relies on libxml2 for the grammar of URIs only.
 */
#include "cap_leaf.h"

#include <libxml/uri.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { MAX_DIGITS = 24, MAX_SUBTAG = 8 };

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
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

/* Characters a URI may not hold but an anyURI may (Chinese ones, blanks) count as any other. */
bool cap_leaf_uri(const char *text)
{
	char *plain = mem_text(text);

	for (char *c = plain; *c; c++) {
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f ||
		        strchr("<>\"{}|\\^`", *c))
			*c = '_';
	}
	xmlURIPtr uri = *plain ? xmlParseURI(plain) : NULL;
	bool good = uri || !*plain;

	xmlFreeURI(uri);
	free(plain);
	return good;
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
