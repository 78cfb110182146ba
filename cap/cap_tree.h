/* SPDX-License-Identifier: Apache-2.0
 * cap_tree - an XML document as a tree, made in the gate's one walk. Inside cap/ only.
 *
 * It holds what reading a message needs and no more: of an element its name, its namespace, its
 * place, its children, and the text of one that has none. All of it lies in a few blocks and goes
 * at once. Namespaces are well-formed or the document is refused.
 */
#ifndef TOCSIN_CAP_TREE_H
#define TOCSIN_CAP_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "cap_arena.h"
#include "cap_io.h"
#include "err.h"

enum cap_space { SPACE_NONE, SPACE_CAP_12, SPACE_CAP_11, SPACE_CAP_10, SPACE_DSIG, SPACE_OTHER };

struct cap_node {
	const char *name; /* without prefix */
	const char *uri;  /* of its namespace; "" = none */
	enum cap_space space;
	const char *text; /* what stands directly in it, joined; "" when it has children */
	size_t text_len;
	const struct cap_node *child, *next; /* elements only */
	size_t at, end;                      /* bytes from the beginning: its '<', behind its '>' */
	const struct cap_outside *outside;   /* of an element `alert` inside others; else NULL */
	bool attribute;  /* has one that means something (the hints where a schema lies do not) */
	bool loose_text; /* text that is not blank stands between its children */
	bool comment;    /* a comment stands directly in it */
	bool cdata;      /* a CDATA section stands directly in it */
};

/* The namespaces that hold around an element, but for those it declares anew. */
struct cap_outside {
	size_t count;
	struct {
		const char *prefix, *uri; /* "" = the default */
	} items[];
};

struct cap_tree {
	const struct cap_node *root;
	const char *bytes; /* borrowed: the document */
	struct cap_arena arena;
};

struct gate_bounds;

/* false: *err says why, as gate_walk; nothing is kept. */
bool cap_tree_read(const void *bytes, size_t len, const struct gate_bounds *bounds,
        struct cap_tree *out, struct err *err);
void cap_tree_finish(struct cap_tree *tree);

size_t cap_tree_line(const struct cap_tree *tree, size_t at); /* counts from 1 */

#endif
