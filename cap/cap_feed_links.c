/* SPDX-License-Identifier: Apache-2.0
 * cap_feed_links - see cap_feed_links.h. Follows the gate's walk; the tree has vouched for the
 * namespaces already, so names are compared without their prefix.
 */
#include "cap_feed_links.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_gate.h"
#include "mem.h"

enum { TEXT_MAX = 2048, LINKS_MAX = 20000 };

char *feed_text(const char *text, size_t len)
{
	char *trimmed = mem_text_trimmed(text, len);

	if (strlen(trimmed) > TEXT_MAX)
		mem_set_text(&trimmed, "");
	return trimmed;
}

bool feed_type_is_cap(const char *type)
{
	static const char *const types[] = {
	        "application/cap+xml", "application/common-alerting-protocol+xml"};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		size_t len = strlen(types[i]);

		if (strncasecmp(type, types[i], len) == 0 && strchr(" ;", type[len]))
			return true;
	}
	return false;
}

/* "" when it is not there, or too long. */
static char *value_of(const char *const *attributes, const char *name)
{
	for (; *attributes; attributes += 2) {
		if (strcmp(attributes[0], name) == 0)
			return feed_text(attributes[1], strlen(attributes[1]));
	}
	return mem_text("");
}

static const struct gate_cause *start(
        void *self, const char *name, const char *const *attributes, const struct gate_tag *tag)
{
	static const struct gate_cause many = {
	        "链接超过 20000 个", "there are more than 20000 links"};
	static const struct {
		const char *name, *address;
		bool only_if_cap;
	} kinds[] = {{"link", "href", false}, {"enclosure", "url", true}, {"content", "src", true}};
	struct feed_links *links = self;
	const char *local = strrchr(name, ':') ? strrchr(name, ':') + 1 : name;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(local, kinds[i].name) != 0)
			continue;
		if (links->count >= LINKS_MAX)
			return &many;
		struct feed_link *link = mem_push(&links->items, &links->count, sizeof *link);
		*link = (struct feed_link){tag->from, value_of(attributes, kinds[i].address),
		        value_of(attributes, "rel"), value_of(attributes, "type"),
		        kinds[i].only_if_cap};
	}
	return NULL;
}

static const struct gate_cause *end(void *self, const struct gate_tag *tag)
{
	(void)self;
	(void)tag;
	return NULL;
}

static void nothing(void *self)
{
	(void)self;
}

bool feed_links_read(const char *bytes, size_t len, struct feed_links *out, struct err *err)
{
	static const struct gate_follower follower = {start, end, nothing, nothing, NULL};

	return gate_walk(bytes, len, &gate_wrapper, &follower, out, err);
}

static int by_place(const void *a, const void *b)
{
	size_t at = *(const size_t *)a;
	size_t other = ((const struct feed_link *)b)->at;

	return at < other ? -1 : at > other;
}

const struct feed_link *feed_links_at(const struct feed_links *links, size_t at)
{
	return links->count
	               ? bsearch(&at, links->items, links->count, sizeof *links->items, by_place)
	               : NULL;
}

void feed_link_finish(struct feed_link *link)
{
	free(link->href);
	free(link->rel);
	free(link->type);
	*link = (struct feed_link){0};
}

void feed_links_finish(struct feed_links *links)
{
	for (size_t i = 0; i < links->count; i++)
		feed_link_finish(&links->items[i]);
	free(links->items);
	*links = (struct feed_links){0};
}
