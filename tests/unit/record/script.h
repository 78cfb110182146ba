/* SPDX-License-Identifier: Apache-2.0
 * script - two hundred changes a house makes to its record: what came in, drafts, submissions,
 * approvals, releases with deliveries, updates and cancels that end what came before, attempts,
 * outcomes, late reports, expiry. Always the same, so that after change N a record holds what every
 * record holds after change N: script_print() says it in a number.
 */
#ifndef TOCSIN_RECORD_SCRIPT_H
#define TOCSIN_RECORD_SCRIPT_H

#include "fixture.h"

enum { SCRIPT_STEPS = 200 };

/* One change; arg: a pointer to its number (int, 0 to SCRIPT_STEPS - 1). */
bool script_step(struct store *store, void *arg, struct err *err);

/* Of every row of every table. */
uint64_t script_print(struct store *store);
/* What it says after none of the changes, after the first, and so on to the first `steps`. */
void script_prints(int steps, uint64_t *prints);

/* The record in `folder`, which was answered so many changes of `steps`: it holds those, and at
 * most, whole, the one after them; and what script_holds() asks. Else ends the test. To be closed.
 */
struct store *script_look(
        const char *folder, const uint64_t *prints, int steps, int answered, const char *where);

/* A key of our own, so that keyed digests are the same everywhere. */
void script_key(const char *folder);

/* The invariants at the head of record.h, the references, the chain, every page. Ends the test. */
void script_holds(struct store *store, const char *where);
/* What is broken first; NULL: nothing. */
const char *script_broken(struct store *store);

#endif
