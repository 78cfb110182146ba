/* SPDX-License-Identifier: Apache-2.0
 * sorter - many records of one size, in order, whatever their number: sorted by the memory-full,
 * written to a temporary file, merged out of it.
 *
 * The file has no name, lies in the folder given and is veiled (veil.h): what a kill leaves there
 * nobody can read. Put all, then take all; equal records come in any order.
 */
#ifndef TOCSIN_SORTER_H
#define TOCSIN_SORTER_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

enum { SORTER_MEMORY = 20 << 20 }; /* bytes, while records are put */

struct sorter;
/* size: bytes, a multiple of 16. memory: bytes, 0 = SORTER_MEMORY. */
struct sorter *sorter_create(
        const char *folder, size_t size, size_t memory, int (*compare)(const void *, const void *));
void sorter_destroy(struct sorter **sorter);
bool sorter_put(struct sorter *sorter, const void *record, struct err *err);
bool sorter_sort(struct sorter *sorter, struct err *err); /* behind the last put */
/* *record: borrowed until the next call; NULL at the end. */
bool sorter_take(struct sorter *sorter, const void **record, struct err *err);

#endif
