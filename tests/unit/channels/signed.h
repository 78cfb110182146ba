/* SPDX-License-Identifier: Apache-2.0
 * signed - bulletins as tocsind would hand them out: view, CAP, filled manifest and its signature,
 * made with a key of the test's own. The CAP is only bytes here: no channel reads it.
 */
#ifndef TOCSIN_TEST_SIGNED_H
#define TOCSIN_TEST_SIGNED_H

#include "channel.h"
#include "key.h"
#include "manifest.h"

struct signed_bulletin {
	struct channel_bulletin shown; /* borrowed from here */
	char *id, *cap, *manifest, *signature, *text;
	unsigned char *blocks; /* digests of its audience's */
	size_t block_count;
};

/* What it shall be; zeroed members take a default. */
struct signed_wish {
	const char *id, *identifier, *replaces, *chain;
	const char *target, *kind; /* "far", "website" */
	const char *text;     /* the far side's; NULL = rendered for `kind` where that has a text */
	const char *areas[4]; /* codes; none = 120116 */
	enum verb verb;
	enum mode mode;
	enum level level;
	int64_t sent, expires; /* ms; 0 = this minute, an hour later */
	const char *blocks[4]; /* of its audience, a number a line */
	int times;             /* so often over; 0 = once */
};

void signed_make(
        struct signed_bulletin *bulletin, const struct key *key, const struct signed_wish *wish);
void signed_finish(struct signed_bulletin *bulletin);
/* The set's digest as tocsind makes it: of the identifiers, in order. */
void signed_digest(
        const struct channel_bulletin *const *active, size_t count, char digest[DIGEST_HEX]);

#endif
