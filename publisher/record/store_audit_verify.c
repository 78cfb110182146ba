/* SPDX-License-Identifier: Apache-2.0
 * store_audit_verify - walks the hash chain from its first record to its head, then holds every
 * stored decision against the digest in its record. Finds a record that was changed, left out,
 * swapped, added or cut off; names the first. Reads one state of the record throughout, however
 * long it takes.
 */
#include "store_audit.h"

#include <stdlib.h>
#include <string.h>

/* The row under the cursor against what must stand there; *hash becomes its hash. */
static bool link_fits(struct query *q, int64_t seq, char hash[DIGEST_HEX], struct err *err)
{
	struct audit_link link;
	char want[DIGEST_HEX];
	char stored[DIGEST_HEX];

	link.seq = query_get_int(q);
	link.at = query_get_int(q);
	link.what = query_peek_text(q);
	link.ref = query_peek_text(q);
	link.body = query_peek_text(q);
	query_get_digest(q, stored);
	if (link.seq != seq)
		return err_set(err, ERR_CONFLICT, "审计记录缺第 %lld 条（其后是第 %lld 条）",
		        "audit record %lld is missing (the next is %lld)", (long long)seq,
		        (long long)link.seq);
	audit_hash(hash, &link, want);
	if (strcmp(want, stored) != 0)
		return err_set(err, ERR_CONFLICT, "审计记录第 %lld 条与链对不上：被改过",
		        "audit record %lld does not fit the chain: it was changed", (long long)seq);
	memcpy(hash, stored, DIGEST_HEX);
	return true;
}

static bool walk(struct store *store, int64_t *last, char hash[DIGEST_HEX], struct err *err)
{
	struct query q;
	bool fits = true;

	*last = 0;
	audit_start(hash);
	query_begin(
	        &q, store, "SELECT seq, at, what, ref, body, hash FROM audit ORDER BY seq", err);
	while (fits && query_row(&q)) {
		fits = link_fits(&q, *last + 1, hash, err);
		*last += fits;
	}
	return query_end(&q) && fits;
}

static bool end_fits(struct store *store, int64_t last, const char *hash, struct err *err)
{
	char head[DIGEST_HEX];
	int64_t seq;

	if (!audit_head(store, &seq, head, err))
		return false;
	if (seq == last && strcmp(head, hash) == 0)
		return true;
	return err_set(err, ERR_CONFLICT,
	        "审计记录到第 %lld 条为止，而链尾应是第 %lld 条：尾部缺失或被改过",
	        "the audit chain ends at record %lld but should end at %lld: its tail is missing "
	        "or "
	        "changed",
	        (long long)last, (long long)seq);
}

/* --- the decisions behind the chain -------------------------------------------------------------
 */

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
	char hash[DIGEST_HEX];
	int64_t last;

	if (!snapshot_begin(&snapshot, store, err))
		return false;
	bool fits = walk(store, &last, hash, err) && end_fits(store, last, hash, err) &&
	            decisions_fit(store, err);
	snapshot_end(&snapshot);
	if (fits) {
		*records = last;
		memcpy(head, hash, DIGEST_HEX);
	}
	return fits;
}
