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
	const struct draft_rules *rules;
	struct cap_problems *problems;
};

/* Reads every member; what is wrong with one is a problem whose path is the member's. */
void report_members(struct report *report, json_t *root);

#endif
