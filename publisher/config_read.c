/* SPDX-License-Identifier: Apache-2.0
 * config_read - the settings file (config.h). Relies on libfyaml for the YAML and for places;
 * collects every fault before it gives up, so that an operator mends them in one go.
 */
#include "config.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_rows.h"

struct reader {
	const char *path;
	struct buf *errors;
	size_t count;
};

/* Where a node stands: a mapping or list is where its first member is. */
static const struct fy_mark *place_of(struct fy_node *node)
{
	void *at = NULL;

	while (node && !fy_node_is_scalar(node)) {
		at = NULL;
		struct fy_node_pair *pair =
		        fy_node_is_mapping(node) ? fy_node_mapping_iterate(node, &at) : NULL;
		node = fy_node_is_mapping(node) ? (pair ? fy_node_pair_key(pair) : NULL)
		                                : fy_node_sequence_iterate(node, &at);
	}
	struct fy_token *token = node ? fy_node_get_scalar_token(node) : NULL;
	return token ? fy_token_start_mark(token) : NULL;
}

static void complain(struct reader *r, struct fy_node *node, const struct err *err)
{
	const struct fy_mark *mark = place_of(node);

	buf_format(r->errors, "%s:%d:%d: %s / %s\n", r->path, mark ? mark->line + 1 : 1,
	        mark ? mark->column + 1 : 1, err->zh, err->en);
	r->count++;
}

#define COMPLAIN(r, node, zh, ...)                                                                 \
	do {                                                                                       \
		struct err complaint;                                                              \
		err_set(&complaint, ERR_CONFIG, zh, __VA_ARGS__);                                  \
		complain(r, node, &complaint);                                                     \
	} while (0)

static void set_scalar(
        struct reader *r, void *instance, const struct option *row, struct fy_node *value)
{
	size_t len = 0;
	const char *text = fy_node_get_scalar(value, &len);
	struct err err;

	if (!text) {
		COMPLAIN(r, value, "设置 %s 应为单个值", "setting %s must be a single value",
		        row->name);
		return;
	}
	char *copy = mem_text_n(text, len);
	if (!option_set(instance, row, copy, &err))
		complain(r, value, &err);
	free(copy);
}

static void set_value(
        struct reader *r, void *instance, const struct option *row, struct fy_node *value)
{
	void *at = NULL;
	struct fy_node *item;

	if (row->kind != OPTION_LIST || !fy_node_is_sequence(value)) {
		set_scalar(r, instance, row, value);
		return;
	}
	while ((item = fy_node_sequence_iterate(value, &at)))
		set_scalar(r, instance, row, item);
}

static const char *key_text(struct fy_node_pair *pair, size_t *len)
{
	const char *key = fy_node_get_scalar(fy_node_pair_key(pair), len);

	return key ? key : "";
}

static bool key_is(struct fy_node_pair *pair, const char *name)
{
	size_t len = 0;
	const char *key = key_text(pair, &len);

	return len == strlen(name) && memcmp(key, name, len) == 0;
}

/* Reads a mapping by its rows; hands what no row knows to `other` (true: it took it). */
static void read_rows(struct reader *r, struct fy_node *map, const struct option *rows,
        void *instance, bool (*other)(struct reader *, struct fy_node_pair *, void *))
{
	unsigned long long given = 0;
	struct fy_node_pair *pair;
	void *at = NULL;
	struct err err;

	while ((pair = fy_node_mapping_iterate(map, &at))) {
		size_t len = 0;
		const char *text = key_text(pair, &len);
		char *key = mem_text_n(text, len);
		const struct option *row = option_find(rows, key);
		if (row) {
			given |= 1ull << (row - rows);
			set_value(r, instance, row, fy_node_pair_value(pair));
		} else if (!other || !other(r, pair, instance)) {
			COMPLAIN(r, fy_node_pair_key(pair), "没有名为 %s 的设置",
			        "there is no setting %s", key);
		}
		free(key);
	}
	if (!option_defaults(instance, rows, given, &err))
		complain(r, map, &err);
}

static void add_pair(struct config_pair **pairs, size_t *count, const char *name, size_t name_len,
        struct fy_node *value)
{
	size_t len = 0;
	const char *text = fy_node_get_scalar(value, &len);
	struct config_pair *pair = mem_push(pairs, count, sizeof *pair);

	pair->name = mem_text_n(name, name_len);
	pair->value = mem_text_n(text ? text : "", text ? len : 0);
}

/* `options:` of a far side or source: the channel's own rows judge them; here they are only
 * carried. */
static void read_options(
        struct reader *r, struct fy_node *map, struct config_pair **pairs, size_t *count)
{
	struct fy_node_pair *pair;
	void *at = NULL;

	if (!fy_node_is_mapping(map)) {
		COMPLAIN(r, map, "options 应为键值表", "options must be a mapping");
		return;
	}
	while ((pair = fy_node_mapping_iterate(map, &at))) {
		size_t len = 0;
		const char *name = key_text(pair, &len);
		struct fy_node *value = fy_node_pair_value(pair);
		struct fy_node *item;
		void *inner = NULL;
		if (!fy_node_is_sequence(value)) {
			add_pair(pairs, count, name, len, value);
			continue;
		}
		while ((item = fy_node_sequence_iterate(value, &inner)))
			add_pair(pairs, count, name, len, item);
	}
}

static bool target_other(struct reader *r, struct fy_node_pair *pair, void *instance)
{
	struct config_target *target = instance;

	if (!key_is(pair, "options"))
		return false;
	read_options(r, fy_node_pair_value(pair), &target->options, &target->option_count);
	return true;
}

static bool source_other(struct reader *r, struct fy_node_pair *pair, void *instance)
{
	struct config_source *source = instance;

	if (!key_is(pair, "options"))
		return false;
	read_options(r, fy_node_pair_value(pair), &source->options, &source->option_count);
	return true;
}

/* Names become file names, topics and words of the manifest. */
static bool name_fits(const char *name)
{
	return name && *name && strlen(name) <= 48 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

static void check_target(struct reader *r, struct fy_node *node, const struct config *config,
        struct config_target *t)
{
	if (!t->name || !t->kind)
		return;
	t->traits = channel_traits(t->kind);
	if (!t->traits)
		COMPLAIN(r, node, "没有通道种类 %s", "there is no channel kind %s", t->kind);
	if (!name_fits(t->name))
		COMPLAIN(r, node, "名称 %s 只能用小写字母、数字和连字符",
		        "name %s: small letters, digits and - only", t->name);
	for (size_t i = 0; i + 1 < config->target_count; i++)
		if (config->targets[i].name && strcmp(config->targets[i].name, t->name) == 0)
			COMPLAIN(r, node, "对端名称 %s 重复", "two far sides are called %s",
			        t->name);
	if (!t->type || !*t->type) {
		free(t->type);
		t->type = mem_text(t->kind);
	}
}

static bool config_other(struct reader *r, struct fy_node_pair *pair, void *instance)
{
	struct config *config = instance;
	struct fy_node *list = fy_node_pair_value(pair);
	bool targets = key_is(pair, "targets");
	struct fy_node *item;
	void *at = NULL;

	if (!targets && !key_is(pair, "sources"))
		return false;
	if (!fy_node_is_sequence(list))
		COMPLAIN(r, list, "%s 应为列表", "%s must be a list",
		        targets ? "targets" : "sources");
	while ((item = fy_node_sequence_iterate(list, &at))) {
		if (!fy_node_is_mapping(item)) {
			COMPLAIN(r, item, "%s 的每一项应为键值表",
			        "every item of %s must be a mapping",
			        targets ? "targets" : "sources");
		} else if (targets) {
			struct config_target *t =
			        mem_push(&config->targets, &config->target_count, sizeof *t);
			read_rows(r, item, config_target_settings, t, target_other);
			check_target(r, item, config, t);
		} else {
			struct config_source *s =
			        mem_push(&config->sources, &config->source_count, sizeof *s);
			read_rows(r, item, config_source_settings, s, source_other);
		}
	}
	return true;
}

static void check_whole(struct reader *r, struct fy_node *root, struct config *config)
{
	if (config->mode_word && !mode_read(config->mode_word, &config->mode))
		COMPLAIN(r, root, "mode 应为 live、exercise 或 test，而不是 %s",
		        "mode must be live, exercise or test, not %s", config->mode_word);
	if (config->target_count == 0)
		COMPLAIN(r, root, "没有任何对端（targets）", "there are no far sides (targets)");
}

struct config *config_read(const char *path, struct buf *errors)
{
	struct reader r = {.path = path, .errors = errors};
	struct fy_diag_cfg diag_cfg;

	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.colorize = false;
	struct fy_diag *diag = fy_diag_create(&diag_cfg);
	struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
	struct fy_document *document = fy_document_build_from_file(&cfg, path);
	struct fy_node *root = document ? fy_document_root(document) : NULL;
	struct config *config = NULL;

	fy_diag_set_collect_errors(diag, true);
	if (!root || !fy_node_is_mapping(root)) {
		COMPLAIN(&r, root, "无法读取配置文件 %s，或它不是 YAML 键值表",
		        "%s cannot be read or is no YAML mapping", path);
	} else {
		config = mem_zero(sizeof *config);
		config->file = mem_text(path);
		read_rows(&r, root, config_settings, config, config_other);
		check_whole(&r, root, config);
	}
	fy_document_destroy(document);
	fy_diag_destroy(diag);
	if (r.count)
		config_destroy(&config);
	return config;
}
