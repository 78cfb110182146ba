/* SPDX-License-Identifier: Apache-2.0
 * plain - a text of one language put together from sentences that were chosen already, within a
 * limit. Pure.
 *
 * The order is that of need: what to do, where, until when, hazard and level, issuer, number to
 * call; what was issued stands below, as it was issued. To fit, first that is left out (weather
 * texts must not be cut), then the number, then sentences of what to do, from its end; its first
 * stays, and so do place, time, level and issuer, always.
 */
#ifndef TOCSIN_PLAIN_H
#define TOCSIN_PLAIN_H

#include "text.h"

/* Texts of whole sentences, one line each, never NULL; "" when there is nothing to say. What has no
 * end because it is the end (a cancel) has " " for `until`. */
struct plain {
	const char *drill; /* in front of all; never left out */
	const char *act, *where, *until, *what, *issuer;
	const char *call;
	const char *original_head, *original; /* "" original: none is put below */
};

/* `limit` in characters, 0 = none. Fills *fit (may be NULL); fit->shortened when a sentence was
 * left out. false + *err: even the shortest is longer, or where, what or issuer is empty. */
bool plain_compose(const struct plain *plain, size_t limit, struct buf *out, struct text_fit *fit,
        struct err *err);

#endif
