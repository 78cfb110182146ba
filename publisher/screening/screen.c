/* SPDX-License-Identifier: Apache-2.0
 * screen - see screen.h. A text is folded into letters that remember where they stood; the forms
 * are looked for there. Relies on checked UTF-8; cannot fail.
 */
#include "screen.h"

#include <stdlib.h>
#include <string.h>

#include "free_text.h"
#include "utf8.h"

struct letter {
	uint32_t c;
	size_t at; /* character of the text, counted from 1 */
};

struct letters {
	struct letter *items;
	size_t count;
};

static bool is_invisible(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       c == 0x2060 || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static uint32_t folded(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xfee0;
	if (c == 0x3000 || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || (c < 0x20 && c > 0))
		return ' ';
	if (c >= 0x2010 && c <= 0x2015)
		return '-';
	return c;
}

static struct letters fold(const char *text)
{
	struct letters letters = {0};
	size_t at = 0;
	uint32_t c;

	while ((c = utf8_next(&text)) != 0) {
		at++;
		if (is_invisible(c))
			continue;
		struct letter *letter =
		        mem_push(&letters.items, &letters.count, sizeof *letters.items);
		*letter = (struct letter){folded(c), at};
	}
	return letters;
}

static uint32_t letter_at(const struct letters *letters, size_t index)
{
	return index < letters->count ? letters->items[index].c : 0;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

struct screening_place {
	const char *path;
	const struct texts *allowed;
	struct cap_problems *problems;
	size_t found;
};

static void hit(
        struct screening_place *place, size_t at, const char *rule, const char *zh, const char *en)
{
	char *path = mem_format("%s (character %zu)", place->path, at);

	cap_problem_add(place->problems, CAP_PROBLEM_WARNING, rule, path,
	        "第 %zu 个字起%s，已扣住，改去后才能发布%.0s",
	        "%zu characters in: %.0s%s; held until it is taken out", at, zh, en);
	place->found++;
	free(path);
}

static size_t skip_blanks(const struct letters *letters, size_t index)
{
	while (letter_at(letters, index) == ' ')
		index++;
	return index;
}

/* 绝密★, 机 密 ☆, 秘密*10年 */
static void look_for_marks(const struct letters *letters, struct screening_place *place)
{
	for (size_t i = 0; i < letters->count; i++) {
		uint32_t first = letter_at(letters, i);
		if (first != 0x7edd && first != 0x673a && first != 0x79d8) /* 绝 机 秘 */
			continue;
		size_t second = skip_blanks(letters, i + 1);
		size_t star = skip_blanks(letters, second + 1);
		uint32_t mark = letter_at(letters, star);
		if (letter_at(letters, second) == 0x5bc6 &&
		        (mark == 0x2605 || mark == 0x2606 || mark == '*'))
			hit(place, letters->items[i].at, "screen.secret", "疑似国家秘密标志",
			        "looks like a state-secret mark");
	}
}

/* Numbers written in pieces: 138-1234-5678, 110101 19900307 7715. */
enum { PIECES = 32, ID_LEN = 18, MOBILE_LEN = 11 };

struct piece {
	size_t first, len; /* into the letters */
};

/* The digits of pieces [from, to] joined, and a closing X; false when they are more than fit. */
static bool joined(const struct letters *letters, const struct piece *pieces, size_t from,
        size_t to, char digits[ID_LEN + 2])
{
	size_t len = 0;

	for (size_t i = from; i <= to; i++)
		for (size_t n = 0; n < pieces[i].len; n++) {
			if (len == ID_LEN)
				return false;
			digits[len++] = (char)letter_at(letters, pieces[i].first + n);
		}
	uint32_t next = letter_at(letters, pieces[to].first + pieces[to].len);
	if (len == ID_LEN - 1 && (next == 'x' || next == 'X'))
		digits[len++] = 'X';
	digits[len] = '\0';
	return true;
}

static bool is_resident_id(const char *digits)
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	if (strlen(digits) != ID_LEN || digits[0] == '0')
		return false;
	int month = (digits[10] - '0') * 10 + (digits[11] - '0');
	int day = (digits[12] - '0') * 10 + (digits[13] - '0');
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	for (int i = 0; i < ID_LEN - 1; i++)
		sum += weights[i] * (digits[i] - '0');
	return digits[ID_LEN - 1] == "10X98765432"[sum % 11];
}

static bool is_mobile(const char *digits, const struct texts *allowed)
{
	if (strlen(digits) == MOBILE_LEN + 2 && strncmp(digits, "86", 2) == 0)
		digits += 2;
	if (strlen(digits) != MOBILE_LEN || digits[0] != '1' || digits[1] < '3')
		return false;
	for (size_t i = 0; allowed && i < allowed->count; i++)
		if (strcmp(allowed->items[i], digits) == 0)
			return false;
	return true;
}

/* A phone number in pieces is written 138-1234-5678, with or without 86 before it: other cuts are
 * dates and measures. */
static bool cut_like_mobile(const struct piece *pieces, size_t from, size_t to)
{
	if (to > from && pieces[from].len == 2)
		from++;
	if (from == to)
		return true;
	return to - from == 2 && pieces[from].len == 3 && pieces[from + 1].len == 4 &&
	       pieces[to].len == 4;
}

/* Looks at every run of neighbouring pieces, longest first; returns how many pieces the find took,
 * or 1. */
static size_t look_at_pieces(const struct letters *letters, const struct piece *pieces, size_t from,
        size_t count, struct screening_place *place)
{
	for (size_t to = count; to-- > from;) {
		char digits[ID_LEN + 2];
		size_t at = letters->items[pieces[from].first].at;
		if (to - from >= 6 || !joined(letters, pieces, from, to, digits))
			continue;
		if (is_resident_id(digits)) {
			hit(place, at, "screen.resident-id", "疑似居民身份证号",
			        "looks like a resident id number");
			return to - from + 1;
		}
		if (cut_like_mobile(pieces, from, to) && is_mobile(digits, place->allowed)) {
			hit(place, at, "screen.mobile", "疑似个人手机号",
			        "looks like a personal mobile number");
			return to - from + 1;
		}
	}
	return 1;
}

static size_t collect_pieces(
        const struct letters *letters, size_t *index, struct piece pieces[PIECES])
{
	size_t count = 0;
	size_t i = *index;

	while (count < PIECES && is_digit(letter_at(letters, i))) {
		pieces[count].first = i;
		while (is_digit(letter_at(letters, i)))
			i++;
		pieces[count].len = i - pieces[count].first;
		count++;
		*index = i;
		if (letter_at(letters, i) == ' ' || letter_at(letters, i) == '-')
			i++;
	}
	return count;
}

static void look_for_numbers(const struct letters *letters, struct screening_place *place)
{
	size_t i = 0;

	while (i < letters->count) {
		struct piece pieces[PIECES];
		if (!is_digit(letter_at(letters, i))) {
			i++;
			continue;
		}
		size_t count = collect_pieces(letters, &i, pieces);
		for (size_t from = 0; from < count;)
			from += look_at_pieces(letters, pieces, from, count, place);
	}
}

size_t screen_text(const char *path, const char *text, const struct texts *allowed,
        struct cap_problems *problems)
{
	struct screening_place place = {path, allowed, problems, 0};

	if (!text || !text[0])
		return 0;
	struct letters letters = fold(text);
	look_for_marks(&letters, &place);
	look_for_numbers(&letters, &place);
	free(letters.items);
	return place.found;
}

size_t screen_alert(
        const struct cap_alert *alert, const struct texts *allowed, struct cap_problems *problems)
{
	struct free_texts texts;
	size_t found = 0;

	free_texts_of(alert, &texts);
	for (size_t i = 0; i < texts.count; i++)
		found += screen_text(texts.items[i].path, texts.items[i].text, allowed, problems);
	free_texts_finish(&texts);
	return found;
}
