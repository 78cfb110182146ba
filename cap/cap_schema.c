/* SPDX-License-Identifier: Apache-2.0
 * cap_schema - see cap_schema.h: the tables, and the readers of what has children.
 *
 * One table serves all versions: a row says since when its element is there, until when, and since
 * when it must be. Where CAP 1.0 has a text "name=value", the pair is read from it.
 */
#include "cap_schema.h"

#include <stdlib.h>
#include <string.h>

#include "cap_leaf.h"

/* Nothing at all stands in an element that need not be there: leniently it is not. */
static bool counts_as_absent(
        struct cap_reader *reader, const struct cap_place *place, const struct cap_node *node)
{
	if (!reader->lenient || node->child || !cap_leaf_blank(node->text))
		return false;
	cap_read_note(reader, place, "read.empty", "元素是空的，按没有处理",
	        "the element is empty and counts as absent", NULL);
	return true;
}

#define ROWS(rows) (rows), sizeof(rows) / sizeof *(rows)

#define IN_PAIR(name) .offset = offsetof(struct cap_pair, name)
static const struct cap_row pair_rows[] = {
        {"valueName", CAP_ONE, cap_read_text, IN_PAIR(name), .since = CAP_VERSION_11},
        {"value", CAP_ONE, cap_read_text, IN_PAIR(value), .since = CAP_VERSION_11},
};
static const struct cap_type pair_type = {ROWS(pair_rows), false};

/* CAP 1.0: "name=value". */
static void split_pair(struct cap_reader *reader, const struct cap_place *place, const char *text,
        struct cap_pair *pair)
{
	const char *equals = text ? strchr(text, '=') : NULL;
	size_t len = equals ? (size_t)(equals - text) : 0;
	const char *value = equals ? equals + 1 : text;

	if (!text)
		return;
	cap_read_note(reader, place, "read.pair", "CAP 1.0 的“名=值”，已拆成 valueName 与 value",
	        "a name=value of CAP 1.0 was split into valueName and value", text);
	pair->name = cap_read_got(reader, mem_try_text_n(text, len));
	pair->value = cap_read_got(reader, mem_try_text_n(value, strlen(value)));
}

/* A part that is not there was said to be missing, and is "". */
static void complete_pair(struct cap_reader *reader, struct cap_pair *pair)
{
	if (!pair->name)
		pair->name = cap_read_got(reader, mem_try_text_n("", 0));
	if (!pair->value)
		pair->value = cap_read_got(reader, mem_try_text_n("", 0));
}

/* A code without a value says nothing; of a parameter the name alone may. */
static void read_pair(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct cap_pairs *pairs = cap_read_field(object, row);
	struct cap_pair pair = {NULL, NULL};

	if (counts_as_absent(reader, place, node))
		return;
	if (reader->version == CAP_VERSION_10 && !node->child)
		split_pair(reader, place, cap_read_leaf(reader, place, node), &pair);
	else
		cap_read_children(reader, place, node, &pair_type, &pair);
	bool empty = reader->lenient && cap_leaf_blank(pair.value) &&
	             (cap_leaf_blank(pair.name) || strcmp(row->name, "parameter") != 0);
	struct cap_pair *slot = NULL;

	if (empty) {
		cap_read_note(reader, place, "read.empty", "值是空的，按没有处理",
		        "the value is empty: it counts as absent", pair.name);
	} else {
		complete_pair(reader, &pair);
		slot = cap_read_got(
		        reader, mem_try_push(&pairs->items, &pairs->count, sizeof pair));
	}
	if (slot) {
		*slot = pair;
		return;
	}
	free(pair.name);
	free(pair.value);
}

#define IN_RESOURCE(name) .offset = offsetof(struct cap_resource, name)
static const struct cap_row resource_rows[] = {
        {"resourceDesc", CAP_ONE, cap_read_text, IN_RESOURCE(desc)},
        {"mimeType", CAP_ONE, cap_read_text, IN_RESOURCE(mime_type), .needed_since = CAP_VERSION_12,
                .stands_for = "application/octet-stream"},
        {"size", CAP_MAYBE, cap_read_size, IN_RESOURCE(size), .fits = cap_leaf_integer},
        {"uri", CAP_MAYBE, cap_read_token, IN_RESOURCE(uri), .fits = cap_leaf_uri},
        {"derefUri", CAP_MAYBE, cap_read_optional, IN_RESOURCE(deref_uri), .since = CAP_VERSION_11},
        {"digest", CAP_MAYBE, cap_read_optional, IN_RESOURCE(digest)},
};
static const struct cap_type resource_type = {ROWS(resource_rows), false};

static void read_resource(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct cap_info *info = object;

	(void)row;
	if (counts_as_absent(reader, place, node))
		return;
	struct cap_resource *slot = cap_read_got(reader,
	        mem_try_push(&info->resources, &info->resource_count, sizeof *info->resources));

	if (slot)
		cap_read_children(reader, place, node, &resource_type, slot);
}

#define IN_AREA(name) .offset = offsetof(struct cap_area, name)
static const struct cap_row area_rows[] = {
        {"areaDesc", CAP_ONE, cap_read_text, IN_AREA(desc)},
        {"polygon", CAP_ANY, cap_read_polygon, .offset = 0},
        {"circle", CAP_ANY, cap_read_circle, .offset = 0},
        {"geocode", CAP_ANY, read_pair, IN_AREA(geocodes)},
        {"altitude", CAP_MAYBE, cap_read_token, IN_AREA(altitude), .fits = cap_leaf_decimal},
        {"ceiling", CAP_MAYBE, cap_read_token, IN_AREA(ceiling), .fits = cap_leaf_decimal},
};
static const struct cap_type area_type = {ROWS(area_rows), false};

static void read_area(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct cap_info *info = object;

	(void)row;
	if (counts_as_absent(reader, place, node))
		return;
	struct cap_area *slot = cap_read_got(
	        reader, mem_try_push(&info->areas, &info->area_count, sizeof *info->areas));

	if (slot)
		cap_read_children(reader, place, node, &area_type, slot);
}

#define IN_INFO(name) .offset = offsetof(struct cap_info, name)
static const struct cap_row info_rows[] = {
        {"language", CAP_MAYBE, cap_read_language, IN_INFO(language), .fits = cap_leaf_language},
        {"category", CAP_SOME, cap_read_category, .words = &cap_category_words,
                .needed_since = CAP_VERSION_11, .stands_for = "Other"},
        {"event", CAP_ONE, cap_read_text, IN_INFO(event)},
        {"responseType", CAP_ANY, cap_read_response, .words = &cap_response_type_words,
                .since = CAP_VERSION_11},
        {"urgency", CAP_ONE, cap_read_word, IN_INFO(urgency), .words = &cap_urgency_words},
        {"severity", CAP_ONE, cap_read_word, IN_INFO(severity), .words = &cap_severity_words},
        {"certainty", CAP_ONE, cap_read_word, IN_INFO(certainty), .words = &cap_certainty_words},
        {"audience", CAP_MAYBE, cap_read_optional, IN_INFO(audience)},
        {"eventCode", CAP_ANY, read_pair, IN_INFO(event_codes)},
        {"effective", CAP_MAYBE, cap_read_time, IN_INFO(effective)},
        {"onset", CAP_MAYBE, cap_read_time, IN_INFO(onset)},
        {"expires", CAP_MAYBE, cap_read_time, IN_INFO(expires)},
        {"senderName", CAP_MAYBE, cap_read_optional, IN_INFO(sender_name)},
        {"headline", CAP_MAYBE, cap_read_optional, IN_INFO(headline)},
        {"description", CAP_MAYBE, cap_read_optional, IN_INFO(description)},
        {"instruction", CAP_MAYBE, cap_read_optional, IN_INFO(instruction)},
        {"web", CAP_MAYBE, cap_read_token, IN_INFO(web), .fits = cap_leaf_uri},
        {"contact", CAP_MAYBE, cap_read_optional, IN_INFO(contact)},
        {"parameter", CAP_ANY, read_pair, IN_INFO(parameters)},
        {"resource", CAP_ANY, read_resource, .offset = 0},
        {"area", CAP_ANY, read_area, .offset = 0},
};
static const struct cap_type info_type = {ROWS(info_rows), false};

static void read_info(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct cap_alert *alert = object;
	size_t errors = reader->problems->errors;
	struct cap_place category = {place, "category", 1, place->at};
	struct cap_info *slot = cap_read_got(
	        reader, mem_try_push(&alert->infos, &alert->info_count, sizeof *alert->infos));

	(void)row;
	if (!slot)
		return;
	cap_read_children(reader, place, node, &info_type, slot);
	/* The only one there was may have been empty. */
	if (!slot->category_count && reader->problems->errors == errors)
		cap_read_error(reader, &category, "schema.missing", "缺少必需的元素",
		        "a required element is missing", NULL);
}

#define IN_ALERT(name) .offset = offsetof(struct cap_alert, name)
static const struct cap_row alert_rows[] = {
        {"identifier", CAP_ONE, cap_read_text, IN_ALERT(identifier)},
        {"sender", CAP_ONE, cap_read_text, IN_ALERT(sender)},
        {"sent", CAP_ONE, cap_read_sent, IN_ALERT(sent)},
        {"status", CAP_ONE, cap_read_word, IN_ALERT(status), .words = &cap_status_words},
        {"msgType", CAP_ONE, cap_read_word, IN_ALERT(msg_type), .words = &cap_msg_type_words},
        {"password", CAP_MAYBE, cap_read_skip, .gone = CAP_VERSION_11},
        {"source", CAP_MAYBE, cap_read_optional, IN_ALERT(source)},
        {"scope", CAP_ONE, cap_read_word, IN_ALERT(scope), .words = &cap_scope_words,
                .needed_since = CAP_VERSION_11, .stands_for = "Public"},
        {"restriction", CAP_MAYBE, cap_read_optional, IN_ALERT(restriction)},
        {"addresses", CAP_MAYBE, cap_read_optional, IN_ALERT(addresses)},
        {"code", CAP_ANY, cap_read_code, IN_ALERT(codes)},
        {"note", CAP_MAYBE, cap_read_optional, IN_ALERT(note)},
        {"references", CAP_MAYBE, cap_read_references, IN_ALERT(references)},
        {"incidents", CAP_MAYBE, cap_read_optional, IN_ALERT(incidents)},
        {"info", CAP_ANY, read_info, .offset = 0},
};
const struct cap_type cap_type_alert = {ROWS(alert_rows), true};
