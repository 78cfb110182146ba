/* SPDX-License-Identifier: Apache-2.0
 * area - see area.h. One lock around every question: GEOS keeps what it works out inside its
 * shapes. A word of GEOS that means "I cannot" refuses the shape. Borders and map are drawn for the
 * first question: they take most of the time tocsind would need to start, and few ever ask.
 */
#include "area.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "area_shape.h"

struct outline {
	char *code;
	int accuracy;
	GEOSGeometry **parts; /* as they came */
	size_t part_count;
	GEOSGeometry *shape;               /* of all parts; from here on NULL until drawn */
	GEOSGeometry *inside;              /* what is deeper in it than its accuracy */
	GEOSGeometry *around;              /* what may be in it */
	const GEOSPreparedGeometry *asked; /* `inside`, made ready for many questions */
};

struct outlines {
	struct plane plane;
	struct outline *items;
	size_t count;
	GEOSGeometry *map;                 /* all that may be in some division; NULL: nothing */
	const GEOSPreparedGeometry *asked; /* the same, made ready */
	bool drawn;
	pthread_mutex_t lock;
};

/* GEOS says in words what it returns as a code; the words of a refusal are ours. */
static void hear(const char *words, void *nobody)
{
	(void)words;
	(void)nobody;
}

struct outlines *outlines_create(void)
{
	struct outlines *outlines = mem_zero(sizeof *outlines);

	outlines->plane.geos = GEOS_init_r();
	GEOSContext_setErrorMessageHandler_r(outlines->plane.geos, hear, NULL);
	GEOSContext_setNoticeMessageHandler_r(outlines->plane.geos, hear, NULL);
	pthread_mutex_init(&outlines->lock, NULL);
	return outlines;
}

void outlines_destroy(struct outlines **outlines)
{
	struct outlines *old = *outlines;

	*outlines = NULL;
	if (!old)
		return;
	for (size_t i = 0; i < old->count; i++) {
		free(old->items[i].code);
		for (size_t k = 0; k < old->items[i].part_count; k++)
			GEOSGeom_destroy_r(old->plane.geos, old->items[i].parts[k]);
		free(old->items[i].parts);
		GEOSPreparedGeom_destroy_r(old->plane.geos, old->items[i].asked);
		GEOSGeom_destroy_r(old->plane.geos, old->items[i].shape);
		GEOSGeom_destroy_r(old->plane.geos, old->items[i].inside);
		GEOSGeom_destroy_r(old->plane.geos, old->items[i].around);
	}
	free(old->items);
	GEOSPreparedGeom_destroy_r(old->plane.geos, old->asked);
	GEOSGeom_destroy_r(old->plane.geos, old->map);
	GEOS_finish_r(old->plane.geos);
	pthread_mutex_destroy(&old->lock);
	free(old);
}

size_t outlines_count(const struct outlines *outlines)
{
	return outlines ? outlines->count : 0;
}

static struct outline *outline_of(struct outlines *outlines, const char *code)
{
	for (size_t i = 0; i < outlines->count; i++)
		if (strcmp(outlines->items[i].code, code) == 0)
			return &outlines->items[i];
	struct outline *outline = mem_push(&outlines->items, &outlines->count, sizeof *outline);
	outline->code = mem_text(code);
	return outline;
}

/* Takes the place of *kept; NULL leaves it, and is false. */
static bool put(const struct plane *plane, GEOSGeometry **kept, GEOSGeometry *shape)
{
	if (!shape)
		return false;
	if (*kept)
		GEOSGeom_destroy_r(plane->geos, *kept);
	*kept = shape;
	return true;
}

static bool ready(
        const struct plane *plane, const GEOSGeometry *shape, const GEOSPreparedGeometry **asked)
{
	if (*asked)
		GEOSPreparedGeom_destroy_r(plane->geos, *asked);
	*asked = GEOSPrepare_r(plane->geos, shape);
	return *asked != NULL;
}

/* Outlines in the world cross themselves here and there: what their line goes around is theirs. */
static GEOSGeometry *mended(const struct plane *plane, const GEOSGeometry *part)
{
	if (GEOSisValid_r(plane->geos, part) == 1)
		return GEOSGeom_clone_r(plane->geos, part);
	GEOSGeometry *good = GEOSMakeValid_r(plane->geos, part);
	GEOSGeometry *flat = good ? GEOSBuffer_r(plane->geos, good, 0, 1) : NULL;

	if (good)
		GEOSGeom_destroy_r(plane->geos, good);
	if (flat && GEOSisEmpty_r(plane->geos, flat) == 0)
		return flat;
	if (flat)
		GEOSGeom_destroy_r(plane->geos, flat);
	return NULL;
}

static bool outline_grow(struct outline *outline, const struct plane *plane, GEOSGeometry *more)
{
	GEOSGeometry *both =
	        more && outline->shape ? GEOSUnion_r(plane->geos, outline->shape, more) : more;

	if (more && both != more)
		GEOSGeom_destroy_r(plane->geos, more);
	return put(plane, &outline->shape, both);
}

/* Its shape of all parts, and its two borders. */
static bool outline_draw(struct outline *outline, const struct plane *plane)
{
	enum { QUARTER = 8 }; /* points of a rounded corner */
	double accuracy = outline->accuracy;

	for (size_t i = 0; i < outline->part_count; i++)
		if (!outline_grow(outline, plane, mended(plane, outline->parts[i])))
			return false;
	GEOSGeometry *inside = GEOSBuffer_r(plane->geos, outline->shape, -accuracy, QUARTER);
	/* A division smaller than its accuracy is touched by whatever comes near. */
	if (inside && GEOSisEmpty_r(plane->geos, inside) == 1)
		put(plane, &inside, GEOSGeom_clone_r(plane->geos, outline->shape));
	return put(plane, &outline->inside, inside) &&
	       ready(plane, outline->inside, &outline->asked) &&
	       put(plane, &outline->around,
	               GEOSBuffer_r(plane->geos, outline->shape, accuracy, QUARTER));
}

/* All outlines at once: one after the other, the map's own border would be worked out each time. */
static bool map_draw(struct outlines *outlines)
{
	const struct plane *plane = &outlines->plane;
	GEOSGeometry **all = mem_array(outlines->count, sizeof *all);

	for (size_t i = 0; i < outlines->count; i++)
		all[i] = GEOSGeom_clone_r(plane->geos, outlines->items[i].around);
	GEOSGeometry *pile = GEOSGeom_createCollection_r(
	        plane->geos, GEOS_GEOMETRYCOLLECTION, all, (unsigned)outlines->count);
	free(all);
	bool ok = pile && put(plane, &outlines->map, GEOSUnaryUnion_r(plane->geos, pile)) &&
	          ready(plane, outlines->map, &outlines->asked);
	if (pile)
		GEOSGeom_destroy_r(plane->geos, pile);
	return ok;
}

static bool draw(struct outlines *outlines, struct err *err)
{
	for (size_t i = 0; i < outlines->count; i++)
		if (!outline_draw(&outlines->items[i], &outlines->plane))
			return err_set(err, ERR_CONFIG, "%s 的边界无法使用",
			        "the outline of %s cannot be used", outlines->items[i].code);
	return map_draw(outlines) || err_set(err, ERR_CONFIG, "区划边界拼不成一张图",
	                                     "the outlines of the divisions make no map");
}

/* Under the lock. */
static bool drawn(struct outlines *outlines, struct err *err)
{
	outlines->drawn = outlines->drawn || outlines->count == 0 || draw(outlines, err);
	return outlines->drawn;
}

bool outlines_draw(const struct outlines *outlines, struct err *err)
{
	struct outlines *own = (struct outlines *)outlines;

	pthread_mutex_lock(&own->lock);
	bool ok = drawn(own, err);
	pthread_mutex_unlock(&own->lock);
	return ok;
}

bool outlines_add(struct outlines *outlines, const char *code, int accuracy_m, const char *polygon,
        struct err *err)
{
	struct cap_alert *alert = cap_alert_create();
	struct cap_area *area = cap_info_add_area(cap_alert_add_info(alert));
	bool ok = cap_area_add_polygon(area, polygon, err);
	GEOSGeometry *shape = NULL;

	if (ok && outlines->plane.cosine == 0)
		plane_at(&outlines->plane, area->polygons[0].points[0].lat);
	if (ok)
		shape = shape_of_polygon(&outlines->plane, &area->polygons[0], err);
	cap_alert_destroy(&alert);
	if (!shape)
		return false;
	double size = 0;
	if (GEOSArea_r(outlines->plane.geos, shape, &size) != 1 || size <= 0) {
		GEOSGeom_destroy_r(outlines->plane.geos, shape);
		return err_set(err, ERR_CONFIG, "%s 的边界不围成任何范围",
		        "the outline of %s encloses nothing", code);
	}
	struct outline *outline = outline_of(outlines, code);
	outline->accuracy = accuracy_m;
	*(GEOSGeometry **)mem_push(&outline->parts, &outline->part_count, sizeof(GEOSGeometry *)) =
	        shape;
	outlines->drawn = false;
	return true;
}

/* Does the shape lie in the touched divisions and their accuracy? What cannot be said is a no. */
static bool accounted_for(
        const struct outlines *outlines, const GEOSGeometry *shape, const bool *here)
{
	GEOSContextHandle_t geos = outlines->plane.geos;
	GEOSGeometry *known = GEOSGeom_createEmptyPolygon_r(geos);

	for (size_t i = 0; known && i < outlines->count; i++)
		if (here[i]) {
			GEOSGeometry *more = GEOSUnion_r(geos, known, outlines->items[i].around);
			GEOSGeom_destroy_r(geos, known);
			known = more;
		}
	bool all = known && GEOSCovers_r(geos, known, shape) == 1;
	GEOSGeom_destroy_r(geos, known);
	return all;
}

/* Marks the divisions that one shape touches. Only questions are asked of the shape, nothing is cut
 * out of it: a hostile one of many thousand points would take minutes. */
static bool touch(
        const struct outlines *outlines, const GEOSGeometry *shape, bool *touched, struct err *err)
{
	GEOSContextHandle_t geos = outlines->plane.geos;
	bool *here = mem_array(outlines->count, sizeof *here);

	if (GEOSPreparedCovers_r(geos, outlines->asked, shape) != 1) {
		free(here);
		return err_set(err, ERR_INPUT, "超出了已知的区划边界，不知道涉及谁",
		        "it leaves the outlines of the divisions: nobody knows whom it concerns");
	}
	for (size_t i = 0; i < outlines->count; i++)
		here[i] = GEOSPreparedIntersects_r(geos, outlines->items[i].asked, shape) != 0;
	bool all = accounted_for(outlines, shape, here);
	for (size_t i = 0; i < outlines->count; i++)
		touched[i] |= here[i] || (!all && GEOSIntersects_r(geos, outlines->items[i].around,
		                                          shape) != 0);
	free(here);
	return true;
}

static bool touch_and_drop(
        const struct outlines *outlines, GEOSGeometry *shape, bool *touched, struct err *err)
{
	bool ok = touch(outlines, shape, touched, err);

	GEOSGeom_destroy_r(outlines->plane.geos, shape);
	return ok;
}

static bool touch_polygon(const struct outlines *outlines, const struct cap_polygon *polygon,
        bool *touched, struct err *err)
{
	GEOSGeometry *shape = shape_of_polygon(&outlines->plane, polygon, err);

	if (shape && !shape_is_sound(&outlines->plane, shape, err)) {
		GEOSGeom_destroy_r(outlines->plane.geos, shape);
		return false;
	}
	return shape && touch_and_drop(outlines, shape, touched, err);
}

static bool touch_circle(const struct outlines *outlines, const struct cap_circle *circle,
        bool *touched, struct err *err)
{
	GEOSGeometry *shape = shape_of_circle(&outlines->plane, circle, err);

	return shape && touch_and_drop(outlines, shape, touched, err);
}

static bool refuse(
        struct err *err, const char *zh, const char *en, size_t number, const struct err *cause)
{
	return err_set(err, cause->kind, "%.0s%s %zu：%s%.0s", "%s%.0s %zu: %.0s%s", en, zh,
	        number + 1, cause->zh, cause->en);
}

static bool touch_all(const struct outlines *outlines, const struct cap_area *area, bool *touched,
        struct err *err)
{
	struct err cause = {0};

	if (cap_area_is_doubtful(area))
		return err_set(err, ERR_INPUT,
		        "多边形或圆的写法不合标准，读出的范围不能算数：请改正",
		        "a polygon or circle is not in the standard's form: what was read of it "
		        "counts for nothing, mend it");
	for (size_t i = 0; i < area->polygon_count; i++)
		if (!touch_polygon(outlines, &area->polygons[i], touched, &cause))
			return refuse(err, "多边形", "polygon", i, &cause);
	for (size_t i = 0; i < area->circle_count; i++)
		if (!touch_circle(outlines, &area->circles[i], touched, &cause))
			return refuse(err, "圆", "circle", i, &cause);
	return true;
}

bool outlines_touched(const struct outlines *outlines, const struct cap_area *area,
        struct texts *codes, struct err *err)
{
	if (!outlines_count(outlines))
		return err_set(err, ERR_INPUT,
		        "没有区划边界数据（outlines.csv），判断不了多边形和圆涉及哪些区划",
		        "there are no outlines of divisions (outlines.csv): nobody can tell which "
		        "divisions polygons and circles touch");
	if (area->polygon_count + area->circle_count == 0)
		return err_set(err, ERR_INPUT, "没有多边形，也没有圆",
		        "there is neither a polygon nor a circle");
	pthread_mutex_t *lock = (pthread_mutex_t *)&outlines->lock;
	bool *touched = mem_array(outlines->count, sizeof *touched);
	pthread_mutex_lock(lock);
	bool ok =
	        drawn((struct outlines *)outlines, err) && touch_all(outlines, area, touched, err);
	pthread_mutex_unlock(lock);
	for (size_t i = 0; ok && i < outlines->count; i++)
		if (touched[i])
			texts_add(codes, outlines->items[i].code);
	free(touched);
	return ok;
}

/* Under the lock, drawn. */
static const char *division_at(const struct outlines *outlines, const GEOSGeometry *point)
{
	GEOSContextHandle_t geos = outlines->plane.geos;
	const char *near = NULL;
	size_t count = 0;

	for (size_t i = 0; i < outlines->count; i++)
		if (GEOSPreparedIntersects_r(geos, outlines->items[i].asked, point) == 1)
			return outlines->items[i].code;
	for (size_t i = 0; i < outlines->count; i++)
		if (GEOSIntersects_r(geos, outlines->items[i].around, point) == 1) {
			if (GEOSIntersects_r(geos, outlines->items[i].shape, point) == 1)
				return outlines->items[i].code;
			near = outlines->items[i].code;
			count++;
		}
	return count == 1 ? near : NULL;
}

const char *outlines_at(const struct outlines *outlines, double lon, double lat)
{
	struct outlines *own = (struct outlines *)outlines;
	const char *code = NULL;
	double x, y;

	if (!outlines_count(outlines))
		return NULL;
	pthread_mutex_lock(&own->lock);
	if (drawn(own, NULL)) {
		plane_point(&own->plane, lon, lat, &x, &y);
		GEOSGeometry *point = GEOSGeom_createPointFromXY_r(own->plane.geos, x, y);
		code = point ? division_at(own, point) : NULL;
		GEOSGeom_destroy_r(own->plane.geos, point);
	}
	pthread_mutex_unlock(&own->lock);
	return code;
}
