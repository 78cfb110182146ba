/* SPDX-License-Identifier: Apache-2.0
 * yaml - see yaml.h.
 */
#include "yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

/* Where a node stands: a mapping or list is where its first member is. */
static const struct fy_mark *place_of(struct fy_node *node)
{
	while (node && !fy_node_is_scalar(node)) {
		void *at = NULL;
		if (fy_node_is_mapping(node)) {
			struct fy_node_pair *pair = fy_node_mapping_iterate(node, &at);
			node = pair ? fy_node_pair_key(pair) : NULL;
		} else {
			node = fy_node_sequence_iterate(node, &at);
		}
	}
	struct fy_token *token = node ? fy_node_get_scalar_token(node) : NULL;
	return token ? fy_token_start_mark(token) : NULL;
}

static void write_fault(struct yaml *yaml, int line, int column, const struct err *err)
{
	buf_format(yaml->faults, "%s:%d:%d: %s / %s\n", yaml->name, line, column, err->zh, err->en);
	yaml->count++;
}

void yaml_fault_err(struct yaml *yaml, struct fy_node *node, const struct err *err)
{
	const struct fy_mark *mark = place_of(node);

	write_fault(yaml, mark ? mark->line + 1 : 1, mark ? mark->column + 1 : 1, err);
}

void yaml_fault(struct yaml *yaml, struct fy_node *node, const char *zh, const char *en, ...)
{
	struct err err;
	va_list args;

	va_start(args, en);
	err_set_v(&err, ERR_CONFIG, zh, en, args);
	va_end(args);
	yaml_fault_err(yaml, node, &err);
}

/* What libfyaml itself found: bad indentation, an unclosed quote, a key given twice. */
static void write_diag(struct yaml *yaml, struct fy_diag *diag)
{
	struct fy_diag_error *error;
	struct err err;
	void *at = NULL;

	while ((error = fy_diag_errors_iterate(diag, &at))) {
		err_set(&err, ERR_CONFIG, "不是正确的 YAML：%s", "not well-formed YAML: %s",
		        error->msg);
		write_fault(yaml, error->line, error->column, &err);
	}
}

/* The one document of the stream; a second one would go unread, so it is a fault. */
static struct fy_document *load(
        struct yaml *yaml, struct fy_diag *diag, const char *bytes, size_t len)
{
	struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
	struct fy_parser *parser = fy_parser_create(&cfg);
	struct fy_document *document = NULL;

	if (fy_parser_set_string(parser, bytes, len) == 0)
		document = fy_parse_load_document(parser);
	write_diag(yaml, diag);
	struct fy_document *second =
	        document && yaml->count == 0 ? fy_parse_load_document(parser) : NULL;
	if (second)
		yaml_fault(yaml, fy_document_root(second), "只能有一份 YAML 文档",
		        "there must be one YAML document only");
	else if (document && yaml->count == 0)
		write_diag(yaml, diag);
	fy_parse_document_destroy(parser, second);
	fy_parser_destroy(parser);
	return document;
}

bool yaml_read_file(struct yaml *yaml, struct buf *bytes)
{
	FILE *file = fopen(yaml->name, "rbe");
	bool good = file && buf_read(bytes, file);

	if (!good)
		yaml_fault(yaml, NULL, "无法读取：%s", "cannot be read: %s",
		        strerror(bytes->full ? EFBIG : errno));
	if (file)
		fclose(file);
	buf_text(bytes, "");
	return good;
}

/* Line ends that only some see, characters that show nothing or turn the order of a line around:
 * two administrators sign what they read, so nothing may stand there that they do not. */
static bool hides(uint32_t c, char next)
{
	return (c < ' ' && c != '\t' && c != '\n' && !(c == '\r' && next == '\n')) ||
	       (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

static bool shows_all(struct yaml *yaml, const char *bytes, size_t len)
{
	char *copy = mem_text_n(bytes, len);
	const char *at = copy + (strncmp(copy, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
	int line = 1;
	int column = 1;
	uint32_t c;

	while ((c = utf8_next(&at)) && !hides(c, *at)) {
		column = c == '\n' ? 1 : column + 1;
		line += c == '\n';
	}
	free(copy);
	if (!c)
		return true;
	struct err err;
	err_set(&err, ERR_CONFIG, "此处有看不见的字符 U+%04X，请删去",
	        "U+%04X is a character nobody sees: take it out", (unsigned)c);
	write_fault(yaml, line, column, &err);
	return false;
}

struct fy_node *yaml_open(
        struct yaml *yaml, const char *bytes, size_t len, struct fy_document **document)
{
	struct fy_diag_cfg diag_cfg;
	size_t at = 0;

	*document = NULL;
	if (!utf8_valid(bytes, len, &at)) {
		yaml_fault(yaml, NULL, "第 %zu 字节处不是正确的 UTF-8", "not UTF-8 at byte %zu",
		        at + 1);
		return NULL;
	}
	if (!shows_all(yaml, bytes, len))
		return NULL;
	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.colorize = false;
	struct fy_diag *diag = fy_diag_create(&diag_cfg);
	fy_diag_set_collect_errors(diag, true);
	size_t before = yaml->count;
	*document = load(yaml, diag, bytes, len);
	fy_diag_destroy(diag);
	struct fy_node *root = *document ? fy_document_root(*document) : NULL;
	if (yaml->count == before && (!root || !fy_node_is_mapping(root)))
		yaml_fault(yaml, root, "文件应为键值表", "the document must be a mapping");
	return root && fy_node_is_mapping(root) ? root : NULL;
}

bool yaml_absent(struct fy_node *node)
{
	size_t len = 0;

	if (!node)
		return true;
	if (!fy_node_is_scalar(node) || fy_node_is_alias(node) ||
	        fy_node_get_style(node) != FYNS_PLAIN)
		return false;
	const char *text = fy_node_get_scalar(node, &len);
	return !text || len == 0 || (len == 1 && *text == '~') ||
	       (len == 4 && memcmp(text, "null", 4) == 0);
}

enum { ALIASES_MOST = 20000, ALIAS_ITEMS_MOST = 100 };

static bool is_single(struct fy_node *node)
{
	return node && fy_node_is_scalar(node) && !fy_node_is_alias(node);
}

static bool is_short_list(struct fy_node *node)
{
	struct fy_node *item;
	void *at = NULL;

	if (!node || !fy_node_is_sequence(node) ||
	        fy_node_sequence_item_count(node) > ALIAS_ITEMS_MOST)
		return false;
	while ((item = fy_node_sequence_iterate(node, &at)))
		if (!is_single(item))
			return false;
	return true;
}

struct fy_node *yaml_meant(struct yaml *yaml, struct fy_node *node)
{
	if (!node || !fy_node_is_alias(node) || yaml->aliases++ >= ALIASES_MOST)
		return node;
	struct fy_node *meant = fy_node_resolve_alias(node);
	return is_single(meant) || is_short_list(meant) ? meant : node;
}

static void wrong_shape(struct yaml *yaml, struct fy_node *node, const char *zh, const char *en)
{
	if (node && fy_node_is_alias(node))
		yaml_fault(yaml, node, "此处不接受别名（*）：请写全",
		        "an alias (*) is not accepted here: write it out");
	else
		yaml_fault(yaml, node, "此处应为%s%.0s", "%.0s%s must stand here", zh, en);
}

bool yaml_is_list(struct yaml *yaml, struct fy_node *node)
{
	if (fy_node_is_sequence(node))
		return true;
	wrong_shape(yaml, node, "列表（[…]）", "a list ([...])");
	return false;
}

bool yaml_is_map(struct yaml *yaml, struct fy_node *node)
{
	if (fy_node_is_mapping(node))
		return true;
	wrong_shape(yaml, node, "键值表", "a mapping");
	return false;
}

char *yaml_text(struct yaml *yaml, struct fy_node *node)
{
	size_t len = 0;
	const char *text = NULL;

	if (!node || !fy_node_is_scalar(node) || fy_node_is_alias(node) || yaml_absent(node))
		wrong_shape(yaml, node, "单个值", "a single value");
	else
		text = fy_node_get_scalar(node, &len);
	if (!text)
		return NULL;
	if (len == 0 || memchr(text, '\0', len)) {
		yaml_fault(yaml, node, "此处的值为空或含有空字符",
		        "the value here is empty or holds a NUL");
		return NULL;
	}
	return mem_text_n(text, len);
}

void yaml_each(struct yaml *yaml, struct fy_node *list, void *place,
        void (*each)(struct yaml *yaml, struct fy_node *item, const char *text, void *place))
{
	struct fy_node *item;
	void *at = NULL;

	if (!yaml_is_list(yaml, list))
		return;
	while ((item = yaml_meant(yaml, fy_node_sequence_iterate(list, &at)))) {
		char *text = yaml_text(yaml, item);
		if (text)
			each(yaml, item, text, place);
		free(text);
	}
}

struct fy_node *yaml_value(struct fy_node *map, const char *key)
{
	struct fy_node *value =
	        fy_node_is_mapping(map) ? fy_node_mapping_lookup_by_string(map, key, FY_NT) : NULL;

	if (value && fy_node_is_alias(value)) {
		struct fy_node *meant = fy_node_resolve_alias(value);
		value = meant ? meant : value;
	}
	return yaml_absent(value) ? NULL : value;
}

static const struct field *field_find(const struct field *fields, const char *name)
{
	for (; fields->name; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

static void unknown_key(
        struct yaml *yaml, struct fy_node *key, const struct field *fields, const char *name)
{
	struct nearest near = {.word = name};

	for (; fields->name; fields++)
		nearest_look(&near, fields->name);
	if (near.best)
		yaml_fault(yaml, key, "不认识 %s，是否应为 %s？",
		        "unknown key %s, did you mean %s?", name, near.best);
	else
		yaml_fault(yaml, key, "不认识 %s", "unknown key %s", name);
}

void yaml_row(struct yaml *yaml, struct fy_node *map, const struct field *fields, void *instance)
{
	struct fy_node_pair *pair;
	void *at = NULL;

	if (!yaml_is_map(yaml, map))
		return;
	while ((pair = fy_node_mapping_iterate(map, &at))) {
		struct fy_node *value = yaml_meant(yaml, fy_node_pair_value(pair));
		char *name = yaml_text(yaml, fy_node_pair_key(pair));
		const struct field *field = name ? field_find(fields, name) : NULL;
		if (field && !yaml_absent(value))
			field->read(yaml, value, (char *)instance + field->offset);
		else if (name && !field)
			unknown_key(yaml, fy_node_pair_key(pair), fields, name);
		free(name);
	}
	for (const struct field *field = fields; field->name; field++)
		if (field->needed && !yaml_value(map, field->name))
			yaml_fault(yaml, map, "缺少 %s", "%s is missing", field->name);
}
