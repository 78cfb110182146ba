/* SPDX-License-Identifier: Apache-2.0
 * nearest - "did you mean": the known word that is at most two typing slips away.
 */
#ifndef TOCSIN_NEAREST_H
#define TOCSIN_NEAREST_H

#include <stddef.h>

/* word(0), word(1), ... until NULL are the known words. NULL: none is near. */
const char *nearest(const char *name, const char *(*word)(size_t index));

#endif
