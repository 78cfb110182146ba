/* SPDX-License-Identifier: Apache-2.0
 * lookup - things by a name: found, put and dropped in the same time however many there are. For
 * what grows with the warnings in force, where a walk over all of them for each would be felt in a
 * storm.
 *
 * Owns the names, not the things. Zeroed = empty. Names come from our own record: nobody outside
 * chooses them to collide.
 */
#ifndef TOCSIN_LOOKUP_H
#define TOCSIN_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

struct lookup_slot {
	char *name; /* NULL = free */
	void *thing;
};

struct lookup {
	struct lookup_slot *slots;
	size_t room; /* a power of two, or 0 */
	size_t count;
};

void *lookup_get(const struct lookup *lookup, const char *name); /* NULL: not there */
/* In the place of what was there. thing: not NULL. */
void lookup_put(struct lookup *lookup, const char *name, void *thing);
void lookup_drop(struct lookup *lookup, const char *name); /* nothing, when it is not there */
void lookup_finish(struct lookup *lookup);

/* A walk: *at begins at 0; NULL at the end. Nothing may be put or dropped on the way. */
const struct lookup_slot *lookup_next(const struct lookup *lookup, size_t *at);

#endif
