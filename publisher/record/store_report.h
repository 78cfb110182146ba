/* SPDX-License-Identifier: Apache-2.0
 * store_report - the moments each bulletin passed through, for the reports on promptness, and the
 * reasons filed for what was late.
 *
 * Rows are handed to `each` as they are read, so that a month of any size needs no room of its own.
 * What `each` gets is borrowed until it returns; a moment that was not reached is 0.
 */
#ifndef TOCSIN_STORE_REPORT_H
#define TOCSIN_STORE_REPORT_H

#include "store.h"

/* When the bytes reached us; upstream_sent: the sender's own word, 0 = none. */
bool store_add_receipt(struct store *store, const char *bulletin, int64_t at, int64_t upstream_sent,
        struct err *err);

struct report_group {
	const char *unit, *kind, *hazard, *level; /* as words */
};

struct report_moments {
	struct report_group group;
	int64_t bulletin; /* row */
	const char *identifier, *headline;
	int64_t upstream_sent;
	int64_t received, submitted, reviewed, approved, released; /* ms */
	const char *reason; /* filed last for its being late; "" */
};
typedef void (*report_moments_each)(void *ctx, const struct report_moments *row);
/* Released in [from, until), but for staged ones, which nobody drafted at that hour. Ordered by
 * unit, kind, hazard, level. */
bool store_report_moments(struct store *store, int64_t from, int64_t until,
        report_moments_each each, void *ctx, struct err *err);

struct report_channel {
	struct report_group group;
	int64_t bulletin;
	const char *identifier, *headline;
	const char *target;
	int64_t released;
	int64_t accepted; /* the last block's; 0: not by all */
	int64_t reached, failed;
	const char *reason;
};
typedef void (*report_channel_each)(void *ctx, const struct report_channel *row);
/* One row a bulletin and far side, of what was released in [from, until) and neither withdrawn nor
 * superseded before it left. Ordered by unit, kind, hazard, level, far side. */
bool store_report_channels(struct store *store, int64_t from, int64_t until,
        report_channel_each each, void *ctx, struct err *err);

bool store_add_late_reason(struct store *store, const char *bulletin, const char *officer,
        const char *reason, int64_t now, struct err *err);

/* For the brief of the night. Heads of what was released in [from, until), newest first. */
bool store_list_released(struct store *store, int64_t from, int64_t until, int limit,
        struct bulletin_list *out, struct err *err);
/* Heads of what is in force and ends before `until`, soonest first. */
bool store_list_expiring(
        struct store *store, int64_t until, int limit, struct bulletin_list *out, struct err *err);
/* Deliveries that ended REJECTED, EXPIRED or UNKNOWN in [from, until), and those that were
 * WITHDRAWN though nothing took their bulletin's place (authority was lost): [{bulletin, target,
 * state, reason, at}], newest first. */
bool store_list_failures(
        struct store *store, int64_t from, int64_t until, int limit, json_t **out, struct err *err);

#endif
