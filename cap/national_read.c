/* SPDX-License-Identifier: Apache-2.0
 * national_read - a tree to a national message (national.h), by tables that CAP's own walk goes
 * through (cap_schema.h).
 *
 * Empty elements are this form's way to say nothing, and a blank in a time its way to write one: no
 * note is made of either. All else is read as CAP is leniently. Fails with problems.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_china.h"
#include "cap_gate.h"
#include "cap_geometry.h"
#include "cap_leaf.h"
#include "cap_liberty.h"
#include "national_tree.h"

#define BEIJING "+08:00"

/* Texts as they stand. */
static void read_words(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	const char *text = cap_read_leaf(reader, place, node);
	char **slot = cap_read_field(object, row);

	if (!text || cap_leaf_blank(text))
		return;
	free(*slot);
	*slot = cap_read_got(reader, mem_try_text_n(text, strlen(text)));
}

/* Codes and lists: outer blanks are nobody's meaning. */
static void read_code(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	const char *text = cap_read_leaf(reader, place, node);
	char **slot = cap_read_field(object, row);

	if (!text || cap_leaf_blank(text))
		return;
	free(*slot);
	*slot = cap_read_got(reader, cap_text_collapse(text));
}

static void missing(struct cap_reader *reader, const struct cap_place *place)
{
	cap_read_error(reader, place, "schema.missing", "缺少必需的元素",
	        "a required element is missing", NULL);
}

static void read_needed_code(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	read_code(reader, place, node, row, object);
	if (!*(char **)cap_read_field(object, row))
		missing(reader, place);
}

static void bad_time(struct cap_reader *reader, const struct cap_place *place, const char *text)
{
	cap_read_error(reader, place, "schema.time", "不是时间，应如 2026-11-23 09:00:00+08:00",
	        "not a time such as 2026-11-23 09:00:00+08:00", text);
}

static void read_time(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	const char *raw = cap_read_leaf(reader, place, node);
	char *text = raw ? cap_read_got(reader, cap_text_collapse(raw)) : NULL;
	struct cap_time time;
	unsigned liberties;

	if (text && *text && liberty_time(text, BEIJING, &time, &liberties))
		*(struct cap_time *)cap_read_field(object, row) = time;
	else if (text && *text)
		bad_time(reader, place, text);
	free(text);
}

static void read_sent(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	read_time(reader, place, node, row, object);
	if (!node->child && cap_leaf_blank(node->text))
		missing(reader, place);
}

/* Unknown when nothing is said. */
static void read_word(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	if (node->child || !cap_leaf_blank(node->text))
		cap_read_word(reader, place, node, row, object);
}

static void read_severity(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	const char *raw = cap_read_leaf(reader, place, node);
	char *text = raw ? cap_read_got(reader, cap_text_collapse(raw)) : NULL;
	enum level *level = cap_read_field(object, row);
	unsigned severity;

	if (!text || !*text || strcasecmp(text, "Unknown") == 0) {
		free(text);
		return;
	}
	if (cap_words_read(&cap_severity_words, text, &severity)) {
		*level = cap_china_level((enum cap_severity)severity);
		cap_read_note(reader, place, "convert.level", "不是颜色，按对应的颜色读",
		        "no colour: the colour that goes with it was taken", text);
	} else if (!cap_china_level_read(text, level)) {
		cap_read_error(reader, place, "schema.word",
		        "不是预警颜色（Red、Orange、Yellow、Blue、Unknown）",
		        "not a colour (Red, Orange, Yellow, Blue, Unknown)", text);
	}
	free(text);
}

#define ROWS(rows) (rows), sizeof(rows) / sizeof *(rows)

#define IN_METHOD(name) .offset = offsetof(struct national_method, name)
static const struct cap_row method_rows[] = {
        {"methodName", CAP_MAYBE, read_code, IN_METHOD(name)},
        {"message", CAP_MAYBE, read_words, IN_METHOD(message)},
        {"audienceGrp", CAP_MAYBE, read_code, IN_METHOD(audience_groups)},
        {"audenceprt", CAP_MAYBE, read_code, IN_METHOD(audience)},
};
static const struct cap_type method_type = {ROWS(method_rows), false};

static void read_method(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct national *n = object;
	struct national_method *slot =
	        cap_read_got(reader, mem_try_push(&n->methods, &n->method_count, sizeof *slot));

	(void)row;
	if (slot)
		cap_read_children(reader, place, node, &method_type, slot);
}

static const struct cap_row code_rows[] = {{"method", CAP_ANY, read_method, .offset = 0}};
static const struct cap_type code_type = {ROWS(code_rows), false};

static void read_methods(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	(void)row;
	cap_read_children(reader, place, node, &code_type, object);
}

#define IN_AREA(name) .offset = offsetof(struct national_area, name)
static const struct cap_row area_rows[] = {
        {"areaDesc", CAP_MAYBE, read_code, IN_AREA(desc)},
        {"polygon", CAP_MAYBE, read_code, IN_AREA(polygon)},
        {"circle", CAP_MAYBE, read_code, IN_AREA(circle)},
        {"geocode", CAP_MAYBE, read_code, IN_AREA(geocode)},
};
static const struct cap_type area_type = {ROWS(area_rows), false};

static void read_area(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct national_info *info = object;
	struct national_area *slot =
	        cap_read_got(reader, mem_try_push(&info->areas, &info->area_count, sizeof *slot));

	(void)row;
	if (slot)
		cap_read_children(reader, place, node, &area_type, slot);
}

/* What a resource is like nobody has seen: it is named, and left out. */
static void read_resource(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	(void)node;
	(void)row;
	(void)object;
	cap_read_note(reader, place, "convert.lost", "附件没有对应的写法，已略去",
	        "an attachment has no counterpart: it was left out", NULL);
}

#define IN_INFO(name) .offset = offsetof(struct national_info, name)
static const struct cap_row info_rows[] = {
        {"language", CAP_MAYBE, read_code, IN_INFO(language)},
        {"eventType", CAP_MAYBE, read_code, IN_INFO(event_type)},
        {"urgency", CAP_MAYBE, read_word, IN_INFO(urgency), .words = &cap_urgency_words},
        {"severity", CAP_MAYBE, read_severity, IN_INFO(level)},
        {"certainty", CAP_MAYBE, read_word, IN_INFO(certainty), .words = &cap_certainty_words},
        {"effective", CAP_MAYBE, read_time, IN_INFO(effective)},
        {"onset", CAP_MAYBE, read_time, IN_INFO(onset)},
        {"expires", CAP_MAYBE, read_time, IN_INFO(expires)},
        {"senderName", CAP_MAYBE, read_code, IN_INFO(sender_name)},
        {"headline", CAP_MAYBE, read_code, IN_INFO(headline)},
        {"description", CAP_MAYBE, read_words, IN_INFO(description)},
        {"instruction", CAP_MAYBE, read_words, IN_INFO(instruction)},
        {"web", CAP_MAYBE, read_code, IN_INFO(web)},
        {"resource", CAP_ANY, read_resource, .offset = 0},
        {"area", CAP_ANY, read_area, .offset = 0},
};
static const struct cap_type info_type = {ROWS(info_rows), false};

static void read_info(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct national *n = object;
	struct national_info *slot =
	        cap_read_got(reader, mem_try_push(&n->infos, &n->info_count, sizeof *slot));

	(void)row;
	if (!slot)
		return;
	slot->urgency = CAP_URGENCY_UNKNOWN;
	slot->certainty = CAP_CERTAINTY_UNKNOWN;
	cap_read_children(reader, place, node, &info_type, slot);
}

#define IN(name) .offset = offsetof(struct national, name)
static const struct cap_row rows[] = {
        {"identifier", CAP_ONE, read_needed_code, IN(identifier)},
        {"sender", CAP_MAYBE, read_code, IN(sender)},
        {"senderCode", CAP_ONE, read_needed_code, IN(sender_code)},
        {"sendTime", CAP_ONE, read_sent, IN(sent)},
        {"status", CAP_ONE, cap_read_word, IN(status), .words = &cap_status_words},
        {"msgType", CAP_ONE, cap_read_word, IN(msg_type), .words = &cap_msg_type_words},
        {"scope", CAP_ONE, cap_read_word, IN(scope), .words = &cap_scope_words},
        {"code", CAP_MAYBE, read_methods, .offset = 0},
        {"secClassification", CAP_MAYBE, read_code, IN(sec_classification)},
        {"note", CAP_MAYBE, read_words, IN(note)},
        {"references", CAP_MAYBE, read_code, IN(references)},
        {"info", CAP_SOME, read_info, .offset = 0},
};
static const struct cap_type national_type = {ROWS(rows), false};

bool national_is(const struct cap_node *root)
{
	if (strcmp(root->name, "alert") != 0 || root->space != SPACE_NONE)
		return false;
	for (const struct cap_node *child = root->child; child; child = child->next)
		if (strcmp(child->name, "senderCode") == 0 || strcmp(child->name, "sendTime") == 0)
			return true;
	return false;
}

struct national *national_read_tree(struct cap_reader *reader, const struct cap_node *root)
{
	struct cap_place place = {NULL, root->name, 0, root->at + 1};
	struct national *n = cap_read_got(reader, mem_try(1, sizeof *n));

	if (n)
		cap_read_children(reader, &place, root, &national_type, n);
	if (!reader->starved && !reader->problems->starved)
		return n;
	national_destroy(&n);
	cap_read_no_memory(reader->problems);
	return NULL;
}

struct national *national_read(
        const void *bytes, size_t len, size_t limit, struct cap_problems *problems)
{
	struct national *n = NULL;
	struct cap_tree tree;

	if (!cap_read_tree(bytes, len, limit, &tree, problems))
		return NULL;
	struct cap_reader reader = {.problems = problems,
	        .tree = &tree,
	        .version = CAP_VERSION_12,
	        .space = SPACE_NONE,
	        .lenient = true,
	        .zone = BEIJING,
	        .wrapper = ""};

	if (national_is(tree.root))
		n = national_read_tree(&reader, tree.root);
	else
		cap_problem_add(problems, CAP_PROBLEM_ERROR, "schema.root", "/",
		        "“%s”不是国家预警信息（无命名空间的 alert，含 senderCode）",
		        "\"%s\" is not a national message (an alert without a namespace that has a "
		        "senderCode)",
		        tree.root->name);
	cap_tree_finish(&tree);
	return n;
}
