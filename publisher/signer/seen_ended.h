/* SPDX-License-Identifier: Apache-2.0
 * seen_ended - which messages something was signed that follows them (seen.h). A list in memory; an
 * entry is a line of the file. Messages stand in it by the digest of identifier and sender: a relay
 * keeps its identifier, and two senders may use the same.
 */
#ifndef TOCSIN_SEEN_ENDED_H
#define TOCSIN_SEEN_ENDED_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "manifest.h"

struct seen_end {
	char message[DIGEST_HEX];
	int64_t expires; /* ms; 0 = never */
};

/* Zeroed = none. The oldest goes when there are too many: each took people's approvals to make. */
struct seen_ended {
	struct seen_end *items;
	size_t count;
};

void seen_ended_finish(struct seen_ended *ended);
struct seen_end seen_end_of(const struct manifest *manifest);
bool seen_ended_has(const struct seen_ended *ended, const struct seen_end *end);
void seen_ended_put(struct seen_ended *ended, const struct seen_end *end);
/* Forgets what expired over a week ago: it would not be signed again anyway. */
void seen_ended_prune(struct seen_ended *ended, int64_t now);

void seen_end_write(const struct seen_end *end, struct buf *out);
bool seen_end_read(struct seen_end *end, const char *line);

#endif
