/* SPDX-License-Identifier: Apache-2.0
 * draft_text - the text of a Chinese weather bulletin -> draft. The words stay as the station wrote
 * them; only what stands in them becomes codes. What could not be read is named in the notes, never
 * guessed.
 */
#include "draft_text.h"

#include <stdlib.h>
#include <string.h>

#include "draft_build.h"
#include "utf8.h"

struct bulletin_reading {
	const struct draft_rules *rules;
	struct draft_content content;
	struct cap_problems *notes;
	char *headline_words, *body_words; /* as they stood; headline NULL when there is none */
	char *headline, *body;             /* the same folded, to be read */
	struct text_subject subject;
	const char *subject_text; /* which of the two it stands in */
};

static char *without_cr(const char *text, size_t len)
{
	struct buf buf;

	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	buf_init(&buf, 0);
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r')
			buf_char(&buf, text[i]);
	return buf_take(&buf);
}

/* A heading is a first line with a warning in it and no date, before more text. */
static void split(struct bulletin_reading *reading, const char *text)
{
	const char *start = text + strspn(text, " \t\r\n");
	size_t line = strcspn(start, "\n");
	const char *rest = start + line + strspn(start + line, " \t\r\n");
	char *first = without_cr(start, line);

	if (rest[0] && strstr(first, "预警") && !strstr(first, "年")) {
		reading->headline_words = first;
		reading->headline = text_folded(first);
		start = rest;
	} else {
		free(first);
	}
	reading->body_words = without_cr(start, strlen(start));
	reading->body = text_folded(reading->body_words);
}

static void read_level(struct bulletin_reading *reading)
{
	struct text_subject other;
	enum level grade = text_grade(reading->subject.rest);
	enum level level = reading->subject.level;

	reading->content.level = level;
	if (level == LEVEL_NONE)
		cap_problem_add(reading->notes, CAP_PROBLEM_ERROR, "text.colour", "text",
		        "没有读到预警颜色（红、橙、黄、蓝）",
		        "no colour (red, orange, yellow, blue) could be read");
	if (reading->headline && text_subject_find(reading->headline, &other)) {
		if (other.level != LEVEL_NONE && other.level != level)
			cap_problem_add(reading->notes, CAP_PROBLEM_ERROR, "text.colour", "text",
			        "标题是%s，正文是%s%.0s%.0s",
			        "%.0s%.0sthe heading says %s, the text %s", level_zh(other.level),
			        level_zh(level), level_text(other.level), level_text(level));
		grade = grade == LEVEL_NONE ? text_grade(other.rest) : grade;
	}
	if (grade != LEVEL_NONE && level != LEVEL_NONE && grade != level)
		cap_problem_add(reading->notes, CAP_PROBLEM_ERROR, "text.grade", "text",
		        "颜色%s与所写级别（应为%s）不符%.0s%.0s",
		        "%.0s%.0sthe colour %s does not go with the grade, which is that of %s",
		        level_zh(level), level_zh(grade), level_text(level), level_text(grade));
}

static void read_hazard(struct bulletin_reading *reading)
{
	const struct catalog *catalog = reading->rules->catalog;
	char *event = mem_text_n(reading->subject.event, reading->subject.event_len);
	const struct hazard *hazard = catalog_hazard_in(catalog, event);
	size_t rest = hazard ? strlen(event) - strlen(hazard->name_zh) : 0;
	struct text_subject other;

	reading->content.hazard = hazard;
	reading->content.event = event;
	if (!hazard)
		cap_problem_add(reading->notes, CAP_PROBLEM_ERROR, "text.hazard", "text",
		        "“%s”不是事件类型表中的名称",
		        "\"%s\" is no name in the table of event types", event);
	else if (strcmp(event + rest, hazard->name_zh) != 0)
		cap_problem_add(reading->notes, CAP_PROBLEM_WARNING, "text.hazard", "text",
		        "“%s”按“%s”理解", "\"%s\" was taken for \"%s\"", event, hazard->name_zh);
	if (!hazard || !reading->headline || !text_subject_find(reading->headline, &other))
		return;
	char *named = mem_text_n(other.event, other.event_len);
	const struct hazard *heading = catalog_hazard_in(catalog, named);
	if (heading && heading != hazard)
		cap_problem_add(reading->notes, CAP_PROBLEM_ERROR, "text.hazard", "text",
		        "标题是“%s”，正文是“%s”", "the heading says \"%s\", the text \"%s\"",
		        heading->name_zh, hazard->name_zh);
	free(named);
}

/* 气象台 is the station of the bureau 气象局: the bulletin is the bureau's. Of a joint one the
 * first we know. */
static const struct draft_unit *find_unit(const struct draft_rules *rules, const char *name)
{
	const struct draft_unit *unit = draft_unit_find(rules, name);
	size_t len = strlen(name);

	if (!unit && len > 9 && strcmp(name + len - 9, "气象台") == 0) {
		char *bureau = mem_format("%.*s气象局", (int)(len - 9), name);
		unit = draft_unit_find(rules, bureau);
		free(bureau);
	}
	for (const char *and = strstr(name, "与"); !unit && and; and = NULL) {
		char *first = mem_text_n(name, (size_t)(and-name));
		unit = find_unit(rules, first);
		unit = unit ? unit : find_unit(rules, and+strlen("与"));
		free(first);
	}
	return unit;
}

static void read_unit(struct bulletin_reading *reading)
{
	const struct draft_rules *rules = reading->rules;
	char *name = text_unit(reading->subject_text, &reading->subject);
	const struct draft_unit *unit = find_unit(rules, name);

	if (!unit)
		unit = draft_unit_find(rules, rules->unit);
	if (!name[0])
		cap_problem_add(reading->notes, CAP_PROBLEM_ERROR, "text.unit", "text",
		        "没有读到发布单位", "no issuing unit could be read");
	else if (unit && !find_unit(rules, name))
		cap_problem_add(reading->notes, CAP_PROBLEM_WARNING, "text.unit", "text",
		        "发布单位“%s”不在授权规则中，以“%s”的名义起草",
		        "the issuing unit \"%s\" is not in the policy; drafted in the name of "
		        "\"%s\"",
		        name, unit->name);
	reading->content.unit = unit;
	reading->content.sender_name = name[0] || !unit ? name : mem_text(unit->name);
	if (reading->content.sender_name != name)
		free(name);
}

static void read_time(struct bulletin_reading *reading)
{
	const char *at;

	if (text_moment_find(reading->body, &at, &reading->content.effective)) {
		reading->content.onset = reading->content.effective;
		return;
	}
	cap_problem_add(reading->notes, CAP_PROBLEM_WARNING, "text.time", "text",
	        "没有读到发布时间，生效时间以实际发布时间为准",
	        "no time of issue could be read: it takes effect when it is released");
}

static bool lies_in(const struct division *division, const struct division *whole)
{
	return strcmp(division->code, whole->code) == 0 ||
	       strcmp(division->parent, whole->code) == 0;
}

/* The divisions named in the matters, as far as they belong to the unit's. */
static bool named_areas(
        struct bulletin_reading *reading, const struct division *whole, const char *matters)
{
	const struct catalog *catalog = reading->rules->catalog;
	bool everything = false;

	for (size_t i = 0; i < catalog->division_count; i++) {
		const struct division *division = &catalog->divisions[i];
		if (strcmp(division->level, "grouping") == 0 || !strstr(matters, division->name_zh))
			continue;
		if (whole && !lies_in(division, whole))
			cap_problem_add(reading->notes, CAP_PROBLEM_WARNING, "text.area", "text",
			        "“%s”不在发布单位的辖区内，未列入区域",
			        "\"%s\" is outside the issuing unit's division and was left out",
			        division->name_zh);
		else if (whole && division != whole)
			texts_add(&reading->content.areas, division->code);
		else
			everything = whole != NULL;
	}
	return everything;
}

static void read_areas(struct bulletin_reading *reading)
{
	static const char *const all[] = {"本市", "全市", "我市", "本区", "全区", "我区", "本县",
	        "全县", "我县", "天津地区", NULL};
	static const char *const sea[] = {"海域", "海区", "海面", "锚地", NULL};
	const char *matters = reading->subject.event;
	const struct division *whole =
	        catalog_division_of_unit(reading->rules->catalog, reading->content.sender_name);
	bool everything = named_areas(reading, whole, matters) || text_has(matters, all);
	bool some = reading->content.areas.count > 0;

	if (text_has(matters, sea))
		cap_problem_add(reading->notes, CAP_PROBLEM_WARNING, "text.area", "text",
		        "文中的海域没有区划代码，请核对区域",
		        "the sea areas named have no division code: check the areas");
	if (!whole && !some) {
		cap_problem_add(reading->notes, CAP_PROBLEM_ERROR, "text.area", "text",
		        "没有读到区域：“%s”不属于本地区划表中的任何区划",
		        "no area could be read: \"%s\" belongs to no division in our table",
		        reading->content.sender_name);
		return;
	}
	if (whole && (everything || !some)) {
		texts_finish(&reading->content.areas);
		texts_add(&reading->content.areas, whole->code);
	}
	if (some == everything)
		cap_problem_add(reading->notes, CAP_PROBLEM_WARNING, "text.area", "text",
		        some ? "文中既有全域又有个别区，按发布单位辖区填写"
		             : "文中没有写明区域，按发布单位辖区填写",
		        some ? "the text names the whole and parts: the unit's division was taken"
		             : "the text names no area: the unit's division was taken");
}

static void read_words(struct bulletin_reading *reading)
{
	struct draft_content *content = &reading->content;

	content->occurring = text_occurring(reading->body);
	content->headline = mem_text(reading->headline_words);
	content->description = mem_text(reading->body_words);
	content->instruction = text_measures(reading->body);
	if (!content->instruction && content->verb != VERB_CANCEL)
		cap_problem_add(reading->notes, CAP_PROBLEM_WARNING, "text.measures", "text",
		        "没有读到防范措施（“请……注意防范”）",
		        "no measures to take (请...) could be read");
	if (content->verb != VERB_PUBLISH)
		cap_problem_add(reading->notes, CAP_PROBLEM_WARNING, "text.replaces", "text",
		        "请指明所%s的原预警%.0s", "%.0sname the warning that this %ss",
		        verb_zh(content->verb), verb_text(content->verb));
}

static bool check_bytes(const char *text, struct err *err)
{
	size_t len = strlen(text);

	if (len > DRAFT_TEXT_LIMIT)
		return err_set(err, ERR_TOO_BIG, "文稿超过 %d 字节",
		        "the text is larger than %d bytes", DRAFT_TEXT_LIMIT);
	if (!utf8_valid(text, len, NULL))
		return err_set(err, ERR_INPUT, "文稿不是 UTF-8；若是 GBK，请另存为 UTF-8",
		        "the text is not UTF-8; if it is GBK, save it as UTF-8");
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if ((*p < 0x20 && !strchr("\r\n\t", *p)) || *p == 0x7f)
			return err_set(err, ERR_INPUT, "文稿含有控制字符",
			        "the text holds control characters");
	return true;
}

static bool find_subject(struct bulletin_reading *reading, struct err *err)
{
	reading->subject_text = reading->body;
	if (text_subject_find(reading->body, &reading->subject))
		return true;
	reading->subject_text = reading->headline;
	if (reading->headline && text_subject_find(reading->headline, &reading->subject))
		return true;
	return err_set(err, ERR_INPUT, "文稿中没有“某单位发布（更新、解除）某预警”的字样",
	        "the text does not say that a unit issues, updates or lifts a warning");
}

bool draft_from_bulletin_text(const char *text, const struct draft_rules *rules, int64_t now,
        struct draft *draft, struct err *err)
{
	struct bulletin_reading reading = {.rules = rules, .notes = &draft->notes};

	*draft = (struct draft){0};
	if (!check_bytes(text, err))
		return false;
	split(&reading, text);
	bool ok = find_subject(&reading, err);
	if (ok) {
		reading.content.verb = reading.subject.verb;
		reading.content.kind = KIND_WARNING;
		read_level(&reading);
		read_hazard(&reading);
		read_unit(&reading);
		read_time(&reading);
		read_areas(&reading);
		read_words(&reading);
		ok = reading.content.unit || draft_no_unit(rules->unit, err);
	}
	if (ok)
		draft_build(&reading.content, rules, now, draft);
	else
		cap_problems_finish(&draft->notes);
	free(reading.headline);
	free(reading.headline_words);
	free(reading.body);
	free(reading.body_words);
	draft_content_finish(&reading.content);
	return ok;
}
