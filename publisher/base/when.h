/* SPDX-License-Identifier: Apache-2.0
 * when - moments. Inside, a moment is milliseconds since 1970-01-01T00:00:00Z; outside it is text.
 *
 * Time is a parameter everywhere: only the two functions at the end ask the kernel.
 * We write +08:00 only (China Standard Time has had no summer time since 1991).
 */
#ifndef TOCSIN_WHEN_H
#define TOCSIN_WHEN_H

#include <stdbool.h>
#include <stdint.h>

enum {
	WHEN_TEXT = 26,   /* "2026-11-23T09:00:00+08:00" and its NUL */
	WHEN_DIGITS = 15, /* "20261123090000" and its NUL */
};

/* Fields of a civil date; month and day count from 1. */
struct civil {
	int year, month, day, hour, minute, second;
};

int64_t when_from_civil(const struct civil *civil, int offset_minutes); /* ms; no range check */
struct civil when_civil(int64_t ms, int offset_minutes);
bool when_civil_valid(const struct civil *civil); /* a day that exists, 00:00:00 to 23:59:59 */

void when_text(int64_t ms, char text[WHEN_TEXT]);     /* +08:00, whole seconds */
void when_digits(int64_t ms, char text[WHEN_DIGITS]); /* +08:00, YYYYMMDDhhmmss */

/* "2026-11-23T09:00:00+08:00", exactly: whole seconds and a numeric offset up to 14:00, as CAP
 * wants. *offset_minutes (may be NULL) is what stood there. */
bool when_read(const char *text, int64_t *ms, int *offset_minutes);

/* "2026-11-23": the start of that day at +08:00. */
bool when_read_day(const char *text, int64_t *ms);

int64_t when_now(void);  /* CLOCK_REALTIME, for records and messages */
int64_t when_boot(void); /* CLOCK_BOOTTIME, for timers: never steps, counts while suspended */

#endif
