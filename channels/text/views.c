/* SPDX-License-Identifier: Apache-2.0
 * views - see views.h. Equal sets give equal lists, whatever order they came in.
 */
#include "views.h"

#include <stdlib.h>
#include <string.h>

static int newest(const void *a, const void *b)
{
	const struct view *x = *(const struct view *const *)a;
	const struct view *y = *(const struct view *const *)b;

	if (x->sent != y->sent)
		return x->sent < y->sent ? 1 : -1;
	return strcmp(x->identifier, y->identifier);
}

static int gravest(const void *a, const void *b)
{
	const struct view *x = *(const struct view *const *)a;
	const struct view *y = *(const struct view *const *)b;
	int by_level = level_rank(y->level) - level_rank(x->level);

	return by_level ? by_level : newest(a, b);
}

const struct view **views_sorted(
        const struct view *const *views, size_t count, enum views_order order)
{
	const struct view **sorted = mem_array(count, sizeof *sorted);

	for (size_t i = 0; i < count; i++)
		sorted[i] = views[i];
	qsort(sorted, count, sizeof *sorted, order == VIEWS_NEWEST ? newest : gravest);
	return sorted;
}
