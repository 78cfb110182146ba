/* SPDX-License-Identifier: Apache-2.0
 * district_map - what is in force, on a map of the districts and as a list by district that says
 * the same. SVG inside the page: links, colours of the style sheet and no script, and a content
 * policy that forbids everything inline stays whole.
 *
 * A district bears the gravest level of all that concerns it: by its own code, by that of a
 * division it lies in (a warning for the whole city shades every district), or by that of a street
 * inside it. What concerns no district of the map stands in the list, under a heading of its own.
 * Pure; what is drawn comes from views whose `sent` is filled.
 */
#ifndef TOCSIN_DISTRICT_MAP_H
#define TOCSIN_DISTRICT_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "view.h"

enum { MAP_SHEETS = 2 };

/* Lengths in the sheet's own units; two of them are a pixel where there is room. */
struct map_shape {
	char *code, *name;
	char *path; /* of SVG: nothing but "Mlz", digits, '-', and blanks (map_path_is_plain) */
	bool named; /* false: too small for its name here; it stands on the other sheet as well */
	long x, y;  /* middle of the name */
};

struct map_sheet {
	long width, height;
	long larger[4]; /* x, y, width, height of what the other sheet shows larger; 0 0 0 0: none
	                 */
	struct map_shape *shapes;
	size_t count;
};

/* Made by publisher/data/draw_map.py from the outlines. */
struct district_map {
	struct map_sheet sheets[MAP_SHEETS];
	size_t count; /* of sheets; 0 = no map */
};

void map_finish(struct district_map *map);
bool map_path_is_plain(const char *path);

/* How an area of this code concerns the district. Codes of GB/T 2260: a division holds all whose
 * codes begin with its own, but for the 00 at its end. */
enum map_touch { MAP_APART, MAP_PARTLY, MAP_WHOLLY };
enum map_touch map_touches(const char *district, const char *code);
/* The nearest of all areas of the view. `area`: the one that does, when not NULL. */
enum map_touch map_touched_by(
        const char *district, const struct view *view, const struct view_area **area);

/* The map of `active` (gravest first) with its signs explained, and the list. */
void map_draw(const struct district_map *map, const struct view *const *active, size_t count,
        enum mode mode, struct buf *out);
void map_list(const struct district_map *map, const struct view *const *active, size_t count,
        struct buf *out);

#endif
