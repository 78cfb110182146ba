/* SPDX-License-Identifier: Apache-2.0
 * screen_names - names of persons: anywhere in a field that is there for a person (contact,
 * senderName), elsewhere behind a word that announces one (联系人：, 伤者). Relies on the table of
 * surnames. Cannot fail.
 */
#include <stdlib.h>
#include <string.h>

#include "screen_look.h"

enum { NAME_MOST = 4 };

/* What ends the name of an office, never of a person. */
static const char *const office_ends[] = {"局", "台", "站", "委", "办", "部", "区", "市", "县",
        "省", "镇", "乡", "村", "处", "科", "所", "院", "厅", "队", "司", "社", "组", "室", "会",
        "中", "心", "署", "岗", "班", "街", "道", "路", "网", "线", "员", "长", "校", "厂", "港",
        "园", "集", "团", "处", "门", "等", "者", "们", "人"};

static const char *const announcing[] = {"联系人", "姓名", "伤者", "死者", "患者", "遇难者",
        "失联者", "失踪者", "报告人", "报警人", "举报人", "负责人", "当事人", "肇事者", "嫌疑人",
        "经办人", "填报人", "签发人", "审核人", "拟稿人", "驾驶人", "驾驶员", "司机", "户主",
        "业主", "家属", "受害人", "目击者", "被困人员", "伤员", "值班员", "值班领导", "带班领导",
        "法定代表人", "机主", "名叫", "叫做"};

/* How many letters of a surname stand here: 0, 1 or 2. */
static size_t surname_at(const struct look *look, size_t index)
{
	for (size_t len = 2; len >= 1; len--) {
		if (index + len > look->letters.count)
			continue;
		char *text = look_slice(look, index, index + len);
		bool known = screen_list_has(&look->rules->lists->surnames, text);
		free(text);
		if (known)
			return len;
	}
	return 0;
}

static bool begins_no_name(const struct look *look, size_t first, size_t end)
{
	for (size_t len = 2; len <= 3 && first + len <= end; len++) {
		char *text = look_slice(look, first, first + len);
		bool known = screen_list_has(&look->rules->lists->no_names, text);
		free(text);
		if (known)
			return true;
	}
	return false;
}

/* The Chinese characters from here are one name and nothing else. */
static bool is_name(const struct look *look, size_t first, size_t end)
{
	size_t surname = end - first >= 2 && end - first <= NAME_MOST ? surname_at(look, first) : 0;

	if (!surname || end - first <= surname || end - first > surname + 2 ||
	        begins_no_name(look, first, end))
		return false;
	return look_word_of(
	               look, end - 1, office_ends, sizeof office_ends / sizeof office_ends[0]) == 0;
}

static size_t han_end(const struct look *look, size_t index)
{
	while (look_is_han(look, index))
		index++;
	return index;
}

static void tell(const struct look *look, size_t first, size_t end)
{
	char *name = look_slice(look, first, end);
	char *surname = look_slice(look, first, first + surname_at(look, first));

	look_hit(look, first, end, "screen.name", "疑似个人姓名", "looks like a person's name");
	look_token(look, first, end, "name", true, name);
	look_token(look, first, end, "person", true, surname);
	free(surname);
	free(name);
}

/* 张三丰, 李四: behind the word itself a mask (李某) is no name. */
static void try_name(const struct look *look, size_t first)
{
	size_t end = han_end(look, first);

	for (size_t i = first; i < end; i++)
		if (look_at(look, i) == 0x67d0) /* 某 */
			return;
	if (is_name(look, first, end))
		tell(look, first, end);
}

static size_t skip_colon(const struct look *look, size_t index)
{
	while (look_at(look, index) == ' ')
		index++;
	if (look_at(look, index) != ':')
		return index;
	index++;
	while (look_at(look, index) == ' ')
		index++;
	return index;
}

/* In a person's field every run of Chinese characters may be one, with its announcing word. */
static void look_in_field(const struct look *look)
{
	for (size_t i = 0; i < look->letters.count;) {
		size_t end = han_end(look, i);
		if (end == i) {
			i++;
			continue;
		}
		size_t behind =
		        look_word_of(look, i, announcing, sizeof announcing / sizeof announcing[0]);
		try_name(look, behind && behind < end ? behind : i);
		i = end;
	}
}

void look_for_names(const struct look *look)
{
	if (!look->letters.han)
		return;
	if (look->person_field)
		look_in_field(look);
	for (size_t i = 0; i < look->letters.count; i++) {
		size_t behind = look_is_han(look, i)
		                        ? look_word_of(look, i, announcing,
		                                  sizeof announcing / sizeof announcing[0])
		                        : 0;
		if (behind)
			try_name(look, skip_colon(look, behind));
	}
}
