/* SPDX-License-Identifier: Apache-2.0
 * release_commit - the release transaction, and the news of it to the outbox.
 */
#ifndef TOCSIN_RELEASE_COMMIT_H
#define TOCSIN_RELEASE_COMMIT_H

#include "ask.h"
#include "house.h"

/* In one transaction: the signed bulletin, its deliveries, what becomes of the chain's earlier
 * message and its deliveries, the decision, the proof of a cancel or correction, the audit line.
 * Then tells the outbox. */
bool release_commit(struct house *house, struct bulletin *bulletin,
        const struct bulletin_list *chain, const struct ask *ask, const char *asked,
        const struct proof *own, struct err *err);

#endif
