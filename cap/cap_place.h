/* SPDX-License-Identifier: Apache-2.0
 * cap_place - where in a message something stands, for the paths in problems. Inside cap/ only.
 *
 * Places lie on the stack, one per open element; the text is made only when there is a problem to
 * name.
 */
#ifndef TOCSIN_CAP_PLACE_H
#define TOCSIN_CAP_PLACE_H

#include <stddef.h>

struct cap_place {
	const struct cap_place *up; /* NULL: the root */
	const char *name;
	size_t index; /* counts from 1; 0 = the element comes once at most */
	size_t at;    /* its first byte in the document, counted from 1; 0 = not known */
};

enum { CAP_PLACE_MAX = 1024 };
void cap_place_put(const struct cap_place *place, char out[CAP_PLACE_MAX]); /* "/alert/info[1]" */
char *cap_place_text(const struct cap_place *place); /* the same; the caller's */

/* The beginning of a text for a sentence: cut at a character, control characters made blanks. */
enum { CAP_EXCERPT = 64 };
void cap_excerpt(const char *text, char out[CAP_EXCERPT]);

#endif
