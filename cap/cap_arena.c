/* SPDX-License-Identifier: Apache-2.0
 * cap_arena - see cap_arena.h.
 */
#include "cap_arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 << 10 };

struct cap_block {
	struct cap_block *up;
	size_t used, room;
	alignas(max_align_t) char data[];
};

static char *take(struct cap_arena *arena, size_t size)
{
	size_t need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);

	if (!arena->top || need > arena->top->room - arena->top->used) {
		size_t room = need > BLOCK_BYTES ? need : BLOCK_BYTES;
		struct cap_block *block = malloc(sizeof *block + room);

		if (!block)
			return NULL;
		block->up = arena->top;
		block->used = 0;
		block->room = room;
		arena->top = block;
	}
	char *place = arena->top->data + arena->top->used;

	arena->top->used += need;
	return place;
}

void *arena_take(struct cap_arena *arena, size_t size)
{
	char *place = take(arena, size);

	return place ? memset(place, 0, size) : NULL;
}

const char *arena_text(struct cap_arena *arena, const char *text, size_t len)
{
	char *copy = len ? take(arena, len + 1) : NULL;

	if (!copy)
		return len ? NULL : "";
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void arena_finish(struct cap_arena *arena)
{
	while (arena->top) {
		struct cap_block *up = arena->top->up;

		free(arena->top);
		arena->top = up;
	}
}
