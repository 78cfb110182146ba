/* SPDX-License-Identifier: Apache-2.0
 * region - see region.h. Shapes are made ready for many questions (GEOS's prepared geometry); what
 * GEOS cannot say is "across" of a box, which is then looked into, and "outside" of a place: nobody
 * is told by guess.
 */
#include "region.h"

#include <stdlib.h>

#include "area_shape.h"

struct region {
	struct plane plane;
	struct prepared {
		GEOSGeometry *shape;
		const GEOSPreparedGeometry *asked;
	} * items;
	size_t count;
};

static void hear(const char *words, void *nobody)
{
	(void)words;
	(void)nobody;
}

struct region *region_create(void)
{
	struct region *region = mem_zero(sizeof *region);

	region->plane.geos = GEOS_init_r();
	GEOSContext_setErrorMessageHandler_r(region->plane.geos, hear, NULL);
	GEOSContext_setNoticeMessageHandler_r(region->plane.geos, hear, NULL);
	return region;
}

void region_destroy(struct region **place)
{
	struct region *region = *place;

	*place = NULL;
	if (!region)
		return;
	for (size_t i = 0; i < region->count; i++) {
		GEOSPreparedGeom_destroy_r(region->plane.geos, region->items[i].asked);
		GEOSGeom_destroy_r(region->plane.geos, region->items[i].shape);
	}
	GEOS_finish_r(region->plane.geos);
	free(region->items);
	free(region);
}

static bool keep(struct region *region, GEOSGeometry *shape, struct err *err)
{
	if (!shape)
		return false;
	const GEOSPreparedGeometry *asked = shape_is_sound(&region->plane, shape, err)
	                                            ? GEOSPrepare_r(region->plane.geos, shape)
	                                            : NULL;
	if (!asked) {
		GEOSGeom_destroy_r(region->plane.geos, shape);
		return false;
	}
	struct prepared *item = mem_push(&region->items, &region->count, sizeof *item);
	*item = (struct prepared){shape, asked};
	return true;
}

bool region_add(struct region *region, const struct cap_area *area, struct err *err)
{
	bool ok = true;

	if (region->plane.cosine == 0 && area->polygon_count && area->polygons[0].count)
		plane_at(&region->plane, area->polygons[0].points[0].lat);
	else if (region->plane.cosine == 0 && area->circle_count)
		plane_at(&region->plane, area->circles[0].centre.lat);
	for (size_t i = 0; ok && i < area->polygon_count; i++)
		ok = keep(region, shape_of_polygon(&region->plane, &area->polygons[i], err), err);
	for (size_t i = 0; ok && i < area->circle_count; i++)
		ok = keep(region, shape_of_circle(&region->plane, &area->circles[i], err), err);
	return ok;
}

enum region_answer region_box(
        const struct region *region, double west, double south, double east, double north)
{
	GEOSContextHandle_t geos = region->plane.geos;
	double x[2], y[2];
	bool across = false;

	plane_point(&region->plane, west, south, &x[0], &y[0]);
	plane_point(&region->plane, east, north, &x[1], &y[1]);
	GEOSGeometry *box = west == east && south == north
	                            ? GEOSGeom_createPointFromXY_r(geos, x[0], y[0])
	                            : GEOSGeom_createRectangle_r(geos, x[0], y[0], x[1], y[1]);
	bool inside = false;
	for (size_t i = 0; box && !inside && i < region->count; i++) {
		inside = GEOSPreparedCovers_r(geos, region->items[i].asked, box) == 1;
		across = across || GEOSPreparedIntersects_r(geos, region->items[i].asked, box) != 0;
	}
	GEOSGeom_destroy_r(geos, box);
	return inside ? REGION_INSIDE : across || !box ? REGION_ACROSS : REGION_OUTSIDE;
}

bool region_has(const struct region *region, double lon, double lat)
{
	GEOSContextHandle_t geos = region->plane.geos;
	double x, y;
	bool inside = false;

	plane_point(&region->plane, lon, lat, &x, &y);
	GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, x, y);
	for (size_t i = 0; point && !inside && i < region->count; i++)
		inside = GEOSPreparedIntersects_r(geos, region->items[i].asked, point) == 1;
	GEOSGeom_destroy_r(geos, point);
	return inside;
}
