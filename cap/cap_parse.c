/* SPDX-License-Identifier: Apache-2.0
 * cap_parse - a tree to a message, by the tables of cap_schema.c.
 *
 * Strictly what an XSD would refuse is an error, and so is anything inside a text that a signature
 * does not see (comments) or that readers split differently (CDATA, entities). Leniently what
 * cannot be misread is read, and each liberty is noted. Fails with problems, never with less; for
 * want of memory as for any other cause.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_gate.h"
#include "cap_leaf.h"
#include "cap_schema.h"

void *cap_read_got(struct cap_reader *reader, void *memory)
{
	reader->starved = reader->starved || !memory;
	return memory;
}

/* "/feed/entry/content/alert/info[1]/sent (line 9)" */
static void put_path(
        const struct cap_reader *reader, const struct cap_place *place, char *out, size_t room)
{
	char path[CAP_PLACE_MAX];

	cap_place_put(place, path);
	if (place->at)
		snprintf(out, room, "%s%s (line %zu)", reader->wrapper, path,
		        reader->line + cap_tree_line(reader->tree, place->at - 1));
	else
		snprintf(out, room, "%s%s", reader->wrapper, path);
}

void cap_read_say(struct cap_reader *reader, enum cap_level level, const struct cap_place *place,
        const char *rule, const char *zh, const char *en, const char *value)
{
	char path[2 * CAP_PLACE_MAX];
	char part[CAP_EXCERPT];

	if (cap_problems_full(reader->problems)) {
		cap_problem_put(reader->problems, level, rule, "", zh, en);
		return;
	}
	put_path(reader, place, path, sizeof path);
	cap_excerpt(value ? value : "", part);
	if (value)
		cap_problem_add(reader->problems, level, rule, path, "%s%.0s：“%s”",
		        "%.0s%s: \"%s\"", zh, en, part);
	else
		cap_problem_put(reader->problems, level, rule, path, zh, en);
}

void cap_read_error(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const char *zh, const char *en, const char *value)
{
	cap_read_say(reader, CAP_PROBLEM_ERROR, place, rule, zh, en, value);
}

void cap_read_note(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const char *zh, const char *en, const char *value)
{
	reader->liberties++;
	if (reader->problems->count < CAP_NOTES_MAX)
		cap_read_say(reader, CAP_PROBLEM_NOTE, place, rule, zh, en, value);
}

static void look_at_attributes(
        struct cap_reader *reader, const struct cap_place *place, const struct cap_node *node)
{
	if (!node->attribute)
		return;
	if (reader->lenient)
		cap_read_note(reader, place, "read.attribute", "CAP 的元素不带属性，已略去",
		        "elements of CAP have no attributes: it was left out", NULL);
	else
		cap_read_error(reader, place, "schema.attribute", "CAP 的元素不带属性",
		        "elements of CAP have no attributes", NULL);
}

const char *cap_read_leaf(
        struct cap_reader *reader, const struct cap_place *place, const struct cap_node *node)
{
	look_at_attributes(reader, place, node);
	if (node->cdata && reader->lenient)
		cap_read_note(reader, place, "read.cdata", "文字在 CDATA 段里，照读",
		        "the text stands in a CDATA section: it was read", NULL);
	else if (node->cdata)
		cap_read_error(reader, place, "xml.cdata", "不允许 CDATA 段",
		        "CDATA is not allowed", NULL);
	if (node->comment)
		cap_read_error(reader, place, "xml.comment", "文字里不允许注释（签名看不见它）",
		        "a comment inside a text is not allowed (a signature does not see it)",
		        NULL);
	if (node->child)
		cap_read_error(reader, place, "schema.child", "该元素里只能有文字，不能有子元素",
		        "this element holds text, not elements", NULL);
	return node->child || node->comment || (node->cdata && !reader->lenient) ? NULL
	                                                                         : node->text;
}

/* Where we are among the children of one element. */
struct walk {
	const struct cap_type *type;
	size_t seen[CAP_ROWS_MAX];
	size_t reached; /* the furthest row so far; type->count: at the signatures */
};

/* Of the message's own namespace; leniently of none, or of another version of CAP, too. */
static bool is_ours(
        struct cap_reader *reader, const struct cap_place *place, const struct cap_node *node)
{
	if (node->space == reader->space)
		return true;
	if (!reader->lenient || node->space == SPACE_DSIG || node->space == SPACE_OTHER)
		return false;
	if (!reader->namespaces)
		cap_read_note(reader, place, "read.namespace",
		        "元素的命名空间不是报文的那一个（只提示一次）",
		        "the element is not of the message's namespace (said once)", node->uri);
	reader->namespaces = true;
	return true;
}

static bool is_of_version(const struct cap_reader *reader, const struct cap_row *row)
{
	return reader->lenient ||
	       (reader->version >= row->since && (!row->gone || reader->version < row->gone));
}

/* Children come in order as a rule: so the search goes on from where we are, round the table. */
static size_t find_row(struct cap_reader *reader, const struct cap_place *place,
        const struct walk *walk, const struct cap_node *node)
{
	size_t count = walk->type->count;

	if (!is_ours(reader, place, node))
		return count;
	for (size_t i = 0, at = walk->reached % count; i < count; i++) {
		const struct cap_row *row = &walk->type->rows[at];

		if (strcmp(node->name, row->name) == 0)
			return is_of_version(reader, row) ? at : count;
		at = at + 1 < count ? at + 1 : 0;
	}
	return count;
}

/* Not of the table: a signature, or something that CAP does not have here. */
static void read_other(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, struct walk *walk)
{
	bool signature = walk->type->signatures && node->space == SPACE_DSIG;

	reader->signatures += signature;
	if (signature && reader->version == CAP_VERSION_12)
		walk->reached = walk->type->count;
	else if (reader->lenient)
		cap_read_note(reader, place, "read.unknown", "CAP 在这里没有这个元素，已略去",
		        "CAP has no such element here: it was left out", NULL);
	else
		cap_read_error(reader, place, "schema.unknown", "CAP 在这里没有这个元素",
		        "CAP has no such element here", NULL);
}

static void look_at_order(
        struct cap_reader *reader, const struct cap_place *place, size_t at, struct walk *walk)
{
	if (at >= walk->reached)
		walk->reached = at;
	else if (reader->lenient)
		cap_read_note(reader, place, "read.order", "元素顺序不对，照读",
		        "out of order: it was read all the same", NULL);
	else
		cap_read_error(reader, place, "schema.order", "元素顺序不对，应在前面元素之前",
		        "out of order: it belongs before elements that stand before it", NULL);
}

static void read_child(struct cap_reader *reader, const struct cap_place *up,
        const struct cap_node *node, struct walk *walk, void *object)
{
	struct cap_place place = {up, node->name, 0, node->at + 1};
	size_t at = find_row(reader, &place, walk, node);

	if (at == walk->type->count) {
		read_other(reader, &place, node, walk);
		return;
	}
	const struct cap_row *row = &walk->type->rows[at];
	bool many = row->times == CAP_SOME || row->times == CAP_ANY;

	walk->seen[at]++;
	place.index = many ? walk->seen[at] : 0;
	look_at_order(reader, &place, at, walk);
	if (!many && walk->seen[at] > 1)
		cap_read_error(reader, &place, "schema.repeat", "该元素只能出现一次",
		        "this element may come only once", NULL);
	else
		row->read(reader, &place, node, row, object);
}

/* What an older version may leave out, and 1.2 may not. */
static void supply(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_row *row, void *object)
{
	const struct cap_node node = {.name = row->name,
	        .uri = "",
	        .text = row->stands_for,
	        .text_len = strlen(row->stands_for)};

	cap_read_note(reader, place, "read.supplied", "旧版 CAP 可以没有它，1.2 必须有：已补为",
	        "older versions of CAP may leave it out, 1.2 must have it: filled in as",
	        row->stands_for);
	row->read(reader, place, &node, row, object);
}

static void look_for_missing(struct cap_reader *reader, const struct cap_place *up,
        const struct walk *walk, void *object)
{
	for (size_t i = 0; i < walk->type->count; i++) {
		const struct cap_row *row = &walk->type->rows[i];
		struct cap_place place = {up, row->name, 0, up->at};

		if (walk->seen[i] || (row->times != CAP_ONE && row->times != CAP_SOME) ||
		        reader->version < row->since)
			continue;
		if (reader->version < row->needed_since)
			supply(reader, &place, row, object);
		else
			cap_read_error(reader, &place, "schema.missing", "缺少必需的元素",
			        "a required element is missing", NULL);
	}
}

void *cap_read_field(void *object, const struct cap_row *row)
{
	return (char *)object + row->offset;
}

void cap_read_children(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_type *type, void *object)
{
	struct walk walk = {.type = type};
	bool text = node->loose_text || (!node->child && !cap_leaf_blank(node->text));

	look_at_attributes(reader, place, node);
	for (const struct cap_node *child = node->child; child && !reader->starved;
	        child = child->next)
		read_child(reader, place, child, &walk, object);
	if (text && reader->lenient)
		cap_read_note(reader, place, "read.text", "元素之间有文字，已略去",
		        "there is text between the elements: it was left out", NULL);
	else if (text)
		cap_read_error(reader, place, "schema.text", "元素之间不能有文字",
		        "there is text between the elements", NULL);
	if (!text && node->cdata && !reader->lenient)
		cap_read_error(reader, place, "xml.cdata", "不允许 CDATA 段",
		        "CDATA is not allowed", NULL);
	look_for_missing(reader, place, &walk, object);
}

bool cap_read_refuse(struct cap_problems *problems, const struct err *err)
{
	bool memory = err->kind == ERR_UNAVAILABLE;

	cap_problem_put(problems, CAP_PROBLEM_ERROR, memory ? "xml.memory" : "xml.gate", "/",
	        err->zh, err->en);
	problems->starved = problems->starved || memory;
	return false;
}

bool cap_read_no_memory(struct cap_problems *problems)
{
	struct err err;

	gate_starved(&err);
	return cap_read_refuse(problems, &err);
}

bool cap_read_tree(const void *bytes, size_t len, size_t limit, struct cap_tree *tree,
        struct cap_problems *problems)
{
	struct err err;

	return (gate_bytes(bytes, len, limit, &err) &&
	               cap_tree_read(bytes, len, &gate_message, tree, &err)) ||
	       cap_read_refuse(problems, &err);
}

struct cap_alert *cap_read_alert(struct cap_reader *reader, const struct cap_node *root)
{
	struct cap_place place = {NULL, root->name, 0, root->at + 1};
	struct cap_alert *alert = cap_read_got(reader, mem_try(1, sizeof *alert));

	if (alert)
		cap_read_children(reader, &place, root, &cap_type_alert, alert);
	if (!reader->starved && !reader->problems->starved)
		return alert;
	cap_alert_destroy(&alert);
	cap_read_no_memory(reader->problems);
	return NULL;
}

/* The root must be CAP 1.2's alert; an older version is named as such. */
static bool is_alert(struct cap_reader *reader, const struct cap_node *root)
{
	struct cap_place place = {NULL, root->name, 0, root->at + 1};

	if (strcmp(root->name, "alert") == 0 && root->space == SPACE_CAP_12)
		return true;
	cap_read_error(reader, &place, "schema.root", "根元素不是 CAP 1.2 的 alert，其命名空间是",
	        "the root is not the alert of CAP 1.2; its namespace is", root->uri);
	return false;
}

static struct cap_alert *parse(
        const void *bytes, size_t len, size_t limit, bool unfilled, struct cap_problems *problems)
{
	struct cap_alert *alert = NULL;
	struct cap_tree tree;

	if (!cap_read_tree(bytes, len, limit, &tree, problems))
		return NULL;
	struct cap_reader reader = {.problems = problems,
	        .tree = &tree,
	        .version = CAP_VERSION_12,
	        .space = SPACE_CAP_12,
	        .unfilled = unfilled,
	        .zone = "",
	        .wrapper = ""};

	if (is_alert(&reader, tree.root))
		alert = cap_read_alert(&reader, tree.root);
	cap_tree_finish(&tree);
	return alert;
}

struct cap_alert *cap_parse(
        const void *bytes, size_t len, size_t limit, struct cap_problems *problems)
{
	return parse(bytes, len, limit, false, problems);
}

struct cap_alert *cap_parse_unfilled(
        const void *bytes, size_t len, size_t limit, struct cap_problems *problems)
{
	return parse(bytes, len, limit, true, problems);
}
