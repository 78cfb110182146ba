/* SPDX-License-Identifier: Apache-2.0
 * draft_text_read - see draft_text.h. Relies on checked UTF-8; a reader that finds nothing says so.
 */
#include "draft_text.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "when.h"

enum { CHINESE = 3, UNIT_LIMIT = 180, REACH = 300 /* bytes */ };

bool text_has(const char *text, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

bool text_occurring(const char *text)
{
	static const char *const now[] = {"已出现", "已经出现", "已达", "已降", "正在", NULL};

	return text_has(text, now);
}

char *text_folded(const char *text)
{
	struct buf buf;
	uint32_t c;

	buf_init(&buf, 0);
	while ((c = utf8_next(&text)) != 0) {
		char bytes[5];
		if (c >= 0xff01 && c <= 0xff5e && c != 0xff0c && c != 0xff08 && c != 0xff09)
			c -= 0xfee0;
		if (c == 0x3000 || c == 0xa0)
			c = ' ';
		if (c != '\r' && c != 0xfeff)
			buf_add(&buf, bytes, utf8_put(c, bytes));
	}
	return buf_take(&buf);
}

static const struct {
	const char *word;
	enum verb verb;
	bool replaces; /* what follows is newly in force, what stood before is not */
} verbs[] = {
        {"继续发布", VERB_UPDATE, false},
        {"升级发布", VERB_UPDATE, true},
        {"升级为", VERB_UPDATE, true},
        {"降级为", VERB_UPDATE, true},
        {"变更为", VERB_UPDATE, true},
        {"调整为", VERB_UPDATE, true},
        {"更新为", VERB_UPDATE, true},
        {"升级", VERB_UPDATE, false},
        {"降级", VERB_UPDATE, false},
        {"变更", VERB_UPDATE, false},
        {"更新", VERB_UPDATE, false},
        {"解除", VERB_CANCEL, false},
        {"撤销", VERB_CANCEL, false},
        {"取消", VERB_CANCEL, false},
        {"联合发布", VERB_PUBLISH, false},
        {"发布", VERB_PUBLISH, false},
};

struct verb_found {
	const char *at, *end;
	size_t row;
};

/* The verb nearest before `limit`, at most REACH bytes away (so that a hostile text costs no more
 * than its length). In 解除10时发布的暴雨预警 the word 发布的 tells of an act of the past. */
static bool verb_before(const char *text, const char *limit, struct verb_found *out)
{
	const char *from = limit - text > REACH ? limit - REACH : text;

	out->at = NULL;
	for (size_t row = 0; row < sizeof verbs / sizeof verbs[0]; row++) {
		size_t len = strlen(verbs[row].word);
		const char *here = from;
		while ((here = memmem(here, (size_t)(limit - here), verbs[row].word, len)) !=
		        NULL) {
			const char *end = here + len;
			bool past = strncmp(end, "的", CHINESE) == 0;
			bool better =
			        !out->at || end > out->end || (end == out->end && here < out->at);
			if (!past && better)
				*out = (struct verb_found){here, end, row};
			here = end;
		}
	}
	return out->at != NULL;
}

static enum level colour_before(const char *text, const char *at)
{
	for (int level = LEVEL_BLUE; level <= LEVEL_RED; level++) {
		size_t len = strlen(level_zh((enum level)level));
		if ((size_t)(at - text) >= len &&
		        strncmp(at - len, level_zh((enum level)level), len) == 0)
			return (enum level)level;
	}
	return LEVEL_NONE;
}

static void take_subject(
        const char *at, enum level level, const struct verb_found *verb, struct text_subject *out)
{
	const char *event_end = at - (level == LEVEL_NONE ? 0 : strlen(level_zh(level)));
	const char *rest = at + strlen("预警");

	if (strncmp(rest, "信号", strlen("信号")) == 0)
		rest += strlen("信号");
	*out = (struct text_subject){.verb = verbs[verb->row].verb,
	        .level = level,
	        .verb_at = verb->at,
	        .event = verb->end,
	        .event_len = event_end > verb->end ? (size_t)(event_end - verb->end) : 0,
	        .rest = rest};
}

bool text_subject_find(const char *text, struct text_subject *out)
{
	bool found = false;

	for (const char *at = strstr(text, "预警"); at; at = strstr(at + 1, "预警")) {
		enum level level = colour_before(text, at);
		struct verb_found verb;
		if (!verb_before(text, at, &verb))
			continue;
		/* A coloured one is better than a plain one, a newly valid one better than both. */
		bool better = !found || (out->level == LEVEL_NONE && level != LEVEL_NONE);
		bool valid = verbs[verb.row].replaces && level != LEVEL_NONE;
		if (better || valid)
			take_subject(at, level, &verb, out);
		found = true;
		if (valid)
			break;
	}
	return found;
}

/* Digits (at least one, at most `most`) and then the unit's character. */
static bool number(const char **at, size_t most, const char *unit, int *out)
{
	size_t len = strspn(*at, "0123456789");
	int value = 0;

	if (len == 0 || len > most || strncmp(*at + len, unit, strlen(unit)) != 0)
		return false;
	for (size_t i = 0; i < len; i++)
		value = value * 10 + ((*at)[i] - '0');
	*out = value;
	*at += len + strlen(unit);
	return true;
}

static bool moment_at(const char *at, int64_t *ms)
{
	struct civil civil = {0};

	if (!number(&at, 4, "年", &civil.year) || !number(&at, 2, "月", &civil.month) ||
	        !number(&at, 2, "日", &civil.day) || !number(&at, 2, "时", &civil.hour))
		return false;
	number(&at, 2, "分", &civil.minute);
	if (civil.year < 1000 || !when_civil_valid(&civil))
		return false;
	*ms = when_from_civil(&civil, 8 * 60);
	return true;
}

bool text_moment_find(const char *text, const char **at, int64_t *ms)
{
	for (const char *year = strstr(text, "年"); year; year = strstr(year + CHINESE, "年")) {
		if (year - text < 4 || strspn(year - 4, "0123456789") != 4)
			continue;
		*at = year - 4;
		if (moment_at(*at, ms))
			return true;
	}
	return false;
}

enum level text_grade(const char *rest)
{
	static const struct {
		const char *word;
		enum level level;
	} grades[] = {{"Ⅳ", LEVEL_BLUE}, {"Ⅲ", LEVEL_YELLOW}, {"Ⅱ", LEVEL_ORANGE}, {"Ⅰ", LEVEL_RED},
	        {"IV", LEVEL_BLUE}, {"III", LEVEL_YELLOW}, {"II", LEVEL_ORANGE}, {"I", LEVEL_RED}};
	static const char *const opens[] = {"[", "/", "【", "（", "(", " "};

	for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++) {
		size_t len = strlen(opens[i]);
		for (size_t g = 0;
		        strncmp(rest, opens[i], len) == 0 && g < sizeof grades / sizeof grades[0];
		        g++)
			if (strncmp(rest + len, grades[g].word, strlen(grades[g].word)) == 0)
				return grades[g].level;
	}
	return LEVEL_NONE;
}

static bool ends_with(const char *text, size_t len, const char *end)
{
	size_t end_len = strlen(end);

	return len >= end_len && strncmp(text + len - end_len, end, end_len) == 0;
}

char *text_unit(const char *text, const struct text_subject *subject)
{
	static const char *const tails[] = {"于", "联合", "将", " ", ",", "，"};
	const char *end = subject->verb_at;
	const char *date;
	int64_t ms;

	if (text_moment_find(text, &date, &ms) && date < end)
		end = date;
	text += strspn(text, " \t\n");
	while (strncmp(text, "【", CHINESE) == 0 && strstr(text, "】")) {
		text = strstr(text, "】") + CHINESE;
		text += strspn(text, " \t\n");
	}
	if (text >= end)
		return mem_text("");
	size_t len = (size_t)(end - text);
	for (size_t i = 0; i < sizeof tails / sizeof tails[0];) {
		bool cut = ends_with(text, len, tails[i]);
		len -= cut ? strlen(tails[i]) : 0;
		i = cut ? 0 : i + 1;
	}
	return len <= UNIT_LIMIT ? mem_text_n(text, len) : mem_text("");
}

static char *trimmed(const char *text)
{
	text += strspn(text, " \t\n:");
	size_t len = strlen(text);
	while (len && strchr(" \t\n", text[len - 1]))
		len--;
	return len ? mem_text_n(text, len) : NULL;
}

static const char *last_in(const char *text, const char *word)
{
	const char *last = NULL;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		last = at;
	return last;
}

char *text_measures(const char *text)
{
	static const char *const cares[] = {
	        "防范", "防御", "注意", "做好", "作好", "避免", "采取", "停止", "加强"};
	const char *guide = strstr(text, "防御指南");
	const char *care = NULL;
	const char *best = NULL;

	if (guide)
		return trimmed(guide + strlen("防御指南"));
	for (size_t i = 0; i < sizeof cares / sizeof cares[0]; i++) {
		const char *last = last_in(text, cares[i]);
		care = last && (!care || last > care) ? last : care;
	}
	for (const char *at = strstr(text, "请"); at && care && at < care;
	        at = strstr(at + CHINESE, "请"))
		best = at;
	return best ? trimmed(best) : NULL;
}
