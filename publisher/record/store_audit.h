/* SPDX-License-Identifier: Apache-2.0
 * store_audit - what writing the hash chain and walking it share. Inside this room only.
 */
#ifndef TOCSIN_STORE_AUDIT_H
#define TOCSIN_STORE_AUDIT_H

#include "store_db.h"

struct audit_link {
	int64_t seq;
	int64_t at;
	const char *what;
	const char *ref;
	const char *body;
};

void audit_start(char hash[DIGEST_HEX]); /* the hash before the first record */
void audit_hash(const char *previous, const struct audit_link *link, char hash[DIGEST_HEX]);
/* Where the chain ends by the word kept apart from it; seq 0 and the start when it is empty. */
bool audit_head(struct store *store, int64_t *seq, char hash[DIGEST_HEX], struct err *err);

#endif
