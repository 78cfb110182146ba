/* SPDX-License-Identifier: Apache-2.0
 * store_purge - destroys what is about persons once an event is over: recipients' numbers, what
 * came in byte for byte, answers kept for repeats; and later what far sides confirmed. The case
 * stays: words, decisions, approvals, signatures, counts, and the audit chain, which holds none of
 * it.
 *
 * Nothing is touched of a chain of messages that is still in force or has a delivery on its way.
 * What is overwritten is gone from the file too (secure_delete, store_db.c); the write-ahead log
 * and backups have their own ends (docs/OPERATING.md).
 */
#include "store_db.h"

#include "when.h"

/* Each question is asked once of the whole table, never once a bulletin: the record thread answers,
 * and a red would wait behind it. ?1 = before (created), ?2 = before (expiry of what is in force).
 */
#define IN_FORCE                                                                                   \
	" FROM bulletin f WHERE f.state = 'released' AND f.verb NOT IN ('cancel', 'correct')"      \
	" AND (f.expires = 0 OR f.expires >= ?2)"
#define OVER                                                                                       \
	"(SELECT b.row FROM bulletin b WHERE b.created < ?1"                                       \
	" AND b.state IN ('superseded', 'cancelled', 'expired', 'rejected', 'released', 'staged')" \
	" AND b.row NOT IN (SELECT f.row" IN_FORCE ")"                                             \
	" AND b.chain NOT IN (SELECT f.chain" IN_FORCE " AND f.chain <> '')"                       \
	" AND b.parent NOT IN (SELECT 'b' || f.row" IN_FORCE ")"                                   \
	" AND b.row NOT IN (SELECT d.bulletin FROM delivery d"                                     \
	" WHERE d.state IN ('waiting', 'sending')))"

static bool purge_one(struct store *store, const char *sql, int64_t first, int64_t second,
        int64_t *count, struct err *err)
{
	struct query q;

	query_begin(&q, store, sql, err);
	query_int(&q, first);
	query_int(&q, second);
	if (!query_run(&q))
		return false;
	*count = store_changes(store);
	return true;
}

static bool audit_purge(struct store *store, const struct purge *purge, int64_t now,
        const struct purge_counts *counts, struct err *err)
{
	char before[WHEN_TEXT], confirmed[WHEN_TEXT];

	when_text(purge->before, before);
	when_text(purge->confirmed_before, confirmed);
	json_t *body = json_pack("{s:s,s:s,s:I,s:I,s:I,s:I}", "before", before, "confirmed_before",
	        confirmed, "blocks", (json_int_t)counts->blocks, "confirmations",
	        (json_int_t)counts->confirmations, "inputs", (json_int_t)counts->inputs, "answers",
	        (json_int_t)counts->answers);
	bool ok = store_audit(store, "purged", purge->change, body, now, err);
	json_decref(body);
	return ok;
}

/* The directory's audiences have no block here: one that is empty says that nobody needs theirs any
 * more, and the next sweep of the directory destroys them (store_directory_sweep.c). */
static bool give_up_kept(
        struct store *store, const struct purge *purge, int64_t *count, struct err *err)
{
	int64_t more;

	if (!purge_one(store,
	            "INSERT INTO audience_block (bulletin, target, block, lines) SELECT a.bulletin,"
	            " a.target, 0, '' FROM audience a WHERE NOT EXISTS (SELECT 1 FROM"
	            " audience_block k WHERE k.bulletin = a.bulletin AND k.target = a.target)"
	            " AND a.bulletin IN " OVER,
	            purge->before, purge->before, &more, err))
		return false;
	*count += more;
	return true;
}

/* What far sides confirmed, and what was reported of each person; the counts stay. */
static bool purge_confirmed(
        struct store *store, const struct purge *purge, int64_t *count, struct err *err)
{
	int64_t words;

	if (!purge_one(store,
	            "UPDATE delivery SET proof = '', far_id = ''"
	            " WHERE (proof <> '' OR far_id <> '') AND bulletin IN " OVER,
	            purge->confirmed_before, purge->confirmed_before, count, err) ||
	        !purge_one(store,
	                "UPDATE reported SET words = '' WHERE words <> '' AND delivery IN"
	                " (SELECT w.id FROM delivery w WHERE w.bulletin IN " OVER ")",
	                purge->confirmed_before, purge->confirmed_before, &words, err))
		return false;
	*count += words;
	return true;
}

bool store_purge(struct store *store, const struct purge *purge, int64_t now,
        struct purge_counts *counts, struct err *err)
{
	*counts = (struct purge_counts){0};
	return purge_one(store,
	               "UPDATE audience_block SET lines = '' WHERE lines <> '' AND bulletin "
	               "IN " OVER,
	               purge->before, purge->before, &counts->blocks, err) &&
	       give_up_kept(store, purge, &counts->blocks, err) &&
	       purge_one(store,
	               "UPDATE intake SET bytes = x'', name = '', problem = ''"
	               " WHERE at < ?1 AND (length(bytes) > 0 OR name <> '')"
	               " AND outcome NOT IN (SELECT 'draft b' || f.row" IN_FORCE
	               " UNION ALL SELECT 'relay b' || f.row" IN_FORCE ")",
	               purge->before, purge->before, &counts->inputs, err) &&
	       purge_one(store, "DELETE FROM idempotent WHERE at < ?1 AND at < ?2", purge->before,
	               purge->before, &counts->answers, err) &&
	       purge_confirmed(store, purge, &counts->confirmations, err) &&
	       audit_purge(store, purge, now, counts, err);
}
