/* SPDX-License-Identifier: Apache-2.0
 * cap_tree - see cap_tree.h. Follows the walk of cap_gate.c. Fails with a cause, for want of
 * memory too.
 */
#include "cap_tree.h"

#include <stdlib.h>
#include <string.h>

#include "cap_names.h"
#include "cap_raw.h"
#include "cap_read.h"

enum { DEPTH_MAX = 32 };

/* An element whose end has not come. */
struct open_node {
	struct cap_node *node;
	struct cap_node *last; /* its last child so far */
	size_t names;          /* how many bindings there were before it */
	size_t from;           /* what was looked at ends here, counted in bytes */
};

struct builder {
	struct cap_tree *tree;
	struct open_node open[DEPTH_MAX];
	size_t depth, alerts;
	struct names names;
};

static const struct gate_cause too_many_messages = {
        "一个文件里的报文超过 1000 条", "there are more than 1000 messages in one file"};

/* What stands in the parent between its children: only blanks may. */
static void look_between(struct builder *b, struct open_node *up, size_t to)
{
	up->node->loose_text =
	        up->node->loose_text || !raw_blank(b->tree->bytes + up->from, to - up->from);
}

static void hang(struct builder *b, struct cap_node *node)
{
	struct open_node *up = b->depth ? &b->open[b->depth - 1] : NULL;

	if (!up)
		b->tree->root = node;
	else if (up->last)
		up->last->next = node;
	else
		up->node->child = node;
	if (up) {
		look_between(b, up, node->at);
		up->last = node;
	}
}

/* What a message inside a wrapper needs to stand alone. `own`: where its own declarations begin. */
static const struct gate_cause *keep_outside(struct builder *b, struct cap_node *node, size_t own)
{
	struct cap_outside *outside;

	if (!b->depth || strcmp(node->name, "alert") != 0)
		return NULL;
	if (++b->alerts > CAP_MESSAGES_MAX)
		return &too_many_messages;
	outside = arena_take(&b->tree->arena, sizeof *outside + own * sizeof *outside->items);
	if (!outside)
		return &gate_no_memory;
	for (size_t i = own; i-- > 0;) {
		const struct binding *binding = &b->names.items[i];

		if (names_have(&b->names, i + 1, binding->prefix))
			continue;
		outside->items[outside->count].prefix = binding->prefix;
		outside->items[outside->count++].uri = binding->uri;
	}
	node->outside = outside;
	return NULL;
}

static const struct gate_cause *on_start(
        void *self, const char *name, const char *const *attributes, const struct gate_tag *tag)
{
	struct builder *b = self;
	size_t own = b->names.count;
	const struct binding *binding;
	const struct gate_cause *cause = names_declare(&b->names, attributes);

	if (cause)
		return cause;
	const char *local = names_element(&b->names, name, &binding);

	if (!binding)
		return &names_bad;
	struct cap_node *node = arena_take(&b->tree->arena, sizeof *node);

	if (!node)
		return &gate_no_memory;
	*node = (struct cap_node){.name = arena_text(&b->tree->arena, local, strlen(local)),
	        .uri = binding->uri,
	        .space = binding->space,
	        .text = "",
	        .at = tag->from};
	if (!node->name)
		return &gate_no_memory;
	cause = keep_outside(b, node, own);
	if (cause)
		return cause;
	hang(b, node);
	b->open[b->depth++] = (struct open_node){node, NULL, own, tag->to};
	return names_attributes(&b->names, attributes, &node->attribute);
}

static const struct gate_cause *on_end(void *self, const struct gate_tag *tag)
{
	struct builder *b = self;
	struct open_node *open = &b->open[--b->depth];
	struct cap_node *node = open->node;

	node->end = tag->to;
	b->names.count = open->names;
	if (node->child)
		look_between(b, open, tag->from);
	else
		node->text = raw_text(&b->tree->arena, b->tree->bytes + open->from,
		        tag->from - open->from, &node->text_len);
	if (b->depth)
		b->open[b->depth - 1].from = tag->to;
	return node->text ? NULL : &gate_no_memory;
}

static void on_comment(void *self)
{
	struct builder *b = self;

	b->open[b->depth - 1].node->comment = true;
}

static void on_cdata(void *self)
{
	struct builder *b = self;

	b->open[b->depth - 1].node->cdata = true;
}

bool cap_tree_read(const void *bytes, size_t len, const struct gate_bounds *bounds,
        struct cap_tree *out, struct err *err)
{
	static const struct gate_follower follower = {on_start, on_end, on_comment, on_cdata, NULL};
	struct builder *b = calloc(1, sizeof *b);

	*out = (struct cap_tree){.bytes = bytes};
	if (!b)
		return gate_starved(err);
	b->tree = out;
	b->names.arena = &out->arena;
	bool good = gate_walk(bytes, len, bounds, &follower, b, err);

	free(b);
	if (!good)
		cap_tree_finish(out);
	return good;
}

void cap_tree_finish(struct cap_tree *tree)
{
	arena_finish(&tree->arena);
	*tree = (struct cap_tree){0};
}

size_t cap_tree_line(const struct cap_tree *tree, size_t at)
{
	const char *from = tree->bytes;
	const char *end = tree->bytes + at;
	size_t line = 1;

	while ((from = memchr(from, '\n', (size_t)(end - from))) != NULL) {
		line++;
		from++;
	}
	return line;
}
