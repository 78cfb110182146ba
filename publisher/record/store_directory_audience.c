/* SPDX-License-Identifier: Apache-2.0
 * store_directory_audience - see store_directory.h: audiences, frozen block by block.
 *
 * One that has no digest yet is being frozen, or was when the program died; the sweep takes it.
 */
#include <stdlib.h>
#include <string.h>

#include "directory_rows.h"

bool audience_find(struct store *store, const char *selection, int64_t now,
        struct audience *audience, struct err *err)
{
	struct query q;
	bool found = false;

	if (!store_begin(store, err))
		return false;
	query_begin(&q, store,
	        "UPDATE audience SET frozen = ? WHERE id = (SELECT id FROM audience"
	        " WHERE selection = ? AND digest <> '' LIMIT 1) RETURNING digest, count, blocks",
	        err);
	query_int(&q, now);
	query_text(&q, selection);
	if (query_row(&q)) {
		found = true;
		query_get_digest(&q, audience->digest);
		audience->count = query_get_int(&q);
		audience->kept_blocks = query_get_int(&q);
	}
	bool ok = query_end(&q);
	if (!directory_change_end(store, ok, err))
		return false;
	audience->kept = found;
	return found || err_set(err, ERR_MISSING, "尚未固定这一接收人范围",
	                        "this audience has not been frozen yet");
}

bool audience_begin(struct store *store, int64_t now, int64_t *id, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO audience (digest, selection, count, blocks, frozen)"
	        " VALUES ('', '', 0, 0, ?) RETURNING id",
	        err);
	query_int(&q, now);
	*id = query_row(&q) ? query_get_int(&q) : 0;
	return query_end(&q);
}

bool audience_add(struct store *store, int64_t id, int64_t position, const struct block_head *head,
        const char *lines, struct err *err)
{
	int64_t block = head->id;
	struct query q;

	/* A block of its own belongs to no generation. */
	if (!block && !directory_put_lines(store, 0, head, lines, &block, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO part (audience, position, block) SELECT ?, ?, id FROM block WHERE id "
	        "= ?",
	        err);
	query_int(&q, id);
	query_int(&q, position);
	query_int(&q, block);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 ||
	       err_set(err, ERR_BUSY, "接收人名册刚被更换，请再提交一次",
	               "the directory of recipients was replaced just now: submit once more");
}

bool audience_finish(struct store *store, int64_t id, const char *selection,
        const struct audience *audience, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE audience SET digest = ?, selection = ?, count = ?, blocks = (SELECT"
	        " COUNT(*) FROM part WHERE audience = id) WHERE id = ?",
	        err);
	query_text(&q, audience->digest);
	query_text(&q, selection);
	query_int(&q, audience->count);
	query_int(&q, id);
	return query_run(&q);
}

bool audience_drop(struct store *store, int64_t id, struct err *err)
{
	return directory_run(store,
	               "DELETE FROM block WHERE generation = 0 AND id IN (SELECT block FROM part"
	               " WHERE audience = ?1)",
	               id, err) &&
	       directory_run(store, "DELETE FROM part WHERE audience = ?", id, err) &&
	       directory_run(store, "DELETE FROM audience WHERE id = ?", id, err);
}

/* Frozen twice, by two selections that mean the same people: either will do. */
#define KEPT "(SELECT MAX(id) FROM audience WHERE digest = ? AND digest <> '')"

static bool missing(const char *digest, int64_t block, struct err *err)
{
	return err_set(err, ERR_MISSING, "名册中没有接收人范围 %.16s 的第 %lld 段",
	        "of audience %.16s the directory has no block %lld", digest, (long long)block);
}

bool audience_kept_blocks(struct store *store, const char *digest, int64_t *count, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT blocks FROM audience WHERE id = " KEPT, err);
	query_text(&q, digest);
	bool found = query_row(&q);
	*count = found ? query_get_int(&q) : 0;
	return query_end(&q) && (found || missing(digest, 0, err));
}

bool audience_kept_lines(
        struct store *store, const char *digest, int64_t block, char **lines, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT lines FROM block WHERE id = (SELECT block FROM part WHERE audience = " KEPT
	        " AND position = ?)",
	        err);
	query_text(&q, digest);
	query_int(&q, block);
	*lines = query_row(&q) ? query_get_text(&q) : NULL;
	if (query_end(&q) && (*lines || missing(digest, block, err)))
		return true;
	free(*lines);
	*lines = NULL;
	return false;
}

bool audience_kept_digests(struct store *store, const char *digest, unsigned char **digests,
        size_t *count, struct err *err)
{
	struct query q;
	struct buf out;

	*count = 0;
	buf_init(&out, (size_t)64 << 20);
	query_begin(&q, store,
	        "SELECT b.digest FROM part p JOIN block b ON b.id = p.block WHERE p.audience "
	        "= " KEPT " ORDER BY p.position",
	        err);
	query_text(&q, digest);
	for (; query_row(&q); ++*count) {
		unsigned char packed[DIGEST_BYTES] = {0};
		char hex[DIGEST_HEX];
		query_get_digest(&q, hex);
		if (digest_is_hex(hex))
			digest_pack(hex, packed);
		buf_add(&out, packed, sizeof packed);
	}
	bool ok = query_end(&q) && (*count || missing(digest, 0, err));
	*digests = ok ? (unsigned char *)buf_take(&out) : NULL;
	buf_finish(&out);
	return ok;
}
