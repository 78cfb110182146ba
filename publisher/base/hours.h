/* SPDX-License-Identifier: Apache-2.0
 * hours - a part of every day, as policies and settings write it ("22:00-06:00"). Pure.
 */
#ifndef TOCSIN_HOURS_H
#define TOCSIN_HOURS_H

#include <stdbool.h>
#include <stdint.h>

/* Minutes at +08:00: from included, to not, over midnight when from is later. */
struct hours {
	int from_minute, to_minute; /* -1 = always */
};

bool hours_read(const char *text, struct hours *out); /* false: not such a text; 24:00 only ends */
bool hours_hold(const struct hours *hours, int64_t at);
/* The moment after `at` (ms, UTC) at which they are over; INT64_MAX = never. Only while they hold.
 */
int64_t hours_end(const struct hours *hours, int64_t at);

#endif
