/* SPDX-License-Identifier: Apache-2.0
 * screen - the mechanical look for what must not be published: marks of secrecy, resident and
 * residence-permit ids, telephone numbers, bank cards, names of persons, protected sites. It finds
 * forms, not meaning: the secrecy review stays a person's duty.
 *
 * A text is first folded (screen_fold.h), so that full-width, circled, traditional, Cyrillic or
 * invisible characters hide nothing. A find names its kind and its place, and never repeats what
 * stands there. The text is never changed. Takes time in proportion to the text. Cannot fail.
 */
#ifndef TOCSIN_SCREEN_H
#define TOCSIN_SCREEN_H

#include <jansson.h>

#include "cap.h"
#include "cap_problem.h"
#include "screen_lists.h"

struct screen_rules {
	const struct screen_lists *lists;
	const struct texts *hotlines; /* units' published numbers, digits only; NULL = none */
};

/* Something that holds the bulletin. */
struct screen_hit {
	const char *rule;  /* static: screen.secret, screen.resident-id, ... */
	char *path;        /* /alert/info[1]/description */
	size_t start, len; /* characters of that text, the first one is 0 */
	char *zh, *en;     /* one sentence each */
};

/* Something that may be harmless here and tell too much beside another bulletin (aggregate.h). */
struct screen_token {
	const char
	        *kind; /* static: person, tail, plate, site-lat, ... or a detail: age, home, ... */
	bool subject;  /* tells who; otherwise something about somebody */
	char *value;   /* never kept: only its keyed digest is */
	char *path;
	size_t start, len;
};

enum { SCREEN_MOST = 100 }; /* hits kept; and tokens */
struct screen_found {
	struct screen_hit *hits;
	size_t hit_count;
	struct screen_token *tokens;
	size_t token_count;
};
void screen_found_finish(struct screen_found *found); /* zeroed again */

/* One text; adds to *found, which starts zeroed. */
void screen_text(const char *path, const char *text, const struct screen_rules *rules,
        struct screen_found *found);
/* Every free text of the message. */
void screen_alert(const struct cap_alert *alert, const struct screen_rules *rules,
        struct screen_found *found);

/* One more hit with sentences of its own. */
void screen_add_hit(struct screen_found *found, const char *rule, const char *path, size_t start,
        size_t len, const char *zh, const char *en);

/* Each hit as a warning, "<path> (character 12)". */
void screen_problems(const struct screen_found *found, struct cap_problems *problems);
/* [{"rule","path","start","length","message","message_zh"}]; the caller's. */
json_t *screen_hits_json(const struct screen_found *found);

#endif
