/* SPDX-License-Identifier: Apache-2.0
 * seen_ended - see seen_ended.h. Cannot fail, but for a line that is none.
 */
#include "seen_ended.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 10000 };
/* A clock may be hours ahead when the program starts (set by the wrong zone, until somebody tells
 * it the time): what it takes for expired may be in force. */
static const int64_t EXPIRED_KEPT_MS = (int64_t)7 * 24 * 3600 * 1000;

void seen_ended_finish(struct seen_ended *ended)
{
	free(ended->items);
	*ended = (struct seen_ended){0};
}

struct seen_end seen_end_of(const struct manifest *m)
{
	struct seen_end end = {.expires = m->expires};
	char *names = mem_format("%s\n%s", m->identifier, m->sender);

	digest_sha256(names, strlen(names), end.message);
	free(names);
	return end;
}

bool seen_ended_has(const struct seen_ended *ended, const struct seen_end *end)
{
	for (size_t i = ended->count; i > 0; i--)
		if (strcmp(ended->items[i - 1].message, end->message) == 0)
			return true;
	return false;
}

void seen_ended_put(struct seen_ended *ended, const struct seen_end *end)
{
	if (seen_ended_has(ended, end))
		return;
	if (ended->count == MOST) {
		memmove(&ended->items[0], &ended->items[1], (MOST - 1) * sizeof *end);
		ended->count--;
	}
	*(struct seen_end *)mem_push(&ended->items, &ended->count, sizeof *end) = *end;
}

void seen_ended_prune(struct seen_ended *ended, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < ended->count; i++)
		if (!ended->items[i].expires || ended->items[i].expires > now - EXPIRED_KEPT_MS)
			ended->items[kept++] = ended->items[i];
	ended->count = kept;
}

void seen_end_write(const struct seen_end *end, struct buf *out)
{
	buf_format(out, "ended %s %lld", end->message, (long long)end->expires);
}

bool seen_end_read(struct seen_end *end, const char *line)
{
	long long expires;
	struct buf again;

	*end = (struct seen_end){0};
	if (sscanf(line, "ended %64s %lld", end->message, &expires) != 2)
		return false;
	end->expires = expires;
	buf_init(&again, 0);
	seen_end_write(end, &again);
	bool same = strcmp(again.data, line) == 0 && digest_is_hex(end->message);
	buf_finish(&again);
	return same;
}
