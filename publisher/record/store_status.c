/* SPDX-License-Identifier: Apache-2.0
 * store_status - what heartbeat and index say of the record: what is in force, and which sequence
 * numbers no subscriber will see.
 */
#include "store_db.h"

#include <stdlib.h>
#include <string.h>

/* Numbers: what is older has been named often enough, and the question stays short. */
enum { VOIDS_LOOK_BACK = 1000 };

/* An identifier that would not stand on one line of a form is named by its digest. */
static void put_identifier(struct status_item *item, const char *identifier)
{
	char digest[DIGEST_HEX];

	if (status_is_id(identifier)) {
		memcpy(item->identifier, identifier, strlen(identifier) + 1);
		return;
	}
	digest_sha256(identifier, strlen(identifier), digest);
	snprintf(item->identifier, sizeof item->identifier, "sha256:%s", digest);
}

bool store_list_in_force(struct store *store, int64_t now, struct status_item **items,
        size_t *count, struct err *err)
{
	struct query q;

	*items = NULL;
	*count = 0;
	query_begin(&q, store,
	        "SELECT b.identifier, c.signed_cap FROM bulletin b, bulletin_body c"
	        " WHERE c.bulletin = b.row AND b.state = 'released'"
	        " AND b.verb NOT IN ('cancel', 'correct') AND (b.expires = 0 OR b.expires > ?)"
	        " ORDER BY b.release_order",
	        err);
	query_int(&q, now);
	while (query_row(&q)) {
		struct status_item *item = mem_push(items, count, sizeof **items);
		put_identifier(item, query_peek_text(&q));
		const char *cap = query_peek_text(&q);
		digest_sha256(cap, strlen(cap), item->cap);
	}
	return query_end(&q);
}

static bool last_given(struct store *store, int64_t *last, struct err *err)
{
	struct query q;

	*last = 0;
	query_begin(&q, store, "SELECT value FROM counter WHERE name = 'mqtt'", err);
	if (query_row(&q))
		*last = query_get_int(&q);
	return query_end(&q);
}

/* Targets' names as one text that a name is looked for in: ",mqtt,mqtt-b,". */
static char *joined(const struct texts *targets)
{
	struct buf all;

	buf_init(&all, 0);
	buf_char(&all, ',');
	for (size_t i = 0; i < targets->count; i++)
		buf_format(&all, "%s,", targets->items[i]);
	return buf_take(&all);
}

bool store_list_voids(struct store *store, const struct texts *targets, int64_t *last,
        int64_t *voids, size_t *count, struct err *err)
{
	char *names = joined(targets);
	struct query q;

	*count = 0;
	bool ok = last_given(store, last, err);
	query_begin(&q, store,
	        "SELECT sequence FROM bulletin WHERE sequence > 0 AND sequence > ?"
	        " AND NOT EXISTS (SELECT 1 FROM"
	        " delivery WHERE delivery.bulletin = bulletin.row"
	        " AND instr(?, ',' || delivery.target || ',') > 0"
	        " AND delivery.state IN ('waiting', 'sending', 'delivered', 'unknown'))"
	        " ORDER BY sequence DESC LIMIT ?",
	        err);
	query_int(&q, *last > VOIDS_LOOK_BACK ? *last - VOIDS_LOOK_BACK : 0);
	query_text(&q, names);
	query_int(&q, STATUS_VOIDS_MOST);
	while (query_row(&q))
		voids[(*count)++] = query_get_int(&q);
	ok = query_end(&q) && ok;
	free(names);
	for (size_t i = 0; i < *count / 2; i++) {
		int64_t other = voids[i];
		voids[i] = voids[*count - 1 - i];
		voids[*count - 1 - i] = other;
	}
	return ok;
}
