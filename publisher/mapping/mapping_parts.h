/* SPDX-License-Identifier: Apache-2.0
 * mapping_parts - the tables, and one item on its way. Inside mapping*.c only.
 */
#ifndef TOCSIN_MAPPING_PARTS_H
#define TOCSIN_MAPPING_PARTS_H

#include <jansson.h>

#include "cap_rule.h"
#include "mapping.h"
#include "national.h"

/* How a member becomes an element. `from` is a JSON pointer within the item; `with` is the way's.
 */
enum how {
	HOW_TEXT,   /* as it stands; `with`: what stands for nothing, noted */
	HOW_TIME,   /* the same; 2026/07/01 becomes 2026-07-01 */
	HOW_WORD,   /* `with`: "their=Ours ..."; others as they stand */
	HOW_EACH,   /* an element for each text of a list, or for one text; `with` as HOW_TEXT's */
	HOW_PAIR,   /* a valueName (`with`) and the text as value */
	HOW_PAIRS,  /* of an object {name: [value, ...]} a pair for each value */
	HOW_FIXED,  /* nothing says it: `with`, noted */
	HOW_FOR,    /* of a moment they do not tell: that of another, noted */
	HOW_SCRIPT, /* zh-CN for a text in Chinese characters, noted; else nothing */
	HOW_LEVEL,  /* the severity of a colour or grade; without `from` the headline's */
	HOW_COLOUR, /* the same as parameter `colour` */
	HOW_KNOWN,  /* what the house's table of events says: category, event, eventCode */
	HOW_TRIPLETS, /* a list of {sender, identifier, sent} */
	HOW_UPDATES,  /* a list of identifiers of the same producer, or one: looked up in the record
	               */
	HOW_SHAPE,    /* a geometry of GeoJSON */
};

/* In the order of CAP's elements; ends with a row whose `to` is NULL. */
struct mapping_row {
	const char *to;
	enum how how;
	const char *from, *with;
};

struct mapping {
	const char *name;
	const char *items; /* JSON pointer to the list; NULL: the only list of objects there is */
	const char *zone;  /* of times without offset; "" none */
	const char *event, *headline, *text; /* pointers, for the table of events; "" none */
	const struct mapping_row *alert, *info, *area;
};
extern const struct mapping mappings[]; /* ends with name NULL */

/* One item. */
struct item {
	const struct mapping *mapping;
	const json_t *json;
	const char *place;                /* its pointer */
	const struct national_help *help; /* NULL: no table of events, no record */
	struct national_event event;      /* what help says of it */
	enum level level;                 /* LEVEL_NONE: it names none */
	char *references;                 /* triplets, or "" */
	bool lost_reference;              /* one that is not in the record */
	bool lifts;                       /* its words say that something is over */
	struct cap_problems *problems;
};

const json_t *item_at(const struct item *item, const char *pointer); /* NULL: not there */
char *json_words(const json_t *value); /* a text or number, blanks off; "" else. The caller's */
char *item_text(const struct item *item, const char *pointer);
/* At place and pointer. */
void item_note(const struct item *item, const char *rule, const char *pointer, const char *zh,
        const char *en);
void item_error(const struct item *item, const char *rule, const char *pointer, const char *zh,
        const char *en);

/* mapping_item.c: the CAP document it amounts to, on one line. */
void item_write(struct item *item, struct buf *out);
/* mapping_how.c */
void row_write(const struct item *item, const struct mapping_row *row, struct buf *out);
void element_write(const char *name, const char *text, struct buf *out); /* "" is none */
/* mapping_shape.c */
void shape_write(const struct item *item, const struct mapping_row *row, struct buf *out);
/* mapping_refer.c: fills in references and lost_reference. */
void item_refer(struct item *item);

#endif
