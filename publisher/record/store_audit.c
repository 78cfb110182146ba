/* SPDX-License-Identifier: Apache-2.0
 * store_audit - the hash chain over everything that was decided and done.
 *
 * Each record's hash is SHA-256 over six fields, each written as its length in decimal, a colon and
 * its bytes: previous hash (64 zeros before the first), seq, at (ms), what, ref, body (JSON,
 * compact, keys sorted). Where the chain ends is kept apart, so that a cut-off tail shows. What
 * this cannot show is an old copy of the whole file: the head is therefore also printed outside
 * (docs/RECORD.md).
 */
#include "store_audit.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "when.h"

static const char no_hash[DIGEST_HEX] =
        "0000000000000000000000000000000000000000000000000000000000000000";

void audit_start(char hash[DIGEST_HEX])
{
	memcpy(hash, no_hash, DIGEST_HEX);
}

static void add_field(struct buf *buf, const char *text)
{
	size_t len = strlen(text);

	buf_format(buf, "%zu:", len);
	buf_add(buf, text, len);
}

void audit_hash(const char *previous, const struct audit_link *link, char hash[DIGEST_HEX])
{
	struct buf bytes;
	char number[24];

	buf_init(&bytes, 0);
	add_field(&bytes, previous);
	sqlite3_snprintf((int)sizeof number, number, "%lld", (long long)link->seq);
	add_field(&bytes, number);
	sqlite3_snprintf((int)sizeof number, number, "%lld", (long long)link->at);
	add_field(&bytes, number);
	add_field(&bytes, link->what);
	add_field(&bytes, link->ref);
	add_field(&bytes, link->body);
	digest_sha256(bytes.data, bytes.len, hash);
	buf_finish(&bytes);
}

bool audit_head(struct store *store, int64_t *seq, char hash[DIGEST_HEX], struct err *err)
{
	struct query q;

	*seq = 0;
	audit_start(hash);
	query_begin(&q, store, "SELECT seq, hash FROM audit_head WHERE chain = 'main'", err);
	if (query_row(&q)) {
		*seq = query_get_int(&q);
		query_get_digest(&q, hash);
	}
	return query_end(&q);
}

static bool write_link(
        struct store *store, const struct audit_link *link, const char *hash, struct err *err)
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

	if (!audit_head(store, &seq, previous, err))
		return false;
	char *words = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	struct audit_link link = {seq + 1, now, what, ref ? ref : "", words ? words : "null"};
	audit_hash(previous, &link, hash);
	bool ok = write_link(store, &link, hash, err);
	free(words);
	return ok;
}

bool store_list_audit(struct store *store, const char *ref, json_t **out, struct err *err)
{
	struct query q;
	json_t *list = json_array();
	char at[WHEN_TEXT];

	if (ref)
		query_begin(&q, store,
		        "SELECT seq, at, what, ref, body, hash FROM audit WHERE ref = ? ORDER BY "
		        "seq",
		        err);
	else
		query_begin(&q, store,
		        "SELECT seq, at, what, ref, body, hash FROM audit ORDER BY seq DESC LIMIT "
		        "200",
		        err);
	if (ref)
		query_text(&q, ref);
	while (query_row(&q)) {
		json_t *one = json_object();
		json_object_set_new(one, "seq", json_integer(query_get_int(&q)));
		when_text(query_get_int(&q), at);
		json_object_set_new(one, "at", json_string(at));
		json_object_set_new(one, "what", json_string(query_peek_text(&q)));
		json_object_set_new(one, "ref", json_string(query_peek_text(&q)));
		json_object_set_new(
		        one, "body", json_loads(query_peek_text(&q), JSON_DECODE_ANY, NULL));
		json_object_set_new(one, "hash", json_string(query_peek_text(&q)));
		json_array_append_new(list, one);
	}
	if (query_end(&q)) {
		*out = list;
		return true;
	}
	json_decref(list);
	return false;
}
