/* SPDX-License-Identifier: Apache-2.0
 * host_bulletin - the bulletins of this connection, until tocsind says it will not name them again.
 * One that a job in hand still names stays until that job is answered, whatever becomes of the
 * connection.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "protocol.h"

static void destroy(struct host *host, struct host_bulletin *bulletin)
{
	struct host_bulletin **at = &host->bulletins;

	while (*at != bulletin)
		at = &(*at)->next;
	*at = bulletin->next;
	view_finish(&bulletin->shown.view);
	manifest_finish(&bulletin->filled);
	free(bulletin->id);
	free(bulletin->cap);
	free(bulletin->manifest);
	free(bulletin->signature);
	free(bulletin->audience);
	free(bulletin);
}

struct host_bulletin *host_bulletin_find(const struct host *host, const char *id)
{
	return lookup_get(&host->by_id, id);
}

static void forget(struct host *host, struct host_bulletin *bulletin)
{
	bulletin->forgotten = true;
	lookup_drop(&host->by_id, bulletin->id);
	if (bulletin->users == 0)
		destroy(host, bulletin);
}

bool host_bulletin_take(struct host *host, struct frame *frame, struct err *err)
{
	struct host_bulletin *b = mem_zero(sizeof *b);
	size_t len;

	b->id = frame_get_text(frame, TAG_ID);
	const void *cap = frame_get(frame, TAG_CAP, &len);
	b->cap = mem_text_n(cap, len);
	b->manifest = frame_get_text(frame, TAG_MANIFEST);
	b->signature = frame_get_text(frame, TAG_SIGNATURE);
	view_get(&b->shown.view, frame);
	b->shown.cap = b->cap;
	b->shown.cap_len = len;
	b->shown.manifest = b->manifest;
	struct host_bulletin *before = host_bulletin_find(host, b->id);
	if (before)
		forget(host, before);
	b->next = host->bulletins;
	host->bulletins = b;
	if (!frame_close(frame, err)) {
		destroy(host, b);
		return false;
	}
	lookup_put(&host->by_id, b->id, b);
	return true;
}

bool host_bulletin_forget(struct host *host, struct frame *frame, struct err *err)
{
	char *id = frame_get_text(frame, TAG_ID);
	bool good = frame_close(frame, err);
	struct host_bulletin *b = good ? host_bulletin_find(host, id) : NULL;

	if (b)
		forget(host, b);
	free(id);
	return good;
}

struct host_bulletin *host_bulletin_use(struct host *host, const char *id)
{
	struct host_bulletin *b = host_bulletin_find(host, id);

	if (b)
		b->users++;
	return b;
}

void host_bulletin_let_go(struct host *host, struct host_bulletin *bulletin)
{
	if (!bulletin)
		return;
	bulletin->users--;
	if (bulletin->users == 0 && bulletin->forgotten)
		destroy(host, bulletin);
}

void host_bulletins_drop(struct host *host)
{
	for (struct host_bulletin *b = host->bulletins, *next; b; b = next) {
		next = b->next;
		if (!b->forgotten)
			forget(host, b);
	}
	lookup_finish(&host->by_id);
}
