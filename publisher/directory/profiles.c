/* SPDX-License-Identifier: Apache-2.0
 * profiles - see person.h: wishes people share, each kept once and found by a hash of its words.
 */
#include "person.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 17 };

struct profiles {
	struct profile *items;
	size_t count;
	uint32_t *buckets; /* number + 1 of the profile there; 0 = free; open addressing */
};

struct profiles *profiles_create(void)
{
	struct profiles *p = mem_zero(sizeof *p);

	p->buckets = mem_array(BUCKETS, sizeof *p->buckets);
	return p;
}

void profiles_destroy(struct profiles **place)
{
	struct profiles *p = *place;

	*place = NULL;
	if (!p)
		return;
	profiles_free(p->items, p->count);
	free(p->buckets);
	free(p);
}

static bool same(const struct profile *a, const struct profile *b)
{
	return a->rank == b->rank && strcmp(a->hazards, b->hazards) == 0 &&
	       strcmp(a->groups, b->groups) == 0 && strcmp(a->purposes, b->purposes) == 0;
}

bool profiles_number(struct profiles *p, struct profile *profile, uint32_t *number)
{
	static const struct detail nobody;
	size_t at = person_said(&nobody, profile) % BUCKETS;

	while (p->buckets[at] && !same(&p->items[p->buckets[at] - 1], profile))
		at = (at + 1) % BUCKETS;
	bool known = p->buckets[at] != 0;
	if (!known && p->count < PROFILES_MOST) {
		*(struct profile *)mem_push(&p->items, &p->count, sizeof *p->items) = *profile;
		p->buckets[at] = (uint32_t)p->count;
		*profile = (struct profile){0};
	}
	*number = p->buckets[at] - 1;
	free(profile->hazards);
	free(profile->groups);
	free(profile->purposes);
	*profile = (struct profile){0};
	return p->buckets[at] != 0;
}

size_t profiles_count(const struct profiles *p)
{
	return p->count;
}

const struct profile *profiles_at(const struct profiles *p, size_t number)
{
	return &p->items[number];
}
