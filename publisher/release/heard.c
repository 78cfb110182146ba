/* SPDX-License-Identifier: Apache-2.0
 * heard - see heard.h. A bit for each block, so that ten million recipients are asked after
 * quickly.
 */
#include "heard.h"

#include <stdlib.h>
#include <string.h>

struct heard_side {
	char *target;
	bool whole;
	unsigned char *blocks;
	size_t len;
};

static struct heard_side *find(const struct heard *heard, const char *target)
{
	for (size_t i = 0; i < heard->count; i++)
		if (strcmp(heard->sides[i].target, target) == 0)
			return &heard->sides[i];
	return NULL;
}

static struct heard_side *find_or_add(struct heard *heard, const char *target)
{
	struct heard_side *side = find(heard, target);

	if (side)
		return side;
	side = mem_push(&heard->sides, &heard->count, sizeof *side);
	side->target = mem_text(target);
	return side;
}

/* Once an attempt was made, whatever came of it. */
static bool may_have_it(const struct delivery *d)
{
	return d->state == DELIVERY_SENDING || d->state == DELIVERY_DELIVERED ||
	       d->state == DELIVERY_UNKNOWN || (d->state == DELIVERY_WAITING && d->attempt > 0);
}

/* A block that was handed out and came back before its first byte was heard by nobody. */
static bool block_may_have_it(const struct delivery *d)
{
	return d->state == DELIVERY_SENDING || d->state == DELIVERY_UNKNOWN || d->first_sent ||
	       d->doubts;
}

static bool same_list(
        const struct bulletin *earlier, const struct bulletin *next, const char *target)
{
	const struct audience *a = bulletin_audience(earlier, target);
	const struct audience *b = bulletin_audience(next, target);

	return a && b && strcmp(a->digest, b->digest) == 0;
}

static void mark(struct heard_side *side, size_t block)
{
	if (block / 8 >= side->len) {
		size_t len = block / 8 * 2 + 64;
		side->blocks = mem_resize(side->blocks, len, 1);
		memset(side->blocks + side->len, 0, len - side->len);
		side->len = len;
	}
	side->blocks[block / 8] |= (unsigned char)(1u << (block % 8));
}

void heard_add(struct heard *heard, const struct bulletin *earlier, const struct delivery *delivery,
        const struct bulletin *next)
{
	if (delivery->block < 0 || !same_list(earlier, next, delivery->target)) {
		if (may_have_it(delivery))
			find_or_add(heard, delivery->target)->whole = true;
	} else if (block_may_have_it(delivery)) {
		mark(find_or_add(heard, delivery->target), (size_t)delivery->block);
	}
}

bool heard_has(const struct heard *heard, const char *target, int block)
{
	const struct heard_side *side = find(heard, target);

	if (!side || side->whole || block < 0)
		return side != NULL;
	return (size_t)block / 8 < side->len &&
	       (side->blocks[block / 8] >> ((unsigned)block % 8) & 1);
}

void heard_finish(struct heard *heard)
{
	for (size_t i = 0; i < heard->count; i++) {
		free(heard->sides[i].target);
		free(heard->sides[i].blocks);
	}
	free(heard->sides);
	*heard = (struct heard){0};
}
