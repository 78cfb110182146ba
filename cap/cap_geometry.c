/* SPDX-License-Identifier: Apache-2.0
 * cap_geometry - see cap_geometry.h. Reading what stands in polygon and circle.
 *
 * Numbers are read here and not by strtod: no locale, no exponents, no "nan", no hexadecimal.
 */
#include "cap_geometry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_place.h"

enum { MAX_DIGITS = 17 }; /* further decimals are beyond what a double holds */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void collapse(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		if (!is_blank(*at))
			*to++ = *at;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

char *cap_text_collapse(const char *text)
{
	char *out = mem_try_text_n(text, strlen(text));

	if (out)
		collapse(out);
	return out;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* mantissa / 10^scale */
static double divide(uint64_t mantissa, int scale)
{
	static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	enum { LAST = sizeof powers / sizeof *powers - 1 };
	double value = (double)mantissa;

	for (; scale > LAST && value > 0; scale -= LAST)
		value /= powers[LAST];
	return value / powers[scale > LAST ? LAST : scale];
}

/* Digits as they come, for numbers that have few of them. */
static const char *take_digits(const char *p, uint64_t *mantissa)
{
	for (; is_digit(*p); p++)
		*mantissa = *mantissa * 10 + (uint64_t)(*p - '0');
	return p;
}

/* Any number; further digits than a double holds are left out behind the point, refused before it.
 */
static bool read_long(const char **at, uint64_t *mantissa, int *scale)
{
	const char *p = *at;
	int taken = 0;

	*mantissa = 0;
	*scale = 0;
	for (; is_digit(*p); p++) {
		if (taken == MAX_DIGITS)
			return false;
		*mantissa = *mantissa * 10 + (uint64_t)(*p - '0');
		taken += *mantissa > 0;
	}
	for (p += *p == '.'; is_digit(*p); p++) {
		if (taken == MAX_DIGITS)
			continue;
		*mantissa = *mantissa * 10 + (uint64_t)(*p - '0');
		taken += *mantissa > 0;
		*scale += 1;
	}
	*at = p;
	return true;
}

bool cap_number_read(const char **at, double *out)
{
	bool minus = **at == '-';
	const char *first = *at + minus;
	uint64_t mantissa = 0;
	const char *p = take_digits(first, &mantissa);
	const char *point = p;
	int scale = 0;

	if (p == first)
		return false;
	if (*p == '.') {
		p = take_digits(point + 1, &mantissa);
		scale = (int)(p - point) - 1;
		if (!scale)
			return false;
	}
	if (p - first > MAX_DIGITS && (p = first, !read_long(&p, &mantissa, &scale)))
		return false;
	*at = p;
	*out = minus ? -divide(mantissa, scale) : divide(mantissa, scale);
	return true;
}

/* "lat,lon", ended by a blank or the end. */
static bool read_point(const char **at, struct cap_point *point)
{
	if (!cap_number_read(at, &point->lat) || **at != ',')
		return false;
	*at += 1;
	return cap_number_read(at, &point->lon) && (**at == ' ' || **at == '\0');
}

static bool in_range(const struct cap_point *point)
{
	return point->lat >= -90 && point->lat <= 90 && point->lon >= -180 && point->lon <= 180;
}

static bool same_point(const struct cap_point *a, const struct cap_point *b)
{
	return a->lat == b->lat && a->lon == b->lon;
}

static bool refuse_point(const char *at, bool range, size_t number, struct err *err)
{
	char point[CAP_EXCERPT * 2];
	char part[CAP_EXCERPT];

	snprintf(point, sizeof point, "%.*s", (int)strcspn(at, " "), at);
	cap_excerpt(point, part);
	if (range)
		return err_set(err, ERR_INPUT,
		        "第 %zu 个点“%s”超出范围：应为“纬度,经度”，纬度 -90 至 90，经度 -180 至 "
		        "180",
		        "point %zu, \"%s\", is out of range: latitude,longitude with latitude -90 "
		        "to 90 and longitude -180 to 180",
		        number, part);
	return err_set(err, ERR_INPUT, "第 %zu 个点“%s”不是“纬度,经度”形式的十进制数",
	        "point %zu, \"%s\", is not latitude,longitude in decimal numbers", number, part);
}

static bool no_memory(const char **rule, struct err *err)
{
	*rule = NULL;
	return err_set(err, ERR_UNAVAILABLE, "内存不足", "out of memory");
}

/* Room for one more. From the first the number of all is guessed; a wrong guess costs time only. */
static bool make_room(struct cap_polygon *polygon, size_t *room, const char *at)
{
	size_t first = (size_t)(at - polygon->text) + 1;
	size_t more = *room ? *room * 2 : strlen(at) / first * 9 / 8 + 4;
	struct cap_point *grown;

	if (polygon->count < *room)
		return true;
	grown = reallocarray(polygon->points, more, sizeof *grown);
	if (!grown)
		return false;
	polygon->points = grown;
	*room = more;
	return true;
}

static bool read_points(struct cap_polygon *polygon, const char **rule, struct err *err)
{
	const char *at = polygon->text;
	size_t room = 0;

	while (*at) {
		const char *start = at;
		struct cap_point point;
		bool form = read_point(&at, &point);

		if (!form || !in_range(&point)) {
			*rule = form ? "area.polygon.range" : "area.polygon.form";
			return refuse_point(start, form, polygon->count + 1, err);
		}
		if (!make_room(polygon, &room, at))
			return no_memory(rule, err);
		polygon->points[polygon->count++] = point;
		at += *at == ' ';
	}
	return true;
}

/* Most texts are points with single blanks between them: then no blank need be looked for. */
static bool read_as_it_stands(struct cap_polygon *out, const char **rule, struct err *err)
{
	size_t len = strlen(out->text);

	*rule = "area.polygon.form";
	return len && out->text[len - 1] != ' ' && read_points(out, rule, err);
}

static bool read_collapsed(struct cap_polygon *out, const char **rule, struct err *err)
{
	collapse(out->text);
	*rule = "area.polygon.empty";
	if (!*out->text)
		return err_set(err, ERR_INPUT, "多边形是空的", "the polygon is empty");
	free(out->points);
	out->points = NULL;
	out->count = 0;
	return read_points(out, rule, err);
}

bool cap_polygon_read(const char *text, struct cap_polygon *out, const char **rule, struct err *err)
{
	*out = (struct cap_polygon){.text = mem_try_text_n(text, strlen(text))};
	if (!out->text)
		return no_memory(rule, err);
	if (!read_as_it_stands(out, rule, err) && (!*rule || !read_collapsed(out, rule, err)))
		return false;
	*rule = "area.polygon.points";
	if (out->count < 4)
		return err_set(err, ERR_INPUT, "多边形只有 %zu 个点，至少要 4 个（首尾两点相同）",
		        "the polygon has only %zu points; at least 4 are needed, the last equal to "
		        "the first",
		        out->count);
	*rule = "area.polygon.closed";
	if (!same_point(&out->points[0], &out->points[out->count - 1]))
		return err_set(err, ERR_INPUT, "多边形没有闭合：首点和末点不同（共 %zu 个点）",
		        "the polygon is not closed: its first and last points differ (%zu points)",
		        out->count);
	return true;
}

bool cap_circle_read(const char *text, struct cap_circle *out, const char **rule, struct err *err)
{
	*out = (struct cap_circle){.text = cap_text_collapse(text)};
	const char *at = out->text;
	char part[CAP_EXCERPT];

	if (!at)
		return no_memory(rule, err);
	cap_excerpt(at, part);
	*rule = *at ? "area.circle.form" : "area.circle.empty";
	if (!read_point(&at, &out->centre) || *at != ' ' ||
	        (at++, !cap_number_read(&at, &out->radius_km)) || *at)
		return err_set(err, ERR_INPUT, "圆“%s”不是“纬度,经度 半径（公里）”的形式",
		        "the circle \"%s\" is not of the form latitude,longitude radius (km)",
		        part);
	*rule = "area.circle.range";
	if (!in_range(&out->centre))
		return err_set(err, ERR_INPUT,
		        "圆“%s”的圆心超出范围：纬度 -90 至 90，经度 -180 至 180",
		        "the centre of the circle \"%s\" is out of range: latitude -90 to 90, "
		        "longitude -180 to 180",
		        part);
	*rule = "area.circle.radius";
	if (out->radius_km < 0 || out->radius_km > CAP_RADIUS_MAX_KM)
		return err_set(err, ERR_INPUT, "圆“%s”的半径应在 0 至 %d 公里之间",
		        "the radius of the circle \"%s\" must lie between 0 and %d km", part,
		        CAP_RADIUS_MAX_KM);
	return true;
}
