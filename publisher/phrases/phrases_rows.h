/* SPDX-License-Identifier: Apache-2.0
 * phrases_rows - the table in memory. Inside phrases*.c only.
 */
#ifndef TOCSIN_PHRASES_ROWS_H
#define TOCSIN_PHRASES_ROWS_H

#include "phrases.h"

struct phrase_row {
	char *language;
	enum phrase_part part;
	char *hazards;   /* "11B03 11B38", or "*" */
	unsigned levels; /* a bit each */
	bool any_level;
	char *action; /* or "*" */
	bool approved;
	char *text;
};

struct phrases {
	struct phrase_row *rows;
	size_t count;
};

extern const char *const phrase_part_names[PHRASE_PARTS];

#endif
