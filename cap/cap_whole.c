/* SPDX-License-Identifier: Apache-2.0
 * cap_whole - see cap_whole.h: the tree. Follows the walk of cap_gate.c. Fails with a cause, for
 * want of memory too.
 */
#include "cap_whole.h"

#include <stdlib.h>
#include <string.h>

#include "cap_gate.h"
#include "cap_io.h"
#include "cap_names.h"
#include "cap_raw.h"

enum { DEPTH_MAX = 16 };

struct builder {
	struct whole *whole;
	const char *bytes;
	struct whole_node *open; /* the innermost */
	struct whole_node *last_before;
	size_t from; /* behind the last tag */
	size_t names_before[DEPTH_MAX], depth;
	struct names names;
};

static struct whole_node *node_of(struct builder *b, enum whole_kind kind)
{
	struct whole_node *node = arena_take(&b->whole->arena, sizeof *node);

	if (!node)
		return NULL;
	node->kind = kind;
	node->parent = b->open;
	if (b->open && b->open->last)
		b->open->last->next = node;
	else if (b->open)
		b->open->child = node;
	if (b->open)
		b->open->last = node;
	return node;
}

/* What stands between the last tag and this one. */
static const struct gate_cause *take_text(struct builder *b, const struct gate_tag *tag)
{
	size_t from = b->from, len = 0;

	b->from = tag->to;
	if (!b->open || from == tag->from)
		return NULL;
	const char *text = raw_text(&b->whole->arena, b->bytes + from, tag->from - from, &len);
	if (!text || !len)
		return text ? NULL : &gate_no_memory;
	struct whole_node *node = node_of(b, WHOLE_TEXT);

	if (!node)
		return &gate_no_memory;
	node->text = text;
	node->len = len;
	return NULL;
}

static bool declares(const char *name)
{
	return strncmp(name, "xmlns", 5) == 0 && (name[5] == '\0' || name[5] == ':');
}

/* Those that declare, or those that do not. NULL: no memory. */
static const struct whole_pair *pairs(
        struct builder *b, const char *const *attributes, bool declarations, size_t *count)
{
	size_t all = 0;

	while (attributes[2 * all])
		all++;
	struct whole_pair *list = arena_take(&b->whole->arena, (all + 1) * sizeof *list);

	*count = 0;
	for (size_t i = 0; list && i < all; i++) {
		const char *name = attributes[2 * i], *value = attributes[2 * i + 1];
		if (declares(name) != declarations)
			continue;
		if (declarations)
			name += name[5] ? 6 : 5;
		struct whole_pair pair = {arena_text(&b->whole->arena, name, strlen(name)),
		        arena_text(&b->whole->arena, value, strlen(value))};
		if (!pair.name || !pair.value)
			return NULL;
		list[(*count)++] = pair;
	}
	return list;
}

static const struct gate_cause *on_start(
        void *self, const char *name, const char *const *attributes, const struct gate_tag *tag)
{
	struct builder *b = self;
	size_t names_before = b->names.count;
	const struct binding *binding;
	const struct gate_cause *cause = take_text(b, tag);
	bool meant;

	if (!cause)
		cause = names_declare(&b->names, attributes);
	if (cause)
		return cause;
	const char *local = names_element(&b->names, name, &binding);
	if (!binding)
		return &names_bad;
	struct whole_node *node = node_of(b, WHOLE_ELEMENT);
	if (!node)
		return &gate_no_memory;
	node->name = arena_text(&b->whole->arena, name, strlen(name));
	node->uri = binding->uri;
	node->attributes = pairs(b, attributes, false, &node->attribute_count);
	node->declarations = pairs(b, attributes, true, &node->declaration_count);
	if (!node->name || !node->attributes || !node->declarations)
		return &gate_no_memory;
	node->local = node->name + (local - name);
	if (!b->open)
		b->whole->root = node;
	b->open = node;
	b->names_before[b->depth++] = names_before;
	return names_attributes(&b->names, attributes, &meant);
}

static const struct gate_cause *on_end(void *self, const struct gate_tag *tag)
{
	struct builder *b = self;
	const struct gate_cause *cause = take_text(b, tag);

	b->open = b->open->parent;
	b->names.count = b->names_before[--b->depth];
	return cause;
}

static void on_comment(void *self)
{
	struct builder *b = self;

	b->open->comment = true;
}

static void on_cdata(void *self)
{
	(void)self; /* to a signature it is text */
}

static const struct gate_cause *on_instruction(void *self, const char *target, const char *content)
{
	struct builder *b = self;
	struct whole_node *node = node_of(b, WHOLE_INSTRUCTION);

	if (!node)
		return &gate_no_memory;
	node->name = arena_text(&b->whole->arena, target, strlen(target));
	node->text = arena_text(&b->whole->arena, content, strlen(content));
	node->len = strlen(content);
	if (!b->whole->before)
		b->whole->before = node;
	else
		b->last_before->next = node;
	b->last_before = node;
	return node->name && node->text ? NULL : &gate_no_memory;
}

bool whole_read(const void *bytes, size_t len, size_t limit, struct whole *out, struct err *err)
{
	static const struct gate_follower follower = {.start = on_start,
	        .end = on_end,
	        .comment = on_comment,
	        .cdata = on_cdata,
	        .instruction = on_instruction};

	*out = (struct whole){0};
	if (!gate_bytes(bytes, len, limit, err))
		return false;
	struct builder *b = calloc(1, sizeof *b);

	if (!b)
		return gate_starved(err);
	b->whole = out;
	b->bytes = bytes;
	b->names.arena = &out->arena;
	bool good = gate_walk(bytes, len, &gate_message, &follower, b, err);
	free(b);
	if (!good)
		whole_finish(out);
	return good;
}

void whole_finish(struct whole *whole)
{
	arena_finish(&whole->arena);
	*whole = (struct whole){0};
}
