/* SPDX-License-Identifier: Apache-2.0
 * cap_schema - CAP's schemas as tables: per element its children in order, how often, and who reads
 * them. Inside cap/ only: cap_parse.c walks the tables, cap_schema.c holds them, cap_value.c reads
 * the simple types.
 */
#ifndef TOCSIN_CAP_SCHEMA_H
#define TOCSIN_CAP_SCHEMA_H

#include "cap_place.h"
#include "cap_read.h"
#include "cap_tree.h"
#include "cap_words.h"

struct cap_reader {
	struct cap_problems *problems;
	const struct cap_tree *tree;
	enum cap_version version;
	enum cap_space space; /* the root's */
	bool lenient;
	bool unfilled;       /* `sent` may be empty */
	const char *zone;    /* "" = none */
	const char *wrapper; /* path of what the document was taken out of; "" = of nothing */
	size_t line;         /* its first line there, counted from 0 */
	size_t liberties, signatures;
	bool doubtful;   /* a shape is */
	bool namespaces; /* that some are wrong was said */
	bool starved;    /* memory ran out: what was read is not whole */
};

enum cap_times { CAP_ONE, CAP_MAYBE, CAP_SOME, CAP_ANY }; /* 1, 0-1, 1-n, 0-n */

struct cap_row {
	const char *name;
	enum cap_times times;
	/* Reads `node` into the field at `offset` of `object`; says what is wrong to
	 * reader->problems. */
	void (*read)(struct cap_reader *reader, const struct cap_place *place,
	        const struct cap_node *node, const struct cap_row *row, void *object);
	size_t offset;
	const struct cap_words *words;  /* of read_word */
	bool (*fits)(const char *text); /* of read_token: is it of the type? */
	enum cap_version since;         /* zeroed: always there */
	enum cap_version gone;          /* zeroed: never gone; else no more from this one on */
	enum cap_version needed_since;  /* before it, it may be missing ... */
	const char *stands_for;         /* ... and this is then read */
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
        const struct cap_node *node, const struct cap_type *type, void *object);

/* Where a row's reader puts what it read. */
void *cap_read_field(void *object, const struct cap_row *row);

/* The text of an element without child elements; borrowed. NULL when it is not one (it was said).
 */
const char *cap_read_leaf(
        struct cap_reader *reader, const struct cap_place *place, const struct cap_node *node);

/* An error with its place; an excerpt of `value` (may be NULL) stands behind the sentence. */
void cap_read_error(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const char *zh, const char *en, const char *value);
/* The same for a liberty taken. */
void cap_read_note(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const char *zh, const char *en, const char *value);
void cap_read_say(struct cap_reader *reader, enum cap_level level, const struct cap_place *place,
        const char *rule, const char *zh, const char *en, const char *value);

/* NULL where there is no memory: then what is read is given up as a whole. */
void *cap_read_got(struct cap_reader *reader, void *memory);

/* Said of the document as a whole, which then is not read; false. */
bool cap_read_refuse(struct cap_problems *problems, const struct err *err);
bool cap_read_no_memory(struct cap_problems *problems);
/* Gate and tree; false: *problems say why. */
bool cap_read_tree(const void *bytes, size_t len, size_t limit, struct cap_tree *tree,
        struct cap_problems *problems);

/* The root of a document that was read: NULL when it is no alert, or there was no memory (it was
 * said). */
struct cap_alert *cap_read_alert(struct cap_reader *reader, const struct cap_node *root);

/* Readers of the simple types (cap_value.c), for the rows. */
typedef void cap_row_reader(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object);
cap_row_reader cap_read_text, cap_read_optional, cap_read_token, cap_read_size, cap_read_language,
        cap_read_word, cap_read_category, cap_read_response, cap_read_time, cap_read_sent,
        cap_read_code, cap_read_references, cap_read_polygon, cap_read_circle, cap_read_skip;

#endif
