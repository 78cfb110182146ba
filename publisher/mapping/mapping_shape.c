/* SPDX-License-Identifier: Apache-2.0
 * mapping_shape - a geometry of GeoJSON (RFC 7946: longitude first, rings closed) as polygons of
 * CAP (latitude first). See mapping_parts.h.
 *
 * CAP's polygons have no holes: one with a hole is left out whole, since without its hole it would
 * be another area. So is what is no polygon.
 */
#include <stdlib.h>
#include <string.h>

#include "mapping_parts.h"

/* A number of degrees to a centimetre, without an exponent. */
static void put_degrees(double degrees, struct buf *out)
{
	char *text = mem_format("%.7f", degrees);
	size_t len = strlen(text);

	while (text[len - 1] == '0')
		len--;
	buf_add(out, text, text[len - 1] == '.' ? len - 1 : len);
	free(text);
}

static bool put_point(const json_t *point, struct buf *out)
{
	const json_t *lon = json_array_get(point, 0);
	const json_t *lat = json_array_get(point, 1);

	if (!json_is_number(lon) || !json_is_number(lat))
		return false;
	buf_text(out, out->len ? " " : "");
	put_degrees(json_number_value(lat), out);
	buf_char(out, ',');
	put_degrees(json_number_value(lon), out);
	return true;
}

/* false: it is none, or has a hole. */
static bool put_polygon(const json_t *rings, struct buf *out)
{
	const json_t *ring = json_array_get(rings, 0);
	size_t count = json_array_size(ring);
	bool good = json_array_size(rings) == 1 && count > 0;
	struct buf points;

	buf_init(&points, CAP_LIMIT_SOURCE);
	for (size_t i = 0; good && i < count; i++)
		good = put_point(json_array_get(ring, i), &points);
	if (good)
		element_write("polygon", points.data, out);
	buf_finish(&points);
	return good;
}

void shape_write(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	const json_t *shape = item_at(item, row->from);
	const char *type = json_string_value(json_object_get(shape, "type"));
	const json_t *at = json_object_get(shape, "coordinates");
	struct buf polygons;
	bool good = true;

	if (!shape)
		return;
	/* All of it or nothing: a part would be another area. */
	buf_init(&polygons, CAP_LIMIT_SOURCE);
	if (type && strcmp(type, "Polygon") == 0) {
		good = put_polygon(at, &polygons);
	} else if (type && strcmp(type, "MultiPolygon") == 0) {
		for (size_t i = 0; good && i < json_array_size(at); i++)
			good = put_polygon(json_array_get(at, i), &polygons);
	} else {
		good = false;
	}
	if (good && polygons.len)
		buf_add(out, polygons.data, polygons.len);
	else
		item_note(item, "convert.area", row->from,
		        "不是没有空洞的多边形，CAP 写不出，图形已略去",
		        "no polygon without a hole, which is all CAP can say: the shape was left "
		        "out");
	buf_finish(&polygons);
}
