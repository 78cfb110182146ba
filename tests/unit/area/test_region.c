/* SPDX-License-Identifier: Apache-2.0
 * Boxes against places: what is said of a whole box holds for every place in it. Stars of many
 * corners, so that lines come near, cross corners and run along sides.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "cap.h"
#include "region.h"

enum { STARS = 60, BOXES = 300, SIDE = 7, POINTS = 24 };

static unsigned seed = 20261128;

static double dice(void)
{
	return rand_r(&seed) / (double)RAND_MAX;
}

/* Around 117, 39, half a degree wide; corners on a grid now and then, as boxes have them. */
static struct region *star(struct cap_alert **alert)
{
	struct buf text;
	double lat[POINTS], lon[POINTS];

	*alert = cap_alert_create();
	struct cap_area *area = cap_info_add_area(cap_alert_add_info(*alert));
	buf_init(&text, 0);
	for (int i = 0; i < POINTS; i++) {
		double angle = 2 * 3.14159265 * i / POINTS;
		double out = 0.05 + 0.2 * dice();
		lat[i] = 39 + out * sin(angle);
		lon[i] = 117 + out * cos(angle);
		buf_format(&text, "%.6f,%.6f ", lat[i], lon[i]);
	}
	buf_format(&text, "%.6f,%.6f", lat[0], lon[0]);
	assert_true(cap_area_add_polygon(area, text.data, NULL));
	buf_finish(&text);
	struct region *region = region_create();
	struct err err = {0};
	if (!region_add(region, area, &err))
		fail_msg("%s", err.en);
	assert_int_equal(region_corners(region), POINTS + 1);
	return region;
}

static void look_at_box(const struct region *region, long said[3])
{
	double west = 116.7 + 0.6 * dice(), south = 38.7 + 0.6 * dice();
	double wide = dice() < 0.1 ? 0 : 0.1 * dice() * dice();
	double high = dice() < 0.1 ? 0 : 0.1 * dice() * dice();
	enum region_answer answer = region_box(region, west, south, west + wide, south + high);

	said[answer]++;
	for (int i = 0; answer != REGION_ACROSS && i < SIDE * SIDE; i++) {
		double x = west + wide * (i % SIDE) / (SIDE - 1);
		double y = south + high * (double)(i / SIDE) / (SIDE - 1);
		if (region_has(region, x, y) != (answer == REGION_INSIDE))
			fail_msg("%.6f,%.6f is %s, its box is not", y, x,
			        answer == REGION_INSIDE ? "outside" : "inside");
	}
}

static void what_holds_of_a_box_holds_of_its_places(void **state)
{
	long said[3] = {0};

	(void)state;
	for (int n = 0; n < STARS; n++) {
		struct cap_alert *alert;
		struct region *region = star(&alert);
		for (int i = 0; i < BOXES; i++)
			look_at_box(region, said);
		region_destroy(&region);
		cap_alert_destroy(&alert);
	}
	assert_true(said[REGION_INSIDE] > 500 && said[REGION_OUTSIDE] > 500);
	/* Else it would say "across" of everything. */
	assert_true(said[REGION_ACROSS] < (long)STARS * BOXES / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_holds_of_a_box_holds_of_its_places),
	};
	return cmocka_run_group_tests_name("region", tests, NULL, NULL);
}
