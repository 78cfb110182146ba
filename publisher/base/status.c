/* SPDX-License-Identifier: Apache-2.0
 * status - see status.h: one table of lines, and who has them. Refuses by naming the line.
 */
#include "status.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"
#include "when.h"

enum { NUMBER_DIGITS = 18 };

static const char *const form_words[] = {
        [STATUS_HEARTBEAT] = "heartbeat",
        [STATUS_INDEX] = "index",
        [STATUS_END] = "end",
        [STATUS_KEYS] = "keys",
        [STATUS_NOTICE] = "notice",
        [STATUS_TEST] = "test",
};
static const char *const chain_words[] = {
        [CHAIN_UNCHECKED] = "unchecked",
        [CHAIN_WHOLE] = "whole",
        [CHAIN_BROKEN] = "broken",
};
static const char *const end_words[] = {
        [END_EXPIRED] = "expired",
        [END_CANCELLED] = "cancelled",
        [END_REPLACED] = "replaced",
};
static const char *const step_words[] = {
        [STEP_DRAFT] = "draft",
        [STEP_REVIEW] = "review",
        [STEP_SIGN] = "sign",
        [STEP_RELEASE] = "release",
        [STEP_REPORT] = "report",
        [STEP_DUE] = "due",
        [STEP_CHANGE] = "change",
};
static const char *const steps_zh[] = {
        [STEP_DRAFT] = "等待拟制",
        [STEP_REVIEW] = "等待审核",
        [STEP_SIGN] = "等待签发",
        [STEP_RELEASE] = "等待发布",
        [STEP_REPORT] = "等待事后报告",
        [STEP_DUE] = "法定事项待办",
        [STEP_CHANGE] = "管理变更等待第二人确认",
};

const char *status_form_text(enum status_form form)
{
	return form_words[form];
}

const char *status_chain_text(enum status_chain chain)
{
	return chain_words[chain];
}

const char *status_step_text(enum status_step step)
{
	return step_words[step];
}

const char *status_step_zh(enum status_step step)
{
	return steps_zh[step];
}

enum line_kind { NAME, ID, KEY, WORD, NUMBER, MOMENT, DIGEST, NUMBERS, ITEMS };

#define FORMS(a) (1U << (a))
#define STATE (FORMS(STATUS_HEARTBEAT) | FORMS(STATUS_INDEX))
#define ALL ((1U << STATUS_FORM_COUNT) - 1)
#define AT(member) offsetof(struct status, member)
#define WORDS(list) list, sizeof list / sizeof list[0]

/* The lines in their order, and the forms that have them. `words` of the mode are terms.h's. */
static const struct line {
	const char *key;
	enum line_kind kind;
	unsigned forms;
	size_t at;
	const char *const *words;
	size_t word_count;
} lines[] = {
        {"node", ID, ALL, AT(node), NULL, 0},
        {"mode", WORD, ALL, AT(mode), NULL, MODE_COUNT},
        {"time", MOMENT, ALL, AT(time), NULL, 0},
        {"head", NUMBER, STATE, AT(head_seq), NULL, 0},
        {"hash", DIGEST, STATE, AT(head_hash), NULL, 0},
        {"chain", WORD, STATE, AT(chain), WORDS(chain_words)},
        {"active", DIGEST, STATE, AT(active), NULL, 0},
        {"policy", DIGEST, STATE | FORMS(STATUS_KEYS), AT(policy), NULL, 0},
        {"sequence", NUMBER, FORMS(STATUS_HEARTBEAT), AT(sequence), NULL, 0},
        {"void", NUMBERS, FORMS(STATUS_HEARTBEAT), AT(voids), NULL, 0},
        {"item", ITEMS, FORMS(STATUS_INDEX), AT(items), NULL, 0},
        {"number", NAME, FORMS(STATUS_END) | FORMS(STATUS_NOTICE) | FORMS(STATUS_TEST), AT(number),
                NULL, 0},
        {"why", WORD, FORMS(STATUS_END), AT(end), WORDS(end_words)},
        {"step", WORD, FORMS(STATUS_NOTICE), AT(step), WORDS(step_words)},
        {"waiting", NUMBER, FORMS(STATUS_NOTICE), AT(waiting), NULL, 0},
        {"officer", ID, FORMS(STATUS_NOTICE), AT(officer), NULL, 0},
        {"unit", ID, FORMS(STATUS_NOTICE), AT(unit), NULL, 0},
        {"audience", DIGEST, FORMS(STATUS_NOTICE), AT(audience), NULL, 0},
        {"alert", KEY, FORMS(STATUS_KEYS), AT(alert_key), NULL, 0},
        {"status", KEY, FORMS(STATUS_KEYS), AT(status_key), NULL, 0},
};
enum { LINE_COUNT = sizeof lines / sizeof lines[0] };

void status_finish(struct status *status)
{
	free(status->items);
	*status = (struct status){0};
}

bool status_is_name(const char *text)
{
	size_t len = strlen(text);
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyz"
	                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.:@/-";

	return len > 0 && len < STATUS_NAME && strspn(text, allowed) == len &&
	       strcmp(text, "-") != 0;
}

bool status_is_id(const char *text)
{
	size_t len = strlen(text);
	bool plain = len > 0 && len < STATUS_NAME && utf8_valid(text, len, NULL) &&
	             strcmp(text, "-") != 0;

	for (const char *at = text; plain && *at; at++)
		plain = (unsigned char)*at > ' ' && *at != 0x7f;
	return plain;
}

void status_audience(const char *const *addresses, size_t count, char hex[DIGEST_HEX])
{
	struct buf all;

	buf_init(&all, 0);
	for (size_t i = 0; i < count; i++)
		buf_format(&all, "%s\n", addresses[i]);
	digest_sha256(all.data ? all.data : "", all.len, hex);
	buf_finish(&all);
}

static const char *word_of(const struct line *line, int value)
{
	return line->words ? line->words[value] : mode_text((enum mode)value);
}

static void put_lists(const struct line *line, const struct status *s, struct buf *out)
{
	for (size_t i = 0; line->kind == NUMBERS && i < s->void_count; i++)
		buf_format(out, "%s %lld\n", line->key, (long long)s->voids[i]);
	for (size_t i = 0; line->kind == ITEMS && i < s->item_count; i++)
		buf_format(out, "%s %s %s\n", line->key, s->items[i].identifier, s->items[i].cap);
}

static void put_line(const struct line *line, const struct status *s, struct buf *out)
{
	const char *at = (const char *)s + line->at;
	char moment[WHEN_TEXT];

	switch (line->kind) {
	case NAME:
	case ID:
	case KEY:
	case DIGEST:
		buf_format(out, "%s %s\n", line->key, *at ? at : "-");
		return;
	case WORD:
		buf_format(
		        out, "%s %s\n", line->key, word_of(line, *(const int *)(const void *)at));
		return;
	case NUMBER:
		buf_format(
		        out, "%s %lld\n", line->key, (long long)*(const int64_t *)(const void *)at);
		return;
	case MOMENT:
		when_text(*(const int64_t *)(const void *)at, moment);
		buf_format(out, "%s %s\n", line->key, moment);
		return;
	case NUMBERS:
	case ITEMS:
		put_lists(line, s, out);
	}
}

void status_write(const struct status *status, struct buf *out)
{
	buf_format(out, "tocsin-status 1\nform %s\n", form_words[status->form]);
	for (size_t i = 0; i < LINE_COUNT; i++)
		if (lines[i].forms & FORMS(status->form))
			put_line(&lines[i], status, out);
}

/* A walk over the text, cut at its line ends in place. */
struct walk {
	char *at;
	int number;
};

/* What stands behind "key " in the current line; NULL: another line, or none. */
static char *value_of(struct walk *walk, const char *key)
{
	size_t len = strlen(key);
	char *end = strchr(walk->at, '\n');

	if (!end || strncmp(walk->at, key, len) != 0 || walk->at[len] != ' ')
		return NULL;
	char *value = walk->at + len + 1;
	*end = '\0';
	walk->at = end + 1;
	walk->number++;
	return value;
}

static bool read_number(const char *text, int64_t *out)
{
	size_t len = strlen(text);

	if (!len || len > NUMBER_DIGITS || strspn(text, "0123456789") != len)
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

static bool read_word(const struct line *line, const char *text, int *out)
{
	for (size_t i = 0; i < line->word_count; i++) {
		if (strcmp(word_of(line, (int)i), text) == 0) {
			*out = (int)i;
			return true;
		}
	}
	return false;
}

static bool read_text(const struct line *line, const char *value, char *place)
{
	size_t len = strlen(value);
	bool good = line->kind == DIGEST ? digest_is_hex(value)
	            : line->kind == NAME ? status_is_name(value)
	            : line->kind == ID   ? status_is_id(value)
	                                 : len < STATUS_KEY && !strchr(value, ' ');

	if (strcmp(value, "-") == 0)
		return line->kind == DIGEST;
	if (good)
		memcpy(place, value, len + 1);
	return good;
}

static bool read_item(struct status *s, char *value)
{
	char *rest = value;
	const char *identifier = strsep(&rest, " ");

	if (!rest || !digest_is_hex(rest) || !status_is_id(identifier) ||
	        s->item_count == STATUS_ITEMS_MOST)
		return false;
	struct status_item *item = mem_push(&s->items, &s->item_count, sizeof *item);
	memcpy(item->identifier, identifier, strlen(identifier) + 1);
	memcpy(item->cap, rest, DIGEST_HEX);
	return true;
}

static bool read_lists(const struct line *line, struct walk *walk, struct status *s)
{
	char *value;

	while ((value = value_of(walk, line->key))) {
		if (line->kind == ITEMS ? !read_item(s, value)
		                        : s->void_count == STATUS_VOIDS_MOST ||
		                                  !read_number(value, &s->voids[s->void_count++]))
			return false;
	}
	return true;
}

static bool read_line(const struct line *line, struct walk *walk, struct status *s)
{
	char *place = (char *)s + line->at;

	if (line->kind == NUMBERS || line->kind == ITEMS)
		return read_lists(line, walk, s);
	const char *value = value_of(walk, line->key);
	if (!value)
		return false;
	if (line->kind == WORD)
		return read_word(line, value, (int *)(void *)place);
	if (line->kind == NUMBER)
		return read_number(value, (int64_t *)(void *)place);
	if (line->kind == MOMENT)
		return when_read(value, (int64_t *)(void *)place, NULL);
	return read_text(line, value, place);
}

static bool read_form(struct walk *walk, struct status *s)
{
	static const struct line head = {"form", WORD, ALL, 0, form_words, STATUS_FORM_COUNT};
	const char *version = value_of(walk, "tocsin-status");
	const char *form = version && strcmp(version, "1") == 0 ? value_of(walk, "form") : NULL;
	int which = 0;

	if (!form || !read_word(&head, form, &which))
		return false;
	s->form = (enum status_form)which;
	for (size_t i = 0; i < LINE_COUNT; i++)
		if (lines[i].forms & FORMS(s->form) && !read_line(&lines[i], walk, s))
			return false;
	return true;
}

bool status_read(struct status *status, const char *bytes, size_t len, struct err *err)
{
	struct walk walk = {.number = 1};
	struct buf again;

	*status = (struct status){0};
	char *copy = mem_text_n(bytes, len < STATUS_MOST_BYTES ? len : 0);
	walk.at = copy;
	buf_init(&again, STATUS_MOST_BYTES);
	bool good = read_form(&walk, status);
	if (good)
		status_write(status, &again);
	good = good && again.len == len && memcmp(again.data, bytes, len) == 0;
	buf_finish(&again);
	free(copy);
	if (good)
		return true;
	status_finish(status);
	return err_set(err, ERR_INPUT, "状态表第 %d 行附近有误",
	        "the status form is wrong near line %d", walk.number);
}
