/* SPDX-License-Identifier: Apache-2.0
 * rules - see rules.h. docs/CAP.md holds what is printed here; a lint compares the two.
 */
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_rule.h"
#include "command.h"
#include "fields.h"

bool rules_take_profiles(int *argc, char **argv, unsigned *profiles)
{
	const char *name;

	*profiles = 0;
	while ((name = take_option(argc, argv, "--profile")) != NULL) {
		enum cap_profile profile;
		if (!cap_profile_read(name, &profile)) {
			fprintf(stderr, "没有名为“%s”的规范 / no profile is called \"%s\":", name,
			        name);
			for (unsigned p = CAP_PROFILE_BASE; p < CAP_PROFILE_END; p <<= 1)
				fprintf(stderr, " %s", cap_profile_text((enum cap_profile)p));
			fputc('\n', stderr);
			return false;
		}
		*profiles |= profile;
	}
	return true;
}

/* "warning; error: google, ipaws" */
static void add_level(struct buf *out, enum cap_level level, unsigned profiles)
{
	const char *before = ": ";

	if (!profiles)
		return;
	buf_text(out, out->len ? "; " : "");
	buf_text(out, cap_problem_level_text(level));
	for (unsigned p = CAP_PROFILE_CHINA; p < CAP_PROFILE_END; p <<= 1) {
		if (!(profiles & p))
			continue;
		buf_format(out, "%s%s", before, cap_profile_text((enum cap_profile)p));
		before = ", ";
	}
}

static void print_row(const struct cap_rule *rule)
{
	struct buf levels;

	buf_init(&levels, 0);
	add_level(&levels, CAP_PROBLEM_ADVICE, rule->advice);
	add_level(&levels, CAP_PROBLEM_WARNING, rule->warning);
	add_level(&levels, CAP_PROBLEM_ERROR, rule->error);
	printf("| `%s` | %.*s | %s%s%s | %s | %s |\n", rule->id, (int)levels.len, levels.data,
	        cap_object_text(rule->object), rule->at[0] ? ": " : "", rule->at, rule->zh,
	        rule->en);
	buf_finish(&levels);
}

static json_t *names(unsigned profiles)
{
	json_t *list = json_array();

	for (unsigned p = CAP_PROFILE_BASE; p < CAP_PROFILE_END; p <<= 1)
		if (profiles & p)
			json_array_append_new(
			        list, json_string(cap_profile_text((enum cap_profile)p)));
	return list;
}

static void print_line(const struct cap_rule *rule)
{
	json_t *json = json_pack("{s:s,s:o,s:o,s:o,s:s,s:s,s:s,s:s}", "rule", rule->id, "error",
	        names(rule->error), "warning", names(rule->warning), "advice", names(rule->advice),
	        "object", cap_object_text(rule->object), "at", rule->at, "message_zh", rule->zh,
	        "message", rule->en);
	char *line = json ? json_dumps(json, JSON_COMPACT) : NULL;

	puts(line ? line : "{}");
	free(line);
	json_decref(json);
}

void rules_print(unsigned profiles, bool as_json)
{
	const struct cap_rule *rule;

	if (!as_json)
		puts("| rule | level | looks at | 规则 | the rule |\n|---|---|---|---|---|");
	for (size_t i = 0; (rule = cap_rule_at(i)) != NULL; i++) {
		enum cap_level level;
		if (profiles && !cap_rule_level(rule, profiles, &level))
			continue;
		if (as_json)
			print_line(rule);
		else
			print_row(rule);
	}
}

static void print_problem(FILE *out, const struct cap_problem *p)
{
	fprintf(out, "  %s %s：%s / %s: %s [%s]\n", cap_problem_level_zh(p->level), p->path, p->zh,
	        cap_problem_level_text(p->level), p->en, p->rule);
}

static struct cap_problem said(const json_t *problem, enum cap_level level)
{
	return (struct cap_problem){.rule = json_text(problem, "rule"),
	        .level = level,
	        .path = (char *)json_text(problem, "path"),
	        .zh = (char *)json_text(problem, "message_zh"),
	        .en = (char *)json_text(problem, "message")};
}

void rules_print_said(FILE *out, const json_t *problems)
{
	const json_t *item;
	size_t i;

	for (int level = CAP_PROBLEM_ERROR; level <= CAP_PROBLEM_NOTE; level++)
		json_array_foreach((json_t *)problems, i, item)
		{
			const char *word = cap_problem_level_text((enum cap_level)level);
			struct cap_problem problem = said(item, (enum cap_level)level);

			if (strcmp(json_text(item, "level"), word) == 0)
				print_problem(out, &problem);
		}
}

void rules_print_problems(FILE *out, const struct cap_problems *problems)
{
	if (problems->starved)
		fputs("  错误 /：内存不足 / error: out of memory [xml.memory]\n", out);
	for (int level = CAP_PROBLEM_ERROR; level <= CAP_PROBLEM_NOTE; level++)
		for (size_t i = 0; i < problems->count; i++)
			if ((int)problems->items[i].level == level)
				print_problem(out, &problems->items[i]);
}
