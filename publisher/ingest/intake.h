/* SPDX-License-Identifier: Apache-2.0
 * intake - what tocsin-source hands in, carried from the loop to a worker and the answer back.
 */
#ifndef TOCSIN_INTAKE_H
#define TOCSIN_INTAKE_H

#include "house.h"

/* An outbox_intake; ctx is the house. */
void intake_take(void *ctx, const char *source, const char *name, const void *bytes, size_t len,
        struct loop *loop, void (*answer)(void *seat, const struct err *err), void *seat);

#endif
