/* SPDX-License-Identifier: Apache-2.0
 * seen_chains - see seen_chains.h. Cannot fail, but for a line that is none.
 */
#include "seen_chains.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { MOST = 10000 };
static const int64_t CLOSED_KEPT_MS = (int64_t)90 * 24 * 3600 * 1000;

void seen_chains_finish(struct seen_chains *chains)
{
	free(chains->items);
	*chains = (struct seen_chains){0};
}

static struct seen_chain *find(const struct seen_chains *chains, const char *incident)
{
	for (size_t i = chains->count; i > 0; i--)
		if (strcmp(chains->items[i - 1].incident, incident) == 0)
			return &chains->items[i - 1];
	return NULL;
}

const struct seen_chain *seen_chains_find(const struct seen_chains *chains, const char *incident)
{
	return find(chains, incident);
}

void seen_chains_put(struct seen_chains *chains, const struct seen_chain *chain)
{
	struct seen_chain *place = find(chains, chain->incident);

	if (!place && chains->count == MOST) {
		memmove(&chains->items[0], &chains->items[1], (MOST - 1) * sizeof *place);
		chains->count--;
	}
	if (!place)
		place = mem_push(&chains->items, &chains->count, sizeof *place);
	*place = *chain;
}

void seen_chains_prune(struct seen_chains *chains, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < chains->count; i++) {
		const struct seen_chain *chain = &chains->items[i];
		if (!chain->closed || chain->time + CLOSED_KEPT_MS > now)
			chains->items[kept++] = *chain;
	}
	chains->count = kept;
}

void seen_chain_write(const struct seen_chain *chain, struct buf *out)
{
	buf_format(out, "chain %s %lld %s %lld %s", chain->incident, (long long)chain->length,
	        chain->head, (long long)chain->time, chain->closed ? "closed" : "open");
}

bool seen_chain_read(struct seen_chain *chain, const char *line)
{
	char state[7] = "";
	long long length, time;
	struct buf again;

	*chain = (struct seen_chain){0};
	if (sscanf(line, "chain %64s %lld %64s %lld %6s", chain->incident, &length, chain->head,
	            &time, state) != 5)
		return false;
	chain->length = length;
	chain->time = time;
	chain->closed = strcmp(state, "closed") == 0;
	buf_init(&again, 0);
	seen_chain_write(chain, &again);
	bool same = strcmp(again.data, line) == 0 && digest_is_hex(chain->incident) &&
	            digest_is_hex(chain->head) && length > 0;
	buf_finish(&again);
	return same;
}
