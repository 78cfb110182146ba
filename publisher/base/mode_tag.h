/* SPDX-License-Identifier: Apache-2.0
 * mode_tag - a key or a secret says for which mode it is good, so that a drill cannot use what is
 * live, nor the reverse, whoever copied which file where.
 *
 * A key file (PEM) has a line "tocsin-mode: exercise" before its block, a secret file a second line
 * "mode: exercise". A file that says nothing is live. It guards against a mix-up, not against a
 * forger: who can write the file can write the line.
 */
#ifndef TOCSIN_MODE_TAG_H
#define TOCSIN_MODE_TAG_H

#include <stdbool.h>

#include "err.h"
#include "terms.h"

/* false: *err names the file, its mode and ours; also when it cannot be read, is larger than 64
 * KiB, or its tag is no word we know. */
bool mode_tag_fits(const char *path, enum mode mode, struct err *err);
/* The same of a secret as settings name it (secret.h); an empty name fits. */
bool mode_tag_fits_secret(const char *name, enum mode mode, struct err *err);

/* Before a PEM block: "tocsin-mode: exercise\n"; live: "". */
const char *mode_tag_line(enum mode mode);

/* A token of a drill begins with its mode's word, "exercise-". */
const char *mode_tag_token(enum mode mode);
enum mode mode_tag_of_token(const char *token);

#endif
