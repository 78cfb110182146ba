/* SPDX-License-Identifier: Apache-2.0
 * store_screening - what the secrecy screen found in each bulletin, and what others of the same
 * incident left behind.
 */
#include "store_bulletin.h"

#include <stdlib.h>
#include <string.h>

enum { TRACES_MOST = 20000 };

static bool forget(struct store *store, int64_t row, struct err *err)
{
	struct query q;

	query_begin(&q, store, "DELETE FROM screening_trace WHERE bulletin = ?", err);
	query_int(&q, row);
	return query_run(&q);
}

static bool put_hits(
        struct store *store, int64_t row, const json_t *hits, int64_t now, struct err *err)
{
	struct query q;
	char *text = json_dumps(hits, JSON_COMPACT);

	query_begin(&q, store,
	        "INSERT INTO screening (bulletin, hits, at) VALUES (?,?,?)"
	        " ON CONFLICT (bulletin) DO UPDATE SET hits = excluded.hits, at = excluded.at",
	        err);
	query_int(&q, row);
	query_text(&q, text);
	query_int(&q, now);
	bool ok = query_run(&q);
	free(text);
	return ok;
}

static bool put_trace(
        struct store *store, int64_t row, const struct store_trace *trace, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO screening_trace (bulletin, kind, digest, subject) VALUES (?,?,?,?)"
	        " ON CONFLICT (bulletin, kind, digest) DO NOTHING",
	        err);
	query_int(&q, row);
	query_text(&q, trace->kind);
	query_text(&q, trace->digest);
	query_int(&q, trace->subject);
	return query_run(&q);
}

bool store_put_screening(struct store *store, const char *bulletin, const json_t *hits,
        const struct store_trace *traces, size_t count, int64_t now, struct err *err)
{
	int64_t row = bulletin_row(bulletin);
	bool ok = put_hits(store, row, hits, now, err) && forget(store, row, err);

	for (size_t i = 0; ok && i < count; i++)
		ok = put_trace(store, row, &traces[i], err);
	return ok;
}

bool store_get_screening(struct store *store, const char *bulletin, json_t **hits, struct err *err)
{
	struct query q;
	json_t *found = NULL;

	query_begin(&q, store, "SELECT hits FROM screening WHERE bulletin = ?", err);
	query_int(&q, bulletin_row(bulletin));
	if (query_row(&q))
		found = json_loads(query_peek_text(&q), 0, NULL);
	if (!query_end(&q)) {
		json_decref(found);
		return false;
	}
	*hits = found ? found : json_array();
	return true;
}

static bool share_an_area(const struct texts *areas, const char *lines)
{
	struct texts others = {0};
	bool shared = false;

	lines_split(lines, &others);
	for (size_t i = 0; i < areas->count; i++)
		shared = shared || texts_have(&others, areas->items[i]);
	texts_finish(&others);
	return shared;
}

/* Row by row: bulletin, kind, digest, subject, whether it is linked by name, areas. */
static void take_row(struct query *q, const struct bulletin *b,
        void (*take)(void *arg, const char *bulletin, const struct store_trace *trace), void *arg)
{
	char *id = mem_format("b%lld", (long long)query_get_int(q));
	char *kind = query_get_text(q);
	char *digest = query_get_text(q);
	bool subject = query_get_int(q) != 0;
	bool linked = query_get_int(q) != 0;
	struct store_trace trace = {kind, digest, subject};

	if (linked || share_an_area(&b->areas, query_peek_text(q)))
		take(arg, id, &trace);
	free(id);
	free(kind);
	free(digest);
}

/* Three questions, each with an index of its own: of most bulletins of the hazard there is no
 * trace, and those are passed over in the index alone. */
#define LINKED " FROM bulletin b JOIN screening_trace t ON t.bulletin = b.row WHERE b.row <> ?1"

bool store_each_trace(struct store *store, const struct bulletin *bulletin, int64_t since,
        void (*take)(void *arg, const char *bulletin, const struct store_trace *trace), void *arg,
        struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT t.bulletin, t.kind, t.digest, t.subject, 1, b.areas" LINKED
	        " AND b.incident <> '' AND b.incident = ?2"
	        " UNION SELECT t.bulletin, t.kind, t.digest, t.subject, 1, b.areas" LINKED
	        " AND b.chain <> '' AND b.chain = ?3"
	        " UNION SELECT t.bulletin, t.kind, t.digest, t.subject, 0, b.areas" LINKED
	        " AND b.hazard = ?4 AND b.created >= ?5 AND (b.incident = '' OR ?2 = '')"
	        " AND NOT (b.chain <> '' AND b.chain = ?3)"
	        " ORDER BY 1 LIMIT ?6",
	        err);
	query_int(&q, bulletin->row);
	query_text(&q, bulletin->incident);
	query_text(&q, bulletin->chain);
	query_text(&q, bulletin->hazard);
	query_int(&q, since);
	query_int(&q, TRACES_MOST);
	while (query_row(&q))
		take_row(&q, bulletin, take, arg);
	return query_end(&q);
}
