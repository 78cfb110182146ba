/* SPDX-License-Identifier: Apache-2.0
 * screen_lists - the tables the screen looks things up in, read once from CSV files
 * (publisher/data/README.md) and never changed: marks of secrecy, look-alike characters, surnames,
 * area codes, public numbers, beginnings of bank cards, protected sites.
 *
 * A list with a fault does not load, and *err names its file and line. The list of protected sites
 * is itself a secret: it lies outside the tables' folder and is named by a setting.
 */
#ifndef TOCSIN_SCREEN_LISTS_H
#define TOCSIN_SCREEN_LISTS_H

#include <stdint.h>

#include "err.h"
#include "mem.h"

enum screen_match { SCREEN_STAR, SCREEN_ALONE, SCREEN_PHRASE };

struct screen_mark {
	uint32_t *letters; /* small letters where there are two sizes */
	size_t count;
	char *kind; /* state-secret, work-secret, internal */
	enum screen_match match;
};

struct screen_alike {
	uint32_t from, to;
};

struct screen_prefix {
	char *prefix;
	size_t digits;
};

struct screen_site {
	char *name;
	struct texts names; /* with the aliases */
	double lat, lon;    /* degrees, WGS 84 */
	double radius;      /* metres */
};

struct screen_lists {
	struct screen_mark *marks;
	size_t mark_count;
	struct screen_alike *alikes; /* sorted by `from` */
	size_t alike_count;
	struct screen_prefix *prefixes;
	size_t prefix_count;
	struct screen_site *sites;
	size_t site_count;
	struct texts surnames, no_names, area_codes, public_numbers; /* sorted */
};

/* sites: a file, or "" for none. */
struct screen_lists *screen_lists_read(const char *folder, const char *sites, struct err *err);
void screen_lists_destroy(struct screen_lists **lists);

bool screen_list_has(const struct texts *sorted, const char *text);
uint32_t screen_alike(const struct screen_lists *lists, uint32_t c); /* itself when it has none */

#endif
