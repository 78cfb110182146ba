/* SPDX-License-Identifier: Apache-2.0
 * area_shape - see area_shape.h.
 */
#include "area_shape.h"

#include <math.h>

enum { CIRCLE_POINTS = 128, LAT_MOST = 85 };

static const double PI = 3.14159265358979323846;
static const double METRES = 111195.08; /* a degree of latitude, on a sphere of 6371008.8 m */

void plane_at(struct plane *plane, double lat)
{
	plane->cosine = cos(lat * PI / 180);
}

void plane_point(const struct plane *plane, double lon, double lat, double *x, double *y)
{
	*x = lon * METRES * plane->cosine;
	*y = lat * METRES;
}

static GEOSGeometry *shape_of_ring(const struct plane *plane, GEOSCoordSequence *points)
{
	GEOSGeometry *ring = points ? GEOSGeom_createLinearRing_r(plane->geos, points) : NULL;

	return ring ? GEOSGeom_createPolygon_r(plane->geos, ring, NULL, 0) : NULL;
}

static bool no_shape(struct err *err, const char *text)
{
	return err_set(err, ERR_INPUT, "“%.80s”不是一个区域", "\"%.80s\" is no area", text);
}

GEOSGeometry *shape_of_polygon(
        const struct plane *plane, const struct cap_polygon *polygon, struct err *err)
{
	GEOSCoordSequence *points = polygon->count >= 4 ? GEOSCoordSeq_create_r(plane->geos,
	                                                          (unsigned)polygon->count, 2)
	                                                : NULL;

	for (size_t i = 0; points && i < polygon->count; i++)
		GEOSCoordSeq_setXY_r(plane->geos, points, (unsigned)i,
		        polygon->points[i].lon * METRES * plane->cosine,
		        polygon->points[i].lat * METRES);
	GEOSGeometry *shape = shape_of_ring(plane, points);
	if (!shape)
		no_shape(err, polygon->text);
	return shape;
}

GEOSGeometry *shape_of_circle(
        const struct plane *plane, const struct cap_circle *circle, struct err *err)
{
	double lat = circle->centre.lat;
	double radius = fmax(circle->radius_km * 1000, 1) / cos(PI / CIRCLE_POINTS);
	double stretch = plane->cosine / cos(lat * PI / 180);
	GEOSCoordSequence *points =
	        fabs(lat) <= LAT_MOST ? GEOSCoordSeq_create_r(plane->geos, CIRCLE_POINTS + 1, 2)
	                              : NULL;

	for (unsigned i = 0; points && i <= CIRCLE_POINTS; i++) {
		double angle = 2 * PI * (i % CIRCLE_POINTS) / CIRCLE_POINTS;
		GEOSCoordSeq_setXY_r(plane->geos, points, i,
		        circle->centre.lon * METRES * plane->cosine + radius * stretch * cos(angle),
		        lat * METRES + radius * sin(angle));
	}
	GEOSGeometry *shape = shape_of_ring(plane, points);
	if (!shape)
		no_shape(err, circle->text);
	return shape;
}

bool shape_is_sound(const struct plane *plane, const GEOSGeometry *shape, struct err *err)
{
	if (GEOSisValid_r(plane->geos, shape) == 1)
		return true;
	char *why = GEOSisValidReason_r(plane->geos, shape);
	err_set(err, ERR_INPUT, "边线自身交叉或重叠，读不出确定的范围（%.60s）",
	        "its line crosses or overlaps itself: it encloses nothing certain (%.60s)",
	        why ? why : "-");
	GEOSFree_r(plane->geos, why);
	return false;
}
