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

void *arena_take(struct cap_arena *arena, size_t size)
{
	size_t need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);

	if (!arena->top || need > arena->top->room - arena->top->used) {
		size_t room = need > BLOCK_BYTES ? need : BLOCK_BYTES;
		struct cap_block *block = calloc(1, sizeof *block + room);

		if (!block)
			return NULL;
		block->up = arena->top;
		block->room = room;
		arena->top = block;
	}
	void *place = arena->top->data + arena->top->used;

	arena->top->used += need;
	return place;
}

const char *arena_text(struct cap_arena *arena, const char *text, size_t len)
{
	char *copy = len ? arena_take(arena, len + 1) : NULL;

	if (copy)
		memcpy(copy, text, len);
	return copy ? copy : len ? NULL : "";
}

void arena_finish(struct cap_arena *arena)
{
	while (arena->top) {
		struct cap_block *up = arena->top->up;

		free(arena->top);
		arena->top = up;
	}
}
