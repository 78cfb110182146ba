/* SPDX-License-Identifier: Apache-2.0
 * cap_liberty - what lenient reading lets pass, as questions about a text. Inside cap/ only.
 *
 * Pure. Each says what it had to overlook, so that a note can name it; what would be a guess is not
 * answered.
 */
#ifndef TOCSIN_CAP_LIBERTY_H
#define TOCSIN_CAP_LIBERTY_H

#include "cap.h"
#include "cap_words.h"

enum {
	LIBERTY_ZULU = 1,     /* "Z" for -00:00 */
	LIBERTY_FRACTION = 2, /* parts of a second, dropped */
	LIBERTY_BLANK = 4,    /* a blank for the T */
	LIBERTY_ZONE = 8,     /* no offset: the zone given holds */
	LIBERTY_CLOCK = 16,   /* no seconds, or an offset without colon or minutes */

	LIBERTY_OPEN = 32,     /* the last point is not the first */
	LIBERTY_REVERSED = 64, /* longitude first: read the other way a latitude would be over 90 */
	LIBERTY_MARKS = 128, /* brackets, semicolons, plus signs, or commas and blanks elsewhere */
	LIBERTY_ROUND = 256, /* longitudes past 180, counted on round the globe */
};

/* Of a time that liberty_time did not read: would it, with a zone? */
bool liberty_lacks_zone(const char *text);
/* A time as it is met. `zone` ("+08:00") is for those without offset; "": such a time is none. */
bool liberty_time(const char *text, const char *zone, struct cap_time *out, unsigned *liberties);

/* A word in other letters, or with other blanks; "Very Likely" of CAP 1.0 is Likely. */
bool liberty_word(const struct cap_words *list, const char *text, unsigned *out);

/* The points of shape->text, when there is only one way to read them: in the standard's order,
 * *liberties not 0. false: there is none, or no memory (shape->points NULL, *liberties 0); the
 * points are then none. What was in shape->points is given back. */
bool liberty_polygon(struct cap_polygon *shape, unsigned *liberties);
bool liberty_circle(struct cap_circle *shape, unsigned *liberties);

#endif
