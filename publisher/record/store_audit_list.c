/* SPDX-License-Identifier: Apache-2.0
 * store_audit_list - records of the hash chain as they are hashed, so that whoever gets them can
 * recompute it. One statement for every wish; the bounds that are not wanted are open.
 */
#include "store_audit.h"

static json_t *record_json(
        const struct chain_record *record, const char *hash, const char *previous)
{
	struct chain start;

	chain_start(&start);
	return json_pack("{s:I,s:I,s:s,s:s,s:s,s:s,s:s}", "seq", (json_int_t)record->seq, "at",
	        (json_int_t)record->at, "what", record->what, "ref", record->ref, "body",
	        record->body, "hash", hash, "previous", *previous ? previous : start.hash);
}

#define WISHED(ref)                                                                                \
	"SELECT " AUDIT ", (SELECT p.hash FROM audit p WHERE p.seq = audit.seq - 1)"               \
	" FROM audit WHERE " ref " AND seq >= ? AND (? IS NULL OR what = ?)"                       \
	" AND at >= ? AND at < ? ORDER BY seq"

/* The index on ref is used only where the question is about one. */
static const char *sentence(const struct audit_wish *wish)
{
	if (wish->ref)
		return wish->newest ? WISHED("ref = ?") " DESC LIMIT ?"
		                    : WISHED("ref = ?") " LIMIT ?";
	return wish->newest ? WISHED("? IS NULL") " DESC LIMIT ?" : WISHED("? IS NULL") " LIMIT ?";
}

static void bind(struct query *q, const struct audit_wish *wish)
{
	query_text(q, wish->ref);
	query_int(q, wish->from);
	query_text(q, wish->what);
	query_text(q, wish->what);
	query_int(q, wish->since);
	query_int(q, wish->until ? wish->until : INT64_MAX);
	query_int(q, wish->most);
}

bool store_list_audit(
        struct store *store, const struct audit_wish *wish, json_t **out, struct err *err)
{
	struct query q;
	json_t *list = json_array();

	query_begin(&q, store, sentence(wish), err);
	bind(&q, wish);
	while (query_row(&q)) {
		struct chain_record record;
		const char *hash = audit_read(&q, &record);
		json_array_append_new(list, record_json(&record, hash, query_peek_text(&q)));
	}
	if (query_end(&q)) {
		*out = list;
		return true;
	}
	json_decref(list);
	return false;
}
