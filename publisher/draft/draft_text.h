/* SPDX-License-Identifier: Apache-2.0
 * draft_text - the grammar of Chinese warning bulletins (气象灾害预警信号), as far as a draft needs
 * it:
 *
 *   [【标题】LF] UNIT [于] DATE VERB [PLACE] HAZARD COLOUR色预警[信号] [: MATTERS, 请 MEASURES]
 *
 * Readers of pieces; pure. Inside draft_text*.c only.
 */
#ifndef TOCSIN_DRAFT_TEXT_H
#define TOCSIN_DRAFT_TEXT_H

#include "catalog.h"
#include "terms.h"

/* One "VERB ... COLOUR色预警" found in a text; the pointers are into it. */
struct text_subject {
	enum verb verb;
	enum level level;    /* LEVEL_NONE: no colour stands there */
	const char *verb_at; /* where the verb begins */
	const char *event;   /* behind the verb */
	size_t event_len;    /* up to the colour */
	const char *rest;    /* behind 预警 or 预警信号 */
};

/* Of several the one that is newly in force (升级为, 降级为, 变更为), else the first. */
bool text_subject_find(const char *text, struct text_subject *out);

/* The first date with hour (2025年06月29日12时52分; minutes may be missing); *at is where it
 * begins. */
bool text_moment_find(const char *text, const char **at, int64_t *ms);

/* Ⅲ级, III, [IV级/一般], /III/较重 behind a warning's name: the colour of that grade; LEVEL_NONE
 * when absent. */
enum level text_grade(const char *rest);

/* The issuing unit, which stands before the date or the verb; the caller's, "" when there is none.
 */
char *text_unit(const char *text, const struct text_subject *subject);

/* What people are to do: the last clause that begins with 请 and asks for care, or what stands
 * behind 防御指南; the caller's, or NULL. */
char *text_measures(const char *text);

/* Full-width digits, letters, colon and blanks as ASCII, CR dropped; the caller's. */
char *text_folded(const char *text);

/* Does it say that the event is there already? */
bool text_occurring(const char *text);

/* Does one of the words stand in the text? words ends with NULL. */
bool text_has(const char *text, const char *const *words);

#endif
