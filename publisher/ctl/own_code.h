/* SPDX-License-Identifier: Apache-2.0
 * own_code - a secret of the holder's own making, in a file of theirs (0600): a code for an account
 * or a token. Administrators get to see its digest only; who confirms has a word for the holder,
 * which is put behind it, and only then it counts.
 */
#ifndef TOCSIN_OWN_CODE_H
#define TOCSIN_OWN_CODE_H

#include "err.h"

/* These two are commands: they say what is wrong and return an exit code. `mode`: a word, or NULL
 * to ask the instance. */
int own_code_make(const char *path, const char *mode);
int own_code_word(const char *path);

char *own_code_read(const char *path, struct err *err); /* the caller's, to be forgotten */

#endif
