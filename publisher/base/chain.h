/* SPDX-License-Identifier: Apache-2.0
 * chain - the hash chain of the audit: what a record's hash is, and whether the next one fits.
 * Pure: the record walks its table with it, and `tocsin audit verify --file` an export without us.
 *
 * A hash is SHA-256, in lower-case hex, over six fields one after another, each written as its
 * length in bytes in decimal, a colon and its bytes: previous hash (64 zeros before the first),
 * seq, at (ms), what, ref, body.
 */
#ifndef TOCSIN_CHAIN_H
#define TOCSIN_CHAIN_H

#include <stdint.h>

#include "digest.h"
#include "err.h"

struct chain_record {
	int64_t seq; /* 1, 2, ... */
	int64_t at;  /* ms */
	const char *what;
	const char *ref;
	const char *body;
};

/* Where a walk stands: the last record that fitted. Zeroed is not the start: chain_start(). */
struct chain {
	int64_t seq; /* 0 before the first */
	char hash[DIGEST_HEX];
};

void chain_start(struct chain *chain);
void chain_hash(const char *previous, const struct chain_record *record, char hash[DIGEST_HEX]);
/* The record that must come next, with the hash that stands beside it. true: `chain` has moved on;
 * false: *err names the first record that is missing, was added or was changed. */
bool chain_follow(
        struct chain *chain, const struct chain_record *record, const char *hash, struct err *err);

#endif
