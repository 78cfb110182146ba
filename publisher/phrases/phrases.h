/* SPDX-License-Identifier: Apache-2.0
 * phrases - the table of sentences that plain texts are put together from (data/phrases.csv):
 * written and approved by daylight, so that nobody composes at night.
 *
 * Never changed after reading. A row may be for any hazard, level or action ("*"); the one that
 * says most of what was asked holds.
 */
#ifndef TOCSIN_PHRASES_H
#define TOCSIN_PHRASES_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"
#include "terms.h"

enum phrase_part {
	PHRASE_ACT,    /* what to do */
	PHRASE_WHERE,  /* {areas} */
	PHRASE_WITHIN, /* {area}: of a place that is only part of it */
	PHRASE_UNTIL,  /* {until} */
	PHRASE_OPEN,   /* the same when no end is known */
	PHRASE_WHAT,   /* {hazard} {level} {grade} */
	PHRASE_EVENT,  /* the {hazard} when its code is not known */
	PHRASE_LEVEL,  /* the {level} */
	PHRASE_GRADE,  /* the {grade}: how high that is */
	PHRASE_ISSUER, /* {issuer} {sent} */
	PHRASE_NUMBER, /* {number} */
	PHRASE_CALL,
	PHRASE_DRILL, /* action exercise or test */
	PHRASE_ORIGINAL,
	PHRASE_PARTS
};

struct phrase_key {
	const char *language; /* en, zh-CN; as in the table, but for case */
	enum phrase_part part;
	const char *hazard; /* 11B03, or "" */
	enum level level;
	const char *action; /* a responseType, AllClear or Correction among them; "" none */
};

struct phrase {
	const char *text; /* borrowed */
	bool general;     /* for any hazard */
	bool approved;    /* the table names a day of approval */
};

struct phrases;

/* phrases.csv of the folder. NULL: *err names file, line and cause; or what a language lacks: each
 * must have a general row of every part, and every level its words. */
struct phrases *phrases_read(const char *folder, struct err *err);
/* The same, but a folder without the file is no fault: *phrases is NULL then. */
bool phrases_read_any(const char *folder, struct phrases **phrases, struct err *err);
void phrases_destroy(struct phrases **phrases);

bool phrases_speak(const struct phrases *phrases, const char *language);
void phrases_languages(const struct phrases *phrases, struct buf *out); /* "en zh-CN" */

/* The action counts most, then the hazard (its class before any), then the level. false: none. */
bool phrases_find(const struct phrases *phrases, const struct phrase_key *key, struct phrase *out);

/* Puts values into a phrase: names end with NULL, values stand in step. What is no name stays. */
void phrase_fill(
        const char *text, const char *const *names, const char *const *values, struct buf *out);

#endif
