/* SPDX-License-Identifier: Apache-2.0
 * web_live - says to whoever listens that something has changed (Server-Sent Events), as soon as it
 * is on disk.
 *
 * An event is a record of the audit chain: its number is the event's id, so a listener who comes
 * back with Last-Event-ID gets all that happened meanwhile, over a restart of ours too. It says
 * what and about what, never more: who hears it asks for the thing itself, by the rights they have
 * then. Records about people and accounts are not said at all.
 *
 * A stream ends with the session or token it was opened by, when the policy changes, and after a
 * while in any case: who comes back is asked anew who they are. Who does not read what is sent is
 * dropped. Lives in the loop.
 */
#ifndef TOCSIN_WEB_LIVE_H
#define TOCSIN_WEB_LIVE_H

#include "web_stream.h"

struct web_live;
struct web_live *web_live_create(struct house *house);
void web_live_stop(struct web_live *live); /* ends every stream */
/* Before the record is closed; what was posted to the loop is then run while `live` stands. */
void web_live_unwatch(struct web_live *live);
void web_live_destroy(struct web_live **live);

/* Takes the stream; the request is answered. */
void web_live_open(
        struct web_live *live, struct evhttp_request *request, struct web_stream *stream);

#endif
