/* SPDX-License-Identifier: Apache-2.0
 * heard - to whom an earlier message of a chain may have come: whole far sides, or blocks of their
 * recipients. What ends the chain goes there and nowhere else. Zeroed = nobody.
 */
#ifndef TOCSIN_HEARD_H
#define TOCSIN_HEARD_H

#include "bulletin.h"

struct heard {
	struct heard_side *sides;
	size_t count;
};

/* Adds one delivery of `earlier`. Its blocks are those of `next` only where both have the same list
 * of recipients; else the far side counts as a whole. */
void heard_add(struct heard *heard, const struct bulletin *earlier, const struct delivery *delivery,
        const struct bulletin *next);
bool heard_has(const struct heard *heard, const char *target, int block); /* block -1 = any of it */
void heard_finish(struct heard *heard);

#endif
