/* SPDX-License-Identifier: Apache-2.0
 * preview - what these words would become, were they handed in and submitted now: the same
 * drafting, rules, screen, texts and question to the policy, and nothing of it is kept.
 */
#ifndef TOCSIN_PREVIEW_H
#define TOCSIN_PREVIEW_H

#include "ask.h"
#include "ingest.h"
#include "screened.h"

/* What the table of sentences makes of it; `text` NULL: it cannot, and notes say why. */
struct plain_version {
	char *language;
	char *text;
	struct cap_problems notes;
};

struct preview {
	struct bulletin *bulletin; /* NULL: there is nothing to draft from */
	struct cap_problems problems;
	struct screened screened;
	struct plain_version *plain; /* in each language of phrases.csv */
	size_t plain_count;
	bool asked; /* `ask` holds the policy's answer */
	struct ask ask;
};
void preview_finish(struct preview *preview);

/* Fills in preview->plain; the rest of it must stand. */
void preview_plain(
        const struct house *house, const struct cap_alert *alert, struct preview *preview);
void preview_plain_finish(struct preview *preview);

/* false: *err, and problems may say more. */
bool preview_make(struct house *house, struct store *reader, const struct arrival *arrival,
        struct preview *preview, struct err *err);

#endif
