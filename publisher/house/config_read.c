/* SPDX-License-Identifier: Apache-2.0
 * config_read - the settings file (config.h). Relies on yaml.h for the YAML and for places;
 * collects every fault before it gives up, so that an operator mends them in one go.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "buf.h"
#include "config_check.h"
#include "config_rows.h"
#include "mode_tag.h"
#include "yaml.h"

enum { CONFIG_MOST = 1 << 20 };

/* The value as text, the caller's; "" may be written, nothing at all may not. NULL with its fault,
 * told at the key when there is no value to point at. */
static char *value_text(
        struct yaml *yaml, struct fy_node *key, struct fy_node *value, const char *name)
{
	bool absent = yaml_absent(value);
	size_t len = 0;
	const char *text = NULL;

	if (!absent && fy_node_is_scalar(value) && !fy_node_is_alias(value))
		text = fy_node_get_scalar(value, &len);
	if (text && !memchr(text, '\0', len))
		return mem_text_n(text, len);
	yaml_fault(yaml, absent ? key : value, "设置 %s 应为单个值",
	        "setting %s must be a single value", name);
	return NULL;
}

static void set_scalar(struct yaml *yaml, void *instance, const struct option *row,
        struct fy_node *key, struct fy_node *value)
{
	char *text = value_text(yaml, key, value, row->name);
	struct err err;

	if (text && !option_set(instance, row, text, &err))
		yaml_fault_err(yaml, value, &err);
	free(text);
}

static void set_value(
        struct yaml *yaml, void *instance, const struct option *row, struct fy_node_pair *pair)
{
	struct fy_node *key = fy_node_pair_key(pair);
	struct fy_node *value = fy_node_pair_value(pair);
	struct fy_node *item;
	void *at = NULL;

	if (row->kind != OPTION_LIST || !fy_node_is_sequence(value)) {
		set_scalar(yaml, instance, row, key, value);
		return;
	}
	while ((item = fy_node_sequence_iterate(value, &at)))
		set_scalar(yaml, instance, row, key, item);
}

static void unknown(
        struct yaml *yaml, struct fy_node *key, const struct option *rows, const char *name)
{
	struct nearest near = {.word = name};
	bool top = rows == config_settings;

	for (; rows->name; rows++)
		nearest_look(&near, rows->name);
	nearest_look(&near, top ? "targets" : "options");
	nearest_look(&near, top ? "sources" : "options");
	if (near.best)
		yaml_fault(yaml, key, "没有名为 %s 的设置，是否应为 %s？",
		        "there is no setting %s, did you mean %s?", name, near.best);
	else
		yaml_fault(yaml, key, "没有名为 %s 的设置", "there is no setting %s", name);
}

/* Row by row, so that all that is missing is named, not only the first. */
static void set_defaults(struct yaml *yaml, struct fy_node *map, const struct option *rows,
        void *instance, unsigned long long given)
{
	struct err err;

	for (size_t i = 0; rows[i].name; i++)
		if (!(given >> i & 1) && !option_defaults(instance, rows, ~(1ull << i), &err))
			yaml_fault_err(yaml, map, &err);
}

/* Reads a mapping by its rows; hands what no row knows to `other` (true: it took it). */
static void read_rows(struct yaml *yaml, struct fy_node *map, const struct option *rows,
        void *instance,
        bool (*other)(struct yaml *, const char *key, struct fy_node *value, void *))
{
	unsigned long long given = 0;
	struct fy_node_pair *pair;
	void *at = NULL;

	if (!yaml_is_map(yaml, map))
		return;
	while ((pair = fy_node_mapping_iterate(map, &at))) {
		struct fy_node *value = fy_node_pair_value(pair);
		char *key = yaml_text(yaml, fy_node_pair_key(pair));
		const struct option *row = key ? option_find(rows, key) : NULL;
		if (row) {
			given |= 1ull << (row - rows);
			set_value(yaml, instance, row, pair);
		} else if (key && !other(yaml, key, value, instance)) {
			unknown(yaml, fy_node_pair_key(pair), rows, key);
		}
		free(key);
	}
	set_defaults(yaml, map, rows, instance, given);
}

struct pairs {
	struct config_pair **items;
	size_t *count;
};

static void add_pair(struct yaml *yaml, const struct pairs *pairs, struct fy_node *key,
        const char *name, struct fy_node *value)
{
	char *text = value_text(yaml, key, value, name);

	if (!text)
		return;
	struct config_pair *pair = mem_push(pairs->items, pairs->count, sizeof *pair);
	pair->name = mem_text(name);
	pair->value = text;
}

/* `options:` of a far side or source: the channel's own rows judge them; here they are only
 * carried. */
static void read_options(struct yaml *yaml, struct fy_node *map, const struct pairs *pairs)
{
	struct fy_node_pair *pair;
	void *at = NULL;

	if (!yaml_is_map(yaml, map))
		return;
	while ((pair = fy_node_mapping_iterate(map, &at))) {
		struct fy_node *key = fy_node_pair_key(pair);
		struct fy_node *value = fy_node_pair_value(pair);
		char *name = yaml_text(yaml, key);
		struct fy_node *item;
		void *inner = NULL;
		if (name && !fy_node_is_sequence(value))
			add_pair(yaml, pairs, key, name, value);
		while (name && (item = fy_node_sequence_iterate(value, &inner)))
			add_pair(yaml, pairs, key, name, item);
		free(name);
	}
}

static bool target_other(struct yaml *yaml, const char *key, struct fy_node *value, void *instance)
{
	struct config_target *target = instance;

	if (strcmp(key, "options") != 0)
		return false;
	struct pairs pairs = {&target->options, &target->option_count};
	read_options(yaml, value, &pairs);
	return true;
}

static bool source_other(struct yaml *yaml, const char *key, struct fy_node *value, void *instance)
{
	struct config_source *source = instance;

	if (strcmp(key, "options") != 0)
		return false;
	struct pairs pairs = {&source->options, &source->option_count};
	read_options(yaml, value, &pairs);
	return true;
}

static void check_people(struct yaml *yaml, struct fy_node *map, struct config *config)
{
	const char *hash = config->password_word ? config->password_word : "argon2id";

	config->password.sm3 = strcmp(hash, "pbkdf2-sm3") == 0;
	if (!config->password.sm3 && strcmp(hash, "argon2id") != 0)
		yaml_fault(yaml, config_place(map, "password_hash"),
		        "password_hash 应为 argon2id 或 pbkdf2-sm3，而非 %s",
		        "password_hash must be argon2id or pbkdf2-sm3, not %s", hash);
	for (size_t i = 0; i < config->proxies.count; i++)
		if (!address_range_valid(config->proxies.items[i]))
			yaml_fault(yaml, config_place(map, "proxies"), "%s 不是地址或网段",
			        "%s is no address or range", config->proxies.items[i]);
	if (config->people_secret && *config->people_secret && strlen(config->people_secret) < 32)
		yaml_fault(yaml, config_place(map, "people_secret"), "people_secret 至少 32 个字符",
		        "people_secret must have at least 32 characters");
}

static void read_target(struct yaml *yaml, struct fy_node *map, struct config *config)
{
	struct config_target *t = mem_push(&config->targets, &config->target_count, sizeof *t);

	read_rows(yaml, map, config_target_settings, t, target_other);
	config_check_target(yaml, map, config, t);
}

static void read_source(struct yaml *yaml, struct fy_node *map, struct config *config)
{
	struct config_source *s = mem_push(&config->sources, &config->source_count, sizeof *s);

	read_rows(yaml, map, config_source_settings, s, source_other);
	config_check_source(yaml, map, config, s);
}

static bool config_other(struct yaml *yaml, const char *key, struct fy_node *value, void *instance)
{
	bool targets = strcmp(key, "targets") == 0;
	struct fy_node *item;
	void *at = NULL;

	if (strcmp(key, "phones") == 0) {
		yaml_fault(yaml, value, "phones 已改为授权规则中的 hotlines（号码、单位、依据）",
		        "phones has moved to the policy: hotlines, each with number, unit, basis");
		return true;
	}
	if (!targets && strcmp(key, "sources") != 0)
		return false;
	if (yaml_absent(value) || !yaml_is_list(yaml, value))
		return true;
	while ((item = fy_node_sequence_iterate(value, &at))) {
		if (targets)
			read_target(yaml, item, instance);
		else
			read_source(yaml, item, instance);
	}
	return true;
}

static void check_secrets(struct yaml *yaml, struct fy_node *root, const struct config *config)
{
	for (const struct option *row = config_settings; row->name; row++) {
		struct fy_node *value = yaml_value(root, row->name);
		bool written = row->kind == OPTION_SECRET && value && fy_node_is_scalar(value);
		/* "" may be written: no such secret (an alias was told of when it was read). */
		char *name = written ? value_text(yaml, value, value, row->name) : NULL;
		struct err err;
		if (name && !mode_tag_fits_secret(name, config->mode, &err))
			yaml_fault_err(yaml, value, &err);
		free(name);
	}
}

static void check_whole(struct yaml *yaml, struct fy_node *root, struct config *config)
{
	check_people(yaml, root, config);
	if (config->mode_word && !mode_read(config->mode_word, &config->mode))
		yaml_fault(yaml, config_place(root, "mode"),
		        "mode 应为 live、exercise 或 test，而不是 %s",
		        "mode must be live, exercise or test, not %s", config->mode_word);
	else if (config->mode_word && config->callback_secret)
		check_secrets(yaml, root, config);
	if (config->target_count == 0)
		yaml_fault(
		        yaml, root, "没有任何对端（targets）", "there are no far sides (targets)");
}

struct config *config_read(const char *path, struct buf *errors)
{
	struct yaml yaml = {.name = path, .faults = errors};
	struct fy_document *document = NULL;
	struct config *config = mem_zero(sizeof *config);
	struct buf bytes;

	config->file = mem_text(path);
	buf_init(&bytes, CONFIG_MOST);
	struct fy_node *root = yaml_read_file(&yaml, &bytes)
	                               ? yaml_open(&yaml, bytes.data, bytes.len, &document)
	                               : NULL;
	if (root && yaml.count == 0) {
		read_rows(&yaml, root, config_settings, config, config_other);
		check_whole(&yaml, root, config);
	}
	fy_document_destroy(document);
	buf_finish(&bytes);
	if (yaml.count)
		config_destroy(&config);
	return config;
}
