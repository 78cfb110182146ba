/* SPDX-License-Identifier: Apache-2.0
 * phrases_read - phrases.csv into memory (phrases.h). A table that would leave somebody without a
 * sentence at night is refused by day.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "catalog.h"
#include "csv.h"
#include "mem.h"
#include "phrases_rows.h"
#include "utf8.h"
#include "when.h"

enum { TEXT_MOST = 2000 /* bytes */ };

/* What may stand in braces. */
static const char *const holes[PHRASE_PARTS][4] = {
        [PHRASE_WHERE] = {"{areas}"},
        [PHRASE_WITHIN] = {"{area}"},
        [PHRASE_UNTIL] = {"{until}"},
        [PHRASE_WHAT] = {"{hazard}", "{level}", "{grade}"},
        [PHRASE_ISSUER] = {"{issuer}", "{sent}"},
        [PHRASE_NUMBER] = {"{number}"},
};

/* Those that no text of this part may lack. Of `what` the level is one, but not of what has none.
 */
static const char *lacking(const struct phrase_row *row)
{
	for (size_t i = 0; i < 4 && holes[row->part][i]; i++) {
		const char *hole = holes[row->part][i];
		bool none = !row->any_level && row->levels == 1U << LEVEL_NONE;
		bool may = strcmp(hole, "{grade}") == 0 || (none && strcmp(hole, "{level}") == 0);

		if (!may && !strstr(row->text, hole))
			return hole;
	}
	return NULL;
}

static bool known_hole(const struct phrase_row *row, const char *at)
{
	for (size_t i = 0; i < 4 && holes[row->part][i]; i++)
		if (strncmp(at, holes[row->part][i], strlen(holes[row->part][i])) == 0)
			return true;
	return false;
}

static bool check_text(const struct phrase_row *row, struct err *err)
{
	const char *lacks = lacking(row);

	if (!*row->text || strlen(row->text) > TEXT_MOST)
		return err_set(err, ERR_CONFIG, "句子是空的，或超过 %d 字节",
		        "the sentence is empty, or over %d bytes", TEXT_MOST);
	for (const char *p = row->text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return err_set(err, ERR_CONFIG, "句子里有控制字符",
			        "there is a control character in the sentence");
	if (lacks)
		return err_set(err, ERR_CONFIG, "句子里缺少 %s", "the sentence lacks %s", lacks);
	for (const char *p = strpbrk(row->text, "{}"); p; p = strpbrk(p + 1, "{}"))
		if (*p == '{' && !known_hole(row, p))
			return err_set(err, ERR_CONFIG, "“%.20s”不是这类句子的占位",
			        "\"%.20s\" stands for nothing in this part", p);
	return true;
}

static bool read_part(const char *text, enum phrase_part *out, struct err *err)
{
	for (int i = 0; i < PHRASE_PARTS; i++) {
		if (strcmp(text, phrase_part_names[i]) == 0) {
			*out = (enum phrase_part)i;
			return true;
		}
	}
	return err_set(err, ERR_CONFIG, "“%s”不是句子的类别", "\"%s\" is not a part", text);
}

/* Calls once for each word. */
static bool each_word(
        char *list, bool (*take)(struct phrase_row *row, const char *word), struct phrase_row *row)
{
	char *at = list;

	while (at) {
		char *end = strchr(at, ' ');

		if (end)
			*end = '\0';
		bool good = take(row, at);
		if (end)
			*end = ' ';
		if (!good)
			return false;
		at = end ? end + 1 : NULL;
	}
	return true;
}

static bool take_level(struct phrase_row *row, const char *word)
{
	enum level level;

	if (!level_read(word, &level))
		return false;
	row->levels |= 1U << level;
	return true;
}

static bool take_hazard(struct phrase_row *row, const char *word)
{
	(void)row;
	return hazard_code_shaped(word);
}

static bool read_keys(struct phrase_row *row, char **fields, struct err *err)
{
	static const char *const actions[] = {"*", "Shelter", "Evacuate", "Prepare", "Execute",
	        "Avoid", "Monitor", "Assess", "AllClear", "Correction", "exercise", "test"};
	int64_t day;
	bool known = false;

	row->any_level = strcmp(fields[3], "*") == 0;
	row->approved = strcmp(fields[5], "-") != 0;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		known = known || strcmp(fields[4], actions[i]) == 0;
	if (strcmp(fields[2], "*") != 0 && !each_word(fields[2], take_hazard, row))
		return err_set(err, ERR_CONFIG, "“%s”不是事件编码",
		        "\"%s\" is not a list of event codes", fields[2]);
	if (!row->any_level && !each_word(fields[3], take_level, row))
		return err_set(err, ERR_CONFIG, "“%s”不是级别", "\"%s\" is not a list of levels",
		        fields[3]);
	if (!known)
		return err_set(
		        err, ERR_CONFIG, "“%s”不是行动", "\"%s\" is not an action", fields[4]);
	if (row->approved && !when_read_day(fields[5], &day))
		return err_set(err, ERR_CONFIG, "批准日期“%s”应如 2026-11-23，未批准写 -",
		        "the day of approval \"%s\" is not like 2026-11-23, or - for none",
		        fields[5]);
	return true;
}

static bool take_row(void *place, char **fields, struct err *err)
{
	struct phrases *phrases = place;
	struct phrase_row *row = mem_push(&phrases->rows, &phrases->count, sizeof *row);

	row->language = mem_text(fields[0]);
	row->hazards = mem_text(fields[2]);
	row->action = mem_text(fields[4]);
	row->text = mem_text(fields[6]);
	if (!*row->language)
		return err_set(err, ERR_CONFIG, "没有语言", "there is no language");
	if (!read_part(fields[1], &row->part, err) || !read_keys(row, fields, err) ||
	        !check_text(row, err))
		return false;
	for (size_t i = 0; i + 1 < phrases->count; i++) {
		const struct phrase_row *other = &phrases->rows[i];

		if (other->part == row->part && strcasecmp(other->language, row->language) == 0 &&
		        strcmp(other->hazards, row->hazards) == 0 &&
		        strcmp(other->action, row->action) == 0 && other->levels == row->levels &&
		        other->any_level == row->any_level)
			return err_set(
			        err, ERR_CONFIG, "与前面一行重复", "the same as a row before it");
	}
	return true;
}

/* Whatever is asked at night, there is an answer: of every part for every level. */
static bool check_language(const struct phrases *phrases, const char *language, struct err *err)
{
	for (int part = 0; part < PHRASE_PARTS; part++) {
		bool graded = part == PHRASE_LEVEL || part == PHRASE_GRADE;

		for (int level = graded ? LEVEL_BLUE : LEVEL_NONE; level < LEVEL_COUNT; level++) {
			bool drill = part == PHRASE_DRILL;
			struct phrase_key key = {language, (enum phrase_part)part, "",
			        (enum level)level,
			        drill ? mode_text(level % 2 ? MODE_EXERCISE : MODE_TEST) : ""};
			struct phrase found;

			if (!phrases_find(phrases, &key, &found))
				return err_set(err, ERR_CONFIG,
				        "phrases.csv：语言 %s 缺少 %s 的通用句子（级别 %s）",
				        "phrases.csv: %s has no general sentence of %s (level %s)",
				        language, phrase_part_names[part],
				        level_text((enum level)level));
		}
	}
	return true;
}

struct phrases *phrases_read(const char *folder, struct err *err)
{
	static const struct csv_table table = {
	        "phrases.csv", "language,part,hazard,level,action,approved,text", 7, take_row};
	struct phrases *phrases = mem_zero(sizeof *phrases);
	bool ok = csv_read_in(folder, &table, phrases, err);

	for (size_t i = 0; ok && i < phrases->count; i++)
		ok = (i && strcmp(phrases->rows[i - 1].language, phrases->rows[i].language) == 0) ||
		     check_language(phrases, phrases->rows[i].language, err);
	if (!ok)
		phrases_destroy(&phrases);
	return phrases;
}

bool phrases_read_any(const char *folder, struct phrases **phrases, struct err *err)
{
	char *path = mem_format("%s/phrases.csv", folder);
	bool there = access(path, F_OK) == 0;

	free(path);
	*phrases = there ? phrases_read(folder, err) : NULL;
	return *phrases || !there;
}
