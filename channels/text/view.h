/* SPDX-License-Identifier: Apache-2.0
 * view - a bulletin laid flat for people: what the text renderers and the channels know of it.
 *
 * Made from the CAP message by publisher/facts/flatten.c and carried to the agents beside the
 * signed CAP, so that no channel parses XML. Texts are UTF-8, never NULL ("" when there is
 * nothing).
 */
#ifndef TOCSIN_VIEW_H
#define TOCSIN_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "frame.h"
#include "mem.h"
#include "terms.h"

/* Stands for the moment of release in every text until `sent` is known. What replaces it is always
 * as wide, "2026年11月23日09时00分" (text_fill_sent), so lengths are counted as if it were there
 * already. Review refuses a bulletin whose own words contain the mark. */
#define VIEW_SENT_MARK "{sent}"
/* The same for machines (JSON, <time datetime>): "2026-11-23T09:00:00+08:00". It holds the mark
 * above, so that whoever refuses that one refuses this one too. */
#define VIEW_SENT_ISO_MARK "{iso}{sent}"

struct view_area {
	char *code; /* division, or "" */
	char *name;
	char *polygon; /* CAP's text ("lat,lon lat,lon ..."), the first polygon; "" when none */
};

struct view {
	char *identifier; /* CAP identifier: the alert number people can quote */
	char *chain;      /* identifier of the chain's first message */
	char *replaces;   /* identifier of the message this one updates, cancels or corrects; "" */
	char *references; /* CAP references, for the page and the feed; "" */
	enum verb verb;
	enum mode mode;
	enum kind kind;
	enum level level;
	char *hazard;      /* code */
	char *event;       /* 暴雨 */
	char *sender;      /* CAP sender: who speaks, for machines */
	char *sender_name; /* 天津市气象台 */
	char *headline;
	char *description;
	char *instruction;
	char *contact;
	char *web; /* the page of this bulletin, made by tocsind from the setting public_url; ""
	              when none */
	char *category;                       /* CAP category */
	char *urgency, *severity, *certainty; /* CAP's words */
	char *language;
	int64_t sent;                      /* 0 = not released yet */
	int64_t effective, onset, expires; /* ms; 0 = absent */
	struct view_area *areas;
	size_t area_count;
};

void view_init(struct view *view); /* every text "" */
void view_finish(struct view *view);
struct view_area *view_add_area(struct view *view);

/* As fields of a frame (one after the other, tags of our own), and back. view_get fills a struct
 * that holds nothing yet; false when the fields are not a view, and then there is nothing in it to
 * free. */
void view_put(const struct view *view, struct buf *out);
bool view_get(struct view *view, struct frame *frame);

/* SHA-256 over view_put with `sent` 0 and `references` "": the manifest's `view` line. */
void view_digest(const struct view *view, char hex[DIGEST_HEX]);

#endif
