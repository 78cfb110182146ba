/* SPDX-License-Identifier: Apache-2.0
 * cap_unwrap - see cap_unwrap.h. A text inside a text inside a wrapper is as deep as it goes; what
 * cannot be read there is not a message, and no error either: feeds carry all sorts of things.
 */
#include "cap_unwrap.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cap_gate.h"
#include "cap_io.h"
#include "cap_place.h"
#include "cap_read.h"
#include "mem.h"
#include "utf8.h"

enum { TEXTS_DEEP = 2, BASE64_MIN = 64 };

/* Where we look. */
struct search {
	struct cap_finds *finds;
	const struct cap_tree *tree;
	const char *outside; /* path of the text this tree was made of; "" = the whole */
	size_t line;         /* and its line */
	size_t deep;
	size_t counted_at, counted; /* lines are counted on from the message before */
	bool starved;
};

bool cap_is_alert(const struct cap_node *node)
{
	return strcmp(node->name, "alert") == 0 && node->space != SPACE_DSIG &&
	       node->space != SPACE_OTHER;
}

/* An element called alert in no namespace may be anything: one of CAP has an identifier in it. */
static bool is_message(const struct cap_node *node)
{
	if (!cap_is_alert(node) || node->space != SPACE_NONE)
		return cap_is_alert(node);
	for (const struct cap_node *child = node->child; child; child = child->next) {
		if (strcmp(child->name, "identifier") == 0)
			return true;
	}
	return false;
}

static size_t line_of(struct search *s, size_t at)
{
	const char *from = s->tree->bytes + s->counted_at;
	const char *end = s->tree->bytes + at;

	while (from < end && (from = memchr(from, '\n', (size_t)(end - from))) != NULL) {
		s->counted++;
		from++;
	}
	s->counted_at = at;
	return s->line + s->counted;
}

static void put_attribute(struct buf *out, const char *value)
{
	for (; *value; value++) {
		const char *escape = *value == '&'   ? "&amp;"
		                     : *value == '<' ? "&lt;"
		                     : *value == '"' ? "&quot;"
		                                     : NULL;

		if (escape)
			buf_text(out, escape);
		else
			buf_char(out, *value);
	}
}

/* Does a name in the bytes begin with the prefix? A text that looks like one is a yes too: a
 * declaration too many does no harm. */
static bool uses(const char *bytes, size_t len, const char *prefix)
{
	size_t name = strlen(prefix);

	for (const char *at = bytes + 1, *end = bytes + len;
	        (at = memmem(at, (size_t)(end - at), prefix, name)) != NULL; at++) {
		if (at + name < end && at[name] == ':' && strchr("</ \t\r\n", at[-1]))
			return true;
	}
	return false;
}

/* The element with the declarations it had from outside, behind its name. */
static void put_document(const struct cap_tree *tree, const struct cap_node *node, struct buf *out)
{
	const char *bytes = tree->bytes + node->at;
	size_t len = node->end - node->at;
	size_t name = 0;

	while (name < len && !strchr(" \t\r\n/>", bytes[name]))
		name++;
	buf_add(out, bytes, name);
	for (size_t i = 0; node->outside && i < node->outside->count; i++) {
		const char *prefix = node->outside->items[i].prefix;
		const char *uri = node->outside->items[i].uri;

		if (*prefix ? !uses(bytes, len, prefix) : !*uri)
			continue;
		buf_text(out, *prefix ? " xmlns:" : " xmlns");
		buf_text(out, prefix);
		buf_text(out, "=\"");
		put_attribute(out, uri);
		buf_char(out, '"');
	}
	buf_add(out, bytes + name, len - name);
}

/* A message's path is that of what it stands in. */
static void add(struct search *s, const struct cap_place *up, const struct cap_node *node)
{
	char path[3 * CAP_PLACE_MAX];
	size_t outside = strlen(s->outside);
	struct buf out;

	memcpy(path, s->outside, outside + 1);
	if (up)
		cap_place_put(up, path + outside);
	buf_init_mild(&out, 2 * (size_t)CAP_LIMIT_FEED);
	put_document(s->tree, node, &out);
	struct cap_found found = {.document = out.data,
	        .len = out.len,
	        .place = mem_try_text_n(path, strlen(path)),
	        .line = line_of(s, node->at)};
	struct cap_found *slot = found.place && !out.full ? mem_try_push(&s->finds->items,
	                                                            &s->finds->count, sizeof found)
	                                                  : NULL;

	if (slot) {
		*slot = found;
		return;
	}
	s->starved = true;
	free(found.place);
	buf_finish(&out);
}

static void look(struct search *s, const struct cap_place *up, const struct cap_node *node);

/* Whatever encoding it names: as a text it has one already. */
static void skip_declaration(const char **bytes, size_t *len)
{
	const char *end =
	        *len > 5 && memcmp(*bytes, "<?xml", 5) == 0 ? memmem(*bytes, *len, "?>", 2) : NULL;

	if (!end)
		return;
	*len -= (size_t)(end + 2 - *bytes);
	*bytes = end + 2;
}

/* A text that is itself a document. */
static void look_at_bytes(
        struct search *s, const struct cap_place *place, size_t at, const char *bytes, size_t len)
{
	char path[2 * CAP_PLACE_MAX];
	struct cap_tree tree;
	struct err err;

	skip_declaration(&bytes, &len);
	if (!memmem(bytes, len, "alert", 5) || !utf8_valid(bytes, len, NULL))
		return;
	if (!cap_tree_read(bytes, len, &gate_wrapper, &tree, &err)) {
		s->starved = s->starved || err.kind == ERR_UNAVAILABLE;
		return;
	}
	size_t outside = strlen(s->outside);

	memcpy(path, s->outside, outside);
	cap_place_put(place, path + outside);
	struct search inner = {.finds = s->finds,
	        .tree = &tree,
	        .outside = path,
	        .line = line_of(s, at),
	        .deep = s->deep + 1};

	look(&inner, NULL, tree.root);
	s->starved = s->starved || inner.starved;
	cap_tree_finish(&tree);
}

static int digit_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                             "0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Base64 as it stands in texts, blanks and all; NULL: it is none, or there is no memory (noted). */
static char *decode_base64(struct search *s, const char *text, size_t len, size_t *out_len)
{
	char *out = mem_try(len / 4 * 3 + 4, 1);
	unsigned bits = 0;
	int held = 0;

	*out_len = 0;
	s->starved = s->starved || !out;
	for (size_t i = 0; out && i < len && text[i] != '='; i++) {
		int digit = digit_of(text[i]);

		if (digit < 0 && strchr(" \t\r\n", text[i]))
			continue;
		if (digit < 0) {
			free(out);
			return NULL;
		}
		bits = (bits << 6 | (unsigned)digit) & 0xffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[(*out_len)++] = (char)(bits >> held & 0xff);
		}
	}
	return out;
}

static void look_at_text(
        struct search *s, const struct cap_place *place, const struct cap_node *node)
{
	size_t blanks = strspn(node->text, " \t\r\n");
	const char *text = node->text + blanks;
	size_t len = node->text_len - blanks;
	size_t decoded;

	if (s->deep >= TEXTS_DEEP)
		return;
	if (*text == '<') {
		look_at_bytes(s, place, node->at, text, len);
	} else if (len >= BASE64_MIN && strcmp(node->name, "contentData") == 0) {
		char *bytes = decode_base64(s, text, len, &decoded);

		if (bytes && decoded && *bytes == '<')
			look_at_bytes(s, place, node->at, bytes, decoded);
		free(bytes);
	}
}

static void look(struct search *s, const struct cap_place *up, const struct cap_node *node)
{
	struct cap_place place = {up, node->name, 0, 0};

	if (s->starved || s->finds->count >= CAP_MESSAGES_MAX)
		return;
	if (is_message(node)) {
		add(s, up, node);
		return;
	}
	if (!node->child)
		look_at_text(s, &place, node);
	for (const struct cap_node *child = node->child; child; child = child->next)
		look(s, &place, child);
}

bool cap_unwrap(const struct cap_tree *tree, struct cap_finds *finds)
{
	struct search s = {.finds = finds, .tree = tree, .outside = ""};

	look(&s, NULL, tree->root);
	return !s.starved;
}

void cap_finds_finish(struct cap_finds *finds)
{
	for (size_t i = 0; i < finds->count; i++) {
		free(finds->items[i].document);
		free(finds->items[i].place);
	}
	free(finds->items);
	*finds = (struct cap_finds){0};
}
