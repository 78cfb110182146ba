/* SPDX-License-Identifier: Apache-2.0
 * region - is a place, or a whole box of places, inside what a CAP area's polygons and circles
 * draw? For choosing people by where they are.
 *
 * A place on the line is inside. A circle is the polygon of 128 corners around it, less than a
 * thousandth wider. Made once, then asked by one thread.
 */
#ifndef TOCSIN_REGION_H
#define TOCSIN_REGION_H

#include <stdbool.h>

#include "cap.h"
#include "err.h"

enum region_answer { REGION_OUTSIDE, REGION_INSIDE, REGION_ACROSS };

struct region;
struct region *region_create(void);
void region_destroy(struct region **region);
/* Its polygons and circles too. false: one that crosses itself or encloses nothing; *err names it.
 */
bool region_add(struct region *region, const struct cap_area *area, struct err *err);

/* Degrees. Of a box whose places may differ: REGION_ACROSS, also when nothing sure can be said. */
enum region_answer region_box(
        const struct region *region, double west, double south, double east, double north);
bool region_has(const struct region *region, double lon, double lat);
size_t region_corners(const struct region *region); /* what region_has may have to look at */

#endif
