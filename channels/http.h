/* SPDX-License-Identifier: Apache-2.0
 * http - the only place that knows libcurl's requests: one guarded connection pool per channel.
 *
 * The guards are the same for every far side: no redirects, no proxies, no netrc, no cookies, https
 * only (plain http to this machine's own loopback, or anywhere with `allow_http`), TLS 1.2 and the
 * certificate checked, a connect timeout, one deadline for the whole exchange, at most 64 KiB of
 * answer unless the request says otherwise. A request is never sent twice by the library behind our
 * back. Nothing here repeats a URL, a header or a body: they hold secrets. A redirect is only told
 * of: whoever asked decides whether to go there.
 */
#ifndef TOCSIN_HTTP_H
#define TOCSIN_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "mem.h"
#include "option.h"

enum { HTTP_ANSWER_MAX = 64 << 10 };

/* What every HTTP channel's settings share; part of its instance, with HTTP_OPTIONS among its rows.
 */
struct http_rules {
	bool allow_http;
	long connect_timeout; /* ms */
	char *ca_file;        /* "" = the system's */
	/* NULL: any address. Else only those of the public internet, and of these ranges; looked at
	 * after the name was looked up, so that no name leads elsewhere. */
	const struct texts *inside;
};

#define HTTP_OPTIONS(type, member)                                                                 \
	{.name = "allow_http",                                                                     \
	        .kind = OPTION_YES,                                                                \
	        .offset = offsetof(type, member.allow_http),                                       \
	        .fallback = "no",                                                                  \
	        .help = "Allow plain http to other machines too.",                                 \
	        .help_zh = "允许以明文 http 连接其他机器。"},                                      \
	        {.name = "connect_timeout",                                                        \
	                .kind = OPTION_SECONDS,                                                    \
	                .offset = offsetof(type, member.connect_timeout),                          \
	                .fallback = "3",                                                           \
	                .min = 100,                                                                \
	                .max = 60000,                                                              \
	                .help = "Give up connecting after this long.",                             \
	                .help_zh = "连接超过这一时间即放弃。"},                                    \
	{                                                                                          \
		.name = "ca_file", .kind = OPTION_TEXT, .offset = offsetof(type, member.ca_file),  \
		.fallback = "", .help = "Trust only the certificates in this PEM file.",           \
		.help_zh = "只信任此 PEM 文件中的证书。"                                \
	}

/* One exchange to be: POST of `body`, or GET when nothing was written there. Zeroed = empty. */
struct http_request {
	struct buf url;
	struct buf body;
	struct texts headers; /* "Name: value" */
	int64_t deadline;     /* when_boot() ms */
	size_t most;          /* bytes of the answer, unpacked; 0 = HTTP_ANSWER_MAX */
	bool packed;          /* the answer may come as gzip */
	size_t tag;           /* the caller's; comes back in the answer */
};

enum http_state {
	HTTP_ANSWERED,  /* `status` says */
	HTTP_NOT_SENT,  /* not a byte of the request left */
	HTTP_NO_ANSWER, /* the request, or part of it, left; it may have been read */
};

struct http_answer {
	size_t tag;
	enum http_state state;
	long status;
	struct buf body;     /* up to `most`; what came of it when there was no whole answer */
	bool cut;            /* there was more */
	int64_t retry_after; /* ms; 0 = nothing said */
	int64_t connect;     /* ms until connected, TLS included; 0 = an open connection was used */
	const char *reason;  /* static: why there is no answer */
	char *etag, *modified, *location; /* those headers; NULL: not there, or not fit to repeat */
};

struct http; /* opaque */

struct http *http_create(
        const struct http_rules *rules); /* rules are borrowed and must outlive it */
void http_destroy(struct http **http);

/* Is this a URL these rules would fetch (its scheme, no user or password in it, no control
 * characters)? Where the name really leads is looked at again when the connection is made. */
bool http_url_allowed(const struct http_rules *rules, const char *url, struct err *err);

void http_start(
        struct http *http, struct http_request *request); /* takes and empties the request */
size_t http_in_flight(const struct http *http);
/* The next finished exchange, waiting for it until `until` (when_boot() ms; 0 = as long as it
 * takes, which every request's deadline bounds). false: none yet, or nothing in flight. */
bool http_next(struct http *http, int64_t until, struct http_answer *answer);
/* The same; false also as soon as the descriptor `also` can be read. -1 = none. */
bool http_next_or(struct http *http, int also, int64_t until, struct http_answer *answer);
/* One exchange from start to end, for steps that need the answer before; nothing else may be in
 * flight. */
void http_call(struct http *http, struct http_request *request, struct http_answer *answer);

void http_request_finish(struct http_request *request); /* wipes */
void http_answer_finish(struct http_answer *answer);

/* "host:port" in small letters, the scheme's port where none is named; NULL: no http address. The
 * caller's. */
char *http_url_site(const char *url);
/* What a reference (absolute or relative) means at `base`, without its fragment; NULL: nothing. */
char *http_url_join(const char *base, const char *reference);

/* Percent-encodes for a query or a form. */
void http_encode(struct buf *out, const char *text);
/* May this stand as a header's value: no control characters, not empty? */
bool http_header_safe(const char *value);

#endif
