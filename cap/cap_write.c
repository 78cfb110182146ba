/* SPDX-License-Identifier: Apache-2.0
 * cap_write - a message as bytes, in one form only, and the digest of that form (cap_io.h).
 *
 * Relies on cap_xml.h for the elements. Cannot fail; a full `out` says so itself.
 */
#include "cap_io.h"
#include "cap_xml.h"
#include "digest.h"

enum { DIGEST_LIMIT = 1 << 30 };

/* A required element is there even when the message lacks it: readers then say what is wrong. */
static void put_required(struct buf *out, size_t depth, const char *name, const char *text)
{
	xml_text(out, depth, name, text ? text : "");
}

static void put_time(struct buf *out, const char *name, struct cap_time time)
{
	char text[26];

	cap_time_write(time, text);
	xml_text(out, 2, name, time.set ? text : NULL);
}

static void put_pairs(
        struct buf *out, size_t depth, const char *name, const struct cap_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		xml_open(out, depth, name);
		put_required(out, depth + 1, "valueName", pairs->items[i].name);
		put_required(out, depth + 1, "value", pairs->items[i].value);
		xml_close(out, depth, name);
	}
}

static void put_resource(struct buf *out, const struct cap_resource *resource)
{
	xml_open(out, 2, "resource");
	put_required(out, 3, "resourceDesc", resource->desc);
	put_required(out, 3, "mimeType", resource->mime_type);
	xml_text(out, 3, "size", resource->size);
	xml_text(out, 3, "uri", resource->uri);
	xml_text(out, 3, "derefUri", resource->deref_uri);
	xml_text(out, 3, "digest", resource->digest);
	xml_close(out, 2, "resource");
}

static void put_area(struct buf *out, const struct cap_area *area)
{
	xml_open(out, 2, "area");
	put_required(out, 3, "areaDesc", area->desc);
	for (size_t i = 0; i < area->polygon_count; i++)
		xml_text(out, 3, "polygon", area->polygons[i].text);
	for (size_t i = 0; i < area->circle_count; i++)
		xml_text(out, 3, "circle", area->circles[i].text);
	put_pairs(out, 3, "geocode", &area->geocodes);
	xml_text(out, 3, "altitude", area->altitude);
	xml_text(out, 3, "ceiling", area->ceiling);
	xml_close(out, 2, "area");
}

static void put_codes(struct buf *out, const struct cap_info *info)
{
	xml_text(out, 2, "language", info->language);
	for (size_t i = 0; i < info->category_count; i++)
		xml_text(out, 2, "category", cap_category_text(info->categories[i]));
	put_required(out, 2, "event", info->event);
	for (size_t i = 0; i < info->response_count; i++)
		xml_text(out, 2, "responseType", cap_response_type_text(info->responses[i]));
	xml_text(out, 2, "urgency", cap_urgency_text(info->urgency));
	xml_text(out, 2, "severity", cap_severity_text(info->severity));
	xml_text(out, 2, "certainty", cap_certainty_text(info->certainty));
	xml_text(out, 2, "audience", info->audience);
	put_pairs(out, 2, "eventCode", &info->event_codes);
}

static void put_info(struct buf *out, const struct cap_info *info)
{
	xml_open(out, 1, "info");
	put_codes(out, info);
	put_time(out, "effective", info->effective);
	put_time(out, "onset", info->onset);
	put_time(out, "expires", info->expires);
	xml_text(out, 2, "senderName", info->sender_name);
	xml_text(out, 2, "headline", info->headline);
	xml_text(out, 2, "description", info->description);
	xml_text(out, 2, "instruction", info->instruction);
	xml_text(out, 2, "web", info->web);
	xml_text(out, 2, "contact", info->contact);
	put_pairs(out, 2, "parameter", &info->parameters);
	for (size_t i = 0; i < info->resource_count; i++)
		put_resource(out, &info->resources[i]);
	for (size_t i = 0; i < info->area_count; i++)
		put_area(out, &info->areas[i]);
	xml_close(out, 1, "info");
}

void cap_write(const struct cap_alert *alert, struct buf *out)
{
	char sent[26];

	cap_time_write(alert->sent, sent);
	buf_text(out, XML_DECLARATION "<alert xmlns=\"" CAP_SPACE_12 "\">\n");
	put_required(out, 1, "identifier", alert->identifier);
	put_required(out, 1, "sender", alert->sender);
	xml_text(out, 1, "sent", sent);
	xml_text(out, 1, "status", cap_status_text(alert->status));
	xml_text(out, 1, "msgType", cap_msg_type_text(alert->msg_type));
	xml_text(out, 1, "source", alert->source);
	xml_text(out, 1, "scope", cap_scope_text(alert->scope));
	xml_text(out, 1, "restriction", alert->restriction);
	xml_text(out, 1, "addresses", alert->addresses);
	for (size_t i = 0; i < alert->codes.count; i++)
		xml_text(out, 1, "code", alert->codes.items[i]);
	xml_text(out, 1, "note", alert->note);
	xml_text(out, 1, "references", alert->references);
	xml_text(out, 1, "incidents", alert->incidents);
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
