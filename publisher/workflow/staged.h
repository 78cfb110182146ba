/* SPDX-License-Identifier: Apache-2.0
 * staged - the words staged with a bulletin (its cancel, its corrections), found while they can
 * still be sent.
 */
#ifndef TOCSIN_STAGED_H
#define TOCSIN_STAGED_H

#include "store.h"

/* `as`: cancel, wrong-area, false-alarm. ERR_CONFLICT: none are staged with it (any more). */
bool staged_find(struct store *reader, const char *id, const char *as, struct bulletin **staged,
        struct err *err);

#endif
