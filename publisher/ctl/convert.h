/* SPDX-License-Identifier: Apache-2.0
 * convert - a message in another form, on the command line: what the forms share. Inside convert*.c
 * only.
 */
#ifndef TOCSIN_CONVERT_H
#define TOCSIN_CONVERT_H

#include "cap_read.h"
#include "catalog.h"
#include "national.h"
#include "view.h"

/* One conversion. Borrowed but for the problems. */
struct convert {
	const struct cap_alert *alert;
	const struct catalog *catalog;
	const struct national_help *help;
	struct cap_problems problems; /* the report */
	/* Of plain text: */
	const char *tables; /* the folder of phrases.csv */
	const char *language;
	size_t limit; /* characters, 0 = none */
};

/* Writes the form behind *out. false: *err says why it cannot be. */
typedef bool convert_form(struct convert *convert, struct buf *out, struct err *err);
convert_form convert_cap, convert_national, convert_json, convert_text;

bool convert_public(const struct cap_alert *alert, struct err *err); /* else no form for all */
/* The flat view of it; *view zeroed. */
bool convert_view(struct convert *convert, struct view *view, struct err *err);

/* Messages had before, for references (--known). */
struct convert_known {
	struct cap_reference *items;
	size_t count;
};
bool convert_known_add(struct convert_known *known, const char *file, struct err *err);
void convert_known_finish(struct convert_known *known);
cap_known_function convert_known_find; /* the record is a struct convert_known */

#endif
