/* SPDX-License-Identifier: Apache-2.0
 * hours - see hours.h. China Standard Time has no summer time, so a day has 1440 minutes.
 */
#include "hours.h"

#include <string.h>

enum { MINUTE_MS = 60000, DAY_MINUTES = 24 * 60 };

static int64_t minutes_of(int64_t at)
{
	return (at >= 0 ? at : at - (MINUTE_MS - 1)) / MINUTE_MS;
}

static int minute_of_day(int64_t at)
{
	int64_t of_day = (minutes_of(at) + 8 * 60) % DAY_MINUTES; /* +08:00 */

	return (int)(of_day < 0 ? of_day + DAY_MINUTES : of_day);
}

static bool minute_read(const char *text, int *minute)
{
	if (strspn(text, "0123456789") != 2 || text[2] != ':' ||
	        strspn(text + 3, "0123456789") != 2)
		return false;
	int hours = (text[0] - '0') * 10 + (text[1] - '0');
	int minutes = (text[3] - '0') * 10 + (text[4] - '0');

	*minute = hours * 60 + minutes;
	return minutes < 60 && *minute <= DAY_MINUTES;
}

bool hours_read(const char *text, struct hours *out)
{
	int from = 0;
	int to = 0;

	if (strlen(text) != 11 || text[5] != '-' || !minute_read(text, &from) ||
	        !minute_read(text + 6, &to) || from == DAY_MINUTES || from == to)
		return false;
	*out = (struct hours){from, to};
	return true;
}

bool hours_hold(const struct hours *hours, int64_t at)
{
	int minute = minute_of_day(at);

	if (hours->from_minute < 0)
		return true;
	if (hours->from_minute < hours->to_minute)
		return minute >= hours->from_minute && minute < hours->to_minute;
	return minute >= hours->from_minute || minute < hours->to_minute; /* over midnight */
}

int64_t hours_end(const struct hours *hours, int64_t at)
{
	if (hours->from_minute < 0)
		return INT64_MAX;
	int left = hours->to_minute - minute_of_day(at);
	return (minutes_of(at) + (left > 0 ? left : left + DAY_MINUTES)) * MINUTE_MS;
}
