/* SPDX-License-Identifier: Apache-2.0
 * mapping_item - one item as a CAP document, row by row; and what of it no row takes. See
 * mapping_parts.h.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_china.h"
#include "mapping_parts.h"

/* Where a member's name ends; what "~0" and "~1" stand for is in no table. */
const json_t *item_at(const struct item *item, const char *pointer)
{
	const json_t *value = item->json;

	while (pointer && *pointer == '/' && value) {
		size_t len = strcspn(pointer + 1, "/");
		char *name = mem_text_n(pointer + 1, len);

		value = json_object_get(value, name);
		free(name);
		pointer += 1 + len;
	}
	return json_is_null(value) ? NULL : value;
}

char *json_words(const json_t *value)
{
	if (json_is_integer(value))
		return mem_format("%lld", (long long)json_integer_value(value));
	if (json_is_real(value))
		return mem_format("%.15g", json_real_value(value));
	if (!json_is_string(value))
		return mem_text("");
	return mem_text_trimmed(json_string_value(value), json_string_length(value));
}

char *item_text(const struct item *item, const char *pointer)
{
	return json_words(pointer && *pointer ? item_at(item, pointer) : NULL);
}

static void say(const struct item *item, enum cap_level level, const char *rule,
        const char *pointer, const char *zh, const char *en)
{
	char *path = mem_format("%s%s", item->place, pointer ? pointer : "");

	cap_problem_put(item->problems, level, rule, path, zh, en);
	free(path);
}

void item_note(const struct item *item, const char *rule, const char *pointer, const char *zh,
        const char *en)
{
	say(item, CAP_PROBLEM_NOTE, rule, pointer, zh, en);
}

void item_error(const struct item *item, const char *rule, const char *pointer, const char *zh,
        const char *en)
{
	say(item, CAP_PROBLEM_ERROR, rule, pointer, zh, en);
}

/* Does a row read this member, or something in it? */
static bool is_read(const struct mapping *mapping, const char *pointer)
{
	const struct mapping_row *const tables[] = {mapping->alert, mapping->info, mapping->area};
	size_t len = strlen(pointer);

	for (size_t t = 0; t < 3; t++) {
		for (const struct mapping_row *row = tables[t]; row->to; row++) {
			if (row->from && strncmp(row->from, pointer, len) == 0 &&
			        (row->from[len] == '\0' || row->from[len] == '/'))
				return true;
		}
	}
	return false;
}

static bool reads_within(const struct mapping *mapping, const char *pointer)
{
	char *within = mem_format("%s/", pointer);
	const struct mapping_row *const tables[] = {mapping->alert, mapping->info, mapping->area};
	bool yes = false;

	for (size_t t = 0; t < 3; t++)
		for (const struct mapping_row *row = tables[t]; row->to; row++)
			yes = yes || (row->from && strncmp(row->from, within, strlen(within)) == 0);
	free(within);
	return yes;
}

static bool says_something(const json_t *value)
{
	return !json_is_null(value) && !(json_is_string(value) && !*json_string_value(value)) &&
	       !(json_is_array(value) && !json_array_size(value)) &&
	       !(json_is_object(value) && !json_object_size(value));
}

/* One note for all, by their names. */
static void list_lost(const struct item *item, const json_t *value, const char *at, struct buf *out)
{
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)value, key, member)
	{
		char *pointer = mem_format("%s/%s", at, key);

		if (!says_something(member))
			;
		else if (!is_read(item->mapping, pointer))
			buf_format(out, "%s%s", out->len ? " " : "", pointer);
		else if (json_is_object(member) && reads_within(item->mapping, pointer))
			list_lost(item, member, pointer, out);
		free(pointer);
	}
}

static void note_lost(const struct item *item)
{
	struct buf names;

	buf_init(&names, 1024);
	list_lost(item, item->json, "", &names);
	if (names.len)
		cap_problem_add(item->problems, CAP_PROBLEM_NOTE, "convert.lost", item->place,
		        "对照表中没有，已略去：%s", "not in the table, and left out: %s",
		        names.data);
	buf_finish(&names);
}

/* What the house's tables say of it: the event by its name, else by the headline. */
static void look_up(struct item *item)
{
	const struct mapping *m = item->mapping;
	char *event = item_text(item, m->event);
	char *headline = item_text(item, m->headline);
	char *text = item_text(item, m->text);
	struct national_event named = {0};

	if (item->help && item->help->event) {
		item->help->event(item->help->events, NULL, headline, text, &item->event);
		if (*event)
			item->help->event(item->help->events, NULL, event, text, &named);
	}
	if (named.name) {
		named.level = item->event.level;
		item->event = named;
	}
	item->lifts = strstr(headline, "解除") || strstr(headline, "取消");
	free(event);
	free(headline);
	free(text);
}

static void write_rows(const struct item *item, const struct mapping_row *rows, struct buf *out)
{
	for (; rows->to; rows++)
		row_write(item, rows, out);
}

/* A name alone says to nobody where that is, and is no code to be looked up: it stands in the note,
 * and people say where. The first row of the table is areaDesc. */
static void write_area(const struct item *item, struct buf *out)
{
	const struct mapping_row *rows = item->mapping->area;
	char *desc = rows->to ? item_text(item, rows->from) : mem_text("");
	struct buf where;

	buf_init(&where, CAP_LIMIT_SOURCE);
	if (rows->to)
		write_rows(item, rows + 1, &where);
	if (*desc && where.len) {
		buf_text(out, "<area>");
		element_write(rows->to, desc, out);
		buf_add(out, where.data, where.len);
		buf_text(out, "</area>");
	} else if (*desc) {
		char *path = mem_format("%s%s", item->place, rows->from);

		cap_problem_add(item->problems, CAP_PROBLEM_NOTE, "convert.area", path,
		        "范围只有名称“%s”，没有编码或图形：须由人补上",
		        "its area has a name only (%s), neither code nor shape: people have to add "
		        "it",
		        desc);
		free(path);
	} else {
		item_note(item, "convert.area", rows->from, "没有说明范围：须由人补上",
		        "it names no area: people have to add it");
	}
	buf_finish(&where);
	free(desc);
}

void item_write(struct item *item, struct buf *out)
{
	look_up(item);
	item_refer(item);
	buf_text(out, "<alert xmlns=\"" CAP_SPACE_12 "\">");
	write_rows(item, item->mapping->alert, out);
	buf_text(out, "<info>");
	write_rows(item, item->mapping->info, out);
	write_area(item, out);
	buf_text(out, "</info></alert>");
	note_lost(item);
	free(item->references);
}
