/* SPDX-License-Identifier: Apache-2.0
 * draft - a struct bulletin and its CAP message from each way in: CAP, an accident report (JSON),
 * the text of a Chinese weather bulletin. Nothing here decides: what comes out is a DRAFT in the
 * unit's name, in our profile (flatten.h), without identifier and `sent`, which are given later.
 *
 * What was written but could not be understood, and what a default filled in, is named in the
 * draft's notes: errors must be mended before submission, warnings are for the officer to look at.
 * Areas are never guessed wider.
 */
#ifndef TOCSIN_DRAFT_H
#define TOCSIN_DRAFT_H

#include <jansson.h>

#include "bulletin.h"
#include "cap.h"
#include "cap_problem.h"
#include "catalog.h"
#include "err.h"

struct phrases;

/* A unit as the policy has it; borrowed. */
struct draft_unit {
	const char *id, *name, *code; /* code: CAP sender, and the first part of identifiers */
	const char *division;         /* "" when it has none */
};

/* Who drafts, and what is known here. Borrowed for the call. */
struct draft_rules {
	const struct catalog *catalog;
	const struct draft_unit *units; /* all units of the policy */
	size_t unit_count;
	const char *unit;    /* id of the unit in whose name it is drafted, unless the report names
	                        another */
	const char *drafter; /* officer's id, or "" */
	const char *source;  /* source's name, or "" */
	enum mode mode;
	const struct phrases *phrases; /* NULL: there is no table of sentences */
};

struct draft {
	struct bulletin *bulletin; /* state DRAFT, row 0, cap = alert in canonical form */
	struct cap_alert *alert;
	struct cap_problems notes;
};
void draft_finish(struct draft *draft);

/* Bytes of a report; of a bulletin's text. */
enum { DRAFT_LIMIT = 256 << 10, DRAFT_TEXT_LIMIT = 32 << 10 };

/* Every draft function: false + *err when there is nothing to draft from; then *draft holds no
 * bulletin and no alert, but notes may say more (one problem per member, path "where[2]"). *draft
 * is only written to. */

/* A parsed message, as drafted elsewhere. Content is kept, our profile's parameters and codes are
 * added. Update and Cancel name what they replace by `references` (bulletin->replaces: the last
 * one's identifier). */
bool draft_from_cap(const struct cap_alert *alert, const struct draft_rules *rules, int64_t now,
        struct draft *draft, struct err *err);

/* {"what":"...","where":["120116"],"when":"2026-11-23T09:00:00+08:00","hazard":"12A07"} and
 * optionally unit, kind (fact), level (none), measures, result, headline, instruction, contact,
 * incident, expires, disclosure (proactive), disclosure_reason, procedure (normal), targets,
 * updates (id or identifier of what was released here), languages (["en"]: a second info in English
 * out of the table of sentences), plain (true: its plain Chinese below the description). `where`
 * takes codes or names, `hazard` a code or a Chinese name. Beside `where`, or instead of it,
 * shapes: [{"polygon": "lat,lon lat,lon
 * ..."} or {"circle": "lat,lon km"}, and optionally name, and codes of the divisions it lies in].
 */
bool draft_from_report(const char *bytes, size_t len, const struct draft_rules *rules, int64_t now,
        struct draft *draft, struct err *err);

/* The areas of a report alone, added to the info: members where and shapes, others are not looked
 * at. false: problems say what is wrong with which. */
bool draft_read_areas(const json_t *report, const struct draft_rules *rules, struct cap_info *info,
        struct cap_problems *problems);

/* 天津市气象台于2020年08月12日09时35分发布暴雨黄色预警信号:... with or without a headline on a line
 * before it. */
bool draft_from_bulletin_text(const char *text, const struct draft_rules *rules, int64_t now,
        struct draft *draft, struct err *err);

/* After a draft's CAP was edited: kind, level, hazard, areas, status, incident, headline, expires
 * and the canonical bytes of the bulletin are read from the message again. false: *err, bulletin
 * untouched. */
bool draft_settle(struct bulletin *bulletin, const struct cap_alert *alert,
        const struct catalog *catalog, struct err *err);

/* What its author did not make public (CAP scope) is withheld here, for the author's reason. */
void draft_take_scope(struct bulletin *bulletin, const struct cap_alert *alert);

/* How long a bulletin stands when nobody says: warning and response 24 h, the others 6 h. ms. */
int64_t draft_lifetime(enum kind kind);

#endif
