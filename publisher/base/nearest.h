/* SPDX-License-Identifier: Apache-2.0
 * nearest - "did you mean": of the words we know, the one a few typing slips away. Cannot fail.
 *
 *     struct nearest near = {.word = what_was_written};
 *     for (each word we know)
 *             nearest_look(&near, word);
 *     near.best: the word, or NULL when none is near
 */
#ifndef TOCSIN_NEAREST_H
#define TOCSIN_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word; /* borrowed */
	const char *best; /* borrowed from the candidates; NULL: none is near */
	size_t slips;     /* letters put in, left out or changed between the two */
};

/* Takes the candidate when it is nearer than the best so far. Near is one slip in a word of two or
 * three letters, two in a longer one; words over 40 bytes are near to nothing. */
void nearest_look(struct nearest *near, const char *candidate);

#endif
