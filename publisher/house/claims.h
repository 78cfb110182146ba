/* SPDX-License-Identifier: Apache-2.0
 * claims - which repeatable requests are being answered just now, by token and Idempotency-Key. Two
 * that arrive together must not both be done: what the record remembers, it remembers only after
 * the first.
 */
#ifndef TOCSIN_CLAIMS_H
#define TOCSIN_CLAIMS_H

#include <stdbool.h>

struct claims; /* for all threads */

struct claims *claims_create(void);
void claims_destroy(struct claims **claims);

bool claims_take(struct claims *claims, const char *name); /* false: somebody has it */
void claims_drop(struct claims *claims, const char *name); /* what was taken, once */

#endif
