/* SPDX-License-Identifier: Apache-2.0
 * phrases - see phrases.h: looking up and filling in. Reading: phrases_read.c. A few hundred rows
 * are walked, a dozen times a text.
 */
#include "phrases.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
#include "phrases_rows.h"

enum { CODE = 5, CLASS = 3 };

const char *const phrase_part_names[PHRASE_PARTS] = {"act", "where", "within", "until", "open",
        "what", "event", "level", "grade", "issuer", "number", "call", "drill", "original"};

void phrases_destroy(struct phrases **phrases)
{
	if (!phrases || !*phrases)
		return;
	for (size_t i = 0; i < (*phrases)->count; i++) {
		struct phrase_row *row = &(*phrases)->rows[i];

		free(row->language);
		free(row->hazards);
		free(row->action);
		free(row->text);
	}
	free((*phrases)->rows);
	free(*phrases);
	*phrases = NULL;
}

bool phrases_speak(const struct phrases *phrases, const char *language)
{
	for (size_t i = 0; language && i < phrases->count; i++)
		if (strcasecmp(phrases->rows[i].language, language) == 0)
			return true;
	return false;
}

void phrases_languages(const struct phrases *phrases, struct buf *out)
{
	for (size_t i = 0; i < phrases->count; i++) {
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again = again || strcasecmp(phrases->rows[k].language,
			                         phrases->rows[i].language) == 0;
		if (!again)
			buf_format(out, "%s%s", out->len ? " " : "", phrases->rows[i].language);
	}
}

/* 2: the hazard itself; 1: its class (11B00 for 11B03); 0: any; -1: another. */
static int hazard_fits(const struct phrase_row *row, const char *hazard)
{
	char class[CODE + 1] = "";

	if (strcmp(row->hazards, "*") == 0)
		return 0;
	if (strlen(hazard) != CODE)
		return -1;
	memcpy(class, hazard, CLASS);
	memcpy(class + CLASS, "00", 3);
	return strstr(row->hazards, hazard) ? 2 : strstr(row->hazards, class) ? 1 : -1;
}

/* How much of what was asked the row says; -1: it is for something else. */
static int worth(const struct phrase_row *row, const struct phrase_key *key)
{
	bool any_action = strcmp(row->action, "*") == 0;
	int hazard = hazard_fits(row, key->hazard);

	if (row->part != key->part || strcasecmp(row->language, key->language) != 0 || hazard < 0 ||
	        (!any_action && strcmp(row->action, key->action) != 0) ||
	        (!row->any_level && !(row->levels & 1U << key->level)))
		return -1;
	return (any_action ? 0 : 6) + 2 * hazard + (row->any_level ? 0 : 1);
}

bool phrases_find(const struct phrases *phrases, const struct phrase_key *key, struct phrase *out)
{
	const struct phrase_row *best = NULL;
	int most = -1;

	for (size_t i = 0; i < phrases->count; i++) {
		int is = worth(&phrases->rows[i], key);

		if (is > most) {
			most = is;
			best = &phrases->rows[i];
		}
	}
	if (!best)
		return false;
	*out = (struct phrase){best->text, strcmp(best->hazards, "*") == 0, best->approved};
	return true;
}

void phrase_fill(
        const char *text, const char *const *names, const char *const *values, struct buf *out)
{
	buf_text(out, "");
	while (*text) {
		size_t i = 0;

		while (names[i] && strncmp(text, names[i], strlen(names[i])) != 0)
			i++;
		if (names[i]) {
			buf_text(out, values[i]);
			text += strlen(names[i]);
		} else {
			buf_char(out, *text++);
		}
	}
}
