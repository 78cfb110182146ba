/* SPDX-License-Identifier: Apache-2.0
 * screen_details - what is harmless alone and tells who somebody is beside another bulletin: masked
 * names and numbers (李某, 138****5678), number plates, and what is said about a person (age, home,
 * work). No hit comes from here, only tokens (aggregate.h). Cannot fail.
 */
#include <stdlib.h>
#include <string.h>

#include "screen_look.h"

static bool is_star(uint32_t c)
{
	return c == '*' || c == 'x' || c == 'X' || c == 0xd7 || c == 0x25cf; /* × ● */
}

/* 李某某, 李某, 李**, 李先生: the surname stands for the person. */
static void masked_name(const struct look *look, size_t i)
{
	static const char *const masks[] = {
	        "某某某", "某某", "某", "先生", "女士", "姓男子", "姓女子", "姓司机", "**", "*"};
	char *surname = look_slice(look, i, i + 1);
	size_t end = look_word_of(look, i + 1, masks, sizeof masks / sizeof masks[0]);

	if (end && screen_list_has(&look->rules->lists->surnames, surname))
		look_token(look, i, end, "person", true, surname);
	free(surname);
}

/* 138****5678, 1201**********1234: the last four digits. */
static void masked_number(const struct look *look, size_t i)
{
	size_t star = i;
	size_t end;

	while (look_is_digit(look, star))
		star++;
	for (end = star; is_star(look_at(look, end)); end++)
		;
	size_t tail = end;
	while (look_is_digit(look, end))
		end++;
	if (star - i < 2 || tail - star < 3 || end - tail < 2)
		return;
	char *digits = look_slice(look, end - tail > 4 ? end - 4 : tail, end);
	look_token(look, i, end, "tail", true, digits);
	free(digits);
}

static void spoken_tail(const struct look *look, size_t i)
{
	static const char *const words[] = {"尾号", "后四位", "末四位"};
	size_t from = look_word_of(look, i, words, sizeof words / sizeof words[0]);
	size_t end;

	while (from && (look_at(look, from) == ':' || look_at(look, from) == 0x4e3a)) /* 为 */
		from++;
	for (end = from; from && look_is_digit(look, end); end++)
		;
	if (!from || end - from != 4)
		return;
	char *digits = look_slice(look, from, end);
	look_token(look, i, end, "tail", true, digits);
	free(digits);
}

/* 津A12345, 津AD12345 */
static void plate(const struct look *look, size_t i)
{
	static const char *const provinces[] = {"京", "津", "冀", "晋", "蒙", "辽", "吉", "黑",
	        "沪", "苏", "浙", "皖", "闽", "赣", "鲁", "豫", "鄂", "湘", "粤", "桂", "琼", "渝",
	        "川", "贵", "云", "藏", "陕", "甘", "青", "宁", "新"};
	uint32_t letter = look_at(look, i + 1);
	size_t end = i + 2;
	size_t digits = 0;

	if (letter < 'A' || letter > 'Z' ||
	        !look_word_of(look, i, provinces, sizeof provinces / sizeof provinces[0]))
		return;
	end += look_at(look, end) == 0xb7 || look_at(look, end) == ' ';
	size_t from = end;
	for (; look_is_digit(look, end) || (look_at(look, end) >= 'A' && look_at(look, end) <= 'Z');
	        end++)
		digits += look_is_digit(look, end);
	if (end - from < 5 || end - from > 6 || digits < 3)
		return;
	char *text = look_slice(look, from, end);
	look_token(look, i, end, "plate", true, text);
	free(text);
}

static void age(const struct look *look, size_t i)
{
	size_t end = i;

	while (look_is_digit(look, end))
		end++;
	if (end == i || end - i > 3 || !look_word(look, end, "岁", &end))
		return;
	char *text = look_slice(look, i, end);
	look_token(look, i, end, "age", false, text);
	free(text);
}

/* Words that say what follows about somebody; the value is what stands behind them. */
static void said_about(const struct look *look, size_t i)
{
	static const struct {
		const char *kind;
		const char *words[10];
		size_t count;
	} rows[] = {
	        {"home",
	                {"住址", "家住", "居住于", "暂住", "现住", "住在", "户籍", "籍贯", "号楼",
	                        "单元"},
	                10},
	        {"work",
	                {"就职于", "供职于", "任职于", "系某", "职工", "职业", "职务", "的员工",
	                        "教师", "司机"},
	                10},
	        {"health",
	                {"确诊", "病史", "血型", "孕妇", "残疾", "骨折", "烧伤", "昏迷", "入住",
	                        "病房"},
	                10},
	        {"kin",
	                {"其妻", "其夫", "其子", "其女", "父亲", "母亲", "儿子", "女儿", "丈夫",
	                        "妻子"},
	                10},
	        {"sex", {"男,", "女,", ",男", ",女", "男性", "女性", "男子", "女子"}, 8},
	};

	for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
		size_t end = look_word_of(look, i, rows[n].words, rows[n].count);
		if (!end)
			continue;
		char *text = look_slice(look, i, end + 6 < look->letters.count ? end + 6 : end);
		look_token(look, i, end, rows[n].kind, false, text);
		free(text);
	}
}

void look_for_details(const struct look *look)
{
	if (!look->letters.han)
		return;
	for (size_t i = 0; i < look->letters.count && look->found->token_count < SCREEN_MOST; i++) {
		bool starts = i == 0 || !look_is_digit(look, i - 1);
		if (look_is_digit(look, i) && starts) {
			masked_number(look, i);
			age(look, i);
		} else if (look_is_han(look, i)) {
			masked_name(look, i);
			spoken_tail(look, i);
			plate(look, i);
		}
		if (look_is_han(look, i) || look_at(look, i) == ',')
			said_about(look, i);
	}
}
