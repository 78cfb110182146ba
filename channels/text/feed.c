/* SPDX-License-Identifier: Apache-2.0
 * feed - the Atom feed. Its shape is the one all known readers take: the id of an entry is the
 * address of the CAP file, and that is also its only link; beside it stand the cap: elements that
 * save a download.
 */
#include "lists.h"

#include <stdlib.h>

#include "text.h"
#include "views.h"
#include "when.h"
#include "words.h"

/* Google's reader takes no feed over 900 KB. Summaries are what an entry can do without: each is in
 * the message it leads to. */
enum { FEED_MOST = 900000 };

static void element(struct buf *out, const char *name, const char *text)
{
	if (!text[0])
		return;
	buf_format(out, "<%s>", name);
	text_html(out, text);
	buf_format(out, "</%s>\n", name);
}

static void element_moment(struct buf *out, const char *name, int64_t ms)
{
	char text[WHEN_TEXT];

	if (!ms)
		return;
	when_text(ms, text);
	element(out, name, text);
}

static void put_terms(const struct view *view, struct buf *out)
{
	static const char *const types[VERB_COUNT] = {"Alert", "Update", "Cancel", "Update"};
	struct buf areas;

	element(out, "cap:identifier", view->identifier);
	element(out, "cap:sender", view->sender);
	element_moment(out, "cap:sent", view->sent);
	element(out, "cap:status", mode_status(view->mode));
	element(out, "cap:msgType", types[view->verb]);
	element(out, "cap:scope", "Public");
	element(out, "cap:references", view->references);
	element(out, "cap:event", view->event);
	/* The standard's meaning of a message without it; readers of feeds look for the element. */
	element_moment(out, "cap:effective", view->effective ? view->effective : view->sent);
	element_moment(out, "cap:expires", view->expires);
	element(out, "cap:category", view->category);
	element(out, "cap:urgency", view->urgency);
	element(out, "cap:severity", view->severity);
	element(out, "cap:certainty", view->certainty);
	buf_init(&areas, 0);
	words_areas(view, &areas);
	element(out, "cap:areaDesc", areas.data ? areas.data : "");
	buf_finish(&areas);
}

static void put_title(const struct view *view, struct buf *out)
{
	struct buf title;

	buf_init(&title, 0);
	buf_text(&title, mode_banner(view->mode));
	words_headline(view, &title);
	if (!view->headline[0]) {
		words_line(&title, view->sender_name);
		words_act(view, &title);
	}
	element(out, "title", title.data);
	buf_finish(&title);
}

/* RFC 4287 wants a name that is not empty, and a category's term; CAP has senderName as it likes.
 */
static void put_author(const struct view *view, struct buf *out)
{
	buf_text(out, "<author>");
	element(out, "name", view->sender_name[0] ? view->sender_name : view->sender);
	buf_text(out, "</author>\n");
}

static void put_category(const struct view *view, struct buf *out)
{
	if (!view->category[0])
		return;
	buf_text(out, "<category term=\"");
	text_html(out, view->category);
	buf_text(out, "\"/>\n");
}

static void put_entry(const struct view *view, const char *site, bool summary, struct buf *out)
{
	struct buf url;

	buf_init(&url, 0);
	text_cap_url(site, view->identifier, &url);
	buf_text(out, "<entry>\n");
	element(out, "id", url.data);
	put_title(view, out);
	element_moment(out, "updated", view->sent);
	element_moment(out, "published", view->sent);
	put_author(view, out);
	if (summary)
		element(out, "summary", words_unmarked(view->mode, view->description));
	put_category(view, out);
	buf_text(out, "<link rel=\"alternate\" type=\"application/cap+xml\" href=\"");
	text_html(out, url.data);
	buf_text(out, "\"/>\n");
	put_terms(view, out);
	buf_text(out, "</entry>\n");
	buf_finish(&url);
}

static void put_head(const struct text_lists *lists, int64_t updated, struct buf *out)
{
	struct buf self, title;

	buf_init(&self, 0);
	buf_init(&title, 0);
	buf_format(&self, "%s/feed.atom", lists->site);
	buf_format(&title, "%s%s", mode_banner(lists->mode), lists->title);
	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed "
	              "xmlns=\"http://www.w3.org/2005/Atom\" "
	              "xmlns:cap=\"urn:oasis:names:tc:emergency:cap:1.2\" xml:lang=\"zh-CN\">\n");
	element(out, "id", self.data);
	element(out, "title", title.data);
	element_moment(out, "updated", updated);
	buf_text(out, "<author>");
	element(out, "name", lists->author && lists->author[0] ? lists->author : lists->title);
	buf_text(out, "</author>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"");
	text_html(out, self.data);
	buf_text(out, "\"/>\n");
	buf_finish(&self);
	buf_finish(&title);
}

static void put_feed(const struct view *const *sorted, size_t count, const struct text_lists *lists,
        bool summaries, struct buf *out)
{
	put_head(lists, count ? sorted[0]->sent : lists->made, out);
	for (size_t i = 0; i < count; i++)
		put_entry(sorted[i], lists->site, summaries, out);
	buf_text(out, "</feed>\n");
}

void text_feed_atom(const struct view *const *items, size_t count, const struct text_lists *lists,
        struct buf *out)
{
	const struct view **sorted = views_sorted(items, count, VIEWS_NEWEST);
	struct buf feed;

	buf_init(&feed, out->limit);
	put_feed(sorted, count, lists, true, &feed);
	if (feed.full || feed.len > FEED_MOST) {
		buf_reset(&feed);
		put_feed(sorted, count, lists, false, &feed);
	}
	buf_add(out, feed.data, feed.len);
	out->full = out->full || feed.full;
	buf_finish(&feed);
	free(sorted);
}
