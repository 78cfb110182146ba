/* SPDX-License-Identifier: Apache-2.0
 * store_number - numbers given once: identifiers of messages, sequences, orders of release. A
 * number given in a change that is rolled back was never given.
 */
#include "store_db.h"

#include <stdlib.h>

#include "when.h"

enum { PER_SECOND = 5 }; /* of the ten an identifier's last digit could tell apart */

/* 0 to 4, and 5 to 9 in a record that was restored an odd number of times: a unit that took more
 * than fit has taken seconds to come, and the copy does not know of them. */
static bool first_digit(struct store *store, int *digit, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT COUNT(*) FROM hold", err);
	*digit = query_row(&q) && query_get_int(&q) % 2 ? PER_SECOND : 0;
	return query_end(&q);
}

static bool take(
        struct store *store, const char *identifier, int64_t now, bool *taken, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO taken_identifier (identifier, at) VALUES (?, ?)"
	        " ON CONFLICT (identifier) DO NOTHING",
	        err);
	query_text(&q, identifier);
	query_int(&q, now);
	if (!query_run(&q))
		return false;
	*taken = store_changes(store) == 1;
	return true;
}

bool store_take_identifier(
        struct store *store, const char *unit_code, int64_t now, char **identifier, struct err *err)
{
	char digits[WHEN_DIGITS];
	int first;

	if (!first_digit(store, &first, err))
		return false;
	for (int64_t second = now;; second += 1000) {
		when_digits(second, digits);
		for (int n = 0; n < PER_SECOND; n++) {
			char *candidate = mem_format("%s_%s_%d", unit_code, digits, first + n);
			bool taken = false;
			bool ok = take(store, candidate, now, &taken, err);
			if (ok && taken) {
				*identifier = candidate;
				return true;
			}
			free(candidate);
			if (!ok)
				return false;
		}
	}
}

bool store_next_sequence(struct store *store, const char *counter, int64_t *value, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO counter (name, value) VALUES (?, 1)"
	        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
	        err);
	query_text(&q, counter);
	int64_t next = query_row(&q) ? query_get_int(&q) : 0;
	if (!query_end(&q))
		return false;
	*value = next;
	return true;
}
