/* SPDX-License-Identifier: Apache-2.0
 * cap_problem - see cap_problem.h and cap_place.h. Bounded: a hostile message cannot fill memory
 * with complaints about it.
 */
#include "cap_problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cap_place.h"
#include "err.h"
#include "mem.h"
#include "utf8.h"

enum { PLACE_LIMIT = 1024 };

const char *cap_problem_level_text(enum cap_level level)
{
	static const char *const words[] = {"error", "warning", "advice"};

	return words[level];
}

void cap_problems_finish(struct cap_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		free(problems->items[i].path);
		free(problems->items[i].zh);
		free(problems->items[i].en);
	}
	free(problems->items);
	*problems = (struct cap_problems){0};
}

bool cap_problems_full(const struct cap_problems *problems)
{
	return problems->count >= CAP_PROBLEMS_MAX;
}

/* Whatever stood in the message. */
static char *one_line(const char *text)
{
	char *line = mem_text(text);

	utf8_one_line(line);
	return line;
}

void cap_problem_put(struct cap_problems *problems, enum cap_level level, const char *rule,
        const char *path, const char *zh, const char *en)
{
	problems->errors += level == CAP_PROBLEM_ERROR;
	if (cap_problems_full(problems))
		return;
	struct cap_problem *problem =
	        mem_push(&problems->items, &problems->count, sizeof *problems->items);

	problem->rule = rule;
	problem->level = level;
	problem->path = one_line(path);
	problem->zh = one_line(zh);
	problem->en = one_line(en);
}

void cap_problem_add(struct cap_problems *problems, enum cap_level level, const char *rule,
        const char *path, const char *zh, const char *en, ...)
{
	struct err sentence;
	va_list args;

	va_start(args, en);
	err_set_v(&sentence, ERR_INPUT, zh, en, args);
	va_end(args);
	cap_problem_put(problems, level, rule, path, sentence.zh, sentence.en);
}

static void add_place(const struct cap_place *place, struct buf *out)
{
	char name[CAP_EXCERPT];

	if (place->up)
		add_place(place->up, out);
	cap_excerpt(place->name, name);
	buf_format(out, "/%s", name);
	if (place->index)
		buf_format(out, "[%zu]", place->index);
}

char *cap_place_text(const struct cap_place *place)
{
	struct buf out;

	buf_init(&out, PLACE_LIMIT);
	add_place(place, &out);
	if (place->line)
		buf_format(&out, " (line %ld)", place->line);
	return buf_take(&out);
}

void cap_excerpt(const char *text, char out[CAP_EXCERPT])
{
	size_t len = utf8_cut(text, CAP_EXCERPT - sizeof "…");
	bool whole = text[len] == '\0';

	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? ' ' : text[i];
	snprintf(out + len, CAP_EXCERPT - len, "%s", whole ? "" : "…");
}
