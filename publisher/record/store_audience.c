/* SPDX-License-Identifier: Apache-2.0
 * store_audience - the blocks of a frozen audience, wherever they lie: in the record, where they
 * came from a file with the bulletin, or in the directory beside it (store_directory.h), by the
 * digest the record holds. An audience that was purged has one empty block here, in either case.
 */
#include <stdlib.h>
#include <string.h>

#include "directory_rows.h"

static struct store *beside(struct store *store, struct err *err)
{
	const char *slash = strrchr(store->path, '/');

	if (!store->directory) {
		char *folder = slash ? mem_text_n(store->path, (size_t)(slash - store->path))
		                     : mem_text(".");
		store->directory = directory_open(folder, false, err);
		free(folder);
	}
	return store->directory;
}

static bool audience_digest(struct store *store, const char *bulletin, const char *target,
        char digest[DIGEST_HEX], struct err *err)
{
	struct query q;

	query_begin(
	        &q, store, "SELECT digest FROM audience WHERE bulletin = ? AND target = ?", err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, target);
	bool found = query_row(&q);
	if (found)
		query_get_digest(&q, digest);
	return query_end(&q) && (found || err_set(err, ERR_MISSING, "信息 %s 没有发往 %s 的接收人",
	                                          "%s has no audience for %s", bulletin, target));
}

/* Those in the record itself; 0: they lie in the directory. */
static bool own_blocks(struct store *store, const char *bulletin, const char *target,
        int64_t *count, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT COUNT(*) FROM audience_block WHERE bulletin = ? AND target = ?", err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, target);
	*count = query_row(&q) ? query_get_int(&q) : 0;
	return query_end(&q);
}

/* *out NULL: there is none here. */
static bool own_block(struct store *store, const char *bulletin, const char *target, int block,
        char **out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT lines FROM audience_block WHERE bulletin = ? AND target = ? AND block = ?",
	        err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, target);
	query_int(&q, block);
	char *lines = query_row(&q) ? query_get_text(&q) : NULL;
	if (!query_end(&q)) {
		free(lines);
		return false;
	}
	*out = lines;
	return true;
}

/* ERR_UNAVAILABLE where the directory lacks what the record believes it has. What was asked in vain
 * is opened anew the next time: its file may have been put back meanwhile. */
static bool kept_block(struct store *store, const char *bulletin, const char *target, int block,
        char **out, struct err *err)
{
	char digest[DIGEST_HEX];

	if (audience_digest(store, bulletin, target, digest, err) && beside(store, err) &&
	        audience_kept_lines(store->directory, digest, block, out, err))
		return true;
	store_close(&store->directory);
	return false;
}

bool store_audience_block(struct store *store, const char *bulletin, const char *target, int block,
        char **out, struct err *err)
{
	int64_t own;

	if (!own_block(store, bulletin, target, block, out, err))
		return false;
	if (*out)
		return true;
	if (!own_blocks(store, bulletin, target, &own, err))
		return false;
	if (own)
		return err_set(err, ERR_MISSING, "信息 %s 发往 %s 的名单没有第 %d 段",
		        "the audience of %s for %s has no block %d", bulletin, target, block);
	return kept_block(store, bulletin, target, block, out, err);
}

/* As the record says it; 0: it is older than that, and the directory must. */
static bool said_blocks(struct store *store, const char *bulletin, const char *target,
        int64_t *count, struct err *err)
{
	struct query q;

	query_begin(
	        &q, store, "SELECT blocks FROM audience WHERE bulletin = ? AND target = ?", err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, target);
	*count = query_row(&q) ? query_get_int(&q) : 0;
	return query_end(&q);
}

bool store_audience_blocks(struct store *store, const char *bulletin, const char *target,
        int64_t *count, struct err *err)
{
	char digest[DIGEST_HEX];

	if (!own_blocks(store, bulletin, target, count, err))
		return false;
	if (*count)
		return true;
	if (!said_blocks(store, bulletin, target, count, err))
		return false;
	if (*count)
		return true;
	return audience_digest(store, bulletin, target, digest, err) && beside(store, err) &&
	       audience_kept_blocks(store->directory, digest, count, err);
}

static bool own_digests(struct store *store, const char *bulletin, const char *target,
        unsigned char **digests, size_t *count, struct err *err)
{
	char hex[DIGEST_HEX];
	struct query q;

	*digests = NULL;
	*count = 0;
	query_begin(&q, store,
	        "SELECT lines FROM audience_block WHERE bulletin = ? AND target = ? ORDER BY block",
	        err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, target);
	while (query_row(&q)) {
		const char *lines = query_peek_text(&q);
		digest_sha256(lines, strlen(lines), hex);
		digest_pack(hex, mem_push(digests, count, DIGEST_BYTES));
	}
	if (query_end(&q))
		return true;
	free(*digests);
	*digests = NULL;
	*count = 0;
	return false;
}

bool store_audience_digests(struct store *store, const char *bulletin, const char *target,
        unsigned char **digests, size_t *count, struct err *err)
{
	char digest[DIGEST_HEX];

	if (!own_digests(store, bulletin, target, digests, count, err) || *count)
		return *count != 0;
	return audience_digest(store, bulletin, target, digest, err) && beside(store, err) &&
	       audience_kept_digests(store->directory, digest, digests, count, err);
}

bool store_audiences_needed(struct store *store, struct texts *digests, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT DISTINCT a.digest FROM audience a WHERE NOT EXISTS (SELECT 1 FROM"
	        " audience_block k WHERE k.bulletin = a.bulletin AND k.target = a.target)",
	        err);
	while (query_row(&q))
		texts_add(digests, query_peek_text(&q));
	return query_end(&q);
}
