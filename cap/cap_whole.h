/* SPDX-License-Identifier: Apache-2.0
 * cap_whole - an XML document as a tree with nothing left out that a signature sees, made in the
 * gate's one walk, and its canonical forms. Inside cap/ only.
 *
 * Canonical XML 1.0 and 1.1 and Exclusive XML Canonicalization 1.0, without comments, of what the
 * gate lets in: no DOCTYPE, so no attribute by default and no entity of its own. Of xml:base, which
 * 1.1 would join, the nearest is taken.
 */
#ifndef TOCSIN_CAP_WHOLE_H
#define TOCSIN_CAP_WHOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "cap_arena.h"
#include "err.h"

enum whole_kind { WHOLE_ELEMENT, WHOLE_TEXT, WHOLE_INSTRUCTION };

struct whole_pair {
	const char *name; /* of an attribute, with its prefix; of a declaration the prefix alone */
	const char *value;
};

struct whole_node {
	enum whole_kind kind;
	const char *name;  /* of an element, with its prefix; the target of an instruction */
	const char *local; /* of an element */
	const char *uri;   /* of an element: its namespace, "" = none */
	const char *text;  /* of a text, or an instruction */
	size_t len;
	const struct whole_pair *attributes;   /* declarations of namespaces are none */
	const struct whole_pair *declarations; /* on this element */
	size_t attribute_count, declaration_count;
	bool comment; /* one stands directly in this element */
	struct whole_node *parent, *child, *last, *next;
};

struct whole {
	struct whole_node *root;
	struct whole_node *before; /* the instructions before it, the first */
	struct cap_arena arena;
};

/* After the gate's checks. false: *err; nothing is kept. */
bool whole_read(const void *bytes, size_t len, size_t limit, struct whole *out, struct err *err);
void whole_finish(struct whole *whole);

enum whole_form { WHOLE_EXCLUSIVE, WHOLE_C14N10, WHOLE_C14N11 };

/* The document without one element of it (NULL: all of it), and one element alone. A full `out`
 * says so itself. */
void whole_canonical(const struct whole *whole, const struct whole_node *without,
        enum whole_form form, struct buf *out);
void whole_canonical_element(
        const struct whole_node *element, enum whole_form form, struct buf *out);

#endif
