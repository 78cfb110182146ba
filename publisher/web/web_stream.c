/* SPDX-License-Identifier: Apache-2.0
 * web_stream - see web_stream.h.
 */
#include "web_stream.h"

#include <stdlib.h>
#include <string.h>

enum { BEHIND_MOST = 5000 }; /* records; who is further back looks at all again */

void web_stream_destroy(struct web_stream **stream)
{
	if (!*stream)
		return;
	free((*stream)->officer);
	free((*stream)->caller);
	free(*stream);
	*stream = NULL;
}

struct web_stream *web_stream_begin(const struct call *call, struct err *err)
{
	char *asked = call_query(call, "after");
	const char *known = *call->from.last_event || !asked ? call->from.last_event : asked;
	int64_t after = strtoll(known, NULL, 10);
	bool anew = !*known;
	char hash[DIGEST_HEX];
	int64_t head;

	free(asked);
	if (!store_audit_head(call->reader, &head, hash, err))
		return NULL;
	struct web_stream *stream = mem_zero(sizeof *stream);
	stream->reset = anew || after > head || head - after > BEHIND_MOST;
	stream->after = stream->reset ? head : after;
	stream->until = call->caller->session_ends;
	stream->officer = mem_text(call->caller->token.officer);
	stream->caller = mem_text(call->caller->token.name);
	memcpy(stream->session, call->caller->session, sizeof stream->session);
	return stream;
}

bool web_stream_tells(const char *what)
{
	static const char *const told[] = {"intake", "received", "edited", "submitted", "returned",
	        "rejected", "withdrawn", "discarded", "held", "overridden", "secrecy-review",
	        "approved", "decision", "released", "superseded", "cancelled", "expired",
	        "delivery", "report", "called", "call-answered", "late-reason", "duty-opened",
	        "duty-done", "incident opened", "incident step", "shift-made", "shift-signed",
	        "policy-changed", "policy-installed"};

	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
		if (strcmp(told[i], what) == 0)
			return true;
	return false;
}
