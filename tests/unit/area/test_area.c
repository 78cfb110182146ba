/* SPDX-License-Identifier: Apache-2.0
 * Which divisions a shape touches: two squares side by side, then the outlines that are delivered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "catalog.h"
#include "source_tree.h"

/* At 40 degrees a thousandth of a degree is 111 m north, 85 m east. The two meet at 117.2. */
static struct outlines *two_squares(void)
{
	struct outlines *outlines = outlines_create();

	assert_true(outlines_add(outlines, "120101", 200,
	        "40.0,117.0 40.2,117.0 40.2,117.2 40.0,117.2 40.0,117.0", NULL));
	assert_true(outlines_add(outlines, "120102", 200,
	        "40.0,117.2 40.2,117.2 40.2,117.4 40.0,117.4 40.0,117.2", NULL));
	return outlines;
}

/* "120101 120102", or what stands in the English sentence. The caller's. */
static char *touched(const struct outlines *outlines, const char *polygon, const char *circle)
{
	struct cap_alert *alert = cap_alert_create();
	struct cap_area *area = cap_info_add_area(cap_alert_add_info(alert));
	struct texts codes = {0};
	struct err err = {0};
	struct buf out;

	buf_init(&out, 0);
	buf_text(&out, "");
	assert_true(!polygon || cap_area_add_polygon(area, polygon, &err));
	assert_true(!circle || cap_area_add_circle(area, circle, &err));
	if (!outlines_touched(outlines, area, &codes, &err))
		buf_text(&out, err.en);
	for (size_t i = 0; i < codes.count; i++)
		buf_format(&out, "%s%s", i ? " " : "", codes.items[i]);
	texts_finish(&codes);
	cap_alert_destroy(&alert);
	return buf_take(&out);
}

static const struct {
	const char *name, *polygon, *circle, *want;
} rows[] = {
        {"inside one", "40.05,117.05 40.1,117.05 40.1,117.1 40.05,117.05", NULL, "120101"},
        {"the other way round", "40.05,117.05 40.1,117.1 40.1,117.05 40.05,117.05", NULL, "120101"},
        {"across", "40.05,117.15 40.1,117.15 40.1,117.25 40.05,117.25 40.05,117.15", NULL,
                "120101 120102"},
        {"along the border", "40.05,117.1 40.1,117.1 40.1,117.2 40.05,117.2 40.05,117.1", NULL,
                "120101"},
        {"100 m over it", "40.05,117.1 40.1,117.1 40.1,117.2012 40.05,117.2012 40.05,117.1", NULL,
                "120101"},
        {"300 m over it", "40.05,117.1 40.1,117.1 40.1,117.2036 40.05,117.2036 40.05,117.1", NULL,
                "120101 120102"},
        {"a circle", NULL, "40.1,117.1 3", "120101"},
        {"a circle across", NULL, "40.1,117.19 3", "120101 120102"},
        {"a point", NULL, "40.1,117.3 0", "120102"},
        {"a point on the border", NULL, "40.1,117.2 0", "120101 120102"},
        {"a point 100 m beside it", NULL, "40.1,117.2012 0", "120101 120102"},
        {"polygon and circle", "40.05,117.05 40.1,117.05 40.1,117.1 40.05,117.05", "40.1,117.3 1",
                "120101 120102"},
        {"100 m outside", "39.9991,117.05 40.1,117.05 40.1,117.1 39.9991,117.05", NULL, "120101"},
        {"1 km outside", "39.991,117.05 40.1,117.05 40.1,117.1 39.991,117.05", NULL,
                "leaves the outlines"},
        {"far away", NULL, "30,104 5", "leaves the outlines"},
        {"the whole earth", NULL, "40.1,117.1 20000", "leaves the outlines"},
        {"at the pole", NULL, "89.9,117.1 1", "is no area"},
        {"longitude first", "30.05,117.05 30.1,117.05 30.1,117.1 30.05,117.05", NULL,
                "leaves the outlines"},
        {"a bow tie", "40.05,117.05 40.1,117.1 40.05,117.1 40.1,117.05 40.05,117.05", NULL,
                "polygon 1: its line crosses"},
        {"a line there and back", "40.05,117.05 40.1,117.1 40.15,117.15 40.1,117.1 40.05,117.05",
                NULL, "polygon 1"},
        {"one point four times", "40.1,117.1 40.1,117.1 40.1,117.1 40.1,117.1", NULL, "polygon 1"},
        {"nothing", NULL, NULL, "neither a polygon nor a circle"},
};

static void tells_divisions(void **state)
{
	struct outlines *outlines = two_squares();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *got = touched(outlines, rows[i].polygon, rows[i].circle);
		bool is_code = rows[i].want[0] == '1';
		if (is_code ? strcmp(got, rows[i].want) != 0 : !strstr(got, rows[i].want))
			fail_msg("%s: got \"%s\", want \"%s\"", rows[i].name, got, rows[i].want);
		free(got);
	}
	outlines_destroy(&outlines);
	assert_null(outlines);
}

static void without_outlines_nothing_is_told(void **state)
{
	struct outlines *outlines = outlines_create();

	(void)state;
	for (int i = 0; i < 2; i++) {
		char *got = touched(i ? outlines : NULL, NULL, "40.1,117.1 3");
		assert_non_null(strstr(got, "outlines.csv"));
		free(got);
	}
	outlines_destroy(&outlines);
}

static void refuses_what_is_no_outline(void **state)
{
	struct outlines *outlines = outlines_create();
	struct err err = {0};

	(void)state;
	assert_false(outlines_add(outlines, "120101", 200, "40,117 40,118 41,118", &err));
	assert_false(outlines_add(outlines, "120101", 200, "40,117 40,118 40,119 40,117", &err));
	assert_non_null(strstr(err.en, "encloses nothing"));
	assert_int_equal(outlines_count(outlines), 0);
	assert_true(outlines_draw(outlines, NULL));
	outlines_destroy(&outlines);
}

/* Parts of one division grow together: there is no strip of uncertainty along the seam. */
static void parts_are_one_division(void **state)
{
	struct outlines *outlines = two_squares();

	(void)state;
	assert_true(outlines_add(outlines, "120102", 200,
	        "40.0,117.4 40.2,117.4 40.2,117.6 40.0,117.6 40.0,117.4", NULL));
	assert_int_equal(outlines_count(outlines), 2);
	assert_true(outlines_draw(outlines, NULL));
	char *got = touched(outlines, NULL, "40.1,117.4 1");
	assert_string_equal(got, "120102");
	free(got);
	/* Smaller than its own accuracy: whatever comes near touches it. */
	assert_true(outlines_add(outlines, "120103", 5000,
	        "40.1,117.1 40.101,117.1 40.101,117.101 40.1,117.1", NULL));
	got = touched(outlines, NULL, "40.1003,117.1003 0.01");
	assert_string_equal(got, "120101 120103");
	free(got);
	outlines_destroy(&outlines);
}

static struct catalog *delivered(void)
{
	char *folder = source_path("publisher/data");
	struct err err = {0};
	struct catalog *catalog = catalog_read(folder, &err);

	if (!catalog)
		fail_msg("%s", err.en);
	free(folder);
	return catalog;
}

/* Places everybody can look up, and where they lie. */
static void places_lie_where_they_are(void **state)
{
	static const struct {
		const char *place, *circle, *want;
	} places[] = {
	        {"天津北站", "39.1685,117.2060 0.3", "120105"},
	        {"天津西站", "39.1580,117.1630 0.3", "120106"},
	        {"滨江道", "39.1180,117.1960 0.3", "120101"},
	        {"水滴体育场", "39.0703,117.1733 0.3", "120104"},
	        {"天津滨海国际机场", "39.1300,117.3500 1", "120110"},
	        {"于家堡", "38.9980,117.6620 1", "120116"},
	        {"独乐寺", "40.0450,117.3970 1", "120119"},
	        {"武清站", "39.3770,117.0510 0.5", "120114"},
	        {"静海站", "38.9480,116.9300 1", "120118"},
	};
	struct catalog *catalog = delivered();

	(void)state;
	assert_int_equal(outlines_count(catalog->outlines), 16);
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		char *got = touched(catalog->outlines, NULL, places[i].circle);
		if (!strstr(got, places[i].want))
			fail_msg("%s: got \"%s\", want \"%s\"", places[i].place, got,
			        places[i].want);
		free(got);
	}
	char *beijing = touched(catalog->outlines, NULL, "39.9,116.4 1");
	assert_non_null(strstr(beijing, "leaves the outlines"));
	free(beijing);
	catalog_destroy(&catalog);
}

/* A comb of many thousand teeth over all districts: seconds at most, whoever sends it. */
static void many_points_take_no_time(void **state)
{
	enum { TEETH = 20000 };
	struct catalog *catalog = delivered();
	struct buf comb;

	(void)state;
	buf_init(&comb, 0);
	for (int i = 0; i <= TEETH; i++)
		buf_format(&comb, "%.2f,%.6f ", i % 2 ? 39.35 : 39.05, 117.0 + 0.6 * i / TEETH);
	buf_text(&comb, "39.04,117.6 39.04,117.0 39.05,117.0");
	char *got = touched(catalog->outlines, comb.data, NULL);
	assert_non_null(strstr(got, "120101"));
	assert_non_null(strstr(got, "120110"));
	free(got);
	buf_finish(&comb);
	catalog_destroy(&catalog);
}

static bool all_in(const char *few, const char *many)
{
	for (; *few; few += strcspn(few, " "), few += *few == ' ') {
		char code[7] = "";
		strncat(code, few, 6);
		if (!strstr(many, code))
			return false;
	}
	return true;
}

/* Whatever a circle touches, a bigger one around it touches too, or it is refused. */
static void more_touches_more(void **state)
{
	struct catalog *catalog = delivered();
	uint32_t seed = 20261127;

	(void)state;
	for (int i = 0; i < 60; i++) {
		seed = seed * 1664525 + 1013904223;
		double lat = 38.6 + (seed >> 16) % 1600 / 1000.0;
		double lon = 116.8 + (seed >> 8) % 1200 / 1000.0;
		char *previous = NULL;
		for (double radius = 0.1; radius < 60; radius *= 3) {
			char *circle = mem_format("%.4f,%.4f %.3f", lat, lon, radius);
			char *got = touched(catalog->outlines, NULL, circle);
			bool refused = strstr(got, "leaves") != NULL;
			if (previous && !refused && !all_in(previous, got))
				fail_msg("%s: \"%s\", but within it \"%s\"", circle, got, previous);
			free(previous);
			previous = refused ? NULL : mem_text(got);
			free(circle);
			free(got);
			if (refused)
				break;
		}
		free(previous);
	}
	catalog_destroy(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_divisions),
	        cmocka_unit_test(without_outlines_nothing_is_told),
	        cmocka_unit_test(refuses_what_is_no_outline),
	        cmocka_unit_test(parts_are_one_division),
	        cmocka_unit_test(places_lie_where_they_are),
	        cmocka_unit_test(more_touches_more),
	        cmocka_unit_test(many_points_take_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
