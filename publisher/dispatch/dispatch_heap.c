/* SPDX-License-Identifier: Apache-2.0
 * dispatch_heap - a binary heap whose items know their places. See dispatch_parts.h.
 */
#include "dispatch_parts.h"

static void put(struct heap *heap, size_t place, struct item *item)
{
	heap->items[place] = item;
	item->at[heap->kind] = place + 1;
}

static void rise(struct heap *heap, size_t place)
{
	struct item *item = heap->items[place];

	while (place) {
		size_t parent = (place - 1) / 2;
		if (!heap->before(item, heap->items[parent]))
			break;
		put(heap, place, heap->items[parent]);
		place = parent;
	}
	put(heap, place, item);
}

static void sink(struct heap *heap, size_t place)
{
	struct item *item = heap->items[place];

	for (;;) {
		size_t child = place * 2 + 1;
		if (child >= heap->count)
			break;
		if (child + 1 < heap->count &&
		        heap->before(heap->items[child + 1], heap->items[child]))
			child++;
		if (!heap->before(heap->items[child], item))
			break;
		put(heap, place, heap->items[child]);
		place = child;
	}
	put(heap, place, item);
}

void heap_push(struct heap *heap, struct item *item)
{
	*(struct item **)mem_push(&heap->items, &heap->count, sizeof item) = item;
	rise(heap, heap->count - 1);
}

void heap_remove(struct heap *heap, struct item *item)
{
	size_t place = item->at[heap->kind];

	if (!place--)
		return;
	item->at[heap->kind] = 0;
	struct item *last = heap->items[--heap->count];
	if (last == item)
		return;
	put(heap, place, last);
	rise(heap, place);
	sink(heap, last->at[heap->kind] - 1);
}

struct item *heap_top(const struct heap *heap)
{
	return heap->count ? heap->items[0] : NULL;
}
