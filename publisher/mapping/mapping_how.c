/* SPDX-License-Identifier: Apache-2.0
 * mapping_how - the ways a member becomes an element, one function each. See mapping_parts.h.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_china.h"
#include "mapping_parts.h"
#include "utf8.h"

static void escaped(const char *text, struct buf *out)
{
	for (; *text; text++) {
		if (*text == '&')
			buf_text(out, "&amp;");
		else if (*text == '<')
			buf_text(out, "&lt;");
		else if (*text == '>')
			buf_text(out, "&gt;");
		else if (*text == '\r')
			buf_text(out, "&#13;");
		else
			buf_char(out, *text);
	}
}

void element_write(const char *name, const char *text, struct buf *out)
{
	if (!*text)
		return;
	buf_format(out, "<%s>", name);
	escaped(text, out);
	buf_format(out, "</%s>", name);
}

static void pair_write(const char *name, const char *key, const char *value, struct buf *out)
{
	if (!*value)
		return;
	buf_format(out, "<%s>", name);
	element_write("valueName", key, out);
	element_write("value", value, out);
	buf_format(out, "</%s>", name);
}

static void note_supplied(const struct item *item, const struct mapping_row *row, const char *value)
{
	char *pointer = mem_format("%s/%s", item->place, row->to);

	cap_problem_add(item->problems, CAP_PROBLEM_NOTE, "convert.supplied", pointer,
	        "JSON 中没有，按对照表填 %s", "the JSON does not say it: %s, by the table", value);
	free(pointer);
}

static void supply(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	if (!row->with)
		return;
	element_write(row->to, row->with, out);
	note_supplied(item, row, row->with);
}

static void write_text(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	char *text = item_text(item, row->from);

	if (*text)
		element_write(row->to, text, out);
	else
		supply(item, row, out);
	free(text);
}

/* 2026/07/01 08:25 -> 2026-07-01 08:25; the reader does the rest, and says so. */
static char *time_text(const struct item *item, const char *pointer)
{
	char *text = item_text(item, pointer);

	for (char *c = text; *c; c++)
		if (*c == '/' && c > text && isdigit((unsigned char)c[-1]) &&
		        isdigit((unsigned char)c[1]))
			*c = '-';
	return text;
}

static void write_time(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	char *text = time_text(item, row->from);

	element_write(row->to, text, out);
	if (*text && row->how == HOW_FOR)
		item_note(item, "convert.supplied", row->from, "没有发出时间，以此时间代替",
		        "it does not say when it was sent: this moment stands for it");
	free(text);
}

/* The word for `text` in "their=Ours ...", the caller's; NULL: none. */
static char *word_for(const char *words, const char *text)
{
	size_t len = strlen(text);

	for (const char *at = words; at && *at; at += strspn(at, " ")) {
		size_t whole = strcspn(at, " ");

		if (strncasecmp(at, text, len) == 0 && at[len] == '=')
			return mem_text_n(at + len + 1, whole - len - 1);
		at += whole;
	}
	return NULL;
}

static void write_word(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	char *text = item_text(item, row->from);
	char *word = word_for(row->with, text);

	element_write(row->to, word ? word : text, out);
	free(word);
	free(text);
}

/* An update of what never came is a first message; a lift must name what it lifts. */
static void write_kind(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	char *text = row->how == HOW_FIXED ? mem_text(row->with) : item_text(item, row->from);
	char *word = row->how == HOW_WORD ? word_for(row->with, text) : NULL;
	const char *kind = word ? word : text;
	bool lifts = strcasecmp(kind, "Cancel") == 0 || (row->how == HOW_FIXED && item->lifts);

	if (lifts && !*item->references) {
		item_error(item, "convert.reference", row->from,
		        "这是解除信息，但看不出解除的是记录中的哪一条：请人工处理",
		        "it lifts something, and which message of the record is not to be told: "
		        "people have to do it");
	} else if (strcasecmp(kind, "Update") == 0 && !*item->references) {
		kind = "Alert";
		item_note(item, "convert.changed", row->from,
		        "所更新的报文不在记录中：作为首次发布",
		        "what it updates is not in the record: taken for a first message");
	} else if (row->how == HOW_FIXED) {
		note_supplied(item, row, kind);
	}
	element_write(row->to, kind, out);
	free(word);
	free(text);
}

static void write_each(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	const json_t *list = item_at(item, row->from);
	size_t count = json_array_size(list);

	if (!json_is_array(list)) {
		write_text(item, row, out);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		char *text = json_words(json_array_get(list, i));
		element_write(row->to, text, out);
		free(text);
	}
	if (!count)
		supply(item, row, out);
}

static void write_pairs(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)item_at(item, row->from), key, value)
	{
		char *one = json_words(value);

		pair_write(row->to, key, one, out);
		free(one);
		for (size_t i = 0; i < json_array_size(value); i++) {
			char *text = json_words(json_array_get(value, i));
			pair_write(row->to, key, text, out);
			free(text);
		}
	}
}

static void write_script(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	char *text = item_text(item, row->from);
	const char *at = text;
	uint32_t c;

	while ((c = utf8_next(&at)) != 0 && (c < 0x4e00 || c > 0x9fff))
		continue;
	if (c) {
		element_write(row->to, "zh-CN", out);
		note_supplied(item, row, "zh-CN");
	}
	free(text);
}

/* Its own, else the headline's. */
static enum level level_of(const struct item *item, const struct mapping_row *row)
{
	char *text = item_text(item, row->from);
	enum level level = LEVEL_NONE;

	if (!cap_china_level_read(text, &level))
		level = row->from ? LEVEL_NONE : item->event.level;
	free(text);
	return level;
}

static void write_level(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	enum level level = level_of(item, row);

	if (row->how == HOW_COLOUR && level != LEVEL_NONE)
		pair_write(row->to, "colour", cap_china_colour(level), out);
	if (row->how == HOW_COLOUR)
		return;
	element_write(row->to, cap_severity_text(cap_china_severity(level)), out);
	item_note(item, "convert.level", row->from ? row->from : item->mapping->headline,
	        level == LEVEL_NONE ? "没有说明级别" : "严重程度由颜色或等级得出",
	        level == LEVEL_NONE ? "it names no level"
	                            : "the severity is that of its colour or grade");
}

static void write_known(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	const struct national_event *event = &item->event;

	if (strcmp(row->to, "eventCode") == 0) {
		if (!event->code)
			return;
		pair_write(row->to, CAP_CHINA_EVENT_CODE, event->code, out);
		item_note(item, "convert.event", item->mapping->event, "事件编码按名称查得",
		        "the event's code was looked up by its name");
	} else if (strcmp(row->to, "category") == 0 && event->name) {
		element_write(row->to, cap_category_text(event->category), out);
	} else if (strcmp(row->to, "category") == 0) {
		supply(item, row, out);
	} else {
		char *headline = item_text(item, item->mapping->headline);

		element_write(row->to, event->name ? event->name : headline, out);
		item_note(item, "convert.event", item->mapping->headline,
		        event->name ? "事件名称取自标题" : "不认识标题中的事件，以标题代替",
		        event->name
		                ? "the event is that of the headline"
		                : "the headline names no event we know: it stands for it itself");
		free(headline);
	}
}

static void write_pair(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	char *text = item_text(item, row->from);

	pair_write(row->to, row->with, text, out);
	free(text);
}

void row_write(const struct item *item, const struct mapping_row *row, struct buf *out)
{
	typedef void way(const struct item *, const struct mapping_row *, struct buf *);
	static way *const ways[] = {[HOW_TEXT] = write_text,
	        [HOW_TIME] = write_time,
	        [HOW_WORD] = write_word,
	        [HOW_EACH] = write_each,
	        [HOW_PAIR] = write_pair,
	        [HOW_PAIRS] = write_pairs,
	        [HOW_FIXED] = supply,
	        [HOW_FOR] = write_time,
	        [HOW_SCRIPT] = write_script,
	        [HOW_LEVEL] = write_level,
	        [HOW_COLOUR] = write_level,
	        [HOW_KNOWN] = write_known,
	        [HOW_SHAPE] = shape_write};

	if (strcmp(row->to, "msgType") == 0)
		write_kind(item, row, out);
	else if (row->how == HOW_TRIPLETS || row->how == HOW_UPDATES)
		element_write(row->to, item->references, out);
	else
		ways[row->how](item, row, out);
}
