/* SPDX-License-Identifier: Apache-2.0
 * steady - see steady.h.
 */
#include "steady.h"

enum { DRIFT_MS = 2000, FORWARD_MOST_MS = 5 * 60 * 1000 };
/* 2026-11-01T00:00:00+08:00: no machine runs this earlier. */
#define WRITTEN INT64_C(1793462400000)

static enum steady_word doubt(struct steady *steady)
{
	bool told = steady->doubtful;

	steady->doubtful = true;
	steady->steps += !told;
	return told ? STEADY_SAME : STEADY_DOUBTFUL;
}

enum steady_word steady_look(struct steady *steady, int64_t utc, int64_t boot, int64_t *step)
{
	bool first = steady->offset == 0;
	bool doubtful = steady->doubtful;

	if (first)
		steady->offset = utc - boot;
	*step = utc - boot - steady->offset;
	/* Whoever comes out of the past was not believed before: there is nothing to hold on to. */
	bool from_the_past = steady_now(steady, boot) < WRITTEN;
	if (utc < WRITTEN || (*step > FORWARD_MOST_MS && !from_the_past))
		return doubt(steady);
	steady->offset += *step;
	steady->doubtful = false;
	if (doubtful)
		return STEADY_TRUSTED;
	if (*step >= -DRIFT_MS && *step <= DRIFT_MS)
		return STEADY_SAME;
	steady->steps++;
	return STEADY_STEPPED;
}

int64_t steady_now(const struct steady *steady, int64_t boot)
{
	return boot + steady->offset;
}
