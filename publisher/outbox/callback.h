/* SPDX-License-Identifier: Apache-2.0
 * callback - addresses a far side may report to, made by us: delivery and recipient, with an HMAC
 * that nobody outside can make. "CALLBACK_URL/c/<delivery>-<recipient>-<32 hex digits>".
 */
#ifndef TOCSIN_CALLBACK_H
#define TOCSIN_CALLBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "store_reported.h"

char *callback_url(const char *base, const char *secret, int64_t delivery,
        int64_t recipient); /* the caller's */
/* The part behind "/c/"; false when it is not one of ours. */
bool callback_read(const char *token, const char *secret, int64_t *delivery, int64_t *recipient);
/* Kannel's %d, as it stands behind "type=": false when it is no kind of report. */
bool callback_word(const char *type, enum report_word *word);

#endif
