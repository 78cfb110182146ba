/* SPDX-License-Identifier: Apache-2.0
 * store_audit - the hash chain over everything that was decided and done (base/chain.h).
 *
 * Bodies are JSON, compact, keys sorted; they hold references and keyed digests, never personal
 * data. Where the chain ends is kept apart, so that a cut-off tail shows. What this cannot show is
 * an old copy of the whole file: the head is therefore also published outside (heartbeat.h).
 */
#include "store_audit.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

bool store_audit_head(struct store *store, int64_t *seq, char hash[DIGEST_HEX], struct err *err)
{
	struct chain start;
	struct query q;

	chain_start(&start);
	*seq = 0;
	memcpy(hash, start.hash, DIGEST_HEX);
	query_begin(&q, store, "SELECT seq, hash FROM audit_head WHERE chain = 'main'", err);
	if (query_row(&q)) {
		*seq = query_get_int(&q);
		query_get_digest(&q, hash);
	}
	return query_end(&q);
}

const char *audit_read(struct query *q, struct chain_record *record)
{
	record->seq = query_get_int(q);
	record->at = query_get_int(q);
	record->what = query_peek_text(q);
	record->ref = query_peek_text(q);
	record->body = query_peek_text(q);
	return query_peek_text(q);
}

static bool write_link(
        struct store *store, const struct chain_record *link, const char *hash, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO audit (seq, at, what, ref, body, hash) VALUES (?,?,?,?,?,?)", err);
	query_int(&q, link->seq);
	query_int(&q, link->at);
	query_text(&q, link->what);
	query_text(&q, link->ref);
	query_text(&q, link->body);
	query_text(&q, hash);
	if (!query_run(&q))
		return false;
	query_begin(&q, store,
	        "INSERT INTO audit_head (chain, seq, hash) VALUES ('main', ?, ?)"
	        " ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
	        err);
	query_int(&q, link->seq);
	query_text(&q, hash);
	return query_run(&q);
}

bool store_audit(struct store *store, const char *what, const char *ref, const json_t *body,
        int64_t now, struct err *err)
{
	char previous[DIGEST_HEX];
	char hash[DIGEST_HEX];
	int64_t seq;

	if (!store_audit_head(store, &seq, previous, err))
		return false;
	char *words = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	struct chain_record link = {seq + 1, now, what, ref ? ref : "", words ? words : "null"};
	chain_hash(previous, &link, hash);
	bool ok = write_link(store, &link, hash, err);
	free(words);
	return ok;
}
