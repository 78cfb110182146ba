/* SPDX-License-Identifier: Apache-2.0
 * nearest - see nearest.h. Pure; cannot fail.
 */
#include "nearest.h"

#include <string.h>

enum { WORD_LIMIT = 32 };

/* Edits (one letter put in, left out or changed) from one word to the other. */
static size_t distance(const char *from, const char *to)
{
	size_t row[WORD_LIMIT + 1];
	size_t width = strlen(to);

	for (size_t i = 0; i <= width; i++)
		row[i] = i;
	for (size_t line = 1; from[line - 1]; line++) {
		size_t corner = row[0];
		row[0] = line;
		for (size_t i = 1; i <= width; i++) {
			size_t best = corner + (from[line - 1] != to[i - 1]);
			best = row[i] + 1 < best ? row[i] + 1 : best;
			best = row[i - 1] + 1 < best ? row[i - 1] + 1 : best;
			corner = row[i];
			row[i] = best;
		}
	}
	return row[width];
}

const char *nearest(const char *name, const char *(*word)(size_t index))
{
	const char *best = NULL;
	size_t least = strlen(name) < 5 ? 2 : 3;

	if (strlen(name) > WORD_LIMIT)
		return NULL;
	for (size_t i = 0; word(i); i++) {
		size_t far = strlen(word(i)) <= WORD_LIMIT ? distance(name, word(i)) : least;
		if (far < least) {
			least = far;
			best = word(i);
		}
	}
	return best;
}
