/* SPDX-License-Identifier: Apache-2.0
 * cap_parse - bytes to a message: gate, then libxml2's DOM, then a walk over it by the tables of
 * cap_schema.c. Strict: what an XSD would refuse is an error here, and so is anything inside a text
 * that a signature does not see (comments) or that readers split differently (CDATA, entities).
 *
 * The DOM is libxml2's because the signature is checked on the same tree form. It is given no
 * entities, no DTD, no network and nothing the gate has not passed. Fails with problems, never with
 * less.
 */
#include <libxml/parser.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cap_schema.h"

#define CAP_NAMESPACE "urn:oasis:names:tc:emergency:cap:1.2"
#define XMLDSIG_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"
#define XSI_NAMESPACE "http://www.w3.org/2001/XMLSchema-instance"

static pthread_once_t setup_once = PTHREAD_ONCE_INIT;

void cap_setup(void)
{
	pthread_once(&setup_once, xmlInitParser);
}

void cap_read_error(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const char *zh, const char *en)
{
	if (cap_problems_full(reader->problems)) {
		cap_problem_put(reader->problems, CAP_PROBLEM_ERROR, rule, "", zh, en);
		return;
	}
	char *path = cap_place_text(place);

	cap_problem_put(reader->problems, CAP_PROBLEM_ERROR, rule, path, zh, en);
	free(path);
}

static bool in_namespace(const xmlNs *ns, const char *uri)
{
	return ns && strcmp((const char *)ns->href, uri) == 0;
}

/* Only the hint where a schema lies; anything else could change what an element means. */
static void check_attributes(
        struct cap_reader *reader, const struct cap_place *place, const xmlNode *node)
{
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		const char *name = (const char *)attr->name;

		if (in_namespace(attr->ns, XSI_NAMESPACE) &&
		        (strcmp(name, "schemaLocation") == 0 ||
		                strcmp(name, "noNamespaceSchemaLocation") == 0))
			continue;
		cap_read_error(reader, place, "schema.attribute", "CAP 的元素不带属性",
		        "elements of CAP have no attributes");
	}
}

/* What may not stand in a text or between elements. */
static void refuse_node(
        struct cap_reader *reader, const struct cap_place *place, const xmlNode *node)
{
	if (node->type == XML_ELEMENT_NODE)
		cap_read_error(reader, place, "schema.child", "该元素里只能有文字，不能有子元素",
		        "this element holds text, not elements");
	else if (node->type == XML_CDATA_SECTION_NODE)
		cap_read_error(
		        reader, place, "xml.cdata", "不允许 CDATA 段", "CDATA is not allowed");
	else if (node->type == XML_COMMENT_NODE)
		cap_read_error(reader, place, "xml.comment", "文字里不允许注释（签名看不见它）",
		        "a comment inside a text is not allowed (a signature does not see it)");
	else
		cap_read_error(reader, place, "xml.node", "这里不允许实体引用或处理指令",
		        "entity references and processing instructions are not allowed here");
}

char *cap_read_leaf(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node)
{
	struct buf text;
	bool good = true;

	check_attributes(reader, place, node);
	if (!node->children)
		return mem_text("");
	if (node->children->type == XML_TEXT_NODE && !node->children->next)
		return mem_text((const char *)node->children->content);
	buf_init(&text, CAP_LIMIT_FEED);
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_TEXT_NODE) {
			buf_text(&text, (const char *)child->content);
			continue;
		}
		refuse_node(reader, place, child);
		good = false;
	}
	if (good)
		return buf_take(&text);
	buf_finish(&text);
	return NULL;
}

static bool is_blank_text(const xmlNode *node)
{
	return node->type == XML_TEXT_NODE && strspn((const char *)node->content, " \t\r\n") ==
	                                              strlen((const char *)node->content);
}

/* Where we are among the children of one element. */
struct walk {
	const struct cap_type *type;
	size_t seen[CAP_ROWS_MAX];
	size_t reached; /* the furthest row so far; type->count: at the signatures */
};

/* Children come in order as a rule: so the search goes on from where we are, round the table. */
static size_t find_row(
        const struct cap_reader *reader, const struct walk *walk, const xmlNode *node)
{
	size_t count = walk->type->count;

	if (node->ns != reader->ns && !in_namespace(node->ns, CAP_NAMESPACE))
		return count;
	for (size_t i = 0, at = walk->reached % count; i < count; i++) {
		if (strcmp((const char *)node->name, walk->type->rows[at].name) == 0)
			return at;
		at = at + 1 < count ? at + 1 : 0;
	}
	return count;
}

static void read_child(struct cap_reader *reader, const struct cap_place *up, const xmlNode *node,
        struct walk *walk, void *object)
{
	size_t at = find_row(reader, walk, node);
	struct cap_place place = {up, (const char *)node->name, 0, xmlGetLineNo(node)};

	if (at == walk->type->count) {
		if (walk->type->signatures && in_namespace(node->ns, XMLDSIG_NAMESPACE))
			walk->reached = at;
		else
			cap_read_error(reader, &place, "schema.unknown",
			        "CAP 1.2 在这里没有这个元素", "CAP 1.2 has no such element here");
		return;
	}
	const struct cap_row *row = &walk->type->rows[at];
	bool many = row->times == CAP_SOME || row->times == CAP_ANY;

	walk->seen[at]++;
	place.index = many ? walk->seen[at] : 0;
	if (at < walk->reached)
		cap_read_error(reader, &place, "schema.order", "元素顺序不对，应在前面元素之前",
		        "out of order: it belongs before elements that stand before it");
	else
		walk->reached = at;
	if (!many && walk->seen[at] > 1)
		cap_read_error(reader, &place, "schema.repeat", "该元素只能出现一次",
		        "this element may come only once");
	else
		row->read(reader, &place, node, row, object);
}

static void name_missing(
        struct cap_reader *reader, const struct cap_place *up, const struct walk *walk)
{
	for (size_t i = 0; i < walk->type->count; i++) {
		enum cap_times times = walk->type->rows[i].times;
		struct cap_place place = {up, walk->type->rows[i].name, 0, up->line};

		if (!walk->seen[i] && (times == CAP_ONE || times == CAP_SOME))
			cap_read_error(reader, &place, "schema.missing", "缺少必需的元素",
			        "a required element is missing");
	}
}

void cap_read_children(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_type *type, void *object)
{
	struct walk walk = {.type = type};

	check_attributes(reader, place, node);
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			read_child(reader, place, child, &walk, object);
		else if (child->type == XML_TEXT_NODE && !is_blank_text(child))
			cap_read_error(reader, place, "schema.text", "元素之间不能有文字",
			        "there is text between the elements");
		else if (child->type != XML_TEXT_NODE && child->type != XML_COMMENT_NODE)
			refuse_node(reader, place, child);
	}
	name_missing(reader, place, &walk);
}

/* The root must be CAP 1.2's alert; an older version is named as such. */
static bool is_alert(struct cap_reader *reader, const xmlNode *root, const struct cap_place *place)
{
	const char *uri = root->ns ? (const char *)root->ns->href : "";
	char part[CAP_EXCERPT];

	if (strcmp((const char *)root->name, "alert") == 0 && strcmp(uri, CAP_NAMESPACE) == 0)
		return true;
	cap_excerpt(uri, part);
	char *path = cap_place_text(place);

	cap_problem_add(reader->problems, CAP_PROBLEM_ERROR, "schema.root", path,
	        "根元素不是 CAP 1.2 的 alert，其命名空间是“%s”",
	        "the root is not the alert of CAP 1.2; its namespace is \"%s\"", part);
	free(path);
	return false;
}

static struct cap_alert *read_document(struct cap_reader *reader, const xmlDoc *doc)
{
	const xmlNode *root = xmlDocGetRootElement(doc);
	struct cap_place place = {NULL, (const char *)root->name, 0, xmlGetLineNo(root)};

	if (!is_alert(reader, root, &place))
		return NULL;
	place.line = 0; /* every path begins with it */
	reader->ns = root->ns;
	struct cap_alert *alert = cap_alert_create();

	cap_read_children(reader, &place, root, &cap_type_alert, alert);
	return alert;
}

static xmlDoc *make_tree(const void *bytes, size_t len, struct cap_problems *problems)
{
	xmlParserCtxt *context = xmlNewParserCtxt();
	int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
	              XML_PARSE_COMPACT | XML_PARSE_BIG_LINES;

	if (!context) {
		cap_problem_add(problems, CAP_PROBLEM_ERROR, "xml.parser", "/",
		        "无法建立 XML 解析器", "no XML parser to be had");
		return NULL;
	}
	xmlDoc *doc = xmlCtxtReadMemory(context, bytes, (int)len, NULL, NULL, options);
	bool good = doc && context->wellFormed && context->nsWellFormed && !doc->intSubset &&
	            !doc->extSubset && xmlDocGetRootElement(doc);

	if (!good) {
		cap_problem_add(problems, CAP_PROBLEM_ERROR, "xml.form", "/",
		        "第 %d 行：XML 或其命名空间不合规",
		        "line %d: the XML or its namespaces are not well-formed",
		        context->lastError.line);
		xmlFreeDoc(doc);
		doc = NULL;
	}
	xmlFreeParserCtxt(context);
	return doc;
}

static struct cap_alert *parse(
        const void *bytes, size_t len, size_t limit, bool unfilled, struct cap_problems *problems)
{
	struct cap_reader reader = {problems, unfilled, NULL};
	struct err err;

	cap_setup();
	if (!cap_gate(bytes, len, limit, &err)) {
		cap_problem_put(problems, CAP_PROBLEM_ERROR, "xml.gate", "/", err.zh, err.en);
		return NULL;
	}
	xmlDoc *doc = make_tree(bytes, len, problems);

	if (!doc)
		return NULL;
	struct cap_alert *alert = read_document(&reader, doc);

	xmlFreeDoc(doc);
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
