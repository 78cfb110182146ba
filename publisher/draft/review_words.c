/* SPDX-License-Identifier: Apache-2.0
 * review_words - the review of what is written: the contents the law asks for, marks that must not
 * be in it, and whether a drill says that it is one. Cannot fail.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "free_text.h"
#include "review_rules.h"
#include "utf8.h"
#include "view.h"

static bool is_blank(const char *text)
{
	return !text || !text[strspn(text, " \t\r\n")];
}

/* What every bulletin says. What 突发事件应对法 art. 64 asks of a warning besides is in the table
 * of rules (china.contents.*); level and area have rules of their own here. */
void review_contents(const struct review *review)
{
	bool warns = review->bulletin->kind == KIND_WARNING && !review->lifts;

	if (review->alert->info_count == 0)
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.contents", "/alert",
		        "没有内容（info）", "it says nothing (no info)");
	for (size_t i = 0; i < review->alert->info_count; i++) {
		const struct cap_info *info = &review->alert->infos[i];
		const struct {
			const char *element, *zh, *en;
			bool there;
		} rows[] = {
		        {"/headline", "标题", "headline", !is_blank(info->headline)},
		        {"/category", "类别", "category", warns || info->category_count > 0},
		        {"/description", "内容", "description",
		                warns || !is_blank(info->description)},
		        {"/senderName", "发布单位", "issuing unit",
		                warns || !is_blank(info->sender_name)},
		};
		for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
			char *path = review_path(i, rows[n].element);
			if (!rows[n].there)
				cap_problem_add(review->problems, CAP_PROBLEM_ERROR,
				        "review.contents", path, "缺少%s%.0s",
				        "%.0sthe %s is missing", rows[n].zh, rows[n].en);
			free(path);
		}
	}
}

/* 政府信息公开条例 art. 14 to 16: the grounds on which something is not published. */
void review_disclosure(const struct review *review)
{
	const struct bulletin *bulletin = review->bulletin;

	if (bulletin->disclosure != DISCLOSURE_PROACTIVE && is_blank(bulletin->disclosure_reason))
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.disclosure",
		        "disclosure_reason", "%s须写明理由%.0s（政府信息公开条例第十四至十六条）",
		        "%.0swhat is %s needs a reason (政府信息公开条例 art. 14 to 16)",
		        disclosure_zh(bulletin->disclosure), disclosure_text(bulletin->disclosure));
}

/* Characters that make a text read otherwise than its bytes: overrides of direction, invisible
 * ones. */
static bool has_hidden(const char *text)
{
	uint32_t c;

	while ((c = utf8_next(&text)) != 0)
		if ((c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
		        (c >= 0x2060 && c <= 0x2069) || c == 0xfeff)
			return true;
	return false;
}

void review_marks(const struct review *review)
{
	struct free_texts texts;

	free_texts_of(review->alert, &texts);
	for (size_t i = 0; i < texts.count; i++) {
		const struct free_text *item = &texts.items[i];
		if (strstr(item->text, VIEW_SENT_MARK))
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.sent-mark",
			        item->path, "文字中含有系统保留的标记 " VIEW_SENT_MARK,
			        "the text holds the reserved mark " VIEW_SENT_MARK);
		if (has_hidden(item->text))
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.hidden",
			        item->path, "文字中含有看不见的字符或方向控制符",
			        "the text holds invisible or direction characters");
	}
	free_texts_finish(&texts);
}

static const struct {
	const char *word;
	enum mode mode;
} drill_words[] = {
        {"演练", MODE_EXERCISE},
        {"模拟演练", MODE_EXERCISE},
        {"演习", MODE_EXERCISE},
        {"exercise", MODE_EXERCISE},
        {"drill", MODE_EXERCISE},
        {"测试", MODE_TEST},
        {"test", MODE_TEST},
};

static size_t skip_opening(const char *text)
{
	static const char *const opens[] = {
	        "【", "（", "[", "(", "「", "《", "“", " ", "\n", "　", "*"};
	size_t at = 0;

	for (size_t i = 0; i < sizeof opens / sizeof opens[0];) {
		bool found = strncmp(text + at, opens[i], strlen(opens[i])) == 0;
		at += found ? strlen(opens[i]) : 0;
		i = found ? 0 : i + 1;
	}
	return at;
}

/* 演练】, 演练：, "drill:" and the end; 演练公告 is a word of its own. */
static bool ends_mark(const char *text)
{
	static const char *const ends[] = {"】", "）", "]", ")", "」", "》", "”", " ", "\n", "　",
	        "*", "：", ":", "，", ",", "。", "！", "!"};

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (strncmp(text, ends[i], strlen(ends[i])) == 0)
			return true;
	return !*text;
}

/* The mode the text begins by naming; MODE_LIVE: none. A live notice may be about a drill
 * (演练公告：本周开展...): there only a mark counts. */
static enum mode mode_said(const char *text, bool about)
{
	const char *start = text + skip_opening(text);

	for (size_t i = 0; i < sizeof drill_words / sizeof drill_words[0]; i++) {
		size_t len = strlen(drill_words[i].word);
		char after = strncasecmp(start, drill_words[i].word, len) == 0 ? start[len] : 'a';
		bool word = !((after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z'));
		if (word && (!about || ends_mark(start + len)))
			return drill_words[i].mode;
	}
	return MODE_LIVE;
}

static void check_drill(
        const struct review *review, const char *text, size_t info, const char *element)
{
	enum mode mode = review->rules->mode;
	bool about = mode == MODE_LIVE && review->bulletin->kind == KIND_NOTICE;
	enum mode said = is_blank(text) ? mode : mode_said(text, about);
	char *path = review_path(info, element);

	if (said != mode && mode == MODE_LIVE)
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.drill", path,
		        "实战信息的文字以“%s”开头%.0s",
		        "%.0sa live text begins with the word for %s", mode_zh(said),
		        mode_text(said));
	else if (said != mode)
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.drill", path,
		        "%s信息的文字必须以“【%s】”开头%.0s",
		        "%.0s%.0sin %s mode the text must begin by saying so", mode_zh(mode),
		        mode_zh(mode), mode_text(mode));
	free(path);
}

/* What says the opposite wherever it stands: a live text that declares itself a drill, a drill's
 * text that denies it. */
static const struct {
	const char *words;
	bool denies; /* says that it is real */
} opposites[] = {
        {"【演练】", false},
        {"（演练）", false},
        {"[演练]", false},
        {"演练演练", false},
        {"演练信息，请勿当真", false},
        {"这是演练", false},
        {"此为演练", false},
        {"本信息为演练", false},
        {"仅为演练", false},
        {"【测试】", false},
        {"这是测试", false},
        {"this is an exercise", false},
        {"this is a drill", false},
        {"exercise exercise exercise", false},
        {"this is only a test", false},
        {"非演练", true},
        {"不是演练", true},
        {"并非演练", true},
        {"不是测试", true},
        {"【实战】", true},
        {"（实战）", true},
        {"实战信息", true},
        {"not a drill", true},
        {"not an exercise", true},
        {"not a test", true},
};

/* Headline and description that begin with their mark are told of by check_drill. */
static bool told_already(const struct free_text *item)
{
	return (strstr(item->path, "/headline") || strstr(item->path, "/description")) &&
	       mode_said(item->text, true) != MODE_LIVE;
}

static void check_opposite(const struct review *review, const struct free_text *item)
{
	enum mode mode = review->rules->mode;

	if (mode == MODE_LIVE && told_already(item))
		return;
	for (size_t i = 0; i < sizeof opposites / sizeof opposites[0]; i++)
		if (opposites[i].denies == (mode != MODE_LIVE) &&
		        strcasestr(item->text, opposites[i].words))
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.drill",
			        item->path, "%s信息的文字中有“%s”，与模式相反%.0s",
			        "%.0sthe text holds \"%s\", the opposite of its mode, %s",
			        mode_zh(mode), opposites[i].words, mode_text(mode));
}

static void check_opposites(const struct review *review)
{
	struct free_texts texts;

	free_texts_of(review->alert, &texts);
	for (size_t i = 0; i < texts.count; i++)
		check_opposite(review, &texts.items[i]);
	free_texts_finish(&texts);
}

void review_drill(const struct review *review)
{
	check_opposites(review);
	for (size_t i = 0; i < review->alert->info_count; i++) {
		check_drill(review, review->alert->infos[i].headline, i, "/headline");
		check_drill(review, review->alert->infos[i].description, i, "/description");
	}
}
