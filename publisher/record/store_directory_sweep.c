/* SPDX-License-Identifier: Apache-2.0
 * store_directory_sweep - see store_directory.h. What is deleted is overwritten (secure_delete),
 * and the write-ahead log is emptied behind it. Nothing here knows what is needed: the record says
 * it.
 */
#include <stdlib.h>

#include "directory_rows.h"

enum { STEP = 64 }; /* blocks at once: who freezes an audience meanwhile waits for no more */

#define ORPHANS                                                                                    \
	"SELECT b.id FROM block b WHERE b.generation NOT IN (SELECT id FROM generation WHERE"      \
	" state IN ('building', 'ready', 'current')) AND NOT EXISTS (SELECT 1 FROM part p WHERE"   \
	" p.block = b.id) LIMIT ?"

static bool list_old(struct store *store, int64_t before, int64_t **ids, size_t *count,
        const struct texts *needed, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT id, digest FROM audience WHERE frozen < ?", err);
	query_int(&q, before);
	while (query_row(&q)) {
		int64_t id = query_get_int(&q);
		if (!texts_have(needed, query_peek_text(&q)))
			*(int64_t *)mem_push(ids, count, sizeof **ids) = id;
	}
	return query_end(&q);
}

/* Frozen again since it was listed: it stays. */
static bool drop_audience(
        struct store *store, int64_t id, int64_t before, int64_t *dropped, struct err *err)
{
	struct query q;

	if (!store_begin(store, err))
		return false;
	query_begin(&q, store, "SELECT 1 FROM audience WHERE id = ? AND frozen < ?", err);
	query_int(&q, id);
	query_int(&q, before);
	bool there = query_row(&q);
	bool ok = query_end(&q) && (!there || audience_drop(store, id, err));
	*dropped += there;
	return directory_change_end(store, ok, err);
}

static bool drop_audiences(struct store *store, const struct texts *needed, int64_t before,
        int64_t *dropped, struct err *err)
{
	int64_t *ids = NULL;
	size_t count = 0;
	bool ok = list_old(store, before, &ids, &count, needed, err);

	for (size_t i = 0; ok && i < count; i++)
		ok = drop_audience(store, ids[i], before, dropped, err);
	free(ids);
	return ok;
}

/* One that was compared with another than is in force now can never come into force
 * (generation_enforce): it is past, without having been in force. */
static bool pass_overtaken(struct store *store, struct err *err)
{
	if (!store_begin(store, err))
		return false;
	bool ok = directory_run(store,
	        "UPDATE generation SET state = 'past' WHERE state = 'ready' AND id > ? AND follows"
	        " <> COALESCE((SELECT id FROM generation WHERE state = 'current'), 0)",
	        0, err);
	return directory_change_end(store, ok, err);
}

/* What is said of people beside their numbers; the row itself stays, for the counts. */
static bool drop_past(struct store *store, int64_t *dropped, struct err *err)
{
	bool ok = true;
	int64_t left = 1;

	while (ok && left) {
		ok = store_begin(store, err) &&
		     directory_run(store,
		             "DELETE FROM detail WHERE block IN (SELECT h.block FROM head h JOIN"
		             " generation g ON g.id = h.generation AND g.state = 'past' JOIN detail"
		             " d ON d.block = h.block LIMIT ?)",
		             STEP, err);
		left = store_changes(store);
		ok = directory_change_end(store, ok, err);
	}
	if (!ok || !store_begin(store, err))
		return false;
	ok = directory_run(store,
	        "DELETE FROM head WHERE generation IN (SELECT id FROM generation WHERE state ="
	        " 'past' AND id > ?)",
	        0, err);
	ok = ok && directory_run(store,
	                   "DELETE FROM profile WHERE generation IN (SELECT id FROM generation"
	                   " WHERE state = 'past' AND id > ?)",
	                   0, err);
	*dropped += store_changes(store) > 0;
	return directory_change_end(store, ok, err);
}

static bool drop_blocks(struct store *store, int64_t *dropped, struct err *err)
{
	int64_t left = 1;
	bool ok = true;

	while (ok && left) {
		ok = store_begin(store, err) &&
		     directory_run(store, "DELETE FROM block WHERE id IN (" ORPHANS ")", STEP, err);
		left = store_changes(store);
		*dropped += left;
		ok = directory_change_end(store, ok, err);
	}
	return ok;
}

bool directory_sweep(struct store *store, const struct texts *needed, int64_t before,
        struct sweep_counts *counts, struct err *err)
{
	*counts = (struct sweep_counts){0};
	bool ok = drop_audiences(store, needed, before, &counts->audiences, err) &&
	          pass_overtaken(store, err) && drop_past(store, &counts->generations, err) &&
	          drop_blocks(store, &counts->blocks, err);
	if (ok && counts->audiences + counts->generations + counts->blocks > 0)
		directory_empty_log(store);
	return ok;
}
