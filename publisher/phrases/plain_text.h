/* SPDX-License-Identifier: Apache-2.0
 * plain_text - a message in a language of the phrase table: plain Chinese, English, whatever the
 * bureau keeps there. Only names, numbers and times come out of the message; no sentence does, but
 * for what was issued, which stands below as it is.
 */
#ifndef TOCSIN_PLAIN_TEXT_H
#define TOCSIN_PLAIN_TEXT_H

#include "cap.h"
#include "cap_problem.h"
#include "catalog.h"
#include "phrases.h"
#include "text.h"

/* All borrowed. */
struct plain_message {
	const struct cap_alert *alert;
	const struct view *view; /* flatten() of it */
	const struct catalog *catalog;
	const struct phrases *phrases;
};

/* `limit` in characters, 0 = none. What had to be said generally, or could not be said in the
 * language, is a note: rules "plain.*". false + *err: the language is not in the table, or place,
 * time, level and issuer do not fit. *fit may be NULL. */
bool plain_text(const struct plain_message *message, const char *language, size_t limit,
        struct buf *out, struct text_fit *fit, struct cap_problems *notes, struct err *err);

/* The sentences apart, for an info of CAP; issuer and moment have elements of their own there. "":
 * there is nothing to say. */
struct plain_sentences {
	char *drill, *act, *where, *until, *what, *call;
};
/* Notes and *err as above; zeroed when false. */
bool plain_sentences(const struct plain_message *message, const char *language,
        struct plain_sentences *out, struct cap_problems *notes, struct err *err);
void plain_sentences_finish(struct plain_sentences *sentences);

#endif
