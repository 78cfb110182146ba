/* SPDX-License-Identifier: Apache-2.0
 * client - the API as a client sees it. Where it is and who we are come from the environment:
 * TOCSIN_URL (http://127.0.0.1:8080), TOCSIN_TOKEN_FILE (a file with the token; without it the
 * session of `tocsin login`, kept.h), TOCSIN_KEY_FILE (an officer's key).
 */
#ifndef TOCSIN_CLIENT_H
#define TOCSIN_CLIENT_H

#include <jansson.h>

#include "buf.h"
#include "err.h"

struct reply {
	long status;
	struct buf body;
};

void reply_finish(struct reply *reply);

/* body NULL: none. false: *err holds the server's own sentence for anything but 2xx. */
bool client_call(const char *method, const char *path, const char *content_type, const void *body,
        size_t len, struct reply *reply, struct err *err);

/* The same with a JSON body (taken; may be NULL). known: as who we are; else as nobody yet. */
bool client_json(const char *method, const char *path, json_t *body, bool known,
        struct reply *reply, struct err *err);
const char *client_server(void); /* TOCSIN_URL or its default */

char *client_escape(const char *text);                 /* for a path or a query; the caller's */
json_t *reply_json(const struct reply *reply);         /* NULL when it is none */
json_t *client_get(const char *path, struct err *err); /* NULL: refused, or no JSON */
/* Reads a whole file ("-" = standard input), at most 8 MiB. NULL + *err. */
char *client_file(const char *path, size_t *len, struct err *err);

#endif
