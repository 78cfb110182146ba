/* SPDX-License-Identifier: Apache-2.0
 * cap_crossing - does a polygon cross itself, and does it enclose anything (cap_geometry.h).
 *
 * Over the edges, in their order round the polygon, stands a binary tree of boxes: neighbours in
 * the row are neighbours on the map, so two halves that do not meet are done with in one
 * comparison. Real polygons need a handful of comparisons per edge; a hostile one runs into the
 * bound and is "not known". Plane geometry on degrees: what edges of CAP mean to every reader.
 */
#include <math.h>
#include <stdlib.h>

#include "cap_geometry.h"

enum { WORK_PER_EDGE = 64, WORK_AT_LEAST = 4096 };

/* Below this (square degrees) a sign is rounding: about a square centimetre. */
#define FLAT 1e-12

struct box {
	double south, north, west, east;
};

/* Node 1 is the root, node n has the children 2n and 2n + 1, the leaves stand from `width` on. */
struct tree {
	const struct cap_point *points;
	struct box *boxes;
	size_t width;
	size_t work; /* comparisons left */
	size_t at;   /* first point of the edge that was found */
};

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

static struct box around(const struct box *a, const struct box *b)
{
	return (struct box){
	        .south = a->south < b->south ? a->south : b->south,
	        .north = a->north > b->north ? a->north : b->north,
	        .west = a->west < b->west ? a->west : b->west,
	        .east = a->east > b->east ? a->east : b->east,
	};
}

static bool meet(const struct box *a, const struct box *b)
{
	return a->south <= b->north && b->south <= a->north && a->west <= b->east &&
	       b->west <= a->east;
}

static void build(struct tree *tree, size_t edges)
{
	static const struct box nowhere = {INFINITY, -INFINITY, INFINITY, -INFINITY};

	for (tree->width = 1; tree->width < edges; tree->width *= 2)
		;
	tree->boxes = mem_array(tree->width * 2, sizeof *tree->boxes);
	for (size_t i = 0; i < tree->width; i++) {
		const struct cap_point *p = tree->points + i;
		struct box *leaf = &tree->boxes[tree->width + i];

		*leaf = nowhere;
		if (i < edges)
			*leaf = (struct box){fmin(p[0].lat, p[1].lat), fmax(p[0].lat, p[1].lat),
			        fmin(p[0].lon, p[1].lon), fmax(p[0].lon, p[1].lon)};
	}
	for (size_t i = tree->width - 1; i > 0; i--)
		tree->boxes[i] = around(&tree->boxes[2 * i], &tree->boxes[2 * i + 1]);
}

/* Two nodes of the same depth. As deep as the tree: about twenty calls. */
static enum cap_crossing between(struct tree *tree, size_t a, size_t b)
{
	enum cap_crossing found = CAP_CROSSING_NONE;

	if (tree->work == 0)
		return CAP_CROSSING_TOO_MANY;
	tree->work--;
	if (!meet(&tree->boxes[a], &tree->boxes[b]))
		return CAP_CROSSING_NONE;
	if (a >= tree->width) {
		tree->at = a - tree->width;
		return cross(tree->points + tree->at, tree->points + (b - tree->width))
		               ? CAP_CROSSING_FOUND
		               : CAP_CROSSING_NONE;
	}
	for (size_t i = 0; i < 4 && !found; i++)
		found = between(tree, 2 * a + i / 2, 2 * b + i % 2);
	return found;
}

enum cap_crossing cap_polygon_crossing(const struct cap_polygon *polygon, size_t *at)
{
	enum cap_crossing found = CAP_CROSSING_NONE;
	struct tree tree = {.points = polygon->points};

	*at = 0;
	if (polygon->count < 4)
		return found; /* parsing has said something stronger */
	build(&tree, polygon->count - 1);
	tree.work = WORK_AT_LEAST + WORK_PER_EDGE * polygon->count;
	for (size_t i = 1; i < tree.width && !found; i++)
		found = between(&tree, 2 * i, 2 * i + 1);
	*at = tree.at;
	free(tree.boxes);
	return found;
}

bool cap_polygon_flat(const struct cap_polygon *polygon)
{
	double area = 0;

	if (polygon->count < 4)
		return false;
	for (size_t i = 1; i + 1 < polygon->count; i++)
		area += turn(&polygon->points[0], &polygon->points[i], &polygon->points[i + 1]);
	return fabs(area) < FLAT;
}
