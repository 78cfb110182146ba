/* SPDX-License-Identifier: Apache-2.0
 * cap_time - the dateTime of CAP: whole seconds, a numeric offset, never "Z" (cap.h). Relies on
 * when.h for the calendar.
 */
#include <stdio.h>
#include <string.h>

#include "cap.h"
#include "when.h"

enum { DAY_MS = 24 * 3600 * 1000, TIME_TEXT = 26 };

struct cap_time cap_time_china(int64_t ms)
{
	int64_t part = ms % 1000;

	return (struct cap_time){
	        .set = true,
	        .offset = 8 * 60,
	        .ms = ms - (part < 0 ? part + 1000 : part),
	};
}

/* The schema allows 24:00:00 for the end of a day; inside it is the next day's 00:00:00. */
static bool read_end_of_day(const char *text, int64_t *ms, int *offset)
{
	char midnight[TIME_TEXT];

	if (strlen(text) != TIME_TEXT - 1 || memcmp(text + 10, "T24:00:00", 9) != 0)
		return false;
	memcpy(midnight, text, sizeof midnight);
	memcpy(midnight + 11, "00", 2);
	if (!when_read(midnight, ms, offset))
		return false;
	*ms += DAY_MS;
	return when_civil(*ms, *offset).year <= 9999;
}

bool cap_time_read(const char *text, struct cap_time *out)
{
	int64_t ms;
	int offset;

	if (!text || (!when_read(text, &ms, &offset) && !read_end_of_day(text, &ms, &offset)))
		return false;
	*out = (struct cap_time){
	        .set = true,
	        .minus_zero = strcmp(text + 19, "-00:00") == 0,
	        .offset = (int16_t)offset,
	        .ms = ms,
	};
	return true;
}

void cap_time_write(struct cap_time time, char text[TIME_TEXT])
{
	struct civil c = when_civil(time.ms, time.offset);
	unsigned away = time.offset < 0 ? (unsigned)-time.offset : (unsigned)time.offset;
	char sign = time.offset < 0 || time.minus_zero ? '-' : '+';

	text[0] = '\0';
	if (!time.set)
		return;
	snprintf(text, TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u%c%02u:%02u",
	        (unsigned)c.year % 10000, (unsigned)c.month % 100, (unsigned)c.day % 100,
	        (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100, sign,
	        away / 60 % 100, away % 60);
}
