/* SPDX-License-Identifier: Apache-2.0
 * seen_chains - how far each incident was seen to go (seen.h). A list in memory; an entry is a line
 * of the file. Incidents stand in it by the digest of their id.
 */
#ifndef TOCSIN_SEEN_CHAINS_H
#define TOCSIN_SEEN_CHAINS_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"

struct seen_chain {
	char incident[DIGEST_HEX];
	int64_t length;        /* steps */
	char head[DIGEST_HEX]; /* of the last one's text */
	int64_t time;          /* of the last one, ms */
	bool closed;           /* by it */
};

/* Zeroed = none. The oldest goes when there are too many: each took an officer's signature to make.
 */
struct seen_chains {
	struct seen_chain *items;
	size_t count;
};

void seen_chains_finish(struct seen_chains *chains);
const struct seen_chain *seen_chains_find(
        const struct seen_chains *chains, const char *incident); /* by digest; or NULL */
void seen_chains_put(struct seen_chains *chains, const struct seen_chain *chain);
/* Forgets what was closed long ago: nothing that was sent under it is in force any more. */
void seen_chains_prune(struct seen_chains *chains, int64_t now);

void seen_chain_write(const struct seen_chain *chain, struct buf *out);
bool seen_chain_read(struct seen_chain *chain, const char *line);

#endif
