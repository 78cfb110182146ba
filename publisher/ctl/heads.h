/* SPDX-License-Identifier: Apache-2.0
 * heads - ends of the audit chain that somebody kept outside, to hold a chain against: a pair
 * SEQ:HASH, or a file of signed heartbeats and indexes, one after another (status_seal).
 */
#ifndef TOCSIN_HEADS_H
#define TOCSIN_HEADS_H

#include <jansson.h>
#include <stddef.h>

#include "chain.h"
#include "key.h"

struct head {
	int64_t seq;
	char hash[DIGEST_HEX];
};

struct heads {
	struct head *items;
	size_t count;
	int64_t cut;    /* a backup was restored here: the last record it held; 0 = none so far */
	int64_t copied; /* ms: when that backup was made */
};

/* `key`: the status key's public half; NULL is refused for a file. */
bool heads_read(struct heads *heads, const char *text, const struct key *key, struct err *err);
bool heads_add(struct heads *heads, const char *sealed, const struct key *key, struct err *err);
void heads_finish(struct heads *heads);
/* A record on the way: one that tells of a restore explains what is missing behind it. */
void heads_pass(struct heads *heads, const json_t *record);
/* The record at `chain` against every head of that seq. */
bool heads_fit(const struct heads *heads, const struct chain *chain, struct err *err);
/* The chain has ended: no head may lie beyond. */
bool heads_reached(const struct heads *heads, const struct chain *chain, struct err *err);

#endif
