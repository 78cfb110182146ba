/* SPDX-License-Identifier: Apache-2.0
 * pace - a far side's own limit, kept here too: at most `limit` starts in any `span` milliseconds.
 *
 * tocsind hands out by rate; this is the second lock, exact over a sliding window, for far sides
 * that punish whoever goes over. One process's own count: two lanes share a far side's limit, and
 * its answer decides then.
 */
#ifndef TOCSIN_PACE_H
#define TOCSIN_PACE_H

#include <stddef.h>
#include <stdint.h>

struct pace {
	int64_t *starts; /* the last `limit` starts, a ring; `next` is the oldest */
	size_t limit;
	size_t next;
	int64_t span;
};

void pace_init(struct pace *pace, size_t limit, int64_t span_ms); /* limit 0 = no limit */
void pace_finish(struct pace *pace);
int64_t pace_wait(const struct pace *pace, int64_t now); /* ms until one more may start; 0 = now */
void pace_start(struct pace *pace, int64_t now);         /* one starts */

#endif
