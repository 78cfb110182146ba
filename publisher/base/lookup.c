/* SPDX-License-Identifier: Apache-2.0
 * lookup - see lookup.h. Open addressing, at most two thirds full; FNV-1a. Cannot fail.
 */
#include "lookup.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { ROOM_LEAST = 16 };

static size_t home(const struct lookup *lookup, const char *name)
{
	uint64_t hash = 14695981039346656037u;

	for (const char *at = name; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211u;
	return (size_t)(hash ^ hash >> 32) & (lookup->room - 1);
}

/* Where it is, or where it would go. */
static struct lookup_slot *find(const struct lookup *lookup, const char *name)
{
	size_t at = home(lookup, name);

	while (lookup->slots[at].name && strcmp(lookup->slots[at].name, name) != 0)
		at = (at + 1) & (lookup->room - 1);
	return &lookup->slots[at];
}

static void grow(struct lookup *lookup)
{
	struct lookup old = *lookup;

	lookup->room = old.room ? old.room * 2 : ROOM_LEAST;
	lookup->slots = mem_array(lookup->room, sizeof *lookup->slots);
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].name)
			*find(lookup, old.slots[i].name) = old.slots[i];
	free(old.slots);
}

void *lookup_get(const struct lookup *lookup, const char *name)
{
	return lookup->count ? find(lookup, name)->thing : NULL;
}

void lookup_put(struct lookup *lookup, const char *name, void *thing)
{
	if (3 * (lookup->count + 1) > 2 * lookup->room)
		grow(lookup);
	struct lookup_slot *slot = find(lookup, name);

	if (!slot->name) {
		slot->name = mem_text(name);
		lookup->count++;
	}
	slot->thing = thing;
}

/* What stands behind a gap moves up, unless its home lies behind the gap. */
static void close_gap(struct lookup *lookup, size_t gap)
{
	for (size_t at = (gap + 1) & (lookup->room - 1); lookup->slots[at].name;
	        at = (at + 1) & (lookup->room - 1)) {
		size_t from_home = (at - home(lookup, lookup->slots[at].name)) & (lookup->room - 1);
		if (from_home < ((at - gap) & (lookup->room - 1)))
			continue;
		lookup->slots[gap] = lookup->slots[at];
		lookup->slots[at] = (struct lookup_slot){0};
		gap = at;
	}
}

void lookup_drop(struct lookup *lookup, const char *name)
{
	struct lookup_slot *slot = lookup->count ? find(lookup, name) : NULL;

	if (!slot || !slot->name)
		return;
	free(slot->name);
	*slot = (struct lookup_slot){0};
	lookup->count--;
	close_gap(lookup, (size_t)(slot - lookup->slots));
}

void lookup_finish(struct lookup *lookup)
{
	for (size_t i = 0; i < lookup->room; i++)
		free(lookup->slots[i].name);
	free(lookup->slots);
	*lookup = (struct lookup){0};
}

const struct lookup_slot *lookup_next(const struct lookup *lookup, size_t *at)
{
	while (*at < lookup->room) {
		const struct lookup_slot *slot = &lookup->slots[(*at)++];
		if (slot->name)
			return slot;
	}
	return NULL;
}
