/* SPDX-License-Identifier: Apache-2.0
 * views - an order for lists of views. Private to this folder.
 */
#ifndef TOCSIN_VIEWS_H
#define TOCSIN_VIEWS_H

#include <stddef.h>

#include "view.h"

enum views_order {
	VIEWS_NEWEST,
	VIEWS_GRAVEST
}; /* by time; by level, then time. Ties by identifier. */

/* The same views in order; the array is the caller's. */
const struct view **views_sorted(
        const struct view *const *views, size_t count, enum views_order order);

#endif
