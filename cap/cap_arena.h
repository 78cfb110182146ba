/* SPDX-License-Identifier: Apache-2.0
 * cap_arena - memory in blocks that all goes at once. Inside cap/ only. Ends nothing for want of
 * memory.
 */
#ifndef TOCSIN_CAP_ARENA_H
#define TOCSIN_CAP_ARENA_H

#include <stddef.h>

struct cap_block;
struct cap_arena {
	struct cap_block *top; /* zeroed = empty */
};

void *arena_take(struct cap_arena *arena, size_t size); /* zeroed; NULL: no memory */
/* A copy with a NUL behind it; NULL: no memory. */
const char *arena_text(struct cap_arena *arena, const char *text, size_t len);
void arena_finish(struct cap_arena *arena);

#endif
