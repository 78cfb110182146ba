/* SPDX-License-Identifier: Apache-2.0
 * geojson - what is in force as map data (RFC 7946): WGS-84, lon,lat, rings counter-clockwise.
 *
 * The polygons come as CAP's text. One that is not a closed ring of at least four points on the
 * globe is left out, and without any the geometry is null: a wrong shape is never drawn.
 */
#include "lists.h"

#include <stdlib.h>

#include "text.h"
#include "views.h"
#include "when.h"
#include "words.h"

struct point {
	double lat, lon;
};

struct ring {
	struct point *points;
	size_t count;
};

/* A plain decimal ("-39.08"), without the process's locale: strtod would read "39,1" in some. */
static bool read_number(const char **text, double *out)
{
	const char *at = *text;
	bool negative = *at == '-';
	double value = 0;
	double unit = 1;
	int digits = 0;

	at += *at == '-' || *at == '+';
	for (; *at >= '0' && *at <= '9' && digits < 12; at++, digits++)
		value = value * 10 + (*at - '0');
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9' && digits < 24; at++, digits++)
			value += (*at - '0') * (unit /= 10);
	*out = negative ? -value : value;
	*text = at;
	return digits > 0;
}

static bool read_point(const char **text, struct point *point)
{
	if (!read_number(text, &point->lat) || **text != ',')
		return false;
	*text += 1;
	return read_number(text, &point->lon) && point->lat >= -90 && point->lat <= 90 &&
	       point->lon >= -180 && point->lon <= 180;
}

static bool read_ring(const char *text, struct ring *ring)
{
	*ring = (struct ring){0};
	while (*text) {
		struct point point;
		if (*text == ' ') {
			text++;
			continue;
		}
		if (!read_point(&text, &point) || (*text && *text != ' '))
			return false;
		*(struct point *)mem_push(&ring->points, &ring->count, sizeof point) = point;
	}
	if (ring->count < 4)
		return false;
	const struct point *last = &ring->points[ring->count - 1];
	return ring->points[0].lat == last->lat && ring->points[0].lon == last->lon;
}

static bool clockwise(const struct ring *ring)
{
	double area = 0;

	for (size_t i = 1; i < ring->count; i++)
		area += (ring->points[i].lon - ring->points[i - 1].lon) *
		        (ring->points[i].lat + ring->points[i - 1].lat);
	return area > 0;
}

static void put_ring(const struct ring *ring, struct buf *out)
{
	bool turn = clockwise(ring);

	buf_text(out, "[[");
	for (size_t i = 0; i < ring->count; i++) {
		const struct point *point = &ring->points[turn ? ring->count - 1 - i : i];
		buf_format(out, "%s[%.10g,%.10g]", i ? "," : "", point->lon, point->lat);
	}
	buf_text(out, "]]");
}

static void put_geometry(const struct view *view, struct buf *out)
{
	size_t rings = 0;

	for (size_t i = 0; i < view->area_count; i++) {
		struct ring ring;
		if (read_ring(view->areas[i].polygon, &ring)) {
			buf_text(out,
			        rings++ ? "," : "{\"type\":\"MultiPolygon\",\"coordinates\":[");
			put_ring(&ring, out);
		}
		free(ring.points);
	}
	buf_text(out, rings ? "]}" : "null");
}

static void put_properties(const struct view *view, struct buf *out)
{
	char moment[WHEN_TEXT];
	struct buf words;

	buf_init(&words, 0);
	words_areas(view, &words);
	text_json_member(out, "identifier", view->identifier);
	text_json_member(out, "mode", mode_text(view->mode));
	text_json_member(out, "verb", verb_text(view->verb));
	text_json_member(out, "kind", kind_text(view->kind));
	text_json_member(out, "level", level_text(view->level));
	text_json_member(out, "hazard", view->hazard);
	text_json_member(out, "event", view->event);
	text_json_member(out, "sender_name", view->sender_name);
	text_json_member(out, "areas", words.data ? words.data : "");
	text_json_member(out, "web", view->web);
	when_text(view->sent, moment);
	text_json_member(out, "sent", moment);
	if (view->expires) {
		when_text(view->expires, moment);
		text_json_member(out, "expires", moment);
	}
	buf_reset(&words);
	buf_text(&words, mode_banner(view->mode));
	words_headline(view, &words);
	buf_text(out, "\"headline\":");
	text_json_string(out, words.data ? words.data : "");
	buf_finish(&words);
}

void text_geojson(const struct view *const *active, size_t count, struct buf *out)
{
	const struct view **sorted = views_sorted(active, count, VIEWS_GRAVEST);

	buf_text(out, "{\"type\":\"FeatureCollection\",\"features\":[");
	for (size_t i = 0; i < count; i++) {
		buf_text(out,
		        i ? ",\n{\"type\":\"Feature\",\"id\":" : "\n{\"type\":\"Feature\",\"id\":");
		text_json_string(out, sorted[i]->identifier);
		buf_text(out, ",\"geometry\":");
		put_geometry(sorted[i], out);
		buf_text(out, ",\"properties\":{");
		put_properties(sorted[i], out);
		buf_text(out, "}}");
	}
	buf_text(out, "]}\n");
	free(sorted);
}
