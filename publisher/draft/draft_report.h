/* SPDX-License-Identifier: Apache-2.0
 * draft_report - an accident report while it is read. Inside draft_report*.c only.
 */
#ifndef TOCSIN_DRAFT_REPORT_H
#define TOCSIN_DRAFT_REPORT_H

#include <jansson.h>

#include "draft_build.h"

struct report {
	struct draft_content content;
	char *what, *measures, *result;
	bool english, plain; /* what the table of sentences is to add */
	const struct draft_rules *rules;
	struct cap_problems *problems;
};

enum { REPORT_TEXT_LIMIT = 6000, REPORT_NAME_LIMIT = 300, REPORT_LIST_LIMIT = 400 };

/* A text of at most `limit` characters, without control characters but the line ends of the
 * longest; NULL and a problem otherwise. */
const char *report_text(struct report *report, const char *path, const json_t *value, size_t limit);
/* A division by code or name; NULL and a problem when it is not in our table. The caller's. */
char *report_division(struct report *report, const char *path, const json_t *value);
/* Each item of the list, with its path. */
void report_list(struct report *report, const char *name, const json_t *value,
        void (*item)(struct report *report, const char *path, const json_t *value));
/* One of "shapes". */
void report_shape(struct report *report, const char *path, const json_t *value);

/* Reads every member; what is wrong with one is a problem whose path is the member's. */
void report_members(struct report *report, json_t *root);

#endif
