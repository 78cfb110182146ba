/* SPDX-License-Identifier: Apache-2.0
 * utf8 - characters in bytes. Everything inside is UTF-8 that was checked on the way in.
 */
#ifndef TOCSIN_UTF8_H
#define TOCSIN_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Well-formed, no overlong forms, no surrogates, no NUL. *at (may be NULL) is where it breaks. */
bool utf8_valid(const void *bytes, size_t len, size_t *at);

/* One character from *text (checked UTF-8), which moves behind it; 0 at the end. */
uint32_t utf8_next(const char **text);

size_t utf8_count(const char *text);   /* characters */
size_t utf8_units16(const char *text); /* UTF-16 units: what an SMS counts */
size_t utf8_cut(
        const char *text, size_t max_bytes); /* the most bytes <= max_bytes ending at a character */
size_t utf8_put(uint32_t character, char out[5]); /* bytes written, NUL behind them */

/* Makes any bytes fit for one line of a log, a sentence or JSON, in place: a control character
 * (C1 and the line separators too) becomes blanks, a byte that is no UTF-8 becomes '?'. */
void utf8_one_line(char *text);

#endif
