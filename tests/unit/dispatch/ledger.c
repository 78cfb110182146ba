/* SPDX-License-Identifier: Apache-2.0
 * ledger - see ledger.h.
 */
#include "ledger.h"

#include <stdlib.h>

#include "mem.h"

void ledger_finish(struct ledger *l)
{
	for (int rank = 0; rank < LEDGER_RANKS; rank++)
		free(l->queue[rank].items);
	for (size_t i = 0; i < l->chain_count; i++)
		free(l->chains[i].ids);
	free(l->kept);
	free(l->chains);
	*l = (struct ledger){0};
}

static bool lives(const struct kept *kept)
{
	return kept->state == DELIVERY_WAITING || kept->state == DELIVERY_SENDING ||
	       kept->state == DELIVERY_UNKNOWN;
}

void ledger_add(struct ledger *l, int64_t id, int chain, int64_t order, enum level level,
        enum delivery_state state)
{
	while (l->count <= (size_t)id)
		mem_push(&l->kept, &l->count, sizeof *l->kept);
	l->kept[id] = (struct kept){.chain = chain,
	        .order = order,
	        .rank = level_rank(level),
	        .attempt = state == DELIVERY_SENDING,
	        .state = state};
	*(int64_t *)mem_push(&l->chains[chain].ids, &l->chains[chain].id_count, sizeof id) = id;
}

void ledger_release(struct ledger *l, int chain, int64_t order, struct ids *ended)
{
	while (l->chain_count <= (size_t)chain)
		mem_push(&l->chains, &l->chain_count, sizeof *l->chains);
	struct release_of_chain *c = &l->chains[chain];
	for (size_t i = 0; i < c->id_count; i++) {
		struct kept *kept = &l->kept[c->ids[i]];
		if (kept->state != DELIVERY_WAITING)
			continue;
		kept->state = DELIVERY_SUPERSEDED;
		*(int64_t *)mem_push(&ended->ids, &ended->count, sizeof(int64_t)) = c->ids[i];
	}
	c->newest = order;
}

void ledger_write(struct ledger *l, const struct write *write)
{
	const struct kept *kept = &l->kept[write->id];
	bool behind = kept->rank == LEDGER_RANKS - 1 && kept->attempt; /* outbox_rank() */
	struct writes *queue = &l->queue[kept->rank - behind];

	if (queue->landed == queue->count)
		queue->landed = queue->count = 0;
	*(struct write *)mem_push(&queue->items, &queue->count, sizeof *write) = *write;
}

static void land_rest(struct ledger *l, const struct write *write)
{
	for (int64_t id = write->id; id <= write->last; id++)
		if (l->kept[id].state == DELIVERY_WAITING && !l->kept[id].attempt)
			l->kept[id].state = write->state;
}

static enum landed land_mark(struct ledger *l, struct kept *kept)
{
	const struct release_of_chain *chain = &l->chains[kept->chain];

	if (chain->lost)
		return LANDED_LOST;
	if (kept->state != DELIVERY_WAITING || kept->order < chain->newest)
		return LANDED_REFUSED;
	kept->state = DELIVERY_SENDING;
	kept->attempt++;
	return LANDED;
}

bool ledger_land(struct ledger *l, struct write *out, enum landed *how)
{
	for (int rank = LEDGER_RANKS - 1; rank >= 0; rank--) {
		struct writes *queue = &l->queue[rank];
		if (queue->landed == queue->count)
			continue;
		*out = queue->items[queue->landed++];
		struct kept *kept = &l->kept[out->id];
		*how = LANDED;
		if (out->last) {
			land_rest(l, out);
			return true;
		}
		if (out->mark) {
			*how = land_mark(l, kept);
			return true;
		}
		*how = lives(kept) ? LANDED : LANDED_REFUSED;
		if (*how == LANDED) {
			kept->state = out->state;
			kept->due = out->due;
			kept->doubts = out->doubts;
		}
		return true;
	}
	return false;
}

bool ledger_caught_up(const struct ledger *l)
{
	for (int rank = 0; rank < LEDGER_RANKS; rank++)
		if (l->queue[rank].landed < l->queue[rank].count)
			return false;
	return true;
}

void ledger_crash(struct ledger *l)
{
	for (int rank = 0; rank < LEDGER_RANKS; rank++)
		l->queue[rank].landed = l->queue[rank].count = 0;
}

bool ledger_pending(const struct ledger *l, int64_t id)
{
	const struct kept *kept = &l->kept[id];

	return lives(kept) &&
	       (kept->state != DELIVERY_UNKNOWN || kept->order == l->chains[kept->chain].newest);
}
