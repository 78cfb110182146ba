/* SPDX-License-Identifier: Apache-2.0
 * reason - why somebody returns, refuses, overrides, cancels or corrects: what may stand there. It
 * goes to the record and to colleagues, never out.
 */
#ifndef TOCSIN_REASON_H
#define TOCSIN_REASON_H

#include <stdbool.h>

#include "err.h"

enum { REASON_BYTES = 2000 };

/* Given, in one line, no longer than that. ERR_INPUT. */
bool reason_fits(const char *reason, struct err *err);

#endif
