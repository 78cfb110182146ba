/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_place - does a shape lie where the message says it is meant (cap_rules.h)? Above all:
 * were latitude and longitude exchanged, which for half the world gives numbers that are both in
 * range. Cannot fail.
 *
 * The extents are generous boxes of whole degrees: a shape must be well outside to be suspect.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_rules.h"

static bool inside(double lat, double lon, const struct cap_extent *box)
{
	return lat >= box->south && lat <= box->north && lon >= box->west && lon <= box->east;
}

static enum cap_lie judge(size_t in, size_t swapped, size_t count)
{
	if (in == count)
		return CAP_LIES_INSIDE;
	if (in)
		return CAP_LIES_PARTLY;
	return swapped == count ? CAP_LIES_SWAPPED : CAP_LIES_OUTSIDE;
}

enum cap_lie cap_polygon_lies(const struct cap_polygon *polygon, const struct cap_extent *extent)
{
	size_t in = 0;
	size_t swapped = 0;

	for (size_t i = 0; i < polygon->count; i++) {
		const struct cap_point *p = &polygon->points[i];

		in += inside(p->lat, p->lon, extent);
		swapped += inside(p->lon, p->lat, extent);
	}
	return judge(in, swapped, polygon->count);
}

enum cap_lie cap_circle_lies(const struct cap_circle *circle, const struct cap_extent *extent)
{
	const struct cap_point *p = &circle->centre;

	return judge(inside(p->lat, p->lon, extent), inside(p->lon, p->lat, extent), 1);
}

/* By the region of the language tag; `zh` alone is China. Regions whose exchanged numbers could
 * never be a latitude need no row. */
static const struct {
	const char *region;
	struct cap_extent extent;
} regions[] = {
        {"US", {-15, 72, -180, -64}},
        {"CA", {41, 84, -142, -52}},
        {"MX", {14, 33, -119, -86}},
        {"BR", {-34, 6, -74, -28}},
        {"AR", {-56, -21, -74, -53}},
        {"CL", {-56, -17, -110, -66}},
        {"CO", {-5, 14, -82, -66}},
        {"PE", {-19, 1, -82, -68}},
        {"GB", {49, 61, -9, 2}},
        {"IE", {51, 56, -11, -5}},
        {"PT", {30, 43, -32, -6}},
        {"ES", {27, 44, -19, 5}},
        {"FR", {41, 52, -6, 10}},
        {"BE", {49, 52, 2, 7}},
        {"NL", {50, 54, 3, 8}},
        {"DE", {47, 56, 5, 16}},
        {"AT", {46, 50, 9, 18}},
        {"CH", {45, 48, 5, 11}},
        {"IT", {35, 48, 6, 19}},
        {"GR", {34, 42, 19, 30}},
        {"PL", {48, 56, 13, 25}},
        {"CZ", {48, 52, 12, 19}},
        {"HU", {45, 49, 16, 23}},
        {"RO", {43, 49, 20, 30}},
        {"UA", {44, 53, 22, 41}},
        {"TR", {35, 43, 25, 45}},
        {"DK", {54, 58, 7, 16}},
        {"SE", {55, 70, 10, 25}},
        {"NO", {57, 82, -10, 35}},
        {"FI", {59, 71, 19, 32}},
        {"IN", {6, 38, 68, 98}},
        {"ZA", {-47, -22, 16, 39}},
        {"CN", {3, 54, 73, 136}},
};

static const struct cap_extent *extent_of(const char *language)
{
	const char *region = strrchr(language, '-');

	region = strcasecmp(language, "zh") == 0 ? "CN" : region ? region + 1 : "";
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
		if (strcasecmp(region, regions[i].region) == 0)
			return &regions[i].extent;
	}
	return NULL;
}

/* Only where a language is given: en-US by default says nothing about a place. */
void cap_rule_shape_swapped(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	const struct cap_extent *extent = info->language ? extent_of(info->language) : NULL;

	for (size_t i = 0; extent && i < info->area_count; i++) {
		const struct cap_area *area = &info->areas[i];
		const char *found = NULL;

		for (size_t k = 0; k < area->polygon_count && !found; k++) {
			if (cap_polygon_lies(&area->polygons[k], extent) == CAP_LIES_SWAPPED)
				found = area->polygons[k].text;
		}
		for (size_t k = 0; k < area->circle_count && !found; k++) {
			if (cap_circle_lies(&area->circles[k], extent) == CAP_LIES_SWAPPED)
				found = area->circles[k].text;
		}
		if (found)
			cap_found(look, "area", i + 1, found);
	}
}

static const struct cap_extent china = {3, 54, 73, 136};

/* Calls cap_found for each shape that lies so. */
static void each_lying(const struct cap_look *look, enum cap_lie wanted, enum cap_lie or_this)
{
	const struct cap_area *area = look->area;

	for (size_t i = 0; i < area->polygon_count; i++) {
		enum cap_lie lie = cap_polygon_lies(&area->polygons[i], &china);

		if (lie == wanted || lie == or_this)
			cap_found(look, "polygon", i + 1, area->polygons[i].text);
	}
	for (size_t i = 0; i < area->circle_count; i++) {
		enum cap_lie lie = cap_circle_lies(&area->circles[i], &china);

		if (lie == wanted || lie == or_this)
			cap_found(look, "circle", i + 1, area->circles[i].text);
	}
}

void cap_rule_china_swapped(const struct cap_look *look)
{
	each_lying(look, CAP_LIES_SWAPPED, CAP_LIES_SWAPPED);
}

void cap_rule_china_outside(const struct cap_look *look)
{
	each_lying(look, CAP_LIES_OUTSIDE, CAP_LIES_PARTLY);
}
