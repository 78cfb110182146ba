/* SPDX-License-Identifier: Apache-2.0
 * draft_build - what the ways in share: understood content -> CAP message and bulletin. Inside
 * draft_*.c only.
 */
#ifndef TOCSIN_DRAFT_BUILD_H
#define TOCSIN_DRAFT_BUILD_H

#include "draft.h"

/* A drawn area of a report. */
struct draft_shape {
	char *name;             /* what it is called; NULL: by the divisions it touches */
	char *polygon, *circle; /* CAP's text; one of the two */
	struct texts codes;     /* divisions named beside it: then it says where in them */
};

/* What was understood. Texts are the content's own; NULL = nothing said. */
struct draft_content {
	enum verb verb;
	enum kind kind;
	enum level level;
	enum procedure procedure;
	enum disclosure disclosure;
	const struct hazard *hazard; /* NULL: not understood, then `event` stands */
	char *event;
	bool occurring; /* it is there already */
	char *headline, *description, *instruction, *contact, *incident, *sender_name;
	char *disclosure_reason;
	char *replaces;                    /* VERB_UPDATE: what; else NULL */
	int64_t effective, onset, expires; /* ms; 0 = not said */
	struct texts areas, targets;       /* codes; names */
	struct draft_shape *shapes;
	size_t shape_count;
	const struct draft_unit *unit;
};
void draft_content_finish(struct draft_content *content);

const struct draft_unit *draft_unit_find(
        const struct draft_rules *rules, const char *id); /* by id or name; or NULL */
/* Says that the policy has no such unit; false. */
bool draft_no_unit(const char *id, struct err *err);

/* Message and bulletin from the content; missing texts are filled in. */
void draft_build(const struct draft_content *content, const struct draft_rules *rules, int64_t now,
        struct draft *draft);

/* The areas of what was understood, into the message. */
void draft_areas(
        struct cap_info *info, const struct draft_content *content, const struct catalog *catalog);

/* The bulletin of a draft with unit, drafter, source and mode; nothing of the message yet. */
struct bulletin *draft_bulletin(
        const struct draft_rules *rules, const struct draft_unit *unit, int64_t now);

/* 暴雨黄色预警, 危险化学品事故Ⅱ级应急响应, 火灾事实通报; the caller's. */
char *draft_subject(enum kind kind, enum level level, const char *event);

/* Sets the one parameter, event code or geocode of this name. */
void draft_pair_set(struct cap_pairs *pairs, const char *name, const char *value);

/* Parameters and event code of our profile. */
void draft_profile(struct cap_info *info, enum kind kind, enum level level, const char *hazard);

#endif
