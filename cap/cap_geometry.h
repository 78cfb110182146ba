/* SPDX-License-Identifier: Apache-2.0
 * cap_geometry - polygons and circles of CAP: WGS-84, latitude first, degrees; radius in
 * kilometres.
 *
 * The XSD calls both plain strings, so these hand parsers are the only check there is. Nothing is
 * guessed: no closing, no swapping, no rounding. Inside cap/ only (cap.h has the adding functions).
 */
#ifndef TOCSIN_CAP_GEOMETRY_H
#define TOCSIN_CAP_GEOMETRY_H

#include "cap.h"

/* Half of the earth's equator: beyond it a circle is everywhere. */
enum { CAP_RADIUS_MAX_KM = 20038 };

/* *out is always filled with the text and as many points as could be read; the caller frees both.
 * false: *rule is the problem's rule ("area.polygon.closed", ...) and *err says why; or there was
 * no memory: *rule is NULL and *err ERR_UNAVAILABLE. */
bool cap_polygon_read(
        const char *text, struct cap_polygon *out, const char **rule, struct err *err);
bool cap_circle_read(const char *text, struct cap_circle *out, const char **rule, struct err *err);

/* -?[0-9]+(\.[0-9]+)?, as far as it goes; *at moves behind it. */
bool cap_number_read(const char **at, double *out);

/* Outer blanks off, inner white space made single blanks; the caller's. NULL: no memory. */
char *cap_text_collapse(const char *text);

enum cap_crossing {
	CAP_CROSSING_NONE,
	CAP_CROSSING_TOUCHES,  /* the ring meets itself in a point, or runs back over itself */
	CAP_CROSSING_FOUND,    /* two edges cut through each other */
	CAP_CROSSING_TOO_MANY, /* more work than the bound allows: not known */
};

/* Does the ring meet itself? A point that stands twice in a row is no meeting. *at: where. */
enum cap_crossing cap_polygon_crossing(const struct cap_polygon *polygon, struct cap_point *at);

bool cap_polygon_flat(const struct cap_polygon *polygon); /* encloses nothing */

#endif
