/* SPDX-License-Identifier: Apache-2.0
 * audit_watch - looks through the audit chain while the house works: its tail at the start, then
 * all of it, part by part, and again from the first record once an hour. A chain that does not hold
 * is shouted: in the log, in /healthz, in every heartbeat from then on, and once in the chain
 * itself. Publishing goes on: a warning must not wait for the auditors.
 */
#ifndef TOCSIN_AUDIT_WATCH_H
#define TOCSIN_AUDIT_WATCH_H

#include "house.h"

/* The tail. Call before the workers are asked for anything. */
void audit_watch_start(struct house *house, struct store *reader);
void audit_watch_chore(struct house *house, struct store *reader, int64_t now);

#endif
