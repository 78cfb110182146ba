/* SPDX-License-Identifier: Apache-2.0
 * cap_names - what the prefixes of an XML document are bound to, along a walk. Inside cap/ only.
 *
 * Not by expat, which puts no bound on how many declarations hold at once.
 */
#ifndef TOCSIN_CAP_NAMES_H
#define TOCSIN_CAP_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "cap_arena.h"
#include "cap_gate.h"
#include "cap_tree.h"

struct binding {
	const char *prefix; /* "" = the default */
	const char *uri;    /* "" = none */
	enum cap_space space;
};

enum { BINDINGS_MAX = 64 };
struct names {
	struct cap_arena *arena;
	struct binding items[BINDINGS_MAX];
	size_t count; /* set back by the caller at the end of the element */
};

/* Those an element declares. NULL, or why they may not stand. */
const struct gate_cause *names_declare(struct names *names, const char *const *attributes);

/* The local part of an element's name, and what its prefix is bound to; *binding NULL: the name is
 * no good. */
const char *names_element(
        const struct names *names, const char *name, const struct binding **binding);

/* All attributes of an element. *meant: one is more than a hint where a schema lies. */
const struct gate_cause *names_attributes(
        const struct names *names, const char *const *attributes, bool *meant);

/* From the from-th binding on, is there one of this prefix? */
bool names_have(const struct names *names, size_t from, const char *prefix);

extern const struct gate_cause names_bad;

#endif
