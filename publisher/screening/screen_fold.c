/* SPDX-License-Identifier: Apache-2.0
 * screen_fold - see screen_fold.h.
 */
#include "screen_fold.h"

#include <string.h>

#include <unictype.h>
#include <uninorm.h>

#include "utf8.h"

enum { NUMERALS = 7, PIECES = 18 };

bool screen_is_han(uint32_t c)
{
	return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
	       (c >= 0x20000 && c <= 0x3134f) || c == 0x3007;
}

/* What a reader does not see: format characters, marks put over others, variation selectors. */
static bool is_invisible(uint32_t c)
{
	return c >= 0x80 &&
	       (c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 ||
	               uc_is_general_category_withtable(
	                       c, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me | UC_CATEGORY_MASK_Cf));
}

static uint32_t plain(uint32_t c, const struct screen_lists *lists)
{
	c = screen_alike(lists, c);
	if (c < 0x80)
		return c == '\n' ? c : c <= 0x20 || c == 0x7f ? ' ' : c;
	int digit = uc_decimal_value(c);
	if (digit >= 0)
		return (uint32_t)('0' + digit);
	return c == 0x2028 || c == 0x2029 || c == 0x85 ? '\n'
	       : uc_is_property_white_space(c)         ? ' '
	                                               : c;
}

static void push(struct letters *letters, uint32_t c, size_t at)
{
	struct letter *letter = mem_push(&letters->items, &letters->count, sizeof *letter);

	*letter = (struct letter){c, at};
	letters->han = letters->han || screen_is_han(c);
}

static void fold_one(
        struct letters *letters, uint32_t c, size_t at, const struct screen_lists *lists)
{
	uint32_t room[PIECES];
	size_t count = PIECES;
	uint32_t same = screen_alike(lists, c);

	if (c < 0x80 || same != c) {
		push(letters, plain(same, lists), at);
		return;
	}
	const uint32_t *parts = u32_normalize(UNINORM_NFKC, &c, 1, room, &count);
	if (parts != room) {
		push(letters, plain(c, lists), at); /* longer than any number or name needs */
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (!is_invisible(parts[i]))
			push(letters, plain(parts[i], lists), at);
}

/* 零一二...九 -> 0-9; -1: none of them. */
static int numeral(uint32_t c)
{
	static const uint32_t numerals[] = {
	        0x96f6, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};

	for (int i = 0; i < 10; i++)
		if (numerals[i] == c)
			return i;
	return -1;
}

/* 一三八零零一三八零零零: no quantity is written so, only a number somebody hides or reads out. */
static void digits_of_numerals(struct letters *letters)
{
	for (size_t i = 0; i < letters->count;) {
		size_t end = i;
		while (end < letters->count && numeral(letters->items[end].c) >= 0)
			end++;
		for (size_t n = i; end - i >= NUMERALS && n < end; n++)
			letters->items[n].c = (uint32_t)('0' + numeral(letters->items[n].c));
		i = end > i ? end : i + 1;
	}
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static void digits_of_letters(struct letters *letters)
{
	for (size_t i = 1; i + 1 < letters->count; i++) {
		uint32_t c = letters->items[i].c;
		bool between =
		        is_digit(letters->items[i - 1].c) && is_digit(letters->items[i + 1].c);
		if (between && (c == 'O' || c == 'o'))
			letters->items[i].c = '0';
		else if (between && (c == 'l' || c == 'I' || c == '|'))
			letters->items[i].c = '1';
	}
}

struct letters screen_fold(const char *text, const struct screen_lists *lists)
{
	struct letters letters = {0};
	size_t at = 0;
	uint32_t c;

	for (; (c = utf8_next(&text)) != 0; at++)
		if (!is_invisible(c))
			fold_one(&letters, c, at, lists);
	digits_of_numerals(&letters);
	digits_of_letters(&letters);
	return letters;
}
