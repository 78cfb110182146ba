/* SPDX-License-Identifier: Apache-2.0
 * cap_rules - questions that several rules ask (cap_rules.h). Cannot fail.
 */
#include "cap_rules.h"

#include <string.h>
#include <strings.h>

bool cap_blank(const char *text)
{
	while (text && (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n'))
		text++;
	return !text || *text == '\0';
}

bool cap_same_text(const char *a, const char *b)
{
	return !cap_blank(a) && b && strcmp(a, b) == 0;
}

const char *cap_language(const struct cap_info *info)
{
	return cap_blank(info->language) ? "en-US" : info->language;
}

bool cap_language_is(const char *language, const char *primary)
{
	size_t len = strlen(primary);

	return strncasecmp(language, primary, len) == 0 &&
	       (language[len] == '\0' || language[len] == '-');
}

bool cap_has_code(const struct cap_alert *alert, const char *code, bool only_begins)
{
	for (size_t i = 0; i < alert->codes.count; i++) {
		const char *item = alert->codes.items[i];

		if (only_begins ? strncmp(item, code, strlen(code)) == 0 : strcmp(item, code) == 0)
			return true;
	}
	return false;
}

const struct cap_pair *cap_pair_beginning(const struct cap_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (strncmp(pairs->items[i].name, name, strlen(name)) == 0)
			return &pairs->items[i];
	}
	return NULL;
}

bool cap_digits(const char *text, size_t count)
{
	return strspn(text, "0123456789") == count && text[count] == '\0';
}
