/* SPDX-License-Identifier: Apache-2.0
 * store_lease - see store_lease.h. Relies on the record's transaction: whoever is in one is the
 * only writer until its end, so what was looked at once in it stays true. (An engine with several
 * writers reads the rows so that they cannot be changed meanwhile.)
 */
#include "store_lease.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"
#include "store_number.h"

void lease_list_finish(struct lease_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].name);
		free(list->items[i].holder);
	}
	free(list->items);
	*list = (struct lease_list){0};
}

bool store_list_leases(struct store *store, struct lease_list *out, struct err *err)
{
	struct query q;

	*out = (struct lease_list){0};
	query_begin(&q, store, "SELECT name, holder, token, until FROM lease ORDER BY name", err);
	while (query_row(&q)) {
		struct lease *lease = mem_push(&out->items, &out->count, sizeof *lease);
		lease->name = query_get_text(&q);
		lease->holder = query_get_text(&q);
		lease->token = query_get_int(&q);
		lease->until = query_get_int(&q);
	}
	if (query_end(&q))
		return true;
	lease_list_finish(out);
	return false;
}

static int64_t presented(const struct leases *leases, const char *name)
{
	for (size_t i = 0; i < leases->mine_count; i++)
		if (strcmp(leases->mine[i].name, name) == 0)
			return leases->mine[i].token;
	return 0;
}

void store_present(struct store *store, const char *name, int64_t token)
{
	struct leases *leases = &store->leases;

	leases->looked = false;
	for (size_t i = 0; i < leases->mine_count; i++)
		if (strcmp(leases->mine[i].name, name) == 0) {
			leases->mine[i].token = token;
			return;
		}
	struct lease_token *one = mem_push(&leases->mine, &leases->mine_count, sizeof *one);
	*one = (struct lease_token){mem_text(name), token};
}

void store_when_fenced(struct store *store, lease_lost lost)
{
	store->leases.lost = lost;
}

/* --- asking ----------------------------------------------------------------------------------- */

/* Rows are never taken away: those of the last look are renamed only where one came in between. */
static void see(struct leases *leases, size_t place, const char *name, int64_t token)
{
	struct lease_token *row =
	        place < leases->seen_count
	                ? &leases->seen[place]
	                : mem_push(&leases->seen, &leases->seen_count, sizeof *leases->seen);

	if (!row->name || strcmp(row->name, name) != 0)
		mem_put_text(&row->name, name);
	row->token = token;
}

static bool look(struct store *store, struct err *err)
{
	struct leases *leases = &store->leases;
	struct query q;
	size_t place = 0;

	if (leases->looked)
		return true;
	query_begin(&q, store, "SELECT name, token FROM lease ORDER BY name", err);
	while (query_row(&q)) {
		const char *name = query_peek_text(&q);
		see(leases, place++, name, query_get_int(&q));
	}
	if (!query_end(&q))
		return false;
	leases->looked = store->inside;
	return true;
}

static const struct lease_token *row_of(const struct leases *leases, const char *name)
{
	for (size_t i = 0; i < leases->seen_count; i++)
		if (strcmp(leases->seen[i].name, name) == 0)
			return &leases->seen[i];
	return NULL;
}

static bool fenced(struct store *store, const struct lease_token *row, struct err *err)
{
	struct query q;
	struct err said = {0};
	struct err *to = err ? err : &said;

	query_begin(&q, store, "SELECT holder FROM lease WHERE name = ?", to);
	query_text(&q, row->name);
	char *holder = query_row(&q) ? query_get_text(&q) : mem_text("");
	bool known = query_end(&q);
	if (known)
		err_set(to, ERR_FENCED,
		        "%s 已由 %s 接管（令牌 %lld，本进程持 %lld）：本进程不得再写入、再发送。"
		        "请查明是谁还在运行，只留一个 tocsind 使用 %s，再启动",
		        "%s was taken over by %s (token %lld, ours is %lld): nothing more may be "
		        "written or sent from here. Find out who else runs, leave one tocsind on "
		        "%s, then start it",
		        row->name, holder, (long long)row->token,
		        (long long)presented(&store->leases, row->name), store->path);
	free(holder);
	if (known && store->leases.lost)
		store->leases.lost(to);
	return false;
}

bool store_must_hold(struct store *store, const char *name, struct err *err)
{
	if (!look(store, err))
		return false;
	const struct lease_token *row = row_of(&store->leases, name);
	if (!row)
		row = row_of(&store->leases, LEASE_DISPATCH);
	return !row || row->token == presented(&store->leases, row->name) ||
	       fenced(store, row, err);
}

/* --- taking ----------------------------------------------------------------------------------- */

static bool is_taken(struct store *store, const char *name, struct err *err)
{
	struct query q;
	char *holder = NULL;

	query_begin(&q, store, "SELECT holder FROM lease WHERE name = ?", err);
	query_text(&q, name);
	if (query_row(&q))
		holder = query_get_text(&q);
	if (query_end(&q))
		err_set(err, ERR_BUSY, "%s 现由 %s 持有，其期未满",
		        "%s is held by %s, whose time is not over", name, holder ? holder : "");
	free(holder);
	return false;
}

bool store_take_lease(struct store *store, const char *name, const struct lease_wish *wish,
        int64_t now, int64_t *token, struct err *err)
{
	struct query q;

	store->leases.looked = false;
	query_begin(&q, store,
	        "INSERT INTO lease (name, holder, token, until) VALUES (?, ?,"
	        " (SELECT COALESCE(MAX(n), 0) + 1 FROM (SELECT token AS n FROM lease WHERE name = ?"
	        " UNION ALL SELECT value FROM counter WHERE name = '" NUMBER_LEASE
	        "') AS given), ?)"
	        " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = "
	        "excluded.token,"
	        " until = excluded.until WHERE ? = 1 OR lease.token = ?"
	        " OR (lease.until > 0 AND lease.until <= ?) RETURNING token",
	        err);
	query_text(&q, name);
	query_text(&q, wish->holder);
	query_text(&q, name);
	query_int(&q, wish->until);
	query_int(&q, wish->by_force);
	query_int(&q, presented(&store->leases, name));
	query_int(&q, now);
	bool took = query_row(&q);
	if (took)
		*token = query_get_int(&q);
	if (!query_end(&q))
		return false;
	return took || is_taken(store, name, err);
}
