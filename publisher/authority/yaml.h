/* SPDX-License-Identifier: Apache-2.0
 * yaml - rows of a YAML document, read by tables of fields; every fault with its place.
 *
 * Relies on libfyaml for the YAML itself. A fault is written down and reading goes on, so that an
 * administrator sees all of them at once. An alias may stand for a single value or a short list of
 * single values, as programs write them that use one list twice; for anything bigger it is refused,
 * so that a small file stays small when read.
 */
#ifndef TOCSIN_YAML_H
#define TOCSIN_YAML_H

#include <libfyaml.h>
#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"
#include "nearest.h"

struct yaml {
	const char *name; /* of the document: stands in front of every fault */
	struct buf *faults;
	size_t count;
	size_t aliases; /* followed so far */
};

/* One row is the key, whether it must be there, how its value is read, and its place in the struct.
 */
struct field {
	const char *name;
	bool needed;
	void (*read)(struct yaml *yaml, struct fy_node *value, void *place);
	size_t offset;
};

void yaml_fault(struct yaml *yaml, struct fy_node *node, const char *zh, const char *en, ...)
        __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
void yaml_fault_err(struct yaml *yaml, struct fy_node *node, const struct err *err);

/* Puts the document's file (its name is the path) into `bytes`, whose data is then never NULL;
 * false with its fault. */
bool yaml_read_file(struct yaml *yaml, struct buf *bytes);

/* The root mapping, or NULL with its fault. The document is the caller's either way. */
struct fy_node *yaml_open(
        struct yaml *yaml, const char *bytes, size_t len, struct fy_document **document);

/* Fills the struct from a mapping: unknown keys are faults with a suggestion, null values are
 * absent. `fields` ends with a NULL name. */
void yaml_row(struct yaml *yaml, struct fy_node *map, const struct field *fields, void *instance);

/* What the node stands for: itself, or what the alias names where an alias may stand. */
struct fy_node *yaml_meant(struct yaml *yaml, struct fy_node *node);

/* The scalar's text, the caller's, never empty; NULL with its fault. */
char *yaml_text(struct yaml *yaml, struct fy_node *node);
bool yaml_absent(struct fy_node *node); /* nothing, ~ or null, unquoted */

/* Hands every scalar of a list to `each`. */
void yaml_each(struct yaml *yaml, struct fy_node *list, void *place,
        void (*each)(struct yaml *yaml, struct fy_node *item, const char *text, void *place));

/* Otherwise a fault, and false. */
bool yaml_is_list(struct yaml *yaml, struct fy_node *node);
bool yaml_is_map(struct yaml *yaml, struct fy_node *node);

struct fy_node *yaml_value(struct fy_node *map, const char *key); /* or NULL */

#endif
