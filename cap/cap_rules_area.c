/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_area - rules about one area (cap_rules.h). Cannot fail.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cap_geometry.h"
#include "cap_rules.h"

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

/* One that is too complicated to look through is refused like one that crosses itself. */
void cap_rule_polygon_crossing(const struct cap_look *look)
{
	for (size_t i = 0; i < look->area->polygon_count; i++) {
		const struct cap_polygon *polygon = &look->area->polygons[i];
		size_t at = 0;
		enum cap_crossing crossing = cap_polygon_crossing(polygon, &at);

		if (crossing == CAP_CROSSING_NONE)
			continue;
		char *point =
		        mem_format("%.6f,%.6f", polygon->points[at].lat, polygon->points[at].lon);

		cap_found(look, "polygon", i + 1, crossing == CAP_CROSSING_FOUND ? point : "?");
		free(point);
	}
}

void cap_rule_polygon_antimeridian(const struct cap_look *look)
{
	for (size_t i = 0; i < look->area->polygon_count; i++) {
		const struct cap_polygon *polygon = &look->area->polygons[i];

		for (size_t k = 1; k < polygon->count; k++) {
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

		if (strcmp(codes->items[i].name, "CPEAS Geographic Code") == 0 &&
		        (strlen(value) != 12 || strspn(value, "0123456789") != 12))
			cap_found(look, "geocode", i + 1, value);
	}
}
