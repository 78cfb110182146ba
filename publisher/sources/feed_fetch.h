/* SPDX-License-Identifier: Apache-2.0
 * feed_fetch - one document by HTTP(S), redirects and all. Inside feed*.c only.
 */
#ifndef TOCSIN_FEED_FETCH_H
#define TOCSIN_FEED_FETCH_H

#include "http.h"

/* The settings of a feed (feed.c has their rows). */
struct feed {
	char *url, *header, *memory, *encoding;
	long every, timeout, limit; /* ms, ms, bytes */
	struct texts hosts, inside;
	struct http_rules rules;
	struct texts sites; /* url's, and those of hosts: http_url_site() */
};

enum fetched {
	FETCHED,       /* answer: status 200 and all of the body */
	FETCH_SAME,    /* 304 */
	FETCH_FAILED,  /* another time perhaps; *err */
	FETCH_REFUSED, /* not by these settings; *err */
};

/* etag, modified: of the answer that was kept, or NULL. `most`: bytes. *answer is the caller's
 * whatever came of it. */
enum fetched feed_fetch(const struct feed *feed, struct http *http, const char *url, size_t most,
        const char *etag, const char *modified, struct http_answer *answer, struct err *err);

#endif
