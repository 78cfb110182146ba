/* SPDX-License-Identifier: Apache-2.0
 * cap_feed - see cap_feed.h. Two looks at one document: the tree has entries, texts and the
 * messages inside; a walk has the attributes of links, which no message has and the tree leaves
 * out.
 *
 * Only a source reads so: want of memory ends it (mem.h), and it is started again.
 */
#include "cap_feed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_encoding.h"
#include "cap_feed_links.h"
#include "cap_gate.h"
#include "cap_unwrap.h"

struct reading {
	const struct cap_tree *tree;
	const struct feed_links *links;
	struct cap_feed *out;
};

static bool is_entry(const struct cap_node *node)
{
	return strcmp(node->name, "entry") == 0 || strcmp(node->name, "item") == 0;
}

static bool is_feed(const struct cap_node *root)
{
	return strcmp(root->name, "feed") == 0 || strcmp(root->name, "rss") == 0 ||
	       strcmp(root->name, "RDF") == 0;
}

/* Of the entry's own vocabulary: what others added (cap:, georss:, dc:) has their names. */
static bool is_own(const struct cap_node *entry, const struct cap_node *child, const char *name)
{
	return strcmp(child->name, name) == 0 && strcmp(child->uri, entry->uri) == 0;
}

static char *text_of(const struct cap_node *entry, const char *const *names)
{
	for (; *names; names++) {
		for (const struct cap_node *child = entry->child; child; child = child->next) {
			if (is_own(entry, child, *names) && child->text_len)
				return feed_text(child->text, child->text_len);
		}
	}
	return mem_text("");
}

static bool is_address(const char *text)
{
	return strncasecmp(text, "https://", 8) == 0 || strncasecmp(text, "http://", 7) == 0;
}

/* How much an address looks like the message's. */
enum rank { RANK_NONE, RANK_LINK, RANK_CAP };

static enum rank rank_of(const struct feed_link *link)
{
	if (feed_type_is_cap(link->type))
		return RANK_CAP;
	bool other = *link->rel && strcmp(link->rel, "alternate") != 0;
	bool page = strncasecmp(link->type, "text/html", 9) == 0 ||
	            strncasecmp(link->type, "application/xhtml", 17) == 0 ||
	            strncasecmp(link->type, "image/", 6) == 0;

	return other || page || link->only_if_cap ? RANK_NONE : RANK_LINK;
}

/* An address that stands as text: RSS's link, or a guid that does not say it is none. */
static void take_text_link(const struct cap_node *child, struct feed_link *link)
{
	link->href = feed_text(child->text, child->text_len);
	link->rel = mem_text("");
	link->type = mem_text("");
}

static void choose(struct feed_link *link, enum rank *best, size_t *equals, char **chosen)
{
	enum rank rank = *link->href ? rank_of(link) : RANK_NONE;

	if (rank > *best) {
		*best = rank;
		*equals = 0;
	}
	if (rank != RANK_NONE && rank == *best && strcmp(*chosen, link->href) != 0) {
		++*equals;
		mem_set_text(chosen, link->href);
	}
}

/* "": none, or more than one that may be it. */
static char *link_of(const struct reading *r, const struct cap_node *entry, const char *id)
{
	enum rank best = RANK_NONE;
	size_t equals = 0;
	char *chosen = mem_text("");

	for (const struct cap_node *child = entry->child; child; child = child->next) {
		const struct feed_link *found = feed_links_at(r->links, child->at);
		struct feed_link own = {0};

		if (strcmp(child->uri, entry->uri) != 0)
			continue;
		if (found && *found->href) {
			own = *found;
			choose(&own, &best, &equals, &chosen);
		} else if (strcmp(child->name, "link") == 0) {
			take_text_link(child, &own);
			choose(&own, &best, &equals, &chosen);
			feed_link_finish(&own);
		}
	}
	if (equals != 1)
		mem_set_text(&chosen, !equals && is_address(id) ? id : "");
	return chosen;
}

static void add(struct reading *r, const struct cap_feed_item *item)
{
	if (r->out->count >= CAP_MESSAGES_MAX) {
		r->out->cut = true;
		return;
	}
	struct cap_feed_item *slot = mem_push(&r->out->items, &r->out->count, sizeof *slot);
	*slot = (struct cap_feed_item){.id = mem_text(item->id),
	        .updated = mem_text(item->updated),
	        .link = mem_text(item->link),
	        .document = item->document ? mem_text_n(item->document, item->len) : NULL,
	        .len = item->len};
}

static void take_entry(struct reading *r, const struct cap_node *entry)
{
	static const char *const ids[] = {"id", "guid", NULL};
	static const char *const moments[] = {"updated", "pubDate", "published", "date", NULL};
	char *id = text_of(entry, ids);
	char *updated = text_of(entry, moments);
	char *link = link_of(r, entry, id);
	struct cap_tree inside = *r->tree;
	struct cap_finds finds = {0};

	inside.root = entry;
	cap_unwrap(&inside, &finds);
	for (size_t i = 0; i < finds.count; i++)
		add(r, &(struct cap_feed_item){
		               id, updated, link, finds.items[i].document, finds.items[i].len});
	if (!finds.count)
		add(r, &(struct cap_feed_item){id, updated, link, NULL, 0});
	cap_finds_finish(&finds);
	free(id);
	free(updated);
	free(link);
}

/* Entries stand below the root (Atom, RSS 1.0) or below its channel. */
static void take_entries(struct reading *r, const struct cap_node *node, size_t deep)
{
	for (const struct cap_node *child = node->child; child; child = child->next) {
		if (is_entry(child))
			take_entry(r, child);
		else if (deep == 0 && strcmp(child->name, "channel") == 0)
			take_entries(r, child, deep + 1);
	}
}

static enum cap_feed_kind read_tree(
        const struct cap_tree *tree, size_t len, struct cap_feed *out, struct err *err)
{
	struct feed_links links = {0};
	struct reading r = {tree, &links, out};

	if (!is_feed(tree->root))
		return CAP_FEED_OTHER;
	bool good = feed_links_read(tree->bytes, len, &links, err);

	if (good)
		take_entries(&r, tree->root, 0);
	feed_links_finish(&links);
	return good ? CAP_FEED_LIST : CAP_FEED_BROKEN;
}

enum cap_feed_kind cap_feed_read(const void *bytes, size_t len, const struct cap_manner *manner,
        struct cap_feed *out, struct err *err)
{
	struct cap_problems notes = {0};
	struct cap_decoded decoded;
	struct cap_tree tree;
	enum cap_feed_kind kind = CAP_FEED_BROKEN;

	*out = (struct cap_feed){0};
	if (!gate_size(len, CAP_LIMIT_FEED, err))
		return kind;
	bool good = cap_decode(bytes, len, manner, &decoded, &notes, err);

	cap_problems_finish(&notes);
	if (!good)
		return kind;
	if (cap_tree_read(decoded.bytes, decoded.len, &gate_wrapper, &tree, err)) {
		kind = read_tree(&tree, decoded.len, out, err);
		cap_tree_finish(&tree);
	}
	cap_decoded_finish(&decoded);
	return kind;
}

void cap_feed_finish(struct cap_feed *feed)
{
	for (size_t i = 0; i < feed->count; i++) {
		free(feed->items[i].id);
		free(feed->items[i].updated);
		free(feed->items[i].link);
		free(feed->items[i].document);
	}
	free(feed->items);
	*feed = (struct cap_feed){0};
}
