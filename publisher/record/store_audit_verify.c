/* SPDX-License-Identifier: Apache-2.0
 * store_audit_verify - walks the hash chain from its first record to its head, then holds every
 * stored decision, and what was reported of each block, against the digest in its record. Finds a
 * record that was changed, left out, swapped, added or cut off; names the first. Reads one state of
 * the record throughout, however long it takes.
 */
#include "store_audit.h"

#include <stdlib.h>
#include <string.h>

#include "store_reported.h"

static bool walk(struct store *store, struct chain *chain, struct err *err)
{
	struct query q;
	bool fits = true;

	chain_start(chain);
	query_begin(&q, store, "SELECT " AUDIT " FROM audit ORDER BY seq", err);
	while (fits && query_row(&q)) {
		struct chain_record record;
		const char *hash = audit_read(&q, &record);
		fits = chain_follow(chain, &record, hash, err);
	}
	return query_end(&q) && fits;
}

static bool end_fits(struct store *store, const struct chain *chain, struct err *err)
{
	char head[DIGEST_HEX];
	int64_t seq;

	if (!store_audit_head(store, &seq, head, err))
		return false;
	if (seq == chain->seq && strcmp(head, chain->hash) == 0)
		return true;
	return err_set(err, ERR_CONFLICT,
	        "审计记录到第 %lld 条为止，而链尾应是第 %lld 条：尾部缺失或被改过",
	        "the audit chain ends at record %lld but should end at %lld: its tail is missing "
	        "or "
	        "changed",
	        (long long)chain->seq, (long long)seq);
}

/* --- the decisions behind the chain ----------------------------------------------------------- */

/* What the chain should hold about the decision under the cursor; the caller's. */
static json_t *decision_body(struct query *q, int64_t id)
{
	char digest[DIGEST_HEX];
	char *words = query_get_text(q);
	char *both = mem_format("%s\n%s", words, query_peek_text(q));

	digest_sha256(both, strlen(both), digest);
	free(words);
	free(both);
	const char *asked = query_peek_text(q);
	const char *officer = query_peek_text(q);
	int permit = query_get_int(q) != 0;
	return json_pack("{s:I,s:s,s:s,s:b,s:s}", "decision", (json_int_t)id, "asked", asked,
	        "officer", officer, "permit", permit, "digest", digest);
}

static bool decision_fits(struct store *store, int64_t seq, const json_t *body, struct err *err)
{
	int64_t id = json_integer_value(json_object_get(body, "decision"));
	struct query q;
	bool same = false;

	query_begin(&q, store,
	        "SELECT decision, facts, asked, officer, permit FROM decision WHERE id = ?", err);
	query_int(&q, id);
	if (query_row(&q)) {
		json_t *want = decision_body(&q, id);
		same = json_equal(want, body);
		json_decref(want);
	}
	if (!query_end(&q))
		return false;
	return same || err_set(err, ERR_CONFLICT, "审计记录第 %lld 条所记的决定 %lld 缺失或被改过",
	                       "audit record %lld tells of decision %lld, which is missing or was "
	                       "changed",
	                       (long long)seq, (long long)id);
}

/* Every decision in the chain is in its table as it was, and there are no others. */
static bool decisions_fit(struct store *store, struct err *err)
{
	struct query q;
	int64_t left = 0;
	bool fits = true;

	query_begin(&q, store, "SELECT COUNT(*) FROM decision", err);
	if (query_row(&q))
		left = query_get_int(&q);
	if (!query_end(&q))
		return false;
	query_begin(
	        &q, store, "SELECT seq, body FROM audit WHERE what = 'decision' ORDER BY seq", err);
	while (fits && query_row(&q)) {
		int64_t seq = query_get_int(&q);
		json_t *body = json_loads(query_peek_text(&q), JSON_DECODE_ANY, NULL);
		fits = decision_fits(store, seq, body, err);
		json_decref(body);
		left--;
	}
	if (!query_end(&q) || !fits)
		return false;
	return left == 0 || err_set(err, ERR_CONFLICT, "有 %lld 个决定不在审计链中",
	                            "%lld decisions are not in the audit chain", (long long)left);
}

bool store_audit_verify(
        struct store *store, int64_t *records, char head[DIGEST_HEX], struct err *err)
{
	struct snapshot snapshot;
	struct chain chain;

	if (!snapshot_begin(&snapshot, store, err))
		return false;
	bool fits = walk(store, &chain, err) && end_fits(store, &chain, err) &&
	            decisions_fit(store, err) && store_reported_fits(store, err);
	snapshot_end(&snapshot);
	if (fits) {
		*records = chain.seq;
		memcpy(head, chain.hash, DIGEST_HEX);
	}
	return fits;
}

/* A part of the walk, for a program that has other things to do. */
bool store_audit_walk(
        struct store *store, struct chain *chain, int most, bool *at_end, struct err *err)
{
	struct snapshot snapshot;
	struct query q;
	bool fits = true;
	int seen = 0;

	if (!snapshot_begin(&snapshot, store, err))
		return false;
	query_begin(
	        &q, store, "SELECT " AUDIT " FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", err);
	query_int(&q, chain->seq);
	query_int(&q, most);
	while (fits && query_row(&q)) {
		struct chain_record record;
		const char *hash = audit_read(&q, &record);
		fits = chain_follow(chain, &record, hash, err);
		seen++;
	}
	fits = query_end(&q) && fits;
	*at_end = fits && seen < most;
	if (*at_end)
		fits = end_fits(store, chain, err) && decisions_fit(store, err) &&
		       store_reported_fits(store, err);
	snapshot_end(&snapshot);
	return fits;
}

/* The record before the tail is believed: the whole walk is a matter of its own. */
bool store_audit_tail(struct store *store, int most, struct chain *chain, struct err *err)
{
	struct query q;
	char head[DIGEST_HEX];
	int64_t seq;
	bool at_end;

	chain_start(chain);
	if (!store_audit_head(store, &seq, head, err))
		return false;
	query_begin(&q, store, "SELECT seq, hash FROM audit WHERE seq = ?", err);
	query_int(&q, seq - most);
	if (query_row(&q)) {
		chain->seq = query_get_int(&q);
		query_get_digest(&q, chain->hash);
	}
	if (!query_end(&q))
		return false;
	return store_audit_walk(store, chain, most + 1, &at_end, err);
}
