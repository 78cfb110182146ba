/* SPDX-License-Identifier: Apache-2.0
 * area - which divisions a polygon or circle of a CAP area touches, by the divisions' outlines.
 *
 * Outlines are drawn coarsely, and each says by how many metres it may be off (its accuracy). A
 * division is touched when the shape reaches deeper into it than that. Where part of the shape then
 * lies neither in a touched division nor within its accuracy of one, every division that any of it
 * may lie in counts. A shape of which any part may lie in no division at all is refused, and so is
 * one that cannot be read with certainty: nobody guesses whom it concerns. The shape itself is
 * never changed.
 *
 * Lengths are measured at the latitude of the first outline: good for a province, not for a
 * continent. Built once, then only read; many threads may ask one set.
 */
#ifndef TOCSIN_AREA_H
#define TOCSIN_AREA_H

#include <stdbool.h>
#include <stddef.h>

#include "cap.h"
#include "err.h"

enum { OUTLINE_ACCURACY_MOST = 5000 }; /* metres */

struct outlines;

struct outlines *outlines_create(void);
void outlines_destroy(struct outlines **outlines);

/* One more polygon of the division (several make one outline); the text as CAP writes a polygon.
 * false: it is none, or encloses nothing. */
bool outlines_add(struct outlines *outlines, const char *code, int accuracy_m, const char *polygon,
        struct err *err);
/* Draws borders and map now; else the first question does. false: *err names the division. */
bool outlines_draw(const struct outlines *outlines, struct err *err);
size_t outlines_count(const struct outlines *outlines); /* divisions; NULL has none */

/* Adds the codes of every division the area's polygons and circles touch to `codes`, in the order
 * in which the outlines were added. false: a shape that crosses itself, leaves the outlines, or is
 * not there; *err names it, and `codes` is as it was. */
bool outlines_touched(const struct outlines *outlines, const struct cap_area *area,
        struct texts *codes, struct err *err);

/* The division this place lies in, borrowed: by its line, and where it lies beyond all lines, the
 * only one whose accuracy it is within. NULL: none, or nobody can say which. */
const char *outlines_at(const struct outlines *outlines, double lon, double lat);

#endif
