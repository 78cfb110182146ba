/* SPDX-License-Identifier: Apache-2.0
 * cap_crossing - does a polygon cross itself, and does it enclose anything (cap_geometry.h).
 *
 * Edges are sorted along the axis where they overlap least, and each is compared with those that
 * begin before it ends. Real polygons need a handful of comparisons per edge; a hostile one runs
 * into the bound and is "not known". Plane geometry on degrees: what edges of CAP mean to every
 * reader.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cap_geometry.h"

enum { WORK_PER_EDGE = 64, WORK_AT_LEAST = 4096 };

/* Below this (square degrees) a sign is rounding: about a square centimetre. */
#define FLAT 1e-12

struct edge {
	double from, to; /* along the axis, from <= to */
	size_t start;    /* index of its first point */
};

static double along(const struct cap_point *point, bool by_lat)
{
	return by_lat ? point->lat : point->lon;
}

/* How many edges lie over one place on average: all lengths over the whole span. */
static double overlap(const struct cap_polygon *polygon, bool by_lat)
{
	double low = along(&polygon->points[0], by_lat);
	double high = low;
	double sum = 0;

	for (size_t i = 1; i < polygon->count; i++) {
		double here = along(&polygon->points[i], by_lat);

		sum += fabs(here - along(&polygon->points[i - 1], by_lat));
		low = fmin(low, here);
		high = fmax(high, here);
	}
	return high > low ? sum / (high - low) : INFINITY;
}

static int compare_edges(const void *a, const void *b)
{
	const struct edge *x = a;
	const struct edge *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static struct edge *sorted_edges(const struct cap_polygon *polygon)
{
	size_t count = polygon->count - 1;
	struct edge *edges = mem_array(count, sizeof *edges);
	bool by_lat = overlap(polygon, true) < overlap(polygon, false);

	for (size_t i = 0; i < count; i++) {
		double a = along(&polygon->points[i], by_lat);
		double b = along(&polygon->points[i + 1], by_lat);

		edges[i] = (struct edge){fmin(a, b), fmax(a, b), i};
	}
	qsort(edges, count, sizeof *edges, compare_edges);
	return edges;
}

/* Twice the area of the triangle: > 0 when c is left of a->b. */
static double turn(const struct cap_point *a, const struct cap_point *b, const struct cap_point *c)
{
	return (b->lon - a->lon) * (c->lat - a->lat) - (b->lat - a->lat) * (c->lon - a->lon);
}

static bool opposite(double x, double y)
{
	return (x > FLAT && y < -FLAT) || (x < -FLAT && y > FLAT);
}

static bool cross(const struct cap_point *a, const struct cap_point *b)
{
	return opposite(turn(&a[0], &a[1], &b[0]), turn(&a[0], &a[1], &b[1])) &&
	       opposite(turn(&b[0], &b[1], &a[0]), turn(&b[0], &b[1], &a[1]));
}

enum cap_crossing cap_polygon_crossing(const struct cap_polygon *polygon, size_t *at)
{
	enum cap_crossing found = CAP_CROSSING_NONE;

	*at = 0;
	if (polygon->count < 4)
		return found;
	size_t count = polygon->count - 1;
	size_t work = WORK_AT_LEAST + WORK_PER_EDGE * count;
	struct edge *edges = sorted_edges(polygon);

	for (size_t i = 0; i < count && !found; i++) {
		for (size_t k = i + 1; k < count && edges[k].from <= edges[i].to && !found; k++) {
			if (work-- == 0)
				found = CAP_CROSSING_TOO_MANY;
			else if (cross(&polygon->points[edges[i].start],
			                 &polygon->points[edges[k].start]))
				found = CAP_CROSSING_FOUND;
			*at = edges[i].start;
		}
	}
	free(edges);
	return found;
}

bool cap_polygon_flat(const struct cap_polygon *polygon)
{
	double area = 0;

	if (polygon->count < 4)
		return false; /* parsing has said something stronger */
	for (size_t i = 1; i + 1 < polygon->count; i++)
		area += turn(&polygon->points[0], &polygon->points[i], &polygon->points[i + 1]);
	return fabs(area) < FLAT;
}
