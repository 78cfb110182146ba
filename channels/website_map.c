/* SPDX-License-Identifier: Apache-2.0
 * website_map - the file of the district map (publisher/data/README.md), read once at start.
 *
 * Relies on jansson. A map that cannot be read is none: the site goes on without it, and each
 * receipt says why. A warning does not wait for a picture.
 */
#include "website.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

enum { SHAPES_MOST = 2000, MAP_MOST = 1 << 20, LENGTH_MOST = 10000 };

static bool read_length(const json_t *value, long *out)
{
	*out = json_is_integer(value) ? (long)json_integer_value(value) : -1;
	return *out >= 0 && *out <= LENGTH_MOST;
}

static bool read_shape(const json_t *json, struct map_shape *shape)
{
	const char *code = json_string_value(json_object_get(json, "code"));
	const char *name = json_string_value(json_object_get(json, "zh"));
	const char *path = json_string_value(json_object_get(json, "path"));
	const json_t *at = json_object_get(json, "at");

	shape->named = at != NULL;
	mem_put_text(&shape->code, code);
	mem_put_text(&shape->name, name);
	mem_put_text(&shape->path, path);
	return *shape->code && shape->code[strspn(shape->code, "0123456789")] == '\0' &&
	       *shape->name && map_path_is_plain(shape->path) &&
	       (!at || (read_length(json_array_get(at, 0), &shape->x) &&
	                       read_length(json_array_get(at, 1), &shape->y)));
}

static bool read_sheet(const json_t *json, struct map_sheet *sheet)
{
	const json_t *shapes = json_object_get(json, "shapes");
	const json_t *larger = json_object_get(json, "larger");
	bool good = read_length(json_object_get(json, "width"), &sheet->width) &&
	            read_length(json_object_get(json, "height"), &sheet->height);

	for (size_t i = 0; i < 4 && larger && good; i++)
		good = read_length(json_array_get(larger, i), &sheet->larger[i]);
	for (size_t i = 0; i < json_array_size(shapes) && good; i++)
		good = i < SHAPES_MOST &&
		       read_shape(json_array_get(shapes, i),
		               mem_push(&sheet->shapes, &sheet->count, sizeof *sheet->shapes));
	return good && sheet->count;
}

static bool read_map(const json_t *json, struct district_map *map)
{
	const json_t *sheets = json_object_get(json, "sheets");
	size_t count = json_array_size(sheets);
	bool good = count >= 1 && count <= MAP_SHEETS;

	for (size_t i = 0; i < count && good; i++)
		good = read_sheet(json_array_get(sheets, i), &map->sheets[map->count++]);
	return good;
}

void site_read_map(struct website *site)
{
	struct buf bytes;

	map_finish(&site->map);
	site->no_map = NULL;
	if (!*site->map_file)
		return;
	buf_init(&bytes, MAP_MOST);
	FILE *file = fopen(site->map_file, "re");
	bool there = file && buf_read(&bytes, file);
	if (file)
		fclose(file);
	json_t *json = there ? json_loadb(bytes.data ? bytes.data : "", bytes.len,
	                               JSON_REJECT_DUPLICATES, NULL)
	                     : NULL;
	if (!there)
		site->no_map = "its file cannot be read";
	else if (!json || !read_map(json, &site->map))
		site->no_map = "its file is none that draw_map.py wrote";
	if (site->no_map)
		map_finish(&site->map);
	json_decref(json);
	buf_finish(&bytes);
}
