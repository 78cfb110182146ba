/* SPDX-License-Identifier: Apache-2.0
 * option - settings as rows of a table: one row is the setting, its default, its limits, its place
 * in a struct and its manual entry. Used for tocsind's own settings and for every channel type's
 * options.
 */
#ifndef TOCSIN_OPTION_H
#define TOCSIN_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"
#include "mem.h"

/* The place in the struct:   TEXT, SECRET char * | NUMBER, SECONDS long | YES bool | LIST struct
 * texts
 * LEVEL_SECONDS long[LEVEL_COUNT] */
enum option_kind {
	OPTION_TEXT,
	OPTION_NUMBER,
	OPTION_SECONDS, /* written as seconds ("2", "0.5"), kept as milliseconds; min and max in ms
	                 */
	OPTION_YES,     /* yes or no */
	OPTION_SECRET,  /* the setting names a file (secret.h); the place holds what stands in it */
	OPTION_LIST,    /* each option_set adds one */
	OPTION_LEVEL_SECONDS, /* seconds, and others for some levels: "900 red=600 I=600"; kept as
	                         ms a level */
};

struct option {
	const char *name;
	enum option_kind kind;
	size_t offset;
	const char *fallback; /* NULL: must be given; "" for a LIST: empty */
	long min, max;        /* NUMBER, SECONDS; both 0 = no limits */
	const char *help;     /* one sentence, English */
	const char *help_zh;
};

const struct option *option_find(const struct option *rows, const char *name); /* or NULL */

/* Reads a value into its place. false: *err names the setting, the value and what is allowed. */
bool option_set(void *instance, const struct option *row, const char *value, struct err *err);

/* Fills in the fallback of every row whose bit in `given` (by row index, up to 64) is not set.
 * false: one that must be given is missing. */
bool option_defaults(
        void *instance, const struct option *rows, unsigned long long given, struct err *err);
/* As option_set reads it back: levels with the value of `none` are left out. */
void option_level_seconds_text(const long *levels, struct buf *out);
void option_finish(void *instance, const struct option *rows); /* frees; wipes secrets */

/* One manual entry per row, roff (.TP paragraphs), in this order. */
void option_manual(const struct option *rows, struct buf *out);

#endif
