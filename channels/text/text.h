/* SPDX-License-Identifier: Apache-2.0
 * text - what each kind of far side will say, and whether it fits: pure renderers, no I/O.
 *
 * Rendered at submission with VIEW_SENT_MARK where the moment of release stands, approved as bytes,
 * filled once at release. Nothing is ever shortened silently after approval; a renderer that must
 * shorten does so at the end of a sentence and says so in the fit.
 */
#ifndef TOCSIN_TEXT_H
#define TOCSIN_TEXT_H

#include <stdbool.h>

#include "buf.h"
#include "err.h"
#include "status.h"
#include "view.h"

/* What a far side's settings say about texts; zeroed = none. */
struct text_style {
	const char *signature; /* SMS: 【天津应急】 with its brackets; "" none */
	const char *prefix;    /* weibo topic-free prefix and the like; "" none */
	int sms_max_parts;     /* 0 = 10 */
};

struct text_fit {
	char unit[16]; /* "units16" (sms), "weibo", "characters" (wechat: of the content), "bytes"
	                */
	int used, limit;
	int parts;      /* SMS: 1, or the number of 67-character parts; others 1 */
	bool shortened; /* at the end of a sentence, to fit */
};

/* The text for one kind of channel (terms.h: channel kinds). false + *err when it cannot be
 * expressed within the far side's limits (then the bulletin cannot go there, and review says so).
 *
 *   sms      plain text with signature, 70 UCS-2 units or 67 a part
 *   weibo    at most 140 units, ends with the page's link, no '#', no '@'
 *   wechat   JSON object {"title","digest","author","content"}; content is HTML
 *   wecom    markdown, at most 4096 bytes
 *   webhook  JSON object: the flat view (docs/SUBSCRIBERS.md)
 *   mqtt     the same JSON object as webhook
 *   website  the bulletin's whole HTML page, Chinese, works without scripts
 *   manual   plain text to read aloud
 *
 * Other kinds: err. Every text names issuer, time, level, areas and what to do, and in exercise and
 * test mode begins with 【演练】 or 【测试】 (in JSON: the title or headline does) and says so in
 * words. sms, weibo, wecom and manual carry the identifier, so that a person sees a repeat. Where a
 * text is too long, whole sentences are left out from the end of the description, then of the
 * instruction; the first sentence of each stays. err and style may be NULL; err when it still does
 * not fit, or issuer, identifier or areas are missing. */
bool text_render(const char *kind, const struct view *view, const struct text_style *style,
        struct buf *out, struct text_fit *fit, struct err *err);

/* A notice in words, for the kinds whose traits say `notes` (sms: plain, one line, behind the
 * signature, "" for none; wecom: markdown). false + *err: another form, or another kind. */
bool text_note(const char *kind, const char *signature, const struct status *notice,
        struct buf *out, struct err *err);

/* Replaces every VIEW_SENT_MARK by the moment, "2026年11月23日09时00分" (+08:00), and every
 * VIEW_SENT_ISO_MARK by "2026-11-23T09:00:00+08:00". */
void text_fill_sent(const char *text, int64_t sent, struct buf *out);

/* Escapers, each in its own grammar. Control and bidi-override characters are dropped; line ends
 * stay. */
void text_html(struct buf *out, const char *text); /* also good for XML text and attributes */
void text_json_string(
        struct buf *out, const char *text); /* with its quotes; non-ASCII stays as it is */
void text_json_member(struct buf *out, const char *name, const char *value); /* "name":"value", */
void text_markdown(struct buf *out, const char *text); /* marks become their full-width twins */

/* How a long SMS is cut: the bytes of the first part of `text` (0 at the end). `whole` = it is all
 * there is, and 70 units fit; otherwise 67. A surrogate pair is never cut, so a part may hold one
 * unit less. */
size_t text_sms_part(const char *text, bool whole);
int text_sms_parts(const char *text); /* 1, or the number of parts of a long one */

#endif
