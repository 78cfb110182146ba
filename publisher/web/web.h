/* SPDX-License-Identifier: Apache-2.0
 * web - HTTP/1.1 by libevent: listening, the gate every request passes, calls carried to the
 * workers and answers back. What the paths mean is in the routes given.
 *
 * The loop reads and writes; a worker runs the handler in a straight line. A client that leaves
 * early loses only its answer.
 */
#ifndef TOCSIN_WEB_H
#define TOCSIN_WEB_H

#include <event2/http.h>
#include <jansson.h>

#include "house.h"

/* What tells where a request comes from, as it stood in it; "" when absent. */
struct web_from {
	char *peer;      /* the socket's other end */
	char *forwarded; /* X-Forwarded-For */
	char *host, *origin;
	char *site; /* Sec-Fetch-Site */
	char *cookie, *csrf;
	char *last_event; /* Last-Event-ID */
};

/* One request, and its answer. */
struct call {
	struct house *house;
	struct store *reader;
	const struct caller *caller; /* NULL for routes without a scope */
	char *method, *path, *query; /* path undecoded, query "" when none */
	char *content_type, *authorization, *idempotency_key; /* "" when absent */
	struct web_from from;
	char *body;
	size_t body_len;
	char *part[4]; /* what stood for each {} of the pattern; NULL behind the last */

	int status;           /* of the answer; 200 unless set */
	char *type;           /* of the answer; NULL: application/json */
	struct texts headers; /* more of the answer's, "Name: value" */
	struct buf answer;
	bool known;      /* its token or session was good, whatever it may do */
	bool secret;     /* the answer is said this once: kept nowhere, wiped when it has gone */
	bool unattended; /* not asked by a person just now: a session is not used by it */
	struct web_stream *stream; /* the answer goes on (web_live.h); NULL: it does not */
};

/* false: *err becomes a problem+json answer. */
typedef bool (*call_handler)(struct call *call, struct err *err);

enum {
	ROUTE_REPEATABLE = 1, /* takes an Idempotency-Key */
	ROUTE_HASHES = 2,     /* hashes passwords: by workers of its own, few at once */
	ROUTE_UNATTENDED = 4, /* asked by a page on its own: never counts as use of a session */
	/* Runs on the loop, where it may wait for nothing. It returns true and is answered later,
	 * by call_answer. */
	ROUTE_LATER = 8,
};

/* Or, in `how`: for officers with one of these duties only. */
enum {
	ROUTE_DUTIES = 8, /* how far their bits are moved */
	ROUTE_ADMIN = DUTY_ADMIN << ROUTE_DUTIES,
	ROUTE_ACCOUNTS = DUTY_ACCOUNTS << ROUTE_DUTIES,
	ROUTE_AUDIT = DUTY_AUDIT << ROUTE_DUTIES,
};

struct route {
	const char *method;
	const char *pattern; /* "/api/v1/bulletins/{}/submit" */
	const char *scope;   /* or several, one of which is enough; NULL: no token needed */
	unsigned how;        /* ROUTE_... */
	call_handler handler;
};

struct web;
struct web_pages;
struct web_live;
/* addresses: "127.0.0.1:8080", "[::1]:8080". tables ends with NULL, each table with a NULL
 * method. authorise turns the
 * Authorization header into a caller (worker thread). */
struct web *web_create(struct house *house, const struct texts *addresses,
        const struct route *const *tables, size_t body_limit, struct err *err);
/* Shows the desk's pages as well (NULL: none) and can tell listeners what happens. Both outlive it.
 */
void web_add_desk(struct web *web, const struct web_pages *pages, struct web_live *live);
void web_stop(struct web *web); /* takes no new connections */
void web_destroy(struct web **web);
size_t web_busy(const struct web *web); /* calls not answered yet */

/* Loop thread: of a ROUTE_LATER call, which ends with this. NULL: the answer it holds. */
void call_answer(struct call *call, const struct err *err);

void call_json(struct call *call, int status, json_t *json);           /* takes the reference */
void call_text(struct call *call, const char *type, const char *text); /* 200, of that type */
/* Writes the problem+json answer itself, with a list; the handler then returns false. */
void web_problem_answer(struct call *call, const struct err *err, json_t *problems);
char *call_query(
        const struct call *call, const char *name); /* decoded; NULL when absent; the caller's */

#endif
