/* SPDX-License-Identifier: Apache-2.0
 * cap_crossing - does a polygon cross itself, and does it enclose anything (cap_geometry.h).
 *
 * Over the edges, in their order round the polygon and a few to a leaf, stands a binary tree of
 * boxes: neighbours in the row are neighbours on the map, so two halves that do not meet are done
 * with in one comparison. Real polygons need a handful of comparisons per edge; a hostile one runs
 * into the bound and is "not known". Plane geometry on degrees: what edges of CAP mean to every
 * reader.
 */
#include <math.h>
#include <stdlib.h>

#include "cap_geometry.h"

enum { WORK_PER_EDGE = 64, WORK_AT_LEAST = 4096, LEAF = 8 };

/* Below this (square degrees) a sign is rounding: about a square centimetre. */
#define FLAT 1e-12

struct box {
	double south, north, west, east;
};

/* Node 1 is the root, node n has the children 2n and 2n + 1, the leaves stand from `width` on;
 * leaf i holds the edges from LEAF * i on. */
struct tree {
	const struct cap_point *points;
	struct box *boxes;
	size_t edges, width;
	size_t work;            /* comparisons left */
	bool touches;           /* seen so far */
	struct cap_point place; /* of the crossing, or of the first touching */
};

/* Twice the area of the triangle: > 0 when c is left of a->b. */
static double turn(const struct cap_point *a, const struct cap_point *b, const struct cap_point *c)
{
	return (b->lon - a->lon) * (c->lat - a->lat) - (b->lat - a->lat) * (c->lon - a->lon);
}

static int side(double twice_area)
{
	return (twice_area > FLAT) - (twice_area < -FLAT);
}

static bool cross(const struct cap_point *a, const struct cap_point *b, struct cap_point *at)
{
	double from = turn(&b[0], &b[1], &a[0]);
	double to = turn(&b[0], &b[1], &a[1]);

	if (side(from) * side(to) >= 0 ||
	        side(turn(&a[0], &a[1], &b[0])) * side(turn(&a[0], &a[1], &b[1])) >= 0)
		return false;
	double part = from / (from - to);

	at->lat = a[0].lat + part * (a[1].lat - a[0].lat);
	at->lon = a[0].lon + part * (a[1].lon - a[0].lon);
	return true;
}

/* Does p lie on the edge, its ends included? */
static bool on_edge(const struct cap_point *p, const struct cap_point *edge)
{
	return side(turn(&edge[0], &edge[1], p)) == 0 && p->lat >= fmin(edge[0].lat, edge[1].lat) &&
	       p->lat <= fmax(edge[0].lat, edge[1].lat) &&
	       p->lon >= fmin(edge[0].lon, edge[1].lon) && p->lon <= fmax(edge[0].lon, edge[1].lon);
}

/* Neighbours share a point: they touch only where one runs back over the other. */
static bool turns_back(
        const struct cap_point *start, const struct cap_point *middle, const struct cap_point *end)
{
	double along = (middle->lat - start->lat) * (end->lat - middle->lat) +
	               (middle->lon - start->lon) * (end->lon - middle->lon);

	return side(turn(start, middle, end)) == 0 && along < 0;
}

static const struct cap_point *touch(const struct tree *tree, size_t i, size_t k)
{
	const struct cap_point *a = tree->points + i;
	const struct cap_point *b = tree->points + k;

	if (k == i + 1)
		return turns_back(&a[0], &a[1], &b[1]) ? &a[1] : NULL;
	if (i == 0 && k == tree->edges - 1)
		return turns_back(&b[0], &a[0], &a[1]) ? &a[0] : NULL;
	for (size_t n = 0; n < 2; n++) {
		if (on_edge(&a[n], b))
			return &a[n];
		if (on_edge(&b[n], a))
			return &b[n];
	}
	return NULL;
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

static struct box around_leaf(const struct tree *tree, size_t leaf)
{
	struct box box = {INFINITY, -INFINITY, INFINITY, -INFINITY};
	size_t first = leaf * LEAF;
	size_t last = first + LEAF < tree->edges ? first + LEAF : tree->edges;

	/* The last edge ends in the point behind it. */
	for (size_t i = first; first < last && i <= last; i++) {
		const struct cap_point *p = &tree->points[i];
		struct box point = {p->lat, p->lat, p->lon, p->lon};

		box = around(&box, &point);
	}
	return box;
}

static void build(struct tree *tree)
{
	for (tree->width = 1; tree->width * LEAF < tree->edges; tree->width *= 2)
		;
	tree->boxes = mem_array(tree->width * 2, sizeof *tree->boxes);
	for (size_t i = 0; i < tree->width; i++)
		tree->boxes[tree->width + i] = around_leaf(tree, i);
	for (size_t i = tree->width - 1; i > 0; i--)
		tree->boxes[i] = around(&tree->boxes[2 * i], &tree->boxes[2 * i + 1]);
}

static bool apart(double a, double b, double c, double d)
{
	return (a < c && a < d && b < c && b < d) || (a > c && a > d && b > c && b > d);
}

/* Two edges, i before k. A touching is kept, and the search goes on for a crossing. */
static enum cap_crossing compare(struct tree *tree, size_t i, size_t k)
{
	const struct cap_point *a = tree->points + i;
	const struct cap_point *b = tree->points + k;
	const struct cap_point *at;

	if (apart(a[0].lat, a[1].lat, b[0].lat, b[1].lat) ||
	        apart(a[0].lon, a[1].lon, b[0].lon, b[1].lon))
		return CAP_CROSSING_NONE;
	if (tree->work == 0)
		return CAP_CROSSING_TOO_MANY;
	tree->work--;
	if (cross(a, b, &tree->place))
		return CAP_CROSSING_FOUND;
	if (!tree->touches && (at = touch(tree, i, k)) != NULL) {
		tree->touches = true;
		tree->place = *at;
	}
	return CAP_CROSSING_NONE;
}

static size_t leaf_end(const struct tree *tree, size_t leaf)
{
	return (leaf + 1) * LEAF < tree->edges ? (leaf + 1) * LEAF : tree->edges;
}

/* Does the edge come near the box at all? */
static bool edge_meets(const struct cap_point *edge, const struct box *box)
{
	return !apart(edge[0].lat, edge[1].lat, box->south, box->north) &&
	       !apart(edge[0].lon, edge[1].lon, box->west, box->east);
}

static enum cap_crossing between_leaves(struct tree *tree, size_t a, size_t b)
{
	enum cap_crossing found = CAP_CROSSING_NONE;
	const struct box *box = &tree->boxes[tree->width + b];

	for (size_t i = a * LEAF; i < leaf_end(tree, a) && !found; i++) {
		if (!edge_meets(tree->points + i, box))
			continue;
		for (size_t k = b * LEAF; k < leaf_end(tree, b) && !found; k++)
			found = compare(tree, i, k);
	}
	return found;
}

/* Edges that all go north, or all south, east or west, cannot meet. */
static bool goes_one_way(const struct cap_point *from, size_t edges)
{
	size_t north = 0;
	size_t south = 0;
	size_t east = 0;
	size_t west = 0;

	for (size_t i = 0; i < edges; i++) {
		north += from[i + 1].lat > from[i].lat;
		south += from[i + 1].lat < from[i].lat;
		east += from[i + 1].lon > from[i].lon;
		west += from[i + 1].lon < from[i].lon;
	}
	return north == edges || south == edges || east == edges || west == edges;
}

static enum cap_crossing within_leaf(struct tree *tree, size_t leaf)
{
	enum cap_crossing found = CAP_CROSSING_NONE;
	size_t end = leaf_end(tree, leaf);

	if (goes_one_way(tree->points + leaf * LEAF, end - leaf * LEAF))
		return found;
	for (size_t i = leaf * LEAF; i < end; i++) {
		for (size_t k = i + 1; k < end && !found; k++)
			found = compare(tree, i, k);
	}
	return found;
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
	if (a >= tree->width)
		return between_leaves(tree, a - tree->width, b - tree->width);
	for (size_t i = 0; i < 4 && !found; i++)
		found = between(tree, 2 * a + i / 2, 2 * b + i % 2);
	return found;
}

static enum cap_crossing search(struct tree *tree)
{
	enum cap_crossing found = CAP_CROSSING_NONE;

	for (size_t i = 0; i * LEAF < tree->edges && !found; i++)
		found = within_leaf(tree, i);
	if (found || tree->edges <= LEAF)
		return found;
	build(tree);
	for (size_t i = 1; i < tree->width && !found; i++)
		found = between(tree, 2 * i, 2 * i + 1);
	free(tree->boxes);
	return found;
}

static bool same_point(const struct cap_point *a, const struct cap_point *b)
{
	return a->lat == b->lat && a->lon == b->lon;
}

static bool repeats(const struct cap_polygon *polygon)
{
	for (size_t i = 1; i < polygon->count; i++) {
		if (same_point(&polygon->points[i], &polygon->points[i - 1]))
			return true;
	}
	return false;
}

/* Without points that stand twice in a row; the caller's. */
static struct cap_point *distinct(const struct cap_polygon *polygon, size_t *count)
{
	struct cap_point *points = mem_array(polygon->count, sizeof *points);

	*count = 0;
	for (size_t i = 0; i < polygon->count; i++) {
		const struct cap_point *p = &polygon->points[i];

		if (*count == 0 || !same_point(&points[*count - 1], p))
			points[(*count)++] = *p;
	}
	return points;
}

enum cap_crossing cap_polygon_crossing(const struct cap_polygon *polygon, struct cap_point *at)
{
	struct tree tree = {.points = polygon->points,
	        .edges = polygon->count - 1,
	        .work = WORK_AT_LEAST + WORK_PER_EDGE * polygon->count};
	struct cap_point *points = NULL;
	size_t count;

	*at = (struct cap_point){0, 0};
	if (polygon->count < 4)
		return CAP_CROSSING_NONE; /* parsing has said something stronger */
	if (repeats(polygon)) {
		points = distinct(polygon, &count);
		tree.points = points;
		tree.edges = count - 1;
	}
	enum cap_crossing found = search(&tree);

	free(points);
	*at = tree.place;
	return found == CAP_CROSSING_NONE && tree.touches ? CAP_CROSSING_TOUCHES : found;
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
