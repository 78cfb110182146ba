/* SPDX-License-Identifier: Apache-2.0
 * compare - what has changed in a bulletin since somebody last had it before them, field by field,
 * so that approving it again takes a glance and not a reading.
 */
#ifndef TOCSIN_COMPARE_H
#define TOCSIN_COMPARE_H

#include <jansson.h>

#include "bulletin.h"
#include "err.h"

/* manifest, cap: as submitted then. [{"field","before","after"}] in the order of the message; empty
 * when all is the same. NULL: *err (what was kept cannot be read back). */
json_t *compare_with(
        const char *manifest, const char *cap, const struct bulletin *now, struct err *err);

#endif
