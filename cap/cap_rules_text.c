/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_text - rules about every text of an info block, and about name-value pairs
 * (cap_rules.h). Cannot fail.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_rules.h"

enum { FEW_PAIRS = 8 }; /* compared each with each */

static const struct {
	const char *name;
	size_t offset;
} texts[CAP_TEXTS] = {
        {"event", offsetof(struct cap_info, event)},
        {"audience", offsetof(struct cap_info, audience)},
        {"senderName", offsetof(struct cap_info, sender_name)},
        [CAP_TEXT_HEADLINE] = {"headline", offsetof(struct cap_info, headline)},
        [CAP_TEXT_DESCRIPTION] = {"description", offsetof(struct cap_info, description)},
        {"instruction", offsetof(struct cap_info, instruction)},
        {"contact", offsetof(struct cap_info, contact)},
};

static const char *text_of(const struct cap_info *info, size_t i)
{
	return *(char *const *)((const char *)info + texts[i].offset);
}

/* clang-format off */
#define C CAP_MARK_CONTROL
#define L CAP_MARK_LATIN
#define A CAP_MARK_ACCENT
#define H CAP_MARK_HAN
#define O CAP_MARK_OTHER
#define SIXTEEN(x) x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x
static const uint16_t marks[256] = {
	0, C, C, C, C, C, C, C, C, 0, 0, C, C, 0, C, C,
	SIXTEEN(C),
	0, 0, 0, 0, 0, 0, CAP_MARK_AMP, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, CAP_MARK_LESS, 0, 0, 0,
	0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0,
	0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0,
	SIXTEEN(0), SIXTEEN(0), SIXTEEN(0), SIXTEEN(0),
	O, O, O, A, A, A, A, A, A, A, O, O, O, O, O, O,
	SIXTEEN(O),
	O, O, CAP_MARK_E2, O, H, H, H, H, H, H, O, O, O, O, O, CAP_MARK_EF,
	SIXTEEN(O),
};
#undef C
#undef L
#undef A
#undef H
#undef O
/* clang-format on */

unsigned cap_marks(const char *text)
{
	unsigned found = 0;

	for (const unsigned char *c = (const unsigned char *)text; c && *c; c++)
		found |= marks[*c];
	return found;
}

void cap_info_marks(const struct cap_info *info, struct cap_info_marks *out)
{
	for (size_t i = 0; i < CAP_TEXTS; i++)
		out->texts[i] = cap_marks(text_of(info, i));
	out->areas = 0;
	for (size_t i = 0; i < info->area_count; i++)
		out->areas |= cap_marks(info->areas[i].desc);
}

/* Where in the text the fault begins; NULL = nowhere. */
typedef const char *find_function(const char *text);

/* Only texts that hold one of these marks can have the fault. */
static void each_text(const struct cap_look *look, unsigned wanted, find_function *find)
{
	for (size_t i = 0; i < CAP_TEXTS; i++) {
		const char *at =
		        look->marks->texts[i] & wanted ? find(text_of(look->info, i)) : NULL;

		if (at)
			cap_found(look, texts[i].name, 0, at);
	}
	if (!(look->marks->areas & wanted))
		return;
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

		if (marks[c] & CAP_MARK_CONTROL)
			return at;
		/* U+FFFE and U+FFFF */
		if (c == 0xef && at[1] == '\xbf' && (at[2] == '\xbe' || at[2] == '\xbf'))
			return at;
	}
	return NULL;
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

/* UTF-8 read as Latin-1 or Windows-1252: "Ã©", "â€™", "å¤©". */
static const char *find_latin(const char *text)
{
	static const char *const marks_of_it[] = {
	        "\xc3\x83\xc2", "\xc3\x82\xc2", "\xc3\xa2\xe2\x82\xac"};

	for (size_t i = 0; i < sizeof marks_of_it / sizeof *marks_of_it; i++) {
		const char *at = strstr(text, marks_of_it[i]);

		if (at)
			return at;
	}
	return find_latin_chinese(text);
}

/* U+FFFD; UTF-8 read as GBK and back (锟斤拷); memory never filled in (烫烫烫). By the byte that is
 * rarest in it. */
static const char *find_lost(const char *text)
{
	for (const char *at = strchr(text, '\xef'); at; at = strchr(at + 1, '\xef')) {
		if (at[1] == '\xbf' && at[2] == '\xbd')
			return at;
	}
	const char *lost = strstr(text, "锟斤拷");

	return lost ? lost : strstr(text, "烫烫烫");
}

void cap_rule_html(const struct cap_look *look)
{
	each_text(look, CAP_MARK_LESS, find_html);
}

void cap_rule_entity(const struct cap_look *look)
{
	each_text(look, CAP_MARK_AMP, find_entity);
}

void cap_rule_control(const struct cap_look *look)
{
	each_text(look, CAP_MARK_CONTROL | CAP_MARK_EF, find_control);
}

void cap_rule_bidi(const struct cap_look *look)
{
	each_text(look, CAP_MARK_E2, find_bidi);
}

void cap_rule_mojibake(const struct cap_look *look)
{
	each_text(look, CAP_MARK_ACCENT, find_latin);
	each_text(look, CAP_MARK_EF | CAP_MARK_HAN, find_lost);
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

static void twin(
        const struct cap_look *look, const char *name, const struct cap_pairs *pairs, size_t index)
{
	cap_found(look, name, index + 1, pairs->items[index].value);
}

static bool same_pair(const struct cap_pair *a, const struct cap_pair *b)
{
	return strcmp(a->value, b->value) == 0 && strcmp(a->name, b->name) == 0;
}

/* Sorted first, so that thirty thousand pairs do not take a thousand million comparisons. */
static void twins_of_many(
        const struct cap_look *look, const char *name, const struct cap_pairs *pairs)
{
	const struct cap_pair **order = mem_array(pairs->count, sizeof *order);

	for (size_t i = 0; i < pairs->count; i++)
		order[i] = &pairs->items[i];
	qsort(order, pairs->count, sizeof *order, compare_pairs);
	for (size_t i = 1; i < pairs->count; i++) {
		if (same_pair(order[i], order[i - 1]))
			twin(look, name, pairs, (size_t)(order[i] - pairs->items));
	}
	free(order);
}

static void twin_pairs(const struct cap_look *look, const char *name, const struct cap_pairs *pairs)
{
	if (pairs->count > FEW_PAIRS) {
		twins_of_many(look, name, pairs);
		return;
	}
	for (size_t i = 1; i < pairs->count; i++) {
		size_t k = 0;

		while (k < i && !same_pair(&pairs->items[k], &pairs->items[i]))
			k++;
		if (k < i)
			twin(look, name, pairs, i);
	}
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
