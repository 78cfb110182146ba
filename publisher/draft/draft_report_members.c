/* SPDX-License-Identifier: Apache-2.0
 * draft_report_members - the members of an accident report: one table, a reader for each type of
 * value. Fails by adding a problem that names the member; anything unknown, of another type or too
 * long is an error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draft_report.h"
#include "nearest.h"
#include "utf8.h"
#include "when.h"

enum {
	TEXT_LIMIT = REPORT_TEXT_LIMIT,
	NAME_LIMIT = REPORT_NAME_LIMIT,
	LIST_LIMIT = REPORT_LIST_LIMIT
};

const char *report_text(struct report *report, const char *path, const json_t *value, size_t limit)
{
	const char *text = json_string_value(value);

	if (!text) {
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.type", path,
		        "“%s”应为文字", "\"%s\" must be a text", path);
		return NULL;
	}
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		bool line = limit == TEXT_LIMIT && (*p == '\n' || *p == '\t');
		if (line || (*p >= 0x20 && *p != 0x7f))
			continue;
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.control", path,
		        "“%s”含有控制字符", "\"%s\" holds a control character", path);
		return NULL;
	}
	if (!text[strspn(text, " \n\t")] || utf8_count(text) > limit) {
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.length", path,
		        "“%s”应为 1 至 %zu 个字", "\"%s\" must have 1 to %zu characters", path,
		        limit);
		return NULL;
	}
	return text;
}

/* The place a plain text member goes to, in the struct report. */
struct member {
	const char *name;
	void (*read)(struct report *report, const struct member *member, const json_t *value);
	size_t offset;
	size_t limit;
	const char *needed; /* what it is in Chinese, where it must be there; else NULL */
};

static void read_text(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, member->limit);

	if (text)
		mem_set_text((char **)((char *)report + member->offset), text);
}

static void read_moment(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, NAME_LIMIT);

	if (text && !when_read(text, (int64_t *)((char *)report + member->offset), NULL))
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.time", member->name,
		        "“%s”应写成 2026-11-23T09:00:00+08:00 这样的时间",
		        "\"%s\" must be a time like 2026-11-23T09:00:00+08:00", member->name);
}

static void bad_word(
        struct report *report, const char *path, const char *text, const char *zh, const char *en)
{
	cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.word", path,
	        "“%s”的取值“%s”不对，应为 %s%.0s", "\"%s\" cannot be \"%s\": it is %.0s%s", path,
	        text, zh, en);
}

static void read_kind(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, NAME_LIMIT);
	const char *words =
	        "warning advisory fact measure result response clarification loss report notice";

	if (text && !kind_read(text, &report->content.kind))
		bad_word(report, member->name, text, words, words);
}

static void read_level(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, NAME_LIMIT);
	const char *words = "none blue yellow orange red I II III IV";

	if (text && !level_read(text, &report->content.level))
		bad_word(report, member->name, text, words, words);
}

static void read_procedure(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, NAME_LIMIT);

	if (text && (!procedure_read(text, &report->content.procedure) ||
	                    report->content.procedure == PROCEDURE_RELAY))
		bad_word(report, member->name, text, "normal 或 urgent", "normal or urgent");
}

static void read_disclosure(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, NAME_LIMIT);
	const char *words = "proactive on-request withheld";

	if (text && !disclosure_read(text, &report->content.disclosure))
		bad_word(report, member->name, text, words, words);
}

static void read_unit(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, NAME_LIMIT);
	const struct draft_unit *unit = draft_unit_find(report->rules, text);

	if (unit)
		report->content.unit = unit;
	else if (text)
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.unit", member->name,
		        "授权规则中没有单位“%s”", "the policy has no unit \"%s\"", text);
}

static void read_hazard(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, NAME_LIMIT);
	const struct catalog *catalog = report->rules->catalog;

	if (!text)
		return;
	report->content.hazard = catalog_hazard(catalog, text);
	if (!report->content.hazard)
		report->content.hazard = catalog_hazard_named(catalog, text);
	if (!report->content.hazard)
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.hazard", member->name,
		        "“%s”不是事件编码，也不是唯一的事件名称（GB/T 35561）",
		        "\"%s\" is neither an event code nor the name of just one event type (GB/T "
		        "35561)",
		        text);
}

/* A code below a division we know (a street) may be used without being in the table: its shape must
 * be right. */
static char *division_of(const struct catalog *catalog, const char *text)
{
	const struct division *division = catalog_division_named(catalog, text);
	char *code = NULL;
	char parent[7];

	if (division)
		return division_code_short(division->code, &code) ? code : NULL;
	if (!division_code_short(text, &code))
		return NULL;
	snprintf(parent, sizeof parent, "%s", code);
	division = catalog_division(catalog, parent);
	if (division && strcmp(division->level, "grouping") != 0)
		return code;
	free(code);
	return NULL;
}

char *report_division(struct report *report, const char *path, const json_t *value)
{
	const char *text = report_text(report, path, value, NAME_LIMIT);
	char *code = text ? division_of(report->rules->catalog, text) : NULL;

	if (text && !code)
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.where", path,
		        "“%s”：区划“%s”不在本地区划表中",
		        "\"%s\": \"%s\" is not in our table of divisions", path, text);
	return code;
}

static void read_place(struct report *report, const char *path, const json_t *value)
{
	char *code = report_division(report, path, value);

	if (code && !texts_have(&report->content.areas, code))
		texts_add(&report->content.areas, code);
	free(code);
}

static void read_target(struct report *report, const char *path, const json_t *value)
{
	const char *text = report_text(report, path, value, NAME_LIMIT);

	if (text && !texts_have(&report->content.targets, text))
		texts_add(&report->content.targets, text);
}

void report_list(struct report *report, const char *name, const json_t *value,
        void (*item)(struct report *report, const char *path, const json_t *value))
{
	if (!json_is_array(value) || json_array_size(value) == 0 ||
	        json_array_size(value) > LIST_LIMIT) {
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.type", name,
		        "“%s”应为 1 至 %d 项的列表", "\"%s\" must be a list of 1 to %d", name,
		        LIST_LIMIT);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		char *path = mem_format("%s[%zu]", name, i + 1);
		item(report, path, json_array_get(value, i));
		free(path);
	}
}

static void read_where(struct report *report, const struct member *member, const json_t *value)
{
	report_list(report, member->name, value, read_place);
}

static void read_shapes(struct report *report, const struct member *member, const json_t *value)
{
	report_list(report, member->name, value, report_shape);
}

static void read_targets(struct report *report, const struct member *member, const json_t *value)
{
	report_list(report, member->name, value, read_target);
}

/* Of the table's languages only this has names of events and divisions beside the Chinese ones. */
static void read_language(struct report *report, const char *path, const json_t *value)
{
	const char *text = report_text(report, path, value, NAME_LIMIT);

	if (text && strcmp(text, "en") != 0)
		bad_word(report, path, text, "en", "en");
	report->english = text != NULL;
}

static void read_languages(struct report *report, const struct member *member, const json_t *value)
{
	report_list(report, member->name, value, read_language);
}

static void read_plain(struct report *report, const struct member *member, const json_t *value)
{
	if (!json_is_boolean(value))
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.type", member->name,
		        "“%s”应为 true 或 false", "\"%s\" must be true or false", member->name);
	report->plain = json_is_true(value);
}

#define AT(member) offsetof(struct report, member)

/* Which one it is, and whether it may be, is asked at submission. */
static void read_updates(struct report *report, const struct member *member, const json_t *value)
{
	const char *text = report_text(report, member->name, value, member->limit);

	if (!text)
		return;
	report->content.verb = VERB_UPDATE;
	mem_set_text(&report->content.replaces, text);
}

static const struct member members[] = {
        {"what", read_text, AT(what), TEXT_LIMIT, "内容"},
        {"where", read_where, 0, 0, "区域"},
        {"shapes", read_shapes, 0, 0, NULL},
        {"when", read_moment, AT(content.onset), 0, "时间"},
        {"hazard", read_hazard, 0, 0, "灾害或事件的种类"},
        {"measures", read_text, AT(measures), TEXT_LIMIT, NULL},
        {"result", read_text, AT(result), TEXT_LIMIT, NULL},
        {"unit", read_unit, 0, 0, NULL},
        {"kind", read_kind, 0, 0, NULL},
        {"level", read_level, 0, 0, NULL},
        {"expires", read_moment, AT(content.expires), 0, NULL},
        {"headline", read_text, AT(content.headline), NAME_LIMIT, NULL},
        {"instruction", read_text, AT(content.instruction), TEXT_LIMIT, NULL},
        {"contact", read_text, AT(content.contact), NAME_LIMIT, NULL},
        {"incident", read_text, AT(content.incident), NAME_LIMIT, NULL},
        {"disclosure", read_disclosure, 0, 0, NULL},
        {"disclosure_reason", read_text, AT(content.disclosure_reason), NAME_LIMIT, NULL},
        {"procedure", read_procedure, 0, 0, NULL},
        {"targets", read_targets, 0, 0, NULL},
        {"updates", read_updates, 0, NAME_LIMIT, NULL},
        {"languages", read_languages, 0, 0, NULL},
        {"plain", read_plain, 0, 0, NULL},
};

static const size_t member_count = sizeof members / sizeof members[0];

static void unknown_member(struct report *report, const char *name)
{
	struct nearest near = {.word = name};
	char *path = mem_text_n(name, utf8_cut(name, 64));

	for (size_t i = 0; i < member_count; i++)
		nearest_look(&near, members[i].name);
	if (near.best)
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.unknown", path,
		        "没有成员“%s”，是不是“%s”？",
		        "there is no member \"%s\"; did you mean \"%s\"?", path, near.best);
	else
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.unknown", path,
		        "没有成员“%s”", "there is no member \"%s\"", path);
	free(path);
}

bool draft_read_areas(const json_t *root, const struct draft_rules *rules, struct cap_info *info,
        struct cap_problems *problems)
{
	struct report report = {.rules = rules, .problems = problems};
	size_t errors = problems->errors;

	for (size_t i = 0; i < member_count; i++) {
		const json_t *value = json_object_get(root, members[i].name);
		if (value && (members[i].read == read_where || members[i].read == read_shapes))
			members[i].read(&report, &members[i], value);
	}
	draft_areas(info, &report.content, rules->catalog);
	draft_content_finish(&report.content);
	return problems->errors == errors;
}

void report_members(struct report *report, json_t *root)
{
	const char *name;
	json_t *value;

	json_object_foreach(root, name, value)
	{
		size_t i = 0;
		while (i < member_count && strcmp(members[i].name, name) != 0)
			i++;
		if (i == member_count)
			unknown_member(report, name);
		else
			members[i].read(report, &members[i], value);
	}
	/* Drawn areas are areas. */
	bool drawn = json_object_get(root, "shapes") != NULL;
	for (size_t i = 0; i < member_count; i++)
		if (members[i].needed && !json_object_get(root, members[i].name) &&
		        !(drawn && members[i].read == read_where))
			cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.missing",
			        members[i].name, "缺少%s，请填写（“%s”）%.0s",
			        "%.0s%.0s\"%s\" is missing: fill it in", members[i].needed,
			        members[i].name, members[i].name);
}
