/* SPDX-License-Identifier: Apache-2.0
 * cap_canonical - the canonical forms of cap_whole.h. Walks at most as deep as the gate lets in.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_names.h"
#include "cap_whole.h"

enum { ATTRIBUTES_MAX = 16, DEPTH_MAX = 16 };

/* What the output has declared already, innermost last. Each element adds at most what it declares
 * or uses. */
struct writer {
	enum whole_form form;
	const struct whole_node *without;
	struct buf *out;
	struct whole_pair rendered[BINDINGS_MAX + DEPTH_MAX * (ATTRIBUTES_MAX + 1)];
	size_t rendered_count;
};

/* Runs of plain characters at once; the few others as they must be written. */
static void write_escaped(struct buf *out, const char *text, size_t len, const char *special)
{
	const char *end = text + len;

	while (text < end) {
		size_t run =
		        strcspn(text, special); /* a NUL stands behind the text, and none in it */
		buf_add(out, text, run);
		text += run;
		if (text >= end)
			return;
		switch (*text++) {
		case '&':
			buf_text(out, "&amp;");
			break;
		case '<':
			buf_text(out, "&lt;");
			break;
		case '>':
			buf_text(out, "&gt;");
			break;
		case '"':
			buf_text(out, "&quot;");
			break;
		case '\t':
			buf_text(out, "&#x9;");
			break;
		case '\n':
			buf_text(out, "&#xA;");
			break;
		default:
			buf_text(out, "&#xD;");
		}
	}
}

static void write_value(struct buf *out, const char *value)
{
	buf_text(out, "=\"");
	write_escaped(out, value, strlen(value), "&<\"\t\n\r");
	buf_char(out, '"');
}

/* The part before the colon: its length; 0: none. */
static size_t prefix_of(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? (size_t)(colon - name) : 0;
}

static bool is_prefix(const char *known, const char *prefix, size_t len)
{
	return strncmp(known, prefix, len) == 0 && known[len] == '\0';
}

/* What holds at this element; "" = none. */
static const char *scope_of(const struct whole_node *node, const char *prefix, size_t len)
{
	for (; node; node = node->parent)
		for (size_t i = 0; i < node->declaration_count; i++)
			if (is_prefix(node->declarations[i].name, prefix, len))
				return node->declarations[i].value;
	return "";
}

static const char *rendered_of(const struct writer *w, const char *prefix)
{
	for (size_t i = w->rendered_count; i-- > 0;)
		if (strcmp(w->rendered[i].name, prefix) == 0)
			return w->rendered[i].value;
	return "";
}

/* Keeps the list sorted by prefix; one that is there already, or that the output has, is left. */
static void need(struct writer *w, struct whole_pair *needed, size_t *count, const char *prefix,
        const char *uri)
{
	size_t at = *count;

	if (strcmp(prefix, "xml") == 0 || strcmp(rendered_of(w, prefix), uri) == 0)
		return;
	for (size_t i = 0; i < *count; i++)
		if (strcmp(needed[i].name, prefix) == 0)
			return;
	while (at > 0 && strcmp(needed[at - 1].name, prefix) > 0) {
		needed[at] = needed[at - 1];
		at--;
	}
	needed[at] = (struct whole_pair){prefix, uri};
	(*count)++;
}

/* The declaration's own text of a prefix that is not a text by itself. */
static const char *prefix_text(const struct whole_node *node, const char *prefix, size_t len)
{
	for (; node; node = node->parent)
		for (size_t i = 0; i < node->declaration_count; i++)
			if (is_prefix(node->declarations[i].name, prefix, len))
				return node->declarations[i].name;
	return len ? "xml" : "";
}

static void need_used(struct writer *w, const struct whole_node *node, const char *name,
        struct whole_pair *needed, size_t *count)
{
	size_t len = prefix_of(name);

	need(w, needed, count, prefix_text(node, name, len), scope_of(node, name, len));
}

static void write_declarations(struct writer *w, const struct whole_node *node, bool apex)
{
	struct whole_pair needed[BINDINGS_MAX + ATTRIBUTES_MAX + 1];
	size_t count = 0;

	if (w->form == WHOLE_EXCLUSIVE) {
		need_used(w, node, node->name, needed, &count);
		for (size_t i = 0; i < node->attribute_count; i++)
			if (prefix_of(node->attributes[i].name))
				need_used(w, node, node->attributes[i].name, needed, &count);
	} else {
		/* All that hold; above the apex only where nothing nearer declares the prefix. */
		for (const struct whole_node *n = node; n; n = apex ? n->parent : NULL)
			for (size_t i = 0; i < n->declaration_count; i++) {
				const char *prefix = n->declarations[i].name;
				need(w, needed, &count, prefix,
				        scope_of(node, prefix, strlen(prefix)));
			}
	}
	for (size_t i = 0; i < count; i++) {
		buf_text(w->out, *needed[i].name ? " xmlns:" : " xmlns");
		buf_text(w->out, needed[i].name);
		write_value(w->out, needed[i].value);
		w->rendered[w->rendered_count++] = needed[i];
	}
}

struct sorted {
	const char *uri, *local;
	const struct whole_pair *pair;
};

static int by_space_and_name(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int order = strcmp(x->uri, y->uri);

	return order ? order : strcmp(x->local, y->local);
}

#define XML_SPACE "http://www.w3.org/XML/1998/namespace"

static struct sorted sorted_of(const struct whole_node *node, const struct whole_pair *pair)
{
	size_t len = prefix_of(pair->name);
	bool xml = len == 3 && strncmp(pair->name, "xml", 3) == 0;

	return (struct sorted){!len  ? ""
	                       : xml ? XML_SPACE
	                             : scope_of(node, pair->name, len),
	        pair->name + (len ? len + 1 : 0), pair};
}

static bool have(const struct sorted *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].pair->name, name) == 0)
			return true;
	return false;
}

/* The inclusive forms take the xml: attributes of what lies around a part along. */
static void add_outer(
        const struct writer *w, const struct whole_node *node, struct sorted *list, size_t *count)
{
	for (const struct whole_node *n = node->parent; n; n = n->parent)
		for (size_t i = 0; i < n->attribute_count; i++) {
			const struct whole_pair *pair = &n->attributes[i];
			bool id = w->form == WHOLE_C14N11 && strcmp(pair->name, "xml:id") == 0;
			if (strncmp(pair->name, "xml:", 4) == 0 && !id &&
			        !have(list, *count, pair->name))
				list[(*count)++] = sorted_of(n, pair);
		}
}

static void write_attributes(const struct writer *w, const struct whole_node *node, bool apex)
{
	struct sorted list[ATTRIBUTES_MAX * (DEPTH_MAX + 1)];
	size_t count = 0;

	for (size_t i = 0; i < node->attribute_count; i++)
		list[count++] = sorted_of(node, &node->attributes[i]);
	if (apex && w->form != WHOLE_EXCLUSIVE)
		add_outer(w, node, list, &count);
	qsort(list, count, sizeof *list, by_space_and_name);
	for (size_t i = 0; i < count; i++) {
		buf_char(w->out, ' ');
		buf_text(w->out, list[i].pair->name);
		write_value(w->out, list[i].pair->value);
	}
}

static void write_element(struct writer *w, const struct whole_node *node, bool apex)
{
	size_t before = w->rendered_count;

	buf_char(w->out, '<');
	buf_text(w->out, node->name);
	write_declarations(w, node, apex);
	if (node->attribute_count || apex)
		write_attributes(w, node, apex);
	buf_char(w->out, '>');
	for (const struct whole_node *n = node->child; n; n = n->next)
		if (n->kind == WHOLE_TEXT)
			write_escaped(w->out, n->text, n->len, "&<>\r");
		else if (n->kind == WHOLE_ELEMENT && n != w->without)
			write_element(w, n, false);
	buf_text(w->out, "</");
	buf_text(w->out, node->name);
	buf_char(w->out, '>');
	w->rendered_count = before;
}

void whole_canonical_element(
        const struct whole_node *element, enum whole_form form, struct buf *out)
{
	struct writer w;

	w.form = form;
	w.without = NULL;
	w.out = out;
	w.rendered_count = 0;
	write_element(&w, element, true);
}

void whole_canonical(const struct whole *whole, const struct whole_node *without,
        enum whole_form form, struct buf *out)
{
	struct writer w;

	w.form = form;
	w.without = without;
	w.out = out;
	w.rendered_count = 0;
	for (const struct whole_node *n = whole->before; n; n = n->next) {
		buf_format(out, "<?%s%s", n->name, n->len ? " " : "");
		buf_add(out, n->text, n->len);
		buf_text(out, "?>\n");
	}
	write_element(&w, whole->root, true);
}
