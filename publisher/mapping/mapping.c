/* SPDX-License-Identifier: Apache-2.0
 * mapping - see mapping.h: the JSON, its list, and each item read as the CAP it amounts to. Relies
 * on jansson; what one item lacks leaves the others be.
 */
#include "mapping.h"

#include <stdlib.h>
#include <string.h>

#include "mapping_parts.h"

enum { DEEP = 3 };

const struct mapping *mapping_find(const char *name)
{
	for (const struct mapping *m = mappings; m->name; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

char *mapping_names(void)
{
	struct buf names;

	buf_init(&names, 0);
	for (const struct mapping *m = mappings; m->name; m++)
		buf_format(&names, "%s%s", names.len ? ", " : "", m->name);
	return buf_take(&names);
}

static size_t after_mark(const char *bytes, size_t len)
{
	return len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

bool mapping_is_json(const void *bytes, size_t len)
{
	const char *p = bytes;
	size_t i = after_mark(p, len);

	while (i < len && (p[i] == ' ' || p[i] == '\t' || p[i] == '\r' || p[i] == '\n'))
		i++;
	return i < len && (p[i] == '{' || p[i] == '[');
}

static bool refuse(struct cap_messages *out, const char *place, const char *zh, const char *en)
{
	cap_problem_put(&out->problems, CAP_PROBLEM_ERROR, "read.json", place, zh, en);
	return false;
}

/* The only list of objects, as deep as those of envelopes go. *lists counts them. */
static const json_t *find_list(
        json_t *value, size_t deep, const char *at, size_t *lists, char **place)
{
	const json_t *found = NULL;
	const char *key;
	json_t *member;

	if (json_is_array(value) && json_is_object(json_array_get(value, 0))) {
		++*lists;
		mem_set_text(place, at);
		return value;
	}
	if (deep == DEEP)
		return NULL;
	json_object_foreach(value, key, member)
	{
		char *here = mem_format("%s/%s", at, key);
		const json_t *list = find_list(member, deep + 1, here, lists, place);

		found = list ? list : found;
		free(here);
	}
	return found;
}

/* NULL: *out says why; or there is nothing in it (no problem). */
static const json_t *list_of(
        const struct mapping *mapping, json_t *root, char **place, struct cap_messages *out)
{
	struct item whole = {.json = root};
	const json_t *list;
	size_t lists = 0;

	if (mapping->items) {
		list = item_at(&whole, mapping->items);
		mem_set_text(place, mapping->items);
		if (!json_is_array(list))
			refuse(out, mapping->items, "这里应是预警的列表，来源设置 json 是否选对？",
			        "the list of warnings should stand here: is the source's setting "
			        "json the right one?");
		return json_is_array(list) ? list : NULL;
	}
	list = find_list(root, 0, "", &lists, place);
	if (lists > 1)
		refuse(out, "/", "有不止一个列表，不知道哪个是预警",
		        "there is more than one list: which has the warnings is not known");
	return lists == 1 ? list : NULL;
}

/* Reading names lines of a document nobody has seen. */
static void cut_lines(struct cap_problems *problems, size_t from)
{
	for (size_t i = from; i < problems->count; i++) {
		char *line = strstr(problems->items[i].path, " (line ");
		if (line)
			*line = '\0';
	}
}

static void move_problems(struct cap_problems *from, const char *place, struct cap_problems *to)
{
	cut_lines(from, 0);
	cap_problems_within(from, 0, place);
	for (size_t i = 0; i < from->count; i++) {
		const struct cap_problem *p = &from->items[i];
		cap_problem_put(to, p->level, p->rule, p->path, p->zh, p->en);
	}
}

/* The document's message becomes this one. */
static void take_read(struct cap_message *message, const struct buf *document, const char *zone)
{
	struct cap_manner manner = {.lenient = true, .zone = zone};
	struct cap_messages read;

	cap_read(document->data, document->len, &manner, &read);
	move_problems(&read.problems, message->place, &message->problems);
	if (read.count == 1) {
		move_problems(&read.items[0].problems, message->place, &message->problems);
		message->alert = read.items[0].alert;
		message->certain = read.items[0].certain;
		message->liberties = read.items[0].liberties;
		read.items[0].alert = NULL;
	}
	cap_messages_finish(&read);
	if (message->problems.errors)
		cap_alert_destroy(&message->alert);
}

static void take_item(const struct mapping *mapping, const json_t *json, const char *place,
        const struct cap_manner *manner, struct cap_messages *out)
{
	struct cap_message *message = mem_push(&out->items, &out->count, sizeof *message);
	struct item item = {.mapping = mapping,
	        .json = json,
	        .place = place,
	        .help = manner->national,
	        .problems = &message->problems};
	struct buf document;

	message->version = CAP_VERSION_12;
	message->place = mem_text(place);
	message->document = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	message->document_len = message->document ? strlen(message->document) : 0;
	cap_problem_add(&message->problems, CAP_PROBLEM_NOTE, "read.json", place,
	        "JSON 按对照表 %s 转成 CAP", "JSON, made CAP by the table %s", mapping->name);
	buf_init(&document, CAP_LIMIT_SOURCE);
	item_write(&item, &document);
	if (document.full)
		item_error(&item, "read.json", "", "转成的 CAP 过大",
		        "the CAP made of it is too large");
	else
		take_read(message, &document,
		        manner->zone && *manner->zone ? manner->zone : mapping->zone);
	buf_finish(&document);
}

static bool take_list(const struct mapping *mapping, const json_t *list, const char *at,
        const struct cap_manner *manner, struct cap_messages *out)
{
	size_t count = json_array_size(list);

	if (count > CAP_MESSAGES_MAX)
		return refuse(out, at, "超过 1000 条", "it has more than 1000 items");
	for (size_t i = 0; i < count; i++) {
		char *place = mem_format("%s/%zu", at, i);

		take_item(mapping, json_array_get(list, i), place, manner, out);
		free(place);
	}
	return true;
}

bool mapping_read(const struct mapping *mapping, const void *bytes, size_t len,
        const struct cap_manner *manner, struct cap_messages *out)
{
	size_t skip = after_mark(bytes, len);
	json_error_t error;
	char *place = mem_text("");

	*out = (struct cap_messages){.encoding = "UTF-8"};
	json_t *root =
	        json_loadb((const char *)bytes + skip, len - skip, JSON_REJECT_DUPLICATES, &error);
	const json_t *list = root ? list_of(mapping, root, &place, out) : NULL;
	bool good = list ? take_list(mapping, list, place, manner, out) : !out->problems.errors;

	if (!root) {
		cap_problem_add(&out->problems, CAP_PROBLEM_ERROR, "read.json", "/",
		        "第 %d 行第 %d 列：不是 JSON（%s）", "line %d, column %d: no JSON (%s)",
		        error.line, error.column, error.text);
		good = false;
	}
	json_decref(root);
	free(place);
	return good;
}
