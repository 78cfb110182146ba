/* SPDX-License-Identifier: Apache-2.0
 * screen_look - one text being looked through, for the files of this room only.
 */
#ifndef TOCSIN_SCREEN_LOOK_H
#define TOCSIN_SCREEN_LOOK_H

#include "screen.h"
#include "screen_fold.h"

struct look {
	const char *path;
	const struct screen_rules *rules;
	struct letters letters;
	bool person_field; /* a contact, a sender's name: a bare name counts */
	struct screen_found *found;
};

/* Letters from `first` up to `end`, which is not part of it. */
void look_hit(const struct look *look, size_t first, size_t end, const char *rule, const char *zh,
        const char *en);
/* value: the caller's to free; copied. */
void look_token(const struct look *look, size_t first, size_t end, const char *kind, bool subject,
        const char *value);

uint32_t look_at(const struct look *look, size_t index); /* 0 behind the end */
bool look_is_digit(const struct look *look, size_t index);
bool look_is_han(const struct look *look, size_t index);
/* Do these letters stand there? *end: behind them. */
bool look_word(const struct look *look, size_t index, const char *word, size_t *end);
size_t look_word_of(const struct look *look, size_t index, const char *const *words,
        size_t count); /* where the longest one ends; 0: none stands there */
char *look_slice(const struct look *look, size_t first, size_t end); /* UTF-8; the caller's */

void look_for_marks(const struct look *look);
void look_for_numbers(const struct look *look);
void look_for_names(const struct look *look);
void look_for_sites(const struct look *look);
void look_for_details(const struct look *look);

#endif
