/* SPDX-License-Identifier: Apache-2.0
 * cap_feed_links - the addresses that stand in attributes of a feed: link, enclosure, content. For
 * cap_feed.c only.
 */
#ifndef TOCSIN_CAP_FEED_LINKS_H
#define TOCSIN_CAP_FEED_LINKS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct feed_link {
	size_t at; /* its element's place in the bytes */
	char *href, *rel, *type;
	bool only_if_cap; /* not a link: counts by its type alone */
};

struct feed_links {
	struct feed_link *items; /* in the order of the document */
	size_t count;
};

/* The same bytes the tree was made of. false: *err. */
bool feed_links_read(const char *bytes, size_t len, struct feed_links *out, struct err *err);
const struct feed_link *feed_links_at(const struct feed_links *links, size_t at); /* or NULL */
void feed_links_finish(struct feed_links *links);
void feed_link_finish(struct feed_link *link);

/* An id, a moment or an address: blanks off; "" when it is too long to be one. The caller's. */
char *feed_text(const char *text, size_t len);
bool feed_type_is_cap(const char *type); /* a media type of CAP */

#endif
