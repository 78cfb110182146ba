/* SPDX-License-Identifier: Apache-2.0
 * feed_memory - which entries of a feed are done with, over restarts. Inside feed*.c only.
 *
 * Only entries the feed still lists are kept, so it grows no longer than the feed. Losing it costs
 * fetches: tocsind knows a repeat by the message itself.
 */
#ifndef TOCSIN_FEED_MEMORY_H
#define TOCSIN_FEED_MEMORY_H

#include "digest.h"
#include "mem.h"

#include <stdint.h>

enum seen_state {
	SEEN_NOT,    /* never tried */
	SEEN_DONE,   /* taken, or refused as it stands in the feed; alone outlives the process */
	SEEN_WAITS,  /* to be tried again at `next` */
	SEEN_BARRED, /* these settings do not allow it */
};

struct seen {
	char key[DIGEST_HEX];
	enum seen_state state;
	int tries;
	int64_t next;             /* when_boot() ms */
	bool listed;              /* by the feed as it is now */
	char refused[DIGEST_HEX]; /* what its link led to when that was refused; "": nothing was */
};

struct feed_memory {
	char *path, *url;
	char *etag, *modified; /* of the feed as it was last read; NULL: none */
	struct seen *items;
	size_t count;
	bool changed;
};

void feed_memory_open(struct feed_memory *memory, const char *path, const char *url);
void feed_memory_close(struct feed_memory *memory);
/* The entry, made if need be; valid until the next is asked for. */
struct seen *feed_memory_at(struct feed_memory *memory, const char key[DIGEST_HEX]);
bool feed_memory_due(const struct feed_memory *memory, int64_t now); /* one waits no longer */
void feed_memory_answer(struct feed_memory *memory, const char *etag, const char *modified);
void feed_memory_sweep(struct feed_memory *memory); /* forgets what is no longer listed */
void feed_memory_save(struct feed_memory *memory);  /* if it changed; a failure is logged */

#endif
