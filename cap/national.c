/* SPDX-License-Identifier: Apache-2.0
 * national - see national.h: memory, and the form in bytes. Relies on cap_xml.h; cannot fail, a
 * full `out` says so itself.
 */
#include "national.h"

#include <stdlib.h>

#include "cap_china.h"
#include "cap_xml.h"

static void free_info(struct national_info *info)
{
	for (size_t i = 0; i < info->area_count; i++) {
		free(info->areas[i].desc);
		free(info->areas[i].geocode);
		free(info->areas[i].polygon);
		free(info->areas[i].circle);
	}
	free(info->areas);
	free(info->language);
	free(info->event_type);
	free(info->sender_name);
	free(info->headline);
	free(info->description);
	free(info->instruction);
	free(info->web);
}

void national_destroy(struct national **national)
{
	struct national *n = national ? *national : NULL;

	if (!n)
		return;
	for (size_t i = 0; i < n->method_count; i++) {
		free(n->methods[i].name);
		free(n->methods[i].message);
		free(n->methods[i].audience_groups);
		free(n->methods[i].audience);
	}
	for (size_t i = 0; i < n->info_count; i++)
		free_info(&n->infos[i]);
	free(n->methods);
	free(n->infos);
	free(n->identifier);
	free(n->sender);
	free(n->sender_code);
	free(n->sec_classification);
	free(n->note);
	free(n->references);
	free(n);
	*national = NULL;
}

/* Every element of the form stands there, empty ones too: so its readers expect it. */
static void put(struct buf *out, size_t depth, const char *name, const char *text)
{
	xml_text(out, depth, name, text ? text : "");
}

/* "2026-11-23 09:00:00+08:00": Beijing's time, whatever was read. */
static void put_time(struct buf *out, size_t depth, const char *name, struct cap_time time)
{
	char text[26] = "";

	if (time.set) {
		cap_time_write(cap_time_china(time.ms), text);
		text[10] = ' ';
	}
	put(out, depth, name, text);
}

static void put_methods(struct buf *out, const struct national *n)
{
	xml_open(out, 1, "code");
	for (size_t i = 0; i < n->method_count; i++) {
		xml_open(out, 2, "method");
		put(out, 3, "methodName", n->methods[i].name);
		put(out, 3, "message", n->methods[i].message);
		put(out, 3, "audienceGrp", n->methods[i].audience_groups);
		put(out, 3, "audenceprt", n->methods[i].audience);
		xml_close(out, 2, "method");
	}
	xml_close(out, 1, "code");
}

static void put_info(struct buf *out, const struct national_info *info)
{
	const char *colour = cap_china_colour(info->level);

	xml_open(out, 1, "info");
	put(out, 2, "language", info->language);
	put(out, 2, "eventType", info->event_type);
	put(out, 2, "urgency", cap_urgency_text(info->urgency));
	put(out, 2, "severity", colour ? colour : "Unknown");
	put(out, 2, "certainty", cap_certainty_text(info->certainty));
	put_time(out, 2, "effective", info->effective);
	put_time(out, 2, "onset", info->onset);
	put_time(out, 2, "expires", info->expires);
	put(out, 2, "senderName", "");
	put(out, 2, "headline", info->headline);
	put(out, 2, "description", info->description);
	put(out, 2, "instruction", info->instruction);
	put(out, 2, "web", info->web);
	for (size_t i = 0; i < info->area_count; i++) {
		xml_open(out, 2, "area");
		put(out, 3, "areaDesc", info->areas[i].desc);
		put(out, 3, "polygon", info->areas[i].polygon);
		put(out, 3, "circle", info->areas[i].circle);
		put(out, 3, "geocode", info->areas[i].geocode);
		xml_close(out, 2, "area");
	}
	xml_close(out, 1, "info");
}

void national_write(const struct national *n, struct buf *out)
{
	buf_text(out, XML_DECLARATION "<alert>\n");
	put(out, 1, "identifier", n->identifier);
	put(out, 1, "sender", n->sender);
	put(out, 1, "senderCode", n->sender_code);
	put_time(out, 1, "sendTime", n->sent);
	put(out, 1, "status", cap_status_text(n->status));
	put(out, 1, "msgType", cap_msg_type_text(n->msg_type));
	put(out, 1, "scope", cap_scope_text(n->scope));
	put_methods(out, n);
	put(out, 1, "secClassification", n->sec_classification);
	put(out, 1, "note", n->note);
	put(out, 1, "references", n->references);
	for (size_t i = 0; i < n->info_count; i++)
		put_info(out, &n->infos[i]);
	buf_text(out, "</alert>\n");
}
