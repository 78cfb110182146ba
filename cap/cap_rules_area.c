/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_area - rules about one area (cap_rules.h). Cannot fail.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cap_china.h"
#include "cap_rules.h"

enum { LARGE_LATITUDES = 60, LARGE_LONGITUDES = 120, LARGE_RADIUS_KM = 1000 };

void cap_rule_area_desc(const struct cap_look *look)
{
	if (cap_blank(look->area->desc))
		cap_found(look, "areaDesc", 0, NULL);
}

void cap_rule_area_extent(const struct cap_look *look)
{
	const struct cap_area *area = look->area;

	if (area->polygon_count == 0 && area->circle_count == 0 && area->geocodes.count == 0)
		cap_found(look, NULL, 0, area->desc);
}

void cap_rule_area_shape(const struct cap_look *look)
{
	const struct cap_area *area = look->area;

	if (area->polygon_count == 0 && area->circle_count == 0 && area->geocodes.count > 0)
		cap_found(look, NULL, 0, area->desc);
}

void cap_rule_area_preferred(const struct cap_look *look)
{
	const struct cap_area *area = look->area;

	if (area->polygon_count + area->circle_count > 0 && area->geocodes.count > 0)
		cap_found(look, NULL, 0, area->desc);
}

/* Asked by two rules, found out once for each area. */
static const struct cap_crossings *crossings(const struct cap_look *look)
{
	struct cap_crossings *memo = look->crossings;
	const struct cap_area *area = look->area;

	if (memo->area == area)
		return memo;
	memo->area = area;
	memo->items = mem_resize(memo->items, area->polygon_count + 1, sizeof *memo->items);
	/* Of a doubtful one nothing more is to be told. */
	for (size_t i = 0; i < area->polygon_count; i++)
		memo->items[i].found =
		        area->polygons[i].doubtful
		                ? CAP_CROSSING_NONE
		                : cap_polygon_crossing(&area->polygons[i], &memo->items[i].at);
	return memo;
}

/* Polygons for which the answer is `wanted`, each with the place. */
static void each_crossing(const struct cap_look *look, enum cap_crossing wanted)
{
	const struct cap_crossings *known = crossings(look);

	for (size_t i = 0; i < look->area->polygon_count; i++) {
		if (known->items[i].found != wanted)
			continue;
		char *point = wanted == CAP_CROSSING_TOO_MANY
		                      ? mem_text("?")
		                      : mem_format("%.6f,%.6f", known->items[i].at.lat,
		                                known->items[i].at.lon);

		cap_found(look, "polygon", i + 1, point);
		free(point);
	}
}

/* One that is too complicated to look through is refused like one that crosses itself. */
void cap_rule_polygon_crossing(const struct cap_look *look)
{
	each_crossing(look, CAP_CROSSING_FOUND);
	each_crossing(look, CAP_CROSSING_TOO_MANY);
}

void cap_rule_polygon_touching(const struct cap_look *look)
{
	each_crossing(look, CAP_CROSSING_TOUCHES);
}

void cap_rule_polygon_large(const struct cap_look *look)
{
	for (size_t i = 0; i < look->area->polygon_count; i++) {
		const struct cap_polygon *polygon = &look->area->polygons[i];
		double south = 90;
		double north = -90;
		double west = 180;
		double east = -180;

		for (size_t k = 0; k < polygon->count; k++) {
			const struct cap_point *p = &polygon->points[k];

			south = p->lat < south ? p->lat : south;
			north = p->lat > north ? p->lat : north;
			west = p->lon < west ? p->lon : west;
			east = p->lon > east ? p->lon : east;
		}
		if (north - south > LARGE_LATITUDES || east - west > LARGE_LONGITUDES)
			cap_found(look, "polygon", i + 1, polygon->text);
	}
}

void cap_rule_polygon_antimeridian(const struct cap_look *look)
{
	for (size_t i = 0; i < look->area->polygon_count; i++) {
		const struct cap_polygon *polygon = &look->area->polygons[i];

		for (size_t k = 1; k < polygon->count && !polygon->doubtful; k++) {
			if (fabs(polygon->points[k].lon - polygon->points[k - 1].lon) > 180) {
				cap_found(look, "polygon", i + 1, NULL);
				break;
			}
		}
	}
}

void cap_rule_polygon_flat(const struct cap_look *look)
{
	for (size_t i = 0; i < look->area->polygon_count; i++) {
		if (cap_polygon_flat(&look->area->polygons[i]))
			cap_found(look, "polygon", i + 1, look->area->polygons[i].text);
	}
}

void cap_rule_circle_zero(const struct cap_look *look)
{
	for (size_t i = 0; i < look->area->circle_count; i++) {
		const struct cap_circle *circle = &look->area->circles[i];

		if (circle->radius_km == 0)
			cap_found(look, "circle", i + 1, circle->text);
	}
}

void cap_rule_circle_large(const struct cap_look *look)
{
	for (size_t i = 0; i < look->area->circle_count; i++) {
		const struct cap_circle *circle = &look->area->circles[i];

		if (circle->radius_km > LARGE_RADIUS_KM)
			cap_found(look, "circle", i + 1, circle->text);
	}
}

void cap_rule_ceiling_alone(const struct cap_look *look)
{
	if (!cap_blank(look->area->ceiling) && cap_blank(look->area->altitude))
		cap_found(look, "ceiling", 0, look->area->ceiling);
}

/* Both are decimals without exponent (the schema says so), so the locale's point is the only
 * danger: we never set a locale. */
void cap_rule_ceiling_below(const struct cap_look *look)
{
	const struct cap_area *area = look->area;

	if (!cap_blank(area->ceiling) && !cap_blank(area->altitude) &&
	        strtod(area->ceiling, NULL) < strtod(area->altitude, NULL))
		cap_found(look, "ceiling", 0, area->ceiling);
}

void cap_rule_altitude_negative(const struct cap_look *look)
{
	const struct cap_area *area = look->area;

	if (area->altitude && strtod(area->altitude, NULL) < 0)
		cap_found(look, "altitude", 0, area->altitude);
	if (area->ceiling && strtod(area->ceiling, NULL) < 0)
		cap_found(look, "ceiling", 0, area->ceiling);
}

void cap_rule_geocode_cpeas(const struct cap_look *look)
{
	const struct cap_pairs *codes = &look->area->geocodes;

	for (size_t i = 0; i < codes->count; i++) {
		const char *value = codes->items[i].value;

		if (strcmp(codes->items[i].name, CAP_CHINA_GEOCODE) == 0 &&
		        (strlen(value) != 12 || strspn(value, "0123456789") != 12))
			cap_found(look, "geocode", i + 1, value);
	}
}
