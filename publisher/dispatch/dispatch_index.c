/* SPDX-License-Identifier: Apache-2.0
 * dispatch_index - finds items by id and chains by (target, name); keeps the lists of a chain.
 *
 * Hash tables with lists in the slots, doubled when as full as they are wide. A chain lives as long
 * as one of its items does: what has ended for good cannot be overtaken.
 */
#include "dispatch_parts.h"

#include <stdlib.h>
#include <string.h>

static size_t hash_id(int64_t id, size_t room)
{
	uint64_t x = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(x >> 32) & (room - 1);
}

static size_t hash_name(int target, const char *name, size_t room)
{
	uint64_t x = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)(unsigned)target;

	for (; *name; name++)
		x = (x ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return (size_t)(x ^ x >> 32) & (room - 1);
}

struct item *item_find(const struct dispatch *d, int64_t id)
{
	struct item *item = d->item_room ? d->items[hash_id(id, d->item_room)] : NULL;

	while (item && item->id != id)
		item = item->hash_next;
	return item;
}

static void widen_items(struct dispatch *d)
{
	size_t room = d->item_room ? d->item_room * 2 : 64;
	struct item **wider = mem_array(room, sizeof *wider);

	for (size_t i = 0; i < d->item_room; i++) {
		for (struct item *item = d->items[i], *next; item; item = next) {
			size_t slot = hash_id(item->id, room);
			next = item->hash_next;
			item->hash_next = wider[slot];
			wider[slot] = item;
		}
	}
	free(d->items);
	d->items = wider;
	d->item_room = room;
}

void item_insert(struct dispatch *d, struct item *item)
{
	if (d->item_count == d->item_room)
		widen_items(d);
	size_t slot = hash_id(item->id, d->item_room);
	item->hash_next = d->items[slot];
	d->items[slot] = item;
	d->item_count++;
}

void item_erase(struct dispatch *d, struct item *item)
{
	struct item **place = &d->items[hash_id(item->id, d->item_room)];

	while (*place != item)
		place = &(*place)->hash_next;
	*place = item->hash_next;
	d->item_count--;
}

static void widen_chains(struct dispatch *d)
{
	size_t room = d->chain_room ? d->chain_room * 2 : 64;
	struct chain **wider = mem_array(room, sizeof *wider);

	for (size_t i = 0; i < d->chain_room; i++) {
		for (struct chain *chain = d->chains[i], *next; chain; chain = next) {
			size_t slot = hash_name(chain->target, chain->name, room);
			next = chain->hash_next;
			chain->hash_next = wider[slot];
			wider[slot] = chain;
		}
	}
	free(d->chains);
	d->chains = wider;
	d->chain_room = room;
}

struct chain *chain_get(struct dispatch *d, int target, const char *name)
{
	if (d->chain_count == d->chain_room)
		widen_chains(d);
	struct chain **slot = &d->chains[hash_name(target, name, d->chain_room)];
	struct chain *chain = *slot;

	while (chain && (chain->target != target || strcmp(chain->name, name) != 0))
		chain = chain->hash_next;
	if (chain)
		return chain;
	chain = mem_zero(sizeof *chain);
	*chain = (struct chain){
	        .name = mem_text(name), .target = target, .newest = INT64_MIN, .hash_next = *slot};
	*slot = chain;
	d->chain_count++;
	return chain;
}

void chain_drop(struct dispatch *d, struct chain *chain)
{
	if (--chain->items)
		return;
	struct chain **place = &d->chains[hash_name(chain->target, chain->name, d->chain_room)];
	while (*place != chain)
		place = &(*place)->hash_next;
	*place = chain->hash_next;
	d->chain_count--;
	free(chain->name);
	free(chain);
}

void chain_enter(struct chain *chain, struct item *item, int list)
{
	item->previous = NULL;
	item->next = chain->lists[list];
	if (item->next)
		item->next->previous = item;
	chain->lists[list] = item;
}

void chain_leave(struct chain *chain, struct item *item, int list)
{
	if (item->previous)
		item->previous->next = item->next;
	else
		chain->lists[list] = item->next;
	if (item->next)
		item->next->previous = item->previous;
	item->next = item->previous = NULL;
}

int64_t chain_blocked_until(const struct chain *chain, int64_t order)
{
	int64_t until = 0;

	for (const struct item *item = chain->lists[LIST_SENDING]; item; item = item->next)
		if (item->order < order && item->deadline > until)
			until = item->deadline;
	return until;
}
