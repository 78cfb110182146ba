/* SPDX-License-Identifier: Apache-2.0
 * screen_sites - places on the list of protected sites: by name, by coordinates within their
 * radius, and, for the comparison with other bulletins, half a coordinate or one close by.
 * Coordinates are decimal (39.1234,117.5678), or degrees with minutes and seconds (北纬39°07′24″).
 * Cannot fail.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "screen_look.h"

enum { NEAR_TIMES = 3, APART_MOST = 14 };

struct angle {
	double value;
	size_t first, end; /* letters */
	bool fine;         /* given to hundredths of a degree or to minutes */
};

static bool is_any(uint32_t c, const uint32_t *list)
{
	for (; *list; list++)
		if (*list == c)
			return true;
	return false;
}

/* Digits with a decimal point at most. */
static bool read_number(const struct look *look, size_t *index, double *value, size_t *decimals)
{
	char text[24];
	size_t len = 0;
	size_t i = *index;
	size_t point = 0;

	while (len < sizeof text - 1 &&
	        (look_is_digit(look, i) ||
	                (look_at(look, i) == '.' && !point && len && look_is_digit(look, i + 1)))) {
		if (look_at(look, i) == '.')
			point = len + 1;
		text[len++] = (char)look_at(look, i++);
	}
	text[len] = '\0';
	if (!len)
		return false;
	*value = strtod(text, NULL);
	*decimals = point ? len - point : 0;
	*index = i;
	return true;
}

static const uint32_t degree_marks[] = {0xb0, 0xba, 0x5ea6, 0x2da, 0};          /* ° º 度 ˚ */
static const uint32_t minute_marks[] = {0x2032, '\'', 0x2019, 0x5206, 0xb4, 0}; /* ′ ' ’ 分 */

static size_t skip_blank(const struct look *look, size_t index)
{
	return look_at(look, index) == ' ' ? index + 1 : index;
}

static bool read_angle(const struct look *look, size_t index, struct angle *angle)
{
	size_t decimals;
	double part;

	angle->first = index;
	if (!read_number(look, &index, &angle->value, &decimals))
		return false;
	angle->fine = decimals >= 2;
	angle->end = index;
	if (!is_any(look_at(look, skip_blank(look, index)), degree_marks))
		return true;
	angle->end = skip_blank(look, index) + 1;
	index = skip_blank(look, angle->end);
	if (!read_number(look, &index, &part, &decimals) ||
	        !is_any(look_at(look, index), minute_marks))
		return true;
	angle->value += part / 60;
	angle->fine = true;
	angle->end = ++index;
	index = skip_blank(look, index);
	if (read_number(look, &index, &part, &decimals) && look_at(look, index) != ',') {
		angle->value += part / 3600;
		angle->end = index;
	}
	return true;
}

static bool is_lat(double value)
{
	return value >= 3 && value <= 54;
}

static bool is_lon(double value)
{
	return value >= 73 && value <= 136;
}

static double radians(double degrees)
{
	return degrees * 3.14159265358979323846 / 180;
}

/* Metres; good to a thousandth at this size. */
static double distance(double lat1, double lon1, double lat2, double lon2)
{
	double x = radians(lon2 - lon1) * cos(radians((lat1 + lat2) / 2));
	double y = radians(lat2 - lat1);

	return 6371000 * sqrt(x * x + y * y);
}

static void site_hit(const struct look *look, size_t first, size_t end)
{
	look_hit(look, first, end, "screen.site", "疑似涉及受保护场所的名称或坐标",
	        "names or locates a protected site");
}

static void try_pair(const struct look *look, const struct angle *a, const struct angle *b)
{
	double lat = is_lat(a->value) ? a->value : b->value;
	double lon = is_lat(a->value) ? b->value : a->value;

	for (size_t i = 0; i < look->rules->lists->site_count; i++) {
		const struct screen_site *site = &look->rules->lists->sites[i];
		double metres = distance(lat, lon, site->lat, site->lon);
		if (metres <= site->radius)
			site_hit(look, a->first, b->end);
		if (metres <= site->radius * NEAR_TIMES)
			look_token(look, a->first, b->end, "site-near", true, site->name);
	}
}

/* Half a coordinate tells nothing alone. */
static void try_half(const struct look *look, const struct angle *angle)
{
	for (size_t i = 0; i < look->rules->lists->site_count; i++) {
		const struct screen_site *site = &look->rules->lists->sites[i];
		double lat = distance(angle->value, site->lon, site->lat, site->lon);
		double lon = distance(site->lat, angle->value, site->lat, site->lon);
		if (is_lat(angle->value) && lat <= site->radius)
			look_token(look, angle->first, angle->end, "site-lat", true, site->name);
		if (is_lon(angle->value) && lon <= site->radius)
			look_token(look, angle->first, angle->end, "site-lon", true, site->name);
	}
}

static void look_for_coordinates(const struct look *look)
{
	struct angle last = {0};

	for (size_t i = 0; i < look->letters.count;) {
		struct angle angle;
		if (!look_is_digit(look, i) || !read_angle(look, i, &angle)) {
			i++;
			continue;
		}
		i = angle.end;
		if (!angle.fine || (!is_lat(angle.value) && !is_lon(angle.value)))
			continue;
		bool pair = last.fine && angle.first - last.end <= APART_MOST &&
		            is_lat(last.value) != is_lat(angle.value);
		if (pair)
			try_pair(look, &last, &angle);
		try_half(look, &angle);
		last = pair ? (struct angle){0} : angle;
	}
}

void look_for_sites(const struct look *look)
{
	const struct screen_lists *lists = look->rules->lists;

	if (!lists->site_count)
		return;
	look_for_coordinates(look);
	for (size_t i = 0; i < look->letters.count; i++)
		for (size_t n = 0; n < lists->site_count; n++) {
			const struct texts *names = &lists->sites[n].names;
			size_t end = look_word_of(
			        look, i, (const char *const *)names->items, names->count);
			if (end)
				site_hit(look, i, end);
		}
}
