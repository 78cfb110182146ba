/* SPDX-License-Identifier: Apache-2.0
 * web_door - how many connections may stand open at once. When the house is full, whoever came
 * first of those that matter least has to go: who asked nothing whole yet, then who asked, then who
 * is known by a token or a session. So a crowd that only holds connections open, or asks without a
 * token, keeps no officer out and uses up no descriptors.
 */
#ifndef TOCSIN_WEB_DOOR_H
#define TOCSIN_WEB_DOOR_H

#include <event2/http.h>
#include <stddef.h>

enum web_guest { GUEST_SILENT, GUEST_ASKING, GUEST_KNOWN };

struct web_door;

/* Before the server listens; outlives it. most: connections, at least 1. */
struct web_door *web_door_create(struct event_base *base, struct evhttp *http, size_t most);
void web_door_destroy(struct web_door **door);

/* What this connection has shown itself to be; it never becomes less. */
void web_door_know(
        struct web_door *door, struct evhttp_connection *connection, enum web_guest guest);

#endif
