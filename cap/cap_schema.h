/* SPDX-License-Identifier: Apache-2.0
 * cap_schema - CAP 1.2's schema as tables: per element its children in order, how often, and who
 * reads them. Inside cap/ only: cap_parse.c walks the tables, cap_schema.c holds them.
 */
#ifndef TOCSIN_CAP_SCHEMA_H
#define TOCSIN_CAP_SCHEMA_H

#include <libxml/tree.h>

#include "cap_io.h"
#include "cap_place.h"
#include "cap_words.h"

struct cap_reader {
	struct cap_problems *problems;
	bool unfilled;   /* `sent` may be empty */
	const xmlNs *ns; /* the root's: nearly every element's, seen by its address */
};

enum cap_times { CAP_ONE, CAP_MAYBE, CAP_SOME, CAP_ANY }; /* 1, 0-1, 1-n, 0-n */

struct cap_row {
	const char *name;
	enum cap_times times;
	/* Reads `node` into the field at `offset` of `object`; says what is wrong to
	 * reader->problems. */
	void (*read)(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node,
	        const struct cap_row *row, void *object);
	size_t offset;
	const struct cap_words *words;  /* of read_word */
	bool (*fits)(const char *text); /* of read_token: is it of the type? */
};

struct cap_type {
	const struct cap_row *rows;
	size_t count;
	bool signatures; /* elements of xmldsig may follow */
};

enum { CAP_ROWS_MAX = 24 };
extern const struct cap_type cap_type_alert;

/* The engine (cap_parse.c). Children of `node` by the table of `type` into `object`. */
void cap_read_children(struct cap_reader *reader, const struct cap_place *place,
        const xmlNode *node, const struct cap_type *type, void *object);

/* The text of an element without child elements; the caller's. NULL when it is not one (it was
 * said). */
char *cap_read_leaf(struct cap_reader *reader, const struct cap_place *place, const xmlNode *node);

/* An error with its place, and an excerpt of what stood there for the two sentences' "%s". */
void cap_read_error(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const char *zh, const char *en);

#endif
