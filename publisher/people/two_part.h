/* SPDX-License-Identifier: Apache-2.0
 * two_part - a secret that two administrators give somebody without either of them knowing it: a
 * code of the holder's own, whose digest the first hands in, and a word made at the confirmation,
 * which the second alone is told. What is used is "CODE.WORD"; the record keeps one digest of both.
 *
 * Whoever proposes may have put a digest of their own making in the holder's place, and whoever
 * confirms sees every word: each has one half.
 */
#ifndef TOCSIN_TWO_PART_H
#define TOCSIN_TWO_PART_H

#include "digest.h"

enum { TWO_PART_WORD = 20 }; /* "ABCD-EFGH-JKLM-NPQR" and a NUL: 80 bits */

void two_part_word(char word[TWO_PART_WORD]);
/* Of the code's digest and the word. */
void two_part_join(const char code[DIGEST_HEX], const char *word, char digest[DIGEST_HEX]);
/* Of a secret as it is shown: with a word, or a code by itself, as the machine's own tools make. */
void two_part_digest(const char *secret, char digest[DIGEST_HEX]);

#endif
