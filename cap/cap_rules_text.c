/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_text - rules about every text of an info block, and about name-value pairs
 * (cap_rules.h). Cannot fail.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_rules.h"

static const struct {
	const char *name;
	size_t offset;
} texts[] = {
        {"event", offsetof(struct cap_info, event)},
        {"audience", offsetof(struct cap_info, audience)},
        {"senderName", offsetof(struct cap_info, sender_name)},
        {"headline", offsetof(struct cap_info, headline)},
        {"description", offsetof(struct cap_info, description)},
        {"instruction", offsetof(struct cap_info, instruction)},
        {"contact", offsetof(struct cap_info, contact)},
};

/* Where in the text the fault begins; NULL = nowhere. */
typedef const char *find_function(const char *text);

static void each_text(const struct cap_look *look, find_function *find)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *text = *(char *const *)((const char *)look->info + texts[i].offset);
		const char *at = text ? find(text) : NULL;

		if (at)
			cap_found(look, texts[i].name, 0, at);
	}
	for (size_t i = 0; i < look->info->area_count; i++) {
		const char *desc = look->info->areas[i].desc;
		const char *at = desc ? find(desc) : NULL;

		if (at)
			cap_found(look, "area", i + 1, at);
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "<b", "</p", "<!-" and a ">" somewhere behind: looked for from the last one, so one pass is
 * enough. */
static const char *find_html(const char *text)
{
	const char *end = strrchr(text, '>');

	for (const char *at = strchr(text, '<'); at && end && at < end; at = strchr(at + 1, '<')) {
		if (is_letter(at[1]) || (at[1] == '/' && is_letter(at[2])) || at[1] == '!')
			return at;
	}
	return NULL;
}

static const char *find_entity(const char *text)
{
	enum { LONGEST = 10 };

	for (const char *at = strchr(text, '&'); at; at = strchr(at + 1, '&')) {
		size_t len = at[1] == '#';

		while (len < LONGEST &&
		        (is_letter(at[len + 1]) || (at[len + 1] >= '0' && at[len + 1] <= '9')))
			len++;
		if (len > 1 && at[len + 1] == ';')
			return at;
	}
	return NULL;
}

static const char *find_control(const char *text)
{
	for (const char *at = text; *at; at++) {
		unsigned char c = (unsigned char)*at;

		if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
			return at;
	}
	const char *low = strstr(text, "\xef\xbf\xbe"); /* U+FFFE and U+FFFF */

	return low ? low : strstr(text, "\xef\xbf\xbf");
}

/* U+202A to U+202E and U+2066 to U+2069. */
static const char *find_bidi(const char *text)
{
	for (const char *at = strchr(text, '\xe2'); at; at = strchr(at + 1, '\xe2')) {
		unsigned char second = (unsigned char)at[1];
		unsigned char third = second ? (unsigned char)at[2] : 0;

		if ((second == 0x80 && third >= 0xaa && third <= 0xae) ||
		        (second == 0x81 && third >= 0xa6 && third <= 0xa9))
			return at;
	}
	return NULL;
}

/* A Chinese character's three bytes of UTF-8, each taken for a character of Latin-1. */
static const char *find_latin_chinese(const char *text)
{
	for (const char *at = strchr(text, '\xc3'); at; at = strchr(at + 1, '\xc3')) {
		const unsigned char *c = (const unsigned char *)at;

		if (c[1] >= 0xa4 && c[1] <= 0xa9 && c[2] == 0xc2 && c[3] && c[4] == 0xc2)
			return at;
	}
	return NULL;
}

/* U+FFFD; UTF-8 read as Latin-1 or Windows-1252 ("Ã©", "â€™"); as GBK and back (锟斤拷); memory
 * never filled in (烫烫烫). */
static const char *find_mojibake(const char *text)
{
	static const char *const marks[] = {"\xef\xbf\xbd", "\xc3\x83\xc2", "\xc3\x82\xc2",
	        "\xc3\xa2\xe2\x82\xac", "锟斤拷", "烫烫烫"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *at = strstr(text, marks[i]);

		if (at)
			return at;
	}
	return find_latin_chinese(text);
}

void cap_rule_html(const struct cap_look *look)
{
	each_text(look, find_html);
}

void cap_rule_entity(const struct cap_look *look)
{
	each_text(look, find_entity);
}

void cap_rule_control(const struct cap_look *look)
{
	each_text(look, find_control);
}

void cap_rule_bidi(const struct cap_look *look)
{
	each_text(look, find_bidi);
}

void cap_rule_mojibake(const struct cap_look *look)
{
	each_text(look, find_mojibake);
}

static void empty_pairs(
        const struct cap_look *look, const char *name, const struct cap_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (cap_blank(pairs->items[i].name) || cap_blank(pairs->items[i].value))
			cap_found(look, name, i + 1, pairs->items[i].name);
	}
}

static int compare_pairs(const void *a, const void *b)
{
	const struct cap_pair *x = *(const struct cap_pair *const *)a;
	const struct cap_pair *y = *(const struct cap_pair *const *)b;
	int order = strcmp(x->name, y->name);

	if (order == 0)
		order = strcmp(x->value, y->value);
	return order ? order : (x > y) - (x < y);
}

/* Sorted first, so that thirty thousand pairs do not take a thousand million comparisons. */
static void twin_pairs(const struct cap_look *look, const char *name, const struct cap_pairs *pairs)
{
	if (pairs->count < 2)
		return;
	const struct cap_pair **order = mem_array(pairs->count, sizeof *order);

	for (size_t i = 0; i < pairs->count; i++)
		order[i] = &pairs->items[i];
	qsort(order, pairs->count, sizeof *order, compare_pairs);
	for (size_t i = 1; i < pairs->count; i++) {
		if (strcmp(order[i]->name, order[i - 1]->name) == 0 &&
		        strcmp(order[i]->value, order[i - 1]->value) == 0)
			cap_found(
			        look, name, (size_t)(order[i] - pairs->items) + 1, order[i]->value);
	}
	free(order);
}

void cap_rule_event_code_empty(const struct cap_look *look)
{
	empty_pairs(look, "eventCode", &look->info->event_codes);
}

void cap_rule_event_code_twice(const struct cap_look *look)
{
	twin_pairs(look, "eventCode", &look->info->event_codes);
}

void cap_rule_parameter_empty(const struct cap_look *look)
{
	empty_pairs(look, "parameter", &look->info->parameters);
}

void cap_rule_parameter_twice(const struct cap_look *look)
{
	twin_pairs(look, "parameter", &look->info->parameters);
}

void cap_rule_geocode_empty(const struct cap_look *look)
{
	empty_pairs(look, "geocode", &look->area->geocodes);
}

void cap_rule_geocode_twice(const struct cap_look *look)
{
	twin_pairs(look, "geocode", &look->area->geocodes);
}
