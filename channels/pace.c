/* SPDX-License-Identifier: Apache-2.0
 * pace - see pace.h. Pure; cannot fail.
 */
#include "pace.h"

#include <stdlib.h>

#include "mem.h"

void pace_init(struct pace *pace, size_t limit, int64_t span_ms)
{
	*pace = (struct pace){.limit = limit, .span = span_ms};
	if (!limit)
		return;
	pace->starts = mem_array(limit, sizeof *pace->starts);
	for (size_t i = 0; i < limit; i++)
		pace->starts[i] = INT64_MIN / 2;
}

void pace_finish(struct pace *pace)
{
	free(pace->starts);
	*pace = (struct pace){0};
}

int64_t pace_wait(const struct pace *pace, int64_t now)
{
	if (!pace->limit)
		return 0;
	int64_t free_at = pace->starts[pace->next] + pace->span;
	return free_at > now ? free_at - now : 0;
}

void pace_start(struct pace *pace, int64_t now)
{
	if (!pace->limit)
		return;
	pace->starts[pace->next] = now;
	pace->next = (pace->next + 1) % pace->limit;
}
