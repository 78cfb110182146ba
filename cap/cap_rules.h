/* SPDX-License-Identifier: Apache-2.0
 * cap_rules - the functions behind the table of rules (cap_rules.def). Inside cap/ only.
 *
 * A rule's function looks at one object and calls cap_found() for each fault; level and sentences
 * stand in the table. Every function takes time that grows no faster than n log n with the message,
 * and bears with texts that are not there (a message that parsing complained about is still looked
 * at).
 */
#ifndef TOCSIN_CAP_RULES_H
#define TOCSIN_CAP_RULES_H

#include "cap_geometry.h"
#include "cap_place.h"
#include "cap_rule.h"

/* What was found out about the polygons of one area. */
struct cap_crossings {
	const struct cap_area *area; /* NULL: of none yet */
	struct {
		enum cap_crossing found;
		struct cap_point at;
	} * items;
};

/* What kinds of bytes a text holds: most rules about texts have nothing to do with most texts. */
enum cap_mark {
	CAP_MARK_CONTROL = 1, /* below a blank, but for tab and ends of lines */
	CAP_MARK_LESS = 2,    /* < */
	CAP_MARK_AMP = 4,     /* & */
	CAP_MARK_LATIN = 8,   /* a letter of ASCII */
	CAP_MARK_ACCENT = 16, /* first byte of U+00C0 to U+027F */
	CAP_MARK_E2 = 32,     /* first byte of U+2000 to U+2FFF */
	CAP_MARK_HAN = 64,    /* first byte of U+4000 to U+9FFF: Chinese for certain */
	CAP_MARK_EF = 128,    /* first byte of U+F000 to U+FFFF */
	CAP_MARK_OTHER = 256, /* first byte of anything else beyond ASCII */
};
unsigned cap_marks(const char *text); /* NULL has none */

enum { CAP_TEXTS = 7, CAP_TEXT_HEADLINE = 3, CAP_TEXT_DESCRIPTION = 4 };
struct cap_info_marks {
	unsigned texts[CAP_TEXTS]; /* in the order of cap_rules_text.c */
	unsigned areas;            /* of all areaDesc together */
};
void cap_info_marks(const struct cap_info *info, struct cap_info_marks *out);

struct cap_look {
	const struct cap_alert *alert;
	const struct cap_info *info;         /* NULL for rules of the alert */
	const struct cap_resource *resource; /* rules of resources only */
	const struct cap_area *area;         /* rules of areas only */
	const struct cap_place *place;
	const struct cap_rule *rule;
	enum cap_level level;
	const struct cap_ways *ways;
	struct cap_crossings *crossings;
	const struct cap_info_marks *marks; /* of `info` */
	struct cap_problems *problems;
};

/* A fault in child `element` (NULL: the object itself), the index-th of its kind (0: comes once);
 * `value` (may be NULL) is quoted behind the sentence. */
void cap_found(const struct cap_look *look, const char *element, size_t index, const char *value);

/* cap_rule_identifier, ... : one for each row of the table. */
#define RULE(id, object, at, function, levels, zh, en) cap_rule_function cap_rule_##function;
#define READ(id, at, levels, zh, en)
#include "cap_rules.def"
#undef RULE
#undef READ

bool cap_blank(const char *text);                      /* NULL, "" or white space only */
bool cap_same_text(const char *a, const char *b);      /* both there, not blank, and the same */
const char *cap_language(const struct cap_info *info); /* en-US where none is given */
bool cap_language_is(const char *language, const char *primary); /* "zh-CN" is "zh" */
bool cap_has_code(const struct cap_alert *alert, const char *code, bool only_begins);
/* The first pair whose name begins so; NULL = none. */
const struct cap_pair *cap_pair_beginning(const struct cap_pairs *pairs, const char *name);
bool cap_digits(const char *text, size_t count); /* so many digits and nothing else */

bool cap_uri_absolute(const char *uri);
bool cap_uri_safe(
        const char *uri); /* relative, or of a scheme that opens a page, a file afar or a mail */

/* A country's extent, generously; the shapes of an area against it. */
struct cap_extent {
	double south, north, west, east;
};
enum cap_lie { CAP_LIES_INSIDE, CAP_LIES_PARTLY, CAP_LIES_OUTSIDE, CAP_LIES_SWAPPED };
enum cap_lie cap_polygon_lies(const struct cap_polygon *polygon, const struct cap_extent *extent);
enum cap_lie cap_circle_lies(const struct cap_circle *circle, const struct cap_extent *extent);

/* AUeventLIST 1.0: is it one of its codes, and is that what the list calls it? */
bool cap_au_known(const char *code);
bool cap_au_called(const char *code, const char *event);

#endif
