/* SPDX-License-Identifier: Apache-2.0
 * cap_write - a message as bytes, in one form only, and the digest of that form (cap_io.h).
 *
 * Characters XML cannot hold become U+FFFD: cap_check names them first. Cannot fail; a full `out`
 * says so itself.
 */
#include <string.h>

#include "cap_io.h"
#include "digest.h"
#include "utf8.h"

enum { DIGEST_LIMIT = 1 << 30 };

static bool xml_may_hold(uint32_t c)
{
	return c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

static void put_escaped(struct buf *out, const char *text)
{
	const char *from = text;

	while (*text) {
		const char *at = text;
		const char *escape = escape_of(*at);
		bool fine = xml_may_hold(utf8_next(&text));

		if (fine && !escape)
			continue;
		buf_add(out, from, (size_t)(at - from));
		buf_text(out, fine ? escape : "\xef\xbf\xbd");
		from = text;
	}
	buf_add(out, from, (size_t)(text - from));
}

static void indent(struct buf *out, size_t depth)
{
	while (depth--)
		buf_text(out, "  ");
}

static void open_element(struct buf *out, size_t depth, const char *name)
{
	indent(out, depth);
	buf_format(out, "<%s>\n", name);
}

static void close_element(struct buf *out, size_t depth, const char *name)
{
	indent(out, depth);
	buf_format(out, "</%s>\n", name);
}

/* NULL = absent. */
static void put_text(struct buf *out, size_t depth, const char *name, const char *text)
{
	if (!text)
		return;
	indent(out, depth);
	buf_format(out, "<%s>", name);
	put_escaped(out, text);
	buf_format(out, "</%s>\n", name);
}

/* A required element is there even when the message lacks it: readers then say what is wrong. */
static void put_required(struct buf *out, size_t depth, const char *name, const char *text)
{
	put_text(out, depth, name, text ? text : "");
}

static void put_time(struct buf *out, const char *name, struct cap_time time)
{
	char text[26];

	cap_time_write(time, text);
	put_text(out, 2, name, time.set ? text : NULL);
}

static void put_pairs(
        struct buf *out, size_t depth, const char *name, const struct cap_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		open_element(out, depth, name);
		put_required(out, depth + 1, "valueName", pairs->items[i].name);
		put_required(out, depth + 1, "value", pairs->items[i].value);
		close_element(out, depth, name);
	}
}

static void put_resource(struct buf *out, const struct cap_resource *resource)
{
	open_element(out, 2, "resource");
	put_required(out, 3, "resourceDesc", resource->desc);
	put_required(out, 3, "mimeType", resource->mime_type);
	put_text(out, 3, "size", resource->size);
	put_text(out, 3, "uri", resource->uri);
	put_text(out, 3, "derefUri", resource->deref_uri);
	put_text(out, 3, "digest", resource->digest);
	close_element(out, 2, "resource");
}

static void put_area(struct buf *out, const struct cap_area *area)
{
	open_element(out, 2, "area");
	put_required(out, 3, "areaDesc", area->desc);
	for (size_t i = 0; i < area->polygon_count; i++)
		put_text(out, 3, "polygon", area->polygons[i].text);
	for (size_t i = 0; i < area->circle_count; i++)
		put_text(out, 3, "circle", area->circles[i].text);
	put_pairs(out, 3, "geocode", &area->geocodes);
	put_text(out, 3, "altitude", area->altitude);
	put_text(out, 3, "ceiling", area->ceiling);
	close_element(out, 2, "area");
}

static void put_codes(struct buf *out, const struct cap_info *info)
{
	put_text(out, 2, "language", info->language);
	for (size_t i = 0; i < info->category_count; i++)
		put_text(out, 2, "category", cap_category_text(info->categories[i]));
	put_required(out, 2, "event", info->event);
	for (size_t i = 0; i < info->response_count; i++)
		put_text(out, 2, "responseType", cap_response_type_text(info->responses[i]));
	put_text(out, 2, "urgency", cap_urgency_text(info->urgency));
	put_text(out, 2, "severity", cap_severity_text(info->severity));
	put_text(out, 2, "certainty", cap_certainty_text(info->certainty));
	put_text(out, 2, "audience", info->audience);
	put_pairs(out, 2, "eventCode", &info->event_codes);
}

static void put_info(struct buf *out, const struct cap_info *info)
{
	open_element(out, 1, "info");
	put_codes(out, info);
	put_time(out, "effective", info->effective);
	put_time(out, "onset", info->onset);
	put_time(out, "expires", info->expires);
	put_text(out, 2, "senderName", info->sender_name);
	put_text(out, 2, "headline", info->headline);
	put_text(out, 2, "description", info->description);
	put_text(out, 2, "instruction", info->instruction);
	put_text(out, 2, "web", info->web);
	put_text(out, 2, "contact", info->contact);
	put_pairs(out, 2, "parameter", &info->parameters);
	for (size_t i = 0; i < info->resource_count; i++)
		put_resource(out, &info->resources[i]);
	for (size_t i = 0; i < info->area_count; i++)
		put_area(out, &info->areas[i]);
	close_element(out, 1, "info");
}

void cap_write(const struct cap_alert *alert, struct buf *out)
{
	char sent[26];

	cap_time_write(alert->sent, sent);
	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	              "<alert xmlns=\"" CAP_SPACE_12 "\">\n");
	put_required(out, 1, "identifier", alert->identifier);
	put_required(out, 1, "sender", alert->sender);
	put_text(out, 1, "sent", sent);
	put_text(out, 1, "status", cap_status_text(alert->status));
	put_text(out, 1, "msgType", cap_msg_type_text(alert->msg_type));
	put_text(out, 1, "source", alert->source);
	put_text(out, 1, "scope", cap_scope_text(alert->scope));
	put_text(out, 1, "restriction", alert->restriction);
	put_text(out, 1, "addresses", alert->addresses);
	for (size_t i = 0; i < alert->codes.count; i++)
		put_text(out, 1, "code", alert->codes.items[i]);
	put_text(out, 1, "note", alert->note);
	put_text(out, 1, "references", alert->references);
	put_text(out, 1, "incidents", alert->incidents);
	for (size_t i = 0; i < alert->info_count; i++)
		put_info(out, &alert->infos[i]);
	buf_text(out, "</alert>\n");
}

void cap_digest(const struct cap_alert *alert, bool without_sent, bool without_references,
        char hex[DIGEST_HEX])
{
	struct cap_alert bare = *alert; /* shares every text; only looked at */
	struct buf bytes;
	char nothing[] = "";

	if (without_sent)
		bare.sent = (struct cap_time){0};
	if (without_references)
		bare.references = nothing;
	buf_init(&bytes, DIGEST_LIMIT);
	cap_write(&bare, &bytes);
	digest_sha256(bytes.data, bytes.len, hex);
	buf_finish(&bytes);
}
