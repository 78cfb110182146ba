/* SPDX-License-Identifier: Apache-2.0
 * web_stream - one listener's wish to be told what happens (web_live.h): from where on, whose, and
 * what is told at all.
 */
#ifndef TOCSIN_WEB_STREAM_H
#define TOCSIN_WEB_STREAM_H

#include "web.h"

/* What a handler leaves in call->stream instead of an answer. */
struct web_stream {
	int64_t after; /* the last record known there */
	bool reset;    /* too far back, or none of ours: all must be looked at again */
	int64_t until; /* ms: when the session ends unless it is used; 0 = no session */
	char *officer; /* "" for a machine */
	char *caller;  /* the token's or session's name */
	char session[17];
};
void web_stream_destroy(struct web_stream **stream);

/* Begins where Last-Event-ID says, or ?after= of who cannot send that header, or (neither) now.
 * NULL: *err. */
struct web_stream *web_stream_begin(const struct call *call, struct err *err);

/* Of the audit chain's words those that are about the work; people and accounts are nobody's here.
 */
bool web_stream_tells(const char *what);

#endif
