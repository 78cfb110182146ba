/* SPDX-License-Identifier: Apache-2.0
 * cap_problem - see cap_problem.h and cap_place.h. Bounded: a hostile message cannot fill memory
 * with complaints about it.
 */
#include "cap_problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_place.h"
#include "err.h"
#include "mem.h"
#include "utf8.h"

const char *cap_problem_level_text(enum cap_level level)
{
	static const char *const words[] = {"error", "warning", "advice", "note"};

	return words[level];
}

const char *cap_problem_level_zh(enum cap_level level)
{
	static const char *const words[] = {"错误", "警告", "建议", "说明"};

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

void cap_problems_within(struct cap_problems *problems, size_t from, const char *place)
{
	for (size_t i = from; *place && i < problems->count; i++) {
		char *path = mem_format("%s%s", place, problems->items[i].path);

		free(problems->items[i].path);
		problems->items[i].path = path;
	}
}

/* Whatever stood in the message. NULL: no memory. */
static char *one_line(const char *text)
{
	char *line = mem_try_text_n(text, strlen(text));

	if (line)
		utf8_one_line(line);
	return line;
}

/* What could not be kept might have been an error: so it counts as one. */
static void starve(struct cap_problems *problems, enum cap_level level)
{
	problems->starved = true;
	problems->errors += level != CAP_PROBLEM_ERROR;
}

void cap_problem_put(struct cap_problems *problems, enum cap_level level, const char *rule,
        const char *path, const char *zh, const char *en)
{
	problems->errors += level == CAP_PROBLEM_ERROR;
	if (cap_problems_full(problems))
		return;
	struct cap_problem problem = {rule, level, one_line(path), one_line(zh), one_line(en)};
	struct cap_problem *slot =
	        problem.path && problem.zh && problem.en
	                ? mem_try_push(&problems->items, &problems->count, sizeof problem)
	                : NULL;

	if (slot) {
		*slot = problem;
		return;
	}
	free(problem.path);
	free(problem.zh);
	free(problem.en);
	starve(problems, level);
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

static size_t add_place(const struct cap_place *place, char *out, size_t room)
{
	char name[CAP_EXCERPT];
	size_t used = place->up ? add_place(place->up, out, room) : 0;
	int len;

	cap_excerpt(place->name, name);
	if (place->index)
		len = snprintf(out + used, room - used, "/%s[%zu]", name, place->index);
	else
		len = snprintf(out + used, room - used, "/%s", name);
	used += len > 0 ? (size_t)len : 0;
	return used < room ? used : room - 1;
}

void cap_place_put(const struct cap_place *place, char out[CAP_PLACE_MAX])
{
	add_place(place, out, CAP_PLACE_MAX);
}

char *cap_place_text(const struct cap_place *place)
{
	char text[CAP_PLACE_MAX];

	cap_place_put(place, text);
	return mem_text(text);
}

void cap_excerpt(const char *text, char out[CAP_EXCERPT])
{
	size_t len = utf8_cut(text, CAP_EXCERPT - sizeof "…");
	bool whole = text[len] == '\0';

	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? ' ' : text[i];
	snprintf(out + len, CAP_EXCERPT - len, "%s", whole ? "" : "…");
}
