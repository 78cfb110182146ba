/* SPDX-License-Identifier: Apache-2.0
 * region - see region.h. Shapes are made ready for many questions about a place (GEOS's prepared
 * geometry); what GEOS cannot say is "outside": nobody is told by guess. A box is "across", and
 * then looked into, wherever a line comes near it.
 */
#include "region.h"

#include <stdlib.h>

#include "area_shape.h"

struct region {
	struct plane plane;
	struct prepared {
		GEOSGeometry *shape;
		const GEOSPreparedGeometry *asked;
		double *x, *y; /* its line's corners, the first one again at the end */
		unsigned count;
	} * items;
	size_t count;
	size_t corners;
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
		free(region->items[i].x);
		free(region->items[i].y);
	}
	GEOS_finish_r(region->plane.geos);
	free(region->items);
	free(region);
}

/* false: then nothing is sure about any box. */
static bool read_line(GEOSContextHandle_t geos, struct prepared *item)
{
	const GEOSGeometry *ring = GEOSGetExteriorRing_r(geos, item->shape);
	const GEOSCoordSequence *line = ring ? GEOSGeom_getCoordSeq_r(geos, ring) : NULL;

	if (!line || !GEOSCoordSeq_getSize_r(geos, line, &item->count))
		return false;
	item->x = mem_array(item->count + 1, sizeof *item->x);
	item->y = mem_array(item->count + 1, sizeof *item->y);
	for (unsigned i = 0; i < item->count; i++)
		if (!GEOSCoordSeq_getXY_r(geos, line, i, &item->x[i], &item->y[i]))
			return false;
	return true;
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
	*item = (struct prepared){.shape = shape, .asked = asked};
	if (!read_line(region->plane.geos, item))
		return err_set(
		        err, ERR_INPUT, "图形的边界无法读出", "the line of a shape cannot be read");
	region->corners += item->count;
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

static bool item_has(
        const struct region *region, const struct prepared *item, double lon, double lat)
{
	GEOSContextHandle_t geos = region->plane.geos;
	double x, y;

	plane_point(&region->plane, lon, lat, &x, &y);
	GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, x, y);
	bool inside = point && GEOSPreparedIntersects_r(geos, item->asked, point) == 1;
	GEOSGeom_destroy_r(geos, point);
	return inside;
}

struct box {
	double west, south, east, north; /* of the plane */
};

/* Is all of the box on one side of the straight line through both? */
static bool on_one_side(const struct box *b, double x1, double y1, double x2, double y2)
{
	const double dx = x2 - x1;
	const double dy = y2 - y1;
	const double at[4] = {dx * (b->south - y1) - dy * (b->west - x1),
	        dx * (b->south - y1) - dy * (b->east - x1),
	        dx * (b->north - y1) - dy * (b->west - x1),
	        dx * (b->north - y1) - dy * (b->east - x1)};

	return (at[0] > 0 && at[1] > 0 && at[2] > 0 && at[3] > 0) ||
	       (at[0] < 0 && at[1] < 0 && at[2] < 0 && at[3] < 0);
}

/* GEOS's own answers about boxes are not used: with thousands of corners on the box each takes it
 * tens of milliseconds. */
static bool line_meets(const struct prepared *item, const struct box *b)
{
	const double *x = item->x;
	const double *y = item->y;

	for (unsigned i = 1; i < item->count; i++) {
		if ((x[i - 1] < b->west && x[i] < b->west) ||
		        (x[i - 1] > b->east && x[i] > b->east) ||
		        (y[i - 1] < b->south && y[i] < b->south) ||
		        (y[i - 1] > b->north && y[i] > b->north))
			continue;
		if (!on_one_side(b, x[i - 1], y[i - 1], x[i], y[i]))
			return true;
	}
	return false;
}

/* Where no line comes near, one place of the box stands for all. */
enum region_answer region_box(
        const struct region *region, double west, double south, double east, double north)
{
	static const double margin = 0.001; /* metres: far more than rounding is off */
	struct box box;
	bool across = false;

	plane_point(&region->plane, west, south, &box.west, &box.south);
	plane_point(&region->plane, east, north, &box.east, &box.north);
	box.west -= margin;
	box.south -= margin;
	box.east += margin;
	box.north += margin;
	for (size_t i = 0; i < region->count; i++) {
		if (line_meets(&region->items[i], &box))
			across = true;
		else if (item_has(region, &region->items[i], west, south))
			return REGION_INSIDE;
	}
	return across ? REGION_ACROSS : REGION_OUTSIDE;
}

bool region_has(const struct region *region, double lon, double lat)
{
	for (size_t i = 0; i < region->count; i++)
		if (item_has(region, &region->items[i], lon, lat))
			return true;
	return false;
}

size_t region_corners(const struct region *region)
{
	return region->corners;
}
