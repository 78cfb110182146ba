/* SPDX-License-Identifier: Apache-2.0
 * lines - strict texts that people put their names to: one line per item, "key value", in one
 * order, "-" for an empty value. What the keys are, manifest.h and incident_step.h say.
 *
 * Reading never fails at once: the first line that is not the one asked for sets `bad`, and
 * everything read after it is empty. Whoever reads writes the text again at the end and compares.
 */
#ifndef TOCSIN_LINES_H
#define TOCSIN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"

/* A value with a line end in it would read as two lines, and so as another text: it becomes blanks.
 */
void lines_put(struct buf *out, const char *key, const char *value);
void lines_put_moment(struct buf *out, const char *key, int64_t ms); /* 0 = none */

/* A walk over a copy of the text, which is cut up in place. */
struct lines {
	char *at;
	int number; /* of the current line, from 1 */
	bool bad;
};

bool lines_next_is(const struct lines *lines, const char *key);
char *lines_value(struct lines *lines, const char *key); /* borrowed; "" when bad */
char *lines_text(struct lines *lines, const char *key);  /* the caller's; "-" is "" */
int64_t lines_moment(struct lines *lines, const char *key);
/* value: what lines_value gave, or a part of it, or NULL. */
void lines_digest(struct lines *lines, const char *value, char out[DIGEST_HEX]);
/* Up to 12 digits. */
int64_t lines_count(struct lines *lines, const char *value);

/* Every line was the one asked for, and written again the text is the same, byte for byte. */
bool lines_same(const struct lines *lines, const struct buf *again, const char *bytes, size_t len);

#endif
