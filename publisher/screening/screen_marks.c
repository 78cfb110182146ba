/* SPDX-License-Identifier: Apache-2.0
 * screen_marks - marks of secrecy: the rows of secrecy-marks.csv, also when their characters stand
 * apart (绝 密 ★ 10年). Cannot fail.
 */
#include <string.h>

#include "screen_look.h"

enum { APART_MOST = 3 };

/* What may stand between the characters of one mark. */
static bool parts(uint32_t c)
{
	return c == ' ' || c == '\n' || c == '-' || c == '_' || c == '.' || c == 0xb7 || c == '|' ||
	       c == '/' || c == '~' || c == '+' || c == 0x30fb;
}

static size_t skip_parts(const struct look *look, size_t index)
{
	size_t from = index;

	while (index - from < APART_MOST && parts(look_at(look, index)))
		index++;
	return index;
}

static bool stands_at(
        const struct look *look, size_t index, const struct screen_mark *mark, size_t *end)
{
	for (size_t i = 0; i < mark->count; i++) {
		uint32_t c;
		index = i ? skip_parts(look, index) : index;
		c = look_at(look, index++);
		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != mark->letters[i])
			return false;
	}
	*end = index;
	return true;
}

/* 长期, 10年, 6个月 */
static size_t period_end(const struct look *look, size_t index)
{
	static const char *const words[] = {"长期", "年", "个月", "月", "天", "日"};
	size_t from = index;

	while (look_is_digit(look, index) && index - from < 4)
		index++;
	return index == from ? look_word_of(look, index, words, 1)
	                     : look_word_of(look, index, words + 1, 5);
}

/* Behind the level: a star, or a period that something parts from it. */
static bool has_star(const struct look *look, size_t *end)
{
	size_t at = skip_parts(look, *end);
	size_t period;

	if (look_at(look, at) == '*') {
		period = period_end(look, skip_parts(look, at + 1));
		*end = period ? period : at + 1;
		return true;
	}
	uint32_t c = look_at(look, at);
	bool apart = at > *end || c == ':' || c == '(' || c == ',';
	period = apart ? period_end(look, at + (c == ':' || c == '(' || c == ',')) : 0;
	if (!period)
		return false;
	*end = period;
	return true;
}

static bool is_edge(uint32_t c)
{
	static const uint32_t edges[] = {0, '\n', '(', ')', '[', ']', 0x3010, 0x3011, 0x300a,
	        0x300b, 0x3014, 0x3015, 0x3016, 0x3017, '<', '>', '*', '{', '}'};

	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
		if (edges[i] == c)
			return true;
	return false;
}

static bool stands_alone(const struct look *look, size_t first, size_t end)
{
	while (first > 0 && look_at(look, first - 1) == ' ')
		first--;
	while (look_at(look, end) == ' ')
		end++;
	return (first == 0 || is_edge(look_at(look, first - 1))) && is_edge(look_at(look, end));
}

static void try_mark(const struct look *look, size_t at, const struct screen_mark *mark)
{
	bool secret = strcmp(mark->kind, "state-secret") == 0;
	size_t end;

	if (!stands_at(look, at, mark, &end) ||
	        (mark->match == SCREEN_STAR && !has_star(look, &end)) ||
	        (mark->match == SCREEN_ALONE && !stands_alone(look, at, end)))
		return;
	look_hit(look, at, end, secret ? "screen.secret" : "screen.internal",
	        secret ? "疑似国家秘密标志" : "疑似内部资料标志",
	        secret ? "looks like a state-secret mark" : "looks like a mark of internal papers");
}

void look_for_marks(const struct look *look)
{
	const struct screen_lists *lists = look->rules->lists;

	for (size_t i = 0; i < look->letters.count; i++)
		for (size_t n = 0; n < lists->mark_count; n++)
			try_mark(look, i, &lists->marks[n]);
}
