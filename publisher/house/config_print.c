/* SPDX-License-Identifier: Apache-2.0
 * config_print - the settings shown: those in effect, and the manual of all there are.
 */
#include <string.h>

#include "config.h"
#include "config_rows.h"

/* As YAML reads it back. */
static void print_text(const char *text, struct buf *out)
{
	buf_char(out, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_char(out, '\\');
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			buf_format(out, "\\x%02x", (unsigned)(unsigned char)*p);
		else
			buf_char(out, *p);
	}
	buf_char(out, '"');
}

static void print_list(const struct texts *list, struct buf *out)
{
	buf_char(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		buf_text(out, i ? ", " : "");
		print_text(list->items[i], out);
	}
	buf_char(out, ']');
}

/* Values of one name stand together: always as a list, which reads the same. */
static void print_options(const struct config_pair *pairs, size_t count, struct buf *out)
{
	buf_text(out, "    options: {");
	for (size_t i = 0; i < count; i++) {
		bool more = i > 0 && strcmp(pairs[i].name, pairs[i - 1].name) == 0;
		if (!more) {
			buf_text(out, i ? "], " : "");
			print_text(pairs[i].name, out);
			buf_text(out, ": [");
		}
		buf_text(out, more ? ", " : "");
		print_text(pairs[i].value, out);
	}
	buf_text(out, count ? "]}\n" : "}\n");
}

static void print_rows(
        const void *instance, const struct option *rows, const char *indent, struct buf *out)
{
	for (; rows->name; rows++) {
		const void *place = (const char *)instance + rows->offset;
		buf_format(out, "%s%s: ", indent, rows->name);
		if (rows->kind == OPTION_TEXT)
			print_text(*(char *const *)place, out);
		else if (rows->kind == OPTION_SECRET)
			buf_text(out, **(char *const *)place ? "(secret)" : "\"\"");
		else if (rows->kind == OPTION_YES)
			buf_text(out, *(const bool *)place ? "yes" : "no");
		else if (rows->kind == OPTION_SECONDS)
			buf_format(out, "%g", (double)*(const long *)place / 1000);
		else if (rows->kind == OPTION_NUMBER)
			buf_format(out, "%ld", *(const long *)place);
		else if (rows->kind == OPTION_LEVEL_SECONDS)
			option_level_seconds_text(place, out);
		else
			print_list(place, out);
		buf_char(out, '\n');
	}
}

void config_print(const struct config *config, struct buf *out)
{
	print_rows(config, config_settings, "", out);
	buf_text(out, config->target_count ? "targets:\n" : "targets: []\n");
	for (size_t i = 0; i < config->target_count; i++) {
		buf_text(out, "  -\n");
		print_rows(&config->targets[i], config_target_settings, "    ", out);
		print_options(config->targets[i].options, config->targets[i].option_count, out);
	}
	buf_text(out, config->source_count ? "sources:\n" : "sources: []\n");
	for (size_t i = 0; i < config->source_count; i++) {
		buf_text(out, "  -\n");
		print_rows(&config->sources[i], config_source_settings, "    ", out);
		print_options(config->sources[i].options, config->sources[i].option_count, out);
	}
}

void config_manual(struct buf *out)
{
	option_manual(config_settings, out);
	buf_text(out, ".SS targets (通道)\n");
	option_manual(config_target_settings, out);
	buf_text(out, ".SS sources (来源)\n");
	option_manual(config_source_settings, out);
}
