/* SPDX-License-Identifier: Apache-2.0
 * Does a ring meet itself? Held against GEOS, ring by ring: many small rings on a coarse grid,
 * where points fall on points and on edges all the time, and larger ones off the grid.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cap_geometry.h"

enum { MOST = 40, GRID = 4, RINGS = 40000 };

/* Numbers that are the same in every run. */
static uint32_t next_number(void)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void make_ring(struct cap_polygon *polygon, size_t count, double step)
{
	for (size_t i = 0; i + 1 < count; i++)
		polygon->points[i] = (struct cap_point){
		        step * (next_number() % (GRID * (unsigned)(1 / step) + 1)),
		        step * (next_number() % (GRID * (unsigned)(1 / step) + 1))};
	polygon->points[count - 1] = polygon->points[0];
	polygon->count = count;
}

/* A star around the middle: rings that do not meet themselves, for once. */
static void make_star(struct cap_polygon *polygon, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++) {
		double angle = 2 * acos(-1) * (double)i / (double)(count - 1);
		double reach = 1 + next_number() % 1000 / 500.0;

		polygon->points[i] =
		        (struct cap_point){30 + reach * sin(angle), 100 + reach * cos(angle)};
	}
	polygon->points[count - 1] = polygon->points[0];
	polygon->count = count;
}

static bool encloses(const struct cap_polygon *polygon)
{
	return !cap_polygon_flat(polygon);
}

static bool geos_finds_none(GEOSContextHandle_t geos, const struct cap_polygon *polygon)
{
	GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, (unsigned)polygon->count, 2);

	for (unsigned i = 0; i < polygon->count; i++)
		GEOSCoordSeq_setXY_r(
		        geos, points, i, polygon->points[i].lon, polygon->points[i].lat);
	GEOSGeometry *shape =
	        GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, points), NULL, 0);
	bool valid = GEOSisValid_r(geos, shape) == 1;

	GEOSGeom_destroy_r(geos, shape);
	return valid;
}

static void say(const struct cap_polygon *polygon)
{
	for (size_t i = 0; i < polygon->count; i++)
		print_message("%g,%g ", polygon->points[i].lat, polygon->points[i].lon);
	print_message("\n");
}

static void rings_are_judged_as_by_geos(void **state)
{
	(void)state;
	GEOSContextHandle_t geos = GEOS_init_r();
	struct cap_point points[MOST];
	struct cap_polygon polygon = {.points = points};
	size_t counts[4] = {0};

	for (size_t i = 0; i < RINGS; i++) {
		struct cap_point at;

		if (i % 4 == 3)
			make_star(&polygon, 4 + next_number() % (MOST - 4));
		else
			make_ring(&polygon, 4 + next_number() % 5, i % 4 ? 1 : .125);
		if (!encloses(&polygon))
			continue;
		enum cap_crossing ours = cap_polygon_crossing(&polygon, &at);

		counts[ours]++;
		if ((ours == CAP_CROSSING_NONE) != geos_finds_none(geos, &polygon)) {
			say(&polygon);
			fail_msg("ring %zu: we say %d, GEOS the contrary", i, (int)ours);
		}
	}
	GEOS_finish_r(geos);
	print_message("%zu meet nowhere, %zu touch, %zu cross\n", counts[CAP_CROSSING_NONE],
	        counts[CAP_CROSSING_TOUCHES], counts[CAP_CROSSING_FOUND]);
	assert_true(counts[CAP_CROSSING_NONE] > 10000 && counts[CAP_CROSSING_TOUCHES] > 1000 &&
	            counts[CAP_CROSSING_FOUND] > 10000);
	assert_int_equal(counts[CAP_CROSSING_TOO_MANY], 0);
}

static void the_place_is_where_it_is(void **state)
{
	(void)state;
	static const struct {
		struct cap_point points[7];
		size_t count;
		enum cap_crossing crossing;
		struct cap_point at;
	} rows[] = {
	        {{{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}}, 5, CAP_CROSSING_FOUND, {1, 1}},
	        {{{0, 0}, {4, 0}, {4, 1}, {1, 1}, {1, -1}, {0, -1}, {0, 0}}, 7, CAP_CROSSING_FOUND,
	                {1, 0}},
	        {{{0, 0}, {1, 1}, {0, 2}, {2, 2}, {1, 1}, {2, 0}, {0, 0}}, 7, CAP_CROSSING_TOUCHES,
	                {1, 1}},
	        {{{0, 0}, {2, 0}, {2, 2}, {2, 3}, {2, 2}, {0, 2}, {0, 0}}, 7, CAP_CROSSING_TOUCHES,
	                {2, 2}},
	        {{{0, 0}, {0, 0}, {2, 0}, {2, 0}, {2, 2}, {0, 0}, {0, 0}}, 7, CAP_CROSSING_NONE,
	                {0, 0}},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cap_point points[7];
		struct cap_point at;

		for (size_t k = 0; k < rows[i].count; k++)
			points[k] = rows[i].points[k];
		struct cap_polygon polygon = {.points = points, .count = rows[i].count};

		assert_int_equal(cap_polygon_crossing(&polygon, &at), rows[i].crossing);
		if (rows[i].crossing == CAP_CROSSING_NONE)
			continue;
		assert_true(fabs(at.lat - rows[i].at.lat) < 1e-9);
		assert_true(fabs(at.lon - rows[i].at.lon) < 1e-9);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(rings_are_judged_as_by_geos),
	        cmocka_unit_test(the_place_is_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
