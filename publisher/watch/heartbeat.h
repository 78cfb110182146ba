/* SPDX-License-Identifier: Apache-2.0
 * heartbeat - every few seconds, and whenever what is in force changes, the house says of itself
 * what can be checked later from outside: where the audit chain stands, what is in force, which
 * sequence numbers are void. Two forms (base/status.h), signed by the signer with the status key:
 * the heartbeat for brokers, the index for websites.
 *
 * A chore. Without a signer, or with one that holds another policy than the one in force here,
 * there is no heartbeat, and that is what subscribers see.
 */
#ifndef TOCSIN_HEARTBEAT_H
#define TOCSIN_HEARTBEAT_H

#include "house.h"

struct heartbeat *heartbeat_create(void);
void heartbeat_destroy(struct heartbeat **heartbeat);
void heartbeat_chore(struct house *house, struct store *reader, int64_t now);

/* What is known of the audit chain (audit_watch.h says it, anybody asks). */
void heartbeat_set_chain(struct heartbeat *heartbeat, enum status_chain chain);
enum status_chain heartbeat_chain(struct heartbeat *heartbeat);
/* Where audit_watch's walk stands; its chore's own. */
struct audit_watch {
	struct chain chain;
	bool walking;
	int64_t due; /* boot ms of the next walk */
};
struct audit_watch *heartbeat_watch(struct heartbeat *heartbeat);
/* The last heartbeat that was signed, sealed (status_seal); NULL = none yet. The caller's. */
char *heartbeat_last(struct heartbeat *heartbeat);

#endif
