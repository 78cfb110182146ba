/* SPDX-License-Identifier: Apache-2.0
 * people_fields - see people_fields.h. Pure but for the catalog, which is asked.
 */
#include "people_fields.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static const struct {
	const char *en, *zh;
} columns[COLUMN_COUNT] = {{"number", "号码"}, {"name", "姓名"}, {"division", "区划"},
        {"longitude", "经度"}, {"latitude", "纬度"}, {"hazards", "灾种"}, {"level", "最低级别"},
        {"groups", "分组"}, {"consent", "同意"}, {"purposes", "用途"}};

const char *people_column_name(enum people_column column)
{
	return columns[column].en;
}

bool people_column_read(const char *heading, enum people_column *out)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (strcmp(heading, columns[i].en) == 0 || strcmp(heading, columns[i].zh) == 0) {
			*out = (enum people_column)i;
			return true;
		}
	return false;
}

static bool wrong(
        struct people_cause *cause, enum people_column column, const char *zh, const char *en)
{
	*cause = (struct people_cause){columns[column].en, zh, en};
	return false;
}

/* --- lists ------------------------------------------------------------------------------------ */

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Words, sorted and each once, so that equal wishes are equal texts. */
static char *words_text(struct texts *words)
{
	struct buf out;

	buf_init(&out, 0);
	if (words->count)
		qsort(words->items, words->count, sizeof *words->items, compare_words);
	for (size_t i = 0; i < words->count; i++)
		if (i == 0 || strcmp(words->items[i], words->items[i - 1]) != 0)
			buf_format(&out, "%s%s", out.len ? " " : "", words->items[i]);
	texts_finish(words);
	return buf_take(&out);
}

static size_t separator(const char *at)
{
	static const char *const marks[] = {"、", "；", "，", "　"};

	if (strchr(" ;|\t,", *at))
		return 1;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strncmp(at, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

enum { WORDS_MOST = 64 };

/* The words of a list, each as `say` has it (NULL: as it stands). false: one is none. */
static bool words_read(const char *text, const struct catalog *catalog,
        const char *(*say)(const struct catalog *catalog, const char *word), char **out)
{
	struct texts words = {0};
	bool ok = true;

	while (ok && text && *text) {
		size_t skip = separator(text);
		size_t len = 0;
		while (!skip && text[len] && !separator(text + len))
			len++;
		if (len) {
			char *word = mem_text_n(text, len);
			const char *said = say ? say(catalog, word) : word;
			ok = said && words.count < WORDS_MOST && strlen(said) <= 64;
			if (ok)
				texts_add(&words, said);
			free(word);
		}
		text += skip + len;
	}
	free(*out);
	*out = words_text(&words);
	return ok;
}

/* A code we know, the beginning of one, or a name. */
static const char *hazard_said(const struct catalog *catalog, const char *word)
{
	const struct hazard *named = catalog_hazard_named(catalog, word);

	if (named)
		return named->code;
	for (size_t i = 0; *word && i < catalog->hazard_count; i++)
		if (strncmp(catalog->hazards[i].code, word, strlen(word)) == 0)
			return word;
	return NULL;
}

static const char *kind_said(const struct catalog *catalog, const char *word)
{
	enum kind kind;

	(void)catalog;
	if (kind_read(word, &kind))
		return kind_text(kind);
	for (int i = 0; i < KIND_COUNT; i++)
		if (strcmp(word, kind_zh((enum kind)i)) == 0)
			return kind_text((enum kind)i);
	return NULL;
}

/* --- single words ----------------------------------------------------------------------------- */

static bool level_said(const char *word, int *rank)
{
	enum level level;

	*rank = 0;
	if (!*word)
		return true;
	if (level_read(word, &level)) {
		*rank = level_rank(level);
		return true;
	}
	for (int i = 0; i < LEVEL_COUNT; i++) {
		const char *zh = level_zh((enum level)i);
		if (strcmp(word, zh) == 0 || (strlen(word) == 3 && strncmp(word, zh, 3) == 0)) {
			*rank = level_rank((enum level)i);
			return true;
		}
	}
	return false;
}

static bool consent_said(const char *word, enum consent *out)
{
	static const struct {
		const char *word;
		enum consent consent;
	} words[] = {{"yes", CONSENT_YES}, {"no", CONSENT_NO}, {"law", CONSENT_LAW},
	        {"是", CONSENT_YES}, {"否", CONSENT_NO}, {"法定", CONSENT_LAW},
	        {"同意", CONSENT_YES}, {"撤回", CONSENT_NO}, {"不同意", CONSENT_NO}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(word, words[i].word) == 0) {
			*out = words[i].consent;
			return true;
		}
	return false;
}

static bool degrees(const char *text, double most, int32_t *out)
{
	char *end;

	errno = 0;
	double value = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(value) || fabs(value) > most ||
	        strspn(text, "+-.0123456789") != strlen(text))
		return false;
	*out = (int32_t)lround(value * 1000000);
	return true;
}

/* --- the line --------------------------------------------------------------------------------- */

static bool read_place(
        char *const texts[COLUMN_COUNT], struct detail *detail, struct people_cause *cause)
{
	const char *lon = texts[COLUMN_LONGITUDE];
	const char *lat = texts[COLUMN_LATITUDE];

	detail->lon = detail->lat = PLACE_NONE;
	if ((!lon || !*lon) && (!lat || !*lat))
		return true;
	if (!lon || !degrees(lon, 180, &detail->lon))
		return wrong(cause, COLUMN_LONGITUDE, "经度不是 -180 到 180 的度数",
		        "the longitude is no number of degrees from -180 to 180");
	if (!lat || !degrees(lat, 90, &detail->lat))
		return wrong(cause, COLUMN_LATITUDE, "纬度不是 -90 到 90 的度数",
		        "the latitude is no number of degrees from -90 to 90");
	return true;
}

static bool read_division(const struct catalog *catalog, const char *text, struct detail *detail,
        struct people_cause *cause)
{
	if (text && *text) {
		const struct division *named = catalog_division_named(catalog, text);
		if (person_division(named ? named->code : text, &detail->division))
			return true;
		return wrong(cause, COLUMN_DIVISION,
		        "不是 6、9 或 12 位区划代码，也不是已知的区划名称",
		        "neither a division's code of 6, 9 or 12 digits nor the name of one");
	}
	if (detail->lon == PLACE_NONE)
		return wrong(cause, COLUMN_DIVISION, "既没有区划，也没有位置",
		        "there is neither a division nor a place");
	const char *code = outlines_at(catalog->outlines, detail->lon / 1e6, detail->lat / 1e6);
	if (code && person_division(code, &detail->division))
		return true;
	return wrong(cause, COLUMN_LONGITUDE,
	        "此位置不在任何已知区划内，请写明区划（经纬度是否颠倒？）",
	        "this place lies in no division we know: name the division (are longitude and "
	        "latitude the wrong way round?)");
}

/* Without consent people are told what the law has them told in an emergency, and nothing else. */
static bool read_consent(char *const texts[COLUMN_COUNT], struct profile *wishes,
        enum consent *consent, struct people_cause *cause)
{
	static const char emergencies[] = "response warning";

	*consent = CONSENT_LAW;
	if (texts[COLUMN_CONSENT] && !consent_said(texts[COLUMN_CONSENT], consent))
		return wrong(cause, COLUMN_CONSENT, "应为 yes（是）、no（否）或 law（法定）",
		        "it must be yes, no or law");
	if (!words_read(texts[COLUMN_PURPOSES], NULL, kind_said, &wishes->purposes))
		return wrong(cause, COLUMN_PURPOSES, "有不认识的信息类别",
		        "a word of it is no kind of bulletin");
	if (*consent == CONSENT_LAW)
		mem_set_text(&wishes->purposes, emergencies);
	return true;
}

static bool read_wishes(const struct catalog *catalog, char *const texts[COLUMN_COUNT],
        struct profile *wishes, struct people_cause *cause)
{
	if (!words_read(texts[COLUMN_HAZARDS], catalog, hazard_said, &wishes->hazards))
		return wrong(cause, COLUMN_HAZARDS, "有不认识的灾种代码或名称",
		        "a word of it is no code or name of a hazard");
	if (!level_said(texts[COLUMN_LEVEL] ? texts[COLUMN_LEVEL] : "", &wishes->rank))
		return wrong(cause, COLUMN_LEVEL,
		        "应为 blue、yellow、orange、red（蓝、黄、橙、红）或留空",
		        "it must be blue, yellow, orange, red or nothing");
	if (!words_read(texts[COLUMN_GROUPS], NULL, NULL, &wishes->groups))
		return wrong(cause, COLUMN_GROUPS, "分组过多，或名称超过 64 字节",
		        "too many groups, or a name of more than 64 bytes");
	return true;
}

bool people_fields_read(const struct catalog *catalog, char *const texts[COLUMN_COUNT],
        struct person *person, struct profile *wishes, enum consent *consent,
        struct people_cause *cause)
{
	if (!texts[COLUMN_NUMBER] || !person_number(texts[COLUMN_NUMBER], person->number))
		return wrong(cause, COLUMN_NUMBER, "不是 11 位手机号码，也不是“+国家码号码”",
		        "neither a mobile number of 11 digits nor +country and number");
	if (texts[COLUMN_NAME])
		person_mask(texts[COLUMN_NAME], person->detail.name);
	if (!read_place(texts, &person->detail, cause) ||
	        !read_division(catalog, texts[COLUMN_DIVISION], &person->detail, cause) ||
	        !read_wishes(catalog, texts, wishes, cause) ||
	        !read_consent(texts, wishes, consent, cause))
		return false;
	person->place = person_place(person->detail.lon, person->detail.lat);
	return true;
}
