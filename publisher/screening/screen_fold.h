/* SPDX-License-Identifier: Apache-2.0
 * screen_fold - a text as a reader sees it, letter by letter, each with the place it came from.
 *
 * NFKC per character (full-width, circled, compatibility and radical forms), the table of
 * look-alikes, decimal digits of any script; invisible, direction and combining characters fall
 * out. Chinese numerals in a row of seven and more, and an O or l between digits, become digits.
 * Relies on checked UTF-8 and on libunistring. Cannot fail.
 */
#ifndef TOCSIN_SCREEN_FOLD_H
#define TOCSIN_SCREEN_FOLD_H

#include "screen_lists.h"

struct letter {
	uint32_t c;
	size_t at; /* character of the text, the first is 0 */
};

struct letters {
	struct letter *items; /* the caller's to free */
	size_t count;
	bool han; /* there are Chinese characters */
};

struct letters screen_fold(const char *text, const struct screen_lists *lists);
bool screen_is_han(uint32_t c);

#endif
