/* SPDX-License-Identifier: Apache-2.0
 * cap_problem - what is wrong with a message: a list that parsing and checking add to.
 */
#ifndef TOCSIN_CAP_PROBLEM_H
#define TOCSIN_CAP_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

/* A note is no fault to mend but what reading did with what it found. */
enum cap_level { CAP_PROBLEM_ERROR, CAP_PROBLEM_WARNING, CAP_PROBLEM_ADVICE, CAP_PROBLEM_NOTE };
const char *cap_problem_level_text(enum cap_level level); /* error warning advice note */
const char *cap_problem_level_zh(enum cap_level level);   /* 错误 警告 建议 说明 */

struct cap_problem {
	const char *rule; /* static: "schema.order", "area.polygon.closed", ... (the table is in
	                     cap_check.c) */
	enum cap_level level;
	char *path; /* "/alert/info[1]/area[2]/polygon[1]", with the line behind it where known: "
	               (line 12)" */
	char *zh, *en; /* one sentence each */
};

enum {
	CAP_PROBLEMS_MAX = 100, /* no more are kept */
	CAP_NOTES_MAX = 60,     /* nor more notes of reading: what is left is for the errors */
};
struct cap_problems {
	struct cap_problem *items;
	size_t count;
	size_t errors; /* how many errors were found, those past CAP_PROBLEMS_MAX too */
	bool starved;  /* there was no memory to keep one (it counts as an error) or to read on */
};

void cap_problems_finish(struct cap_problems *problems); /* zeroed again */
bool cap_problems_full(const struct cap_problems *problems);

/* Puts `place` before the paths of those from the from-th on. */
void cap_problems_within(struct cap_problems *problems, size_t from, const char *place);

/* Both count an error even when there is no more room to keep it, and end nothing for want of
 * memory. Control characters become blanks. */
void cap_problem_put(struct cap_problems *problems, enum cap_level level, const char *rule,
        const char *path, const char *zh, const char *en); /* sentences ready */
void cap_problem_add(struct cap_problems *problems, enum cap_level level, const char *rule,
        const char *path, const char *zh, const char *en, ...)
        __attribute__((format(printf, 5, 7), format(printf, 6, 7)));

#endif
