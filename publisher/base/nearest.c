/* SPDX-License-Identifier: Apache-2.0
 * nearest - see nearest.h. Relies on nothing.
 */
#include "nearest.h"

#include <string.h>

enum { WORD_LIMIT = 40, SHORT_WORD = 4 };

/* Levenshtein's distance, one row of its table at a time. */
static size_t slips_between(const char *from, const char *to)
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

void nearest_look(struct nearest *near, const char *candidate)
{
	size_t len = strlen(near->word);
	size_t most = len < 2 ? 0 : len < SHORT_WORD ? 1 : 2;

	if (len > WORD_LIMIT || strlen(candidate) > WORD_LIMIT)
		return;
	size_t slips = slips_between(near->word, candidate);
	if (slips > most || (near->best && slips >= near->slips))
		return;
	near->best = candidate;
	near->slips = slips;
}
