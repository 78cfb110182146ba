/* SPDX-License-Identifier: Apache-2.0
 * when - see when.h. Pure arithmetic on the proleptic Gregorian calendar; no locale, no tz
 * database.
 */
#include "when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CHINA_OFFSET = 8 * 60 };

/* Days since 1970-01-01. The year starts in March here, so that the leap day comes last. */
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

int64_t when_from_civil(const struct civil *c, int offset_minutes)
{
	int64_t seconds = days_from_civil(c->year, c->month, c->day) * 86400 + c->hour * 3600 +
	                  c->minute * 60 + c->second - (int64_t)offset_minutes * 60;

	return seconds * 1000;
}

struct civil when_civil(int64_t ms, int offset_minutes)
{
	int64_t seconds = (ms >= 0 ? ms : ms - 999) / 1000 + (int64_t)offset_minutes * 60;
	int64_t days = (seconds >= 0 ? seconds : seconds - 86399) / 86400;
	int64_t rest = seconds - days * 86400;
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
	        .year = (int)(yoe + era * 400 + (month <= 2)),
	        .month = month,
	        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
	        .hour = (int)(rest / 3600),
	        .minute = (int)(rest / 60 % 60),
	        .second = (int)(rest % 60),
	};
}

bool when_civil_valid(const struct civil *c)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;

	if (c->year < 1 || c->month < 1 || c->month > 12 || c->day < 1)
		return false;
	if (c->day > days[c->month - 1] + (c->month == 2 && leap))
		return false;
	return c->hour >= 0 && c->hour < 24 && c->minute >= 0 && c->minute < 60 && c->second >= 0 &&
	       c->second < 60;
}

void when_text(int64_t ms, char text[WHEN_TEXT])
{
	struct civil c = when_civil(ms, CHINA_OFFSET);

	snprintf(text, WHEN_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u+08:00", (unsigned)c.year % 10000,
	        (unsigned)c.month % 100, (unsigned)c.day % 100, (unsigned)c.hour % 100,
	        (unsigned)c.minute % 100, (unsigned)c.second % 100);
}

void when_digits(int64_t ms, char text[WHEN_DIGITS])
{
	struct civil c = when_civil(ms, CHINA_OFFSET);

	snprintf(text, WHEN_DIGITS, "%04u%02u%02u%02u%02u%02u", (unsigned)c.year % 10000,
	        (unsigned)c.month % 100, (unsigned)c.day % 100, (unsigned)c.hour % 100,
	        (unsigned)c.minute % 100, (unsigned)c.second % 100);
}

/* The picture says what each character must be: '0' a digit, '+' a sign, anything else itself. */
static bool matches(const char *text, const char *picture)
{
	for (; *picture; picture++, text++) {
		if (*picture == '0'       ? (*text < '0' || *text > '9')
		        : *picture == '+' ? (*text != '+' && *text != '-')
		                          : *text != *picture)
			return false;
	}
	return *text == '\0';
}

static int number(const char *digits, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

bool when_read(const char *text, int64_t *ms, int *offset_minutes)
{
	if (!text || !matches(text, "0000-00-00T00:00:00+00:00"))
		return false;
	struct civil c = {number(text, 4), number(text + 5, 2), number(text + 8, 2),
	        number(text + 11, 2), number(text + 14, 2), number(text + 17, 2)};
	int hours = number(text + 20, 2);
	int minutes = number(text + 23, 2);
	int offset = hours * 60 + minutes;

	if (!when_civil_valid(&c) || minutes > 59 || offset > 14 * 60)
		return false;
	if (text[19] == '-')
		offset = -offset;
	*ms = when_from_civil(&c, offset);
	if (offset_minutes)
		*offset_minutes = offset;
	return true;
}

bool when_read_day(const char *text, int64_t *ms)
{
	if (!text || !matches(text, "0000-00-00"))
		return false;
	struct civil c = {
	        .year = number(text, 4), .month = number(text + 5, 2), .day = number(text + 8, 2)};

	if (!when_civil_valid(&c))
		return false;
	*ms = when_from_civil(&c, CHINA_OFFSET);
	return true;
}

static int64_t ask(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t when_now(void)
{
	return ask(CLOCK_REALTIME);
}

int64_t when_boot(void)
{
	return ask(CLOCK_BOOTTIME);
}
