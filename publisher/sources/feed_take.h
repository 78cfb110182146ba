/* SPDX-License-Identifier: Apache-2.0
 * feed_take - what a feed holds, handed in: entry by entry, each once. Inside feed*.c only.
 */
#ifndef TOCSIN_FEED_TAKE_H
#define TOCSIN_FEED_TAKE_H

#include <signal.h>

#include "feed_fetch.h"
#include "feed_memory.h"
#include "hand_in.h"

struct feed_look {
	const struct feed *feed;
	struct feed_memory *memory;
	struct http *http;
	struct hand_in *line;
	bool again; /* the last look did not come to its end */
	bool away;  /* and it was said so */
	int failed; /* fetches, one after another */
};

/* false: the line broke. */
bool feed_take(
        struct feed_look *look, const char *bytes, size_t len, const volatile sig_atomic_t *stop);

#endif
