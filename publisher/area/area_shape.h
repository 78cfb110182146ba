/* SPDX-License-Identifier: Apache-2.0
 * area_shape - polygons and circles of CAP as shapes on a plane of metres. Inside the room only.
 *
 * Relies on GEOS through its reentrant interface; what GEOS cannot do is an error here, never a
 * shape left out.
 */
#ifndef TOCSIN_AREA_SHAPE_H
#define TOCSIN_AREA_SHAPE_H

#include <geos_c.h>

#include "cap.h"
#include "err.h"

/* Degrees to metres; x shrinks with the cosine of one latitude. */
struct plane {
	GEOSContextHandle_t geos;
	double cosine; /* 0: no latitude chosen yet */
};

void plane_at(struct plane *plane, double lat);
void plane_point(const struct plane *plane, double lon, double lat, double *x, double *y);

/* NULL + *err: GEOS says why it is no shape. The caller destroys it (GEOSGeom_destroy_r). */
GEOSGeometry *shape_of_polygon(
        const struct plane *plane, const struct cap_polygon *polygon, struct err *err);
/* The polygon around the circle: it lies outside of it by less than a thousandth. */
GEOSGeometry *shape_of_circle(
        const struct plane *plane, const struct cap_circle *circle, struct err *err);
bool shape_is_sound(const struct plane *plane, const GEOSGeometry *shape, struct err *err);

#endif
