/* SPDX-License-Identifier: Apache-2.0
 * cap_liberty_shape - polygons and circles that are not in the standard's form (cap_liberty.h).
 *
 * They are read so that people see where the sender may have meant; whoever calls marks them
 * doubtful. Rings that were run together, or a bracket in the middle, have no one reading.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cap_geometry.h"
#include "cap_liberty.h"

/* One pair as it stands among blanks. */
struct token {
	const char *from, *to;
	size_t opens, closes; /* brackets before and behind it, taken off */
};

static struct token next_token(const char **at)
{
	struct token token = {0};

	*at += strspn(*at, " ;");
	token.from = *at;
	*at += strcspn(*at, " ;");
	token.to = *at;
	for (; token.from < token.to && strchr("([", *token.from); token.from++)
		token.opens++;
	for (; token.from < token.to && strchr(")]", token.to[-1]); token.to--)
		token.closes++;
	return token;
}

/* Brackets stand around the whole list, around each pair, or both; else they tell rings apart. */
static bool brackets_fit(
        const struct token *token, bool first, bool last, size_t *each, size_t *all)
{
	size_t opens = token->opens;
	size_t closes = token->closes;

	if (first) {
		*each = opens < closes ? opens : closes;
		if (last)
			return opens == closes;
		*each = closes;
		if (opens < closes)
			return false;
		*all = opens - closes;
		return *each <= 1 && *all <= 2;
	}
	return opens == *each && closes == *each + (last ? *all : 0);
}

static bool take_number(const char **at, double *out)
{
	*at += **at == '+';
	return cap_number_read(at, out);
}

/* "lat,lon", "lat,lon," or, over two tokens, "lat, lon". */
static bool take_pair(struct token *token, const char **at, double *a, double *b)
{
	const char *p = token->from;

	if (!take_number(&p, a) || *p != ',')
		return false;
	p++;
	if (p == token->to) {
		struct token rest = next_token(at);

		if (rest.opens)
			return false;
		p = rest.from;
		token->to = rest.to;
		token->closes += rest.closes;
	}
	return take_number(&p, b) && (p == token->to || (*p == ',' && p + 1 == token->to));
}

static bool read_pairs(struct cap_polygon *shape)
{
	const char *at = shape->text;
	size_t each = 0;
	size_t all = 0;

	while (at[strspn(at, " ;")]) {
		struct token token = next_token(&at);
		struct cap_point *point = &shape->points[shape->count];
		bool first = shape->count == 0;

		if (!take_pair(&token, &at, &point->lat, &point->lon) ||
		        !brackets_fit(&token, first, !at[strspn(at, " ;")], &each, &all))
			return false;
		shape->count++;
	}
	return true;
}

static bool within(const struct cap_polygon *shape, double lat, double lon)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (fabs(shape->points[i].lat) > lat || fabs(shape->points[i].lon) > lon)
			return false;
	}
	return true;
}

static void turn(struct cap_point *point)
{
	double lat = point->lon;

	point->lon = point->lat;
	point->lat = lat;
}

static void count_round(struct cap_point *point)
{
	if (fabs(point->lon) > 180)
		point->lon -= copysign(360, point->lon);
}

/* The standard's order, or the only one that fits the globe. */
static bool set_order(struct cap_polygon *shape, unsigned *liberties)
{
	if (within(shape, 90, 180))
		return true;
	if (within(shape, 180, 90)) {
		for (size_t i = 0; i < shape->count; i++)
			turn(&shape->points[i]);
		*liberties |= LIBERTY_REVERSED;
		return true;
	}
	if (!within(shape, 90, 360))
		return false;
	for (size_t i = 0; i < shape->count; i++)
		count_round(&shape->points[i]);
	*liberties |= LIBERTY_ROUND;
	return true;
}

static bool is_closed(const struct cap_polygon *shape)
{
	const struct cap_point *first = &shape->points[0];
	const struct cap_point *last = &shape->points[shape->count - 1];

	return first->lat == last->lat && first->lon == last->lon;
}

/* As many points as a ring needs, or would with the first set behind them. */
static bool is_ring(const struct cap_polygon *shape, unsigned *liberties)
{
	if (shape->count < 3)
		return false;
	if (is_closed(shape))
		return shape->count >= 4;
	*liberties |= LIBERTY_OPEN;
	return true;
}

static size_t count_pairs(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == ' ' || *text == ';';
	return count;
}

bool liberty_polygon(struct cap_polygon *shape, unsigned *liberties)
{
	*liberties = 0;
	free(shape->points);
	shape->count = 0;
	shape->points = mem_try(count_pairs(shape->text), sizeof *shape->points);
	if (!shape->points)
		return false;
	size_t len = strlen(shape->text);
	bool marks = strcspn(shape->text, "()[];+") < len || strstr(shape->text, ", ") ||
	             (len && shape->text[len - 1] == ',');

	if (read_pairs(shape) && set_order(shape, liberties) && is_ring(shape, liberties)) {
		*liberties |= marks ? LIBERTY_MARKS : 0;
		return *liberties != 0;
	}
	*liberties = 0;
	shape->count = 0;
	return false;
}

/* Three numbers, whatever stands between them. */
static bool three_numbers(const char *at, double numbers[3])
{
	for (size_t i = 0; i < 3; i++) {
		at += strspn(at, " ,;()[]");
		if (!take_number(&at, &numbers[i]) || (*at && !strchr(" ,;()[]", *at)))
			return false;
	}
	return at[strspn(at, " ,;()[]")] == '\0';
}

bool liberty_circle(struct cap_circle *shape, unsigned *liberties)
{
	double numbers[3];

	*liberties = LIBERTY_MARKS;
	if (!three_numbers(shape->text, numbers) || numbers[2] < 0 ||
	        numbers[2] > CAP_RADIUS_MAX_KM)
		return false;
	shape->centre = (struct cap_point){numbers[0], numbers[1]};
	if (fabs(numbers[0]) > 90) {
		turn(&shape->centre);
		*liberties |= LIBERTY_REVERSED;
	}
	shape->radius_km = numbers[2];
	return fabs(shape->centre.lat) <= 90 && fabs(shape->centre.lon) <= 180;
}
