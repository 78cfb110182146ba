/* SPDX-License-Identifier: Apache-2.0
 * cap_schema - see cap_schema.h. The readers of the schema's types, and below them the tables.
 *
 * A reader never fails as such: it says what is wrong and leaves its field as it was, so that one
 * fault does not hide the next.
 */
#include "cap_schema.h"

#include <stdlib.h>
#include <string.h>

#include "cap_geometry.h"
#include "cap_leaf.h"

static void *field(void *object, const struct cap_row *row)
{
	return (char *)object + row->offset;
}

static void bad_value(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const char *zh, const char *en, const char *value)
{
	char part[CAP_EXCERPT];

	cap_excerpt(value, part);
	char *zh_text = mem_format("%s：“%s”", zh, part);
	char *en_text = mem_format("%s: \"%s\"", en, part);
	cap_read_error(reader, place, rule, zh_text, en_text);
	free(zh_text);
	free(en_text);
}

/* xs:string: every blank counts. */
static void read_text(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
        const struct cap_row *row, void *object)
{
	char *text = cap_read_leaf(reader, place, node);
	char **out = field(object, row);

	free(*out);
	*out = text;
}

/* Types whose outer blanks do not count; NULL as cap_read_leaf. */
static char *read_collapsed(
        struct cap_reader *reader, const struct cap_place *place, const xmlNode *node)
{
	char *text = cap_read_leaf(reader, place, node);
	char *collapsed = text ? cap_text_collapse(text) : NULL;

	free(text);
	return collapsed;
}

static void put_token(
        struct cap_reader *reader, const struct cap_place *place, char **out, char *text, bool fits)
{
	if (text && !fits)
		bad_value(reader, place, "schema.type", "值不符合该元素的类型",
		        "the value is not of this element's type", text);
	free(*out);
	*out = text;
}

static void read_token(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_row *row, void *object)
{
	char *text = read_collapsed(reader, place, node);

	put_token(reader, place, field(object, row), text, text && row->fits(text));
}

/* The default, en-US, is for the empty element; blanks are a value, and no language. */
static void read_language(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_row *row, void *object)
{
	char *raw = cap_read_leaf(reader, place, node);
	char *text = raw ? cap_text_collapse(raw) : NULL;
	bool blanks = raw && *raw && !*text;

	put_token(reader, place, field(object, row), text, text && !blanks && row->fits(text));
	free(raw);
}

static void read_word(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
        const struct cap_row *row, void *object)
{
	char *text = cap_read_leaf(reader, place, node);
	unsigned value;

	if (text && cap_words_read(row->words, text, &value))
		memcpy(field(object, row), &value, sizeof value);
	else if (text)
		bad_value(reader, place, "schema.word", "不是标准规定的词（区分大小写和空白）",
		        "not a word of the standard here (case and blanks count)", text);
	free(text);
}

static void read_category(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_row *row, void *object)
{
	struct cap_row inner = {.words = row->words};
	unsigned value = (unsigned)row->words->count;

	read_word(reader, place, node, &inner, &value);
	if (value < row->words->count)
		cap_info_add_category(object, (enum cap_category)value);
}

static void read_response(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_row *row, void *object)
{
	struct cap_row inner = {.words = row->words};
	unsigned value = (unsigned)row->words->count;

	read_word(reader, place, node, &inner, &value);
	if (value < row->words->count)
		cap_info_add_response(object, (enum cap_response_type)value);
}

static void read_time(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
        const struct cap_row *row, void *object)
{
	char *text = read_collapsed(reader, place, node);

	if (text && !cap_time_read(text, field(object, row)))
		bad_value(reader, place, "schema.time",
		        "不是 CAP 的时间，应如 2026-11-23T09:00:00+08:00（不用 Z，不带小数秒）",
		        "not a dateTime of CAP such as 2026-11-23T09:00:00+08:00 (no Z, no "
		        "fractions)",
		        text);
	free(text);
}

static void read_sent(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
        const struct cap_row *row, void *object)
{
	if (reader->unfilled && !node->children && !node->properties)
		return;
	read_time(reader, place, node, row, object);
}

static void read_code(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
        const struct cap_row *row, void *object)
{
	char *text = cap_read_leaf(reader, place, node);

	if (text)
		texts_add(field(object, row), text);
	free(text);
}

/* What geometry says. An empty element names no area: it is left out, and a warning says so. */
static void bad_shape(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const struct err *err, bool empty)
{
	char *path = cap_place_text(place);

	if (empty)
		cap_problem_add(reader->problems, CAP_PROBLEM_WARNING, rule, path,
		        "元素是空的，按没有处理", "the element is empty and counts as absent");
	else
		cap_problem_put(reader->problems, CAP_PROBLEM_ERROR, rule, path, err->zh, err->en);
	free(path);
}

static void read_polygon(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_row *row, void *object)
{
	struct cap_area *area = object;
	struct cap_polygon polygon;
	const char *rule;
	struct err err;
	char *text = cap_read_leaf(reader, place, node);

	(void)row;
	if (!text)
		return;
	bool good = cap_polygon_read(text, &polygon, &rule, &err);
	bool empty = !*polygon.text;

	if (!good)
		bad_shape(reader, place, rule, &err, empty);
	if (empty)
		free(polygon.text);
	else
		*(struct cap_polygon *)mem_push(
		        &area->polygons, &area->polygon_count, sizeof polygon) = polygon;
	free(text);
}

static void read_circle(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_row *row, void *object)
{
	struct cap_area *area = object;
	struct cap_circle circle;
	const char *rule;
	struct err err;
	char *text = cap_read_leaf(reader, place, node);

	(void)row;
	if (!text)
		return;
	bool good = cap_circle_read(text, &circle, &rule, &err);
	bool empty = !*circle.text;

	if (!good)
		bad_shape(reader, place, rule, &err, empty);
	if (empty)
		free(circle.text);
	else
		*(struct cap_circle *)mem_push(&area->circles, &area->circle_count, sizeof circle) =
		        circle;
	free(text);
}

#define ROWS(rows) (rows), sizeof(rows) / sizeof *(rows)

static const struct cap_row pair_rows[] = {
        {"valueName", CAP_ONE, read_text, offsetof(struct cap_pair, name), NULL, NULL},
        {"value", CAP_ONE, read_text, offsetof(struct cap_pair, value), NULL, NULL},
};
static const struct cap_type pair_type = {ROWS(pair_rows), false};

static void read_pair(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
        const struct cap_row *row, void *object)
{
	struct cap_pairs *pairs = field(object, row);
	struct cap_pair pair = {NULL, NULL};

	cap_read_children(reader, place, node, &pair_type, &pair);
	cap_pairs_add(pairs, pair.name, pair.value);
	free(pair.name);
	free(pair.value);
}

#define IN_RESOURCE(name) offsetof(struct cap_resource, name)
static const struct cap_row resource_rows[] = {
        {"resourceDesc", CAP_ONE, read_text, IN_RESOURCE(desc), NULL, NULL},
        {"mimeType", CAP_ONE, read_text, IN_RESOURCE(mime_type), NULL, NULL},
        {"size", CAP_MAYBE, read_token, IN_RESOURCE(size), NULL, cap_leaf_integer},
        {"uri", CAP_MAYBE, read_token, IN_RESOURCE(uri), NULL, cap_leaf_uri},
        {"derefUri", CAP_MAYBE, read_text, IN_RESOURCE(deref_uri), NULL, NULL},
        {"digest", CAP_MAYBE, read_text, IN_RESOURCE(digest), NULL, NULL},
};
static const struct cap_type resource_type = {ROWS(resource_rows), false};

static void read_resource(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_row *row, void *object)
{
	(void)row;
	cap_read_children(reader, place, node, &resource_type, cap_info_add_resource(object));
}

#define IN_AREA(name) offsetof(struct cap_area, name)
static const struct cap_row area_rows[] = {
        {"areaDesc", CAP_ONE, read_text, IN_AREA(desc), NULL, NULL},
        {"polygon", CAP_ANY, read_polygon, 0, NULL, NULL},
        {"circle", CAP_ANY, read_circle, 0, NULL, NULL},
        {"geocode", CAP_ANY, read_pair, IN_AREA(geocodes), NULL, NULL},
        {"altitude", CAP_MAYBE, read_token, IN_AREA(altitude), NULL, cap_leaf_decimal},
        {"ceiling", CAP_MAYBE, read_token, IN_AREA(ceiling), NULL, cap_leaf_decimal},
};
static const struct cap_type area_type = {ROWS(area_rows), false};

static void read_area(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
        const struct cap_row *row, void *object)
{
	(void)row;
	cap_read_children(reader, place, node, &area_type, cap_info_add_area(object));
}

#define IN_INFO(name) offsetof(struct cap_info, name)
static const struct cap_row info_rows[] = {
        {"language", CAP_MAYBE, read_language, IN_INFO(language), NULL, cap_leaf_language},
        {"category", CAP_SOME, read_category, 0, &cap_category_words, NULL},
        {"event", CAP_ONE, read_text, IN_INFO(event), NULL, NULL},
        {"responseType", CAP_ANY, read_response, 0, &cap_response_type_words, NULL},
        {"urgency", CAP_ONE, read_word, IN_INFO(urgency), &cap_urgency_words, NULL},
        {"severity", CAP_ONE, read_word, IN_INFO(severity), &cap_severity_words, NULL},
        {"certainty", CAP_ONE, read_word, IN_INFO(certainty), &cap_certainty_words, NULL},
        {"audience", CAP_MAYBE, read_text, IN_INFO(audience), NULL, NULL},
        {"eventCode", CAP_ANY, read_pair, IN_INFO(event_codes), NULL, NULL},
        {"effective", CAP_MAYBE, read_time, IN_INFO(effective), NULL, NULL},
        {"onset", CAP_MAYBE, read_time, IN_INFO(onset), NULL, NULL},
        {"expires", CAP_MAYBE, read_time, IN_INFO(expires), NULL, NULL},
        {"senderName", CAP_MAYBE, read_text, IN_INFO(sender_name), NULL, NULL},
        {"headline", CAP_MAYBE, read_text, IN_INFO(headline), NULL, NULL},
        {"description", CAP_MAYBE, read_text, IN_INFO(description), NULL, NULL},
        {"instruction", CAP_MAYBE, read_text, IN_INFO(instruction), NULL, NULL},
        {"web", CAP_MAYBE, read_token, IN_INFO(web), NULL, cap_leaf_uri},
        {"contact", CAP_MAYBE, read_text, IN_INFO(contact), NULL, NULL},
        {"parameter", CAP_ANY, read_pair, IN_INFO(parameters), NULL, NULL},
        {"resource", CAP_ANY, read_resource, 0, NULL, NULL},
        {"area", CAP_ANY, read_area, 0, NULL, NULL},
};
static const struct cap_type info_type = {ROWS(info_rows), false};

static void read_info(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
        const struct cap_row *row, void *object)
{
	(void)row;
	cap_read_children(reader, place, node, &info_type, cap_alert_add_info(object));
}

#define IN_ALERT(name) offsetof(struct cap_alert, name)
static const struct cap_row alert_rows[] = {
        {"identifier", CAP_ONE, read_text, IN_ALERT(identifier), NULL, NULL},
        {"sender", CAP_ONE, read_text, IN_ALERT(sender), NULL, NULL},
        {"sent", CAP_ONE, read_sent, IN_ALERT(sent), NULL, NULL},
        {"status", CAP_ONE, read_word, IN_ALERT(status), &cap_status_words, NULL},
        {"msgType", CAP_ONE, read_word, IN_ALERT(msg_type), &cap_msg_type_words, NULL},
        {"source", CAP_MAYBE, read_text, IN_ALERT(source), NULL, NULL},
        {"scope", CAP_ONE, read_word, IN_ALERT(scope), &cap_scope_words, NULL},
        {"restriction", CAP_MAYBE, read_text, IN_ALERT(restriction), NULL, NULL},
        {"addresses", CAP_MAYBE, read_text, IN_ALERT(addresses), NULL, NULL},
        {"code", CAP_ANY, read_code, IN_ALERT(codes), NULL, NULL},
        {"note", CAP_MAYBE, read_text, IN_ALERT(note), NULL, NULL},
        {"references", CAP_MAYBE, read_text, IN_ALERT(references), NULL, NULL},
        {"incidents", CAP_MAYBE, read_text, IN_ALERT(incidents), NULL, NULL},
        {"info", CAP_ANY, read_info, 0, NULL, NULL},
};
const struct cap_type cap_type_alert = {ROWS(alert_rows), true};
