/* SPDX-License-Identifier: Apache-2.0
 * lists - what stands beside the single bulletins: the index page, the Atom feed, the map data, the
 * style sheet, and the names of the files. Pure; everything comes from views whose `sent` is
 * filled.
 *
 * Layout of the site, relative to its root:  index.html style.css feed.atom alerts.geojson
 *                                            warnings/NAME.html cap/NAME.xml
 * Cannot fail; a list too long for `out` leaves out->full set.
 */
#ifndef TOCSIN_LISTS_H
#define TOCSIN_LISTS_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "district_map.h"
#include "view.h"

#define TEXT_PAGE_DIR "warnings"
#define TEXT_CAP_DIR "cap"

struct text_lists {
	const char *title;  /* 天津市突发事件预警信息 */
	const char *site;   /* "https://host", without a slash at the end: root of the site */
	const char *author; /* who runs the site; "" = the title */
	enum mode mode;     /* of this instance: anything but live puts a banner on the lists */
	int64_t made;       /* ms: when these lists are made */
	const struct district_map *map; /* beside the index; NULL = none */
};

/* NAME: the identifier with everything but letters, digits, '_' '-' and inner '.' as "=XX", so that
 * it is one safe file name and needs no escaping in a URL. Our own identifiers are unchanged. */
void text_file_name(const char *identifier, struct buf *out);
void text_cap_url(
        const char *site, const char *identifier, struct buf *out); /* site/cap/NAME.xml */

/* index.html: what is in force (highest level first, then newest), below it what ended a short
 * while ago; beside it the map and the list by district. */
void text_page_index(const struct view *const *active, size_t active_count,
        const struct view *const *ended, size_t ended_count, const struct text_lists *lists,
        struct buf *out);

/* warnings/NAME.html of a bulletin that is over: ended->identifier was updated, cancelled or
 * corrected by `by`, or expired (by NULL). Replaces the page text_render made, so that nobody takes
 * it for valid. */
void text_page_ended(const struct view *ended, const struct view *by, struct buf *out);

/* feed.atom, newest first: entries of Alerts, Updates and Cancels alike; id = absolute URL of the
 * CAP file. Without summaries when it would be over 900 KB with them. */
void text_feed_atom(const struct view *const *items, size_t count, const struct text_lists *lists,
        struct buf *out);

/* alerts.geojson: one Feature per bulletin in force, polygons as lon,lat; geometry null without
 * one. */
void text_geojson(const struct view *const *active, size_t count, struct buf *out);

const char *page_style(void); /* style.css */
const char *map_style(void);  /* map.css: of the map and the list by district */

#endif
