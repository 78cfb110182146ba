/* SPDX-License-Identifier: Apache-2.0
 * store_people - what officers did: their proofs over manifests, and every decision about them.
 *
 * A decision is also put into the hash chain (with the digest of its own words), so that
 * store_audit_verify notices when one is rewritten.
 */
#include "store_db.h"

#include <stdlib.h>
#include <string.h>

#include "audit_words.h"
#include "when.h"

static bool need_row(const char *bulletin, int64_t *row, struct err *err)
{
	*row = bulletin_row(bulletin);
	return *row || store_no_bulletin(bulletin ? bulletin : "", err);
}

/* The same officer's same act over the same manifest counts once, however often it comes in. */
static bool approval_is_new(
        struct store *store, int64_t row, const struct proof *proof, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT 1 FROM approval WHERE bulletin = ? AND act = ? AND officer = ? AND "
	        "manifest = ?"
	        " AND voided = 0",
	        err);
	query_int(&q, row);
	query_text(&q, act_text(proof->act));
	query_text(&q, proof->officer);
	query_text(&q, proof->manifest);
	bool found = query_row(&q);
	if (!query_end(&q))
		return false;
	return !found || err_set(err, ERR_CONFLICT, "%s 对信息 b%lld 的%s已在记录中",
	                         "%s already did this for bulletin b%lld: %s", proof->officer,
	                         (long long)row, act_text(proof->act));
}

bool store_add_approval(struct store *store, const char *bulletin, const struct proof *proof,
        int64_t now, struct err *err)
{
	struct query q;
	int64_t row;

	if (!need_row(bulletin, &row, err) || !approval_is_new(store, row, proof, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO approval (bulletin, act, officer, time, manifest, signature, recorded,"
	        " voided) VALUES (?,?,?,?,?,?,?,0)",
	        err);
	query_int(&q, row);
	query_text(&q, act_text(proof->act));
	query_text(&q, proof->officer);
	query_int(&q, proof->time);
	query_text(&q, proof->manifest);
	query_text(&q, proof->signature);
	query_int(&q, now);
	if (query_run(&q))
		return true;
	return q.conflict && store_no_bulletin(bulletin, err);
}

void approval_list_finish(struct approval_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		proof_finish(&list->items[i].proof);
	free(list->items);
	*list = (struct approval_list){0};
}

static bool read_approvals(struct query *q, struct approval_list *out)
{
	bool known = true;

	*out = (struct approval_list){0};
	while (query_row(q)) {
		struct approval *approval = mem_push(&out->items, &out->count, sizeof *out->items);
		known &= act_read(query_peek_text(q), &approval->proof.act);
		approval->proof.officer = query_get_text(q);
		approval->proof.time = query_get_int(q);
		query_get_digest(q, approval->proof.manifest);
		approval->proof.signature = query_get_text(q);
		approval->recorded = query_get_int(q);
		approval->voided = query_get_int(q) != 0;
	}
	if (query_end(q) && known)
		return true;
	if (!known)
		err_set(q->err, ERR_UNAVAILABLE, "记录库中有无法识别的审签行为",
		        "the record holds an act of approval that is none");
	approval_list_finish(out);
	return false;
}

bool store_list_approvals(
        struct store *store, const char *bulletin, struct approval_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT act, officer, time, manifest, signature, recorded, voided FROM approval"
	        " WHERE bulletin = ? AND voided = 0 ORDER BY id",
	        err);
	query_int(&q, bulletin_row(bulletin));
	return read_approvals(&q, out);
}

bool store_list_all_approvals(
        struct store *store, const char *bulletin, struct approval_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT act, officer, time, manifest, signature, recorded, voided FROM approval"
	        " WHERE bulletin = ? ORDER BY id",
	        err);
	query_int(&q, bulletin_row(bulletin));
	return read_approvals(&q, out);
}

bool store_void_approvals(struct store *store, const char *bulletin, struct err *err)
{
	struct query q;

	query_begin(
	        &q, store, "UPDATE approval SET voided = 1 WHERE bulletin = ? AND voided = 0", err);
	query_int(&q, bulletin_row(bulletin));
	return query_run(&q);
}

bool store_void_stale_approvals(
        struct store *store, const char *bulletin, int64_t before, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE approval SET voided = 1 WHERE bulletin = ? AND voided = 0 AND time < ?"
	        " AND act IN ('review', 'sign')",
	        err);
	query_int(&q, bulletin_row(bulletin));
	query_int(&q, before);
	return query_run(&q);
}

bool store_void_override(struct store *store, const char *bulletin, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE approval SET voided = 1 WHERE bulletin = ? AND voided = 0"
	        " AND act = 'override'",
	        err);
	query_int(&q, bulletin_row(bulletin));
	return query_run(&q);
}

/* The chain's line about a decision: who, what, and the digest of the rest. */
static bool audit_decision(struct store *store, int64_t id, const char *bulletin, const char *asked,
        const char *officer, bool permit, const char *digest, int64_t now, struct err *err)
{
	json_t *body = json_pack("{s:I,s:s,s:s,s:b,s:s}", "decision", (json_int_t)id, "asked",
	        asked, "officer", officer, "permit", permit, "digest", digest);
	bool ok = body ? store_audit(store, "decision", bulletin, body, now, err)
	               : err_set(err, ERR_INTERNAL, "决定 %lld 无法写成 JSON",
	                         "decision %lld cannot be written as JSON", (long long)id);

	json_decref(body);
	return ok;
}

static bool insert_decision(struct store *store, int64_t row, const char *asked,
        const char *officer, bool permit, const char *decision, const char *facts, int64_t now,
        int64_t *id, struct err *err)
{
	struct query q;

	/* A request that never became a bulletin is decided upon too: row 0 is stored as NULL. */
	query_begin(&q, store,
	        "INSERT INTO decision (bulletin, asked, officer, permit, decision, facts, at)"
	        " VALUES (NULLIF(?, 0),?,?,?,?,?,?) RETURNING id",
	        err);
	query_int(&q, row);
	query_text(&q, asked);
	query_text(&q, officer);
	query_int(&q, permit);
	query_text(&q, decision);
	query_text(&q, facts);
	query_int(&q, now);
	*id = query_row(&q) ? query_get_int(&q) : 0;
	return query_end(&q);
}

bool store_add_decision(struct store *store, const char *bulletin, const char *asked,
        const char *officer, bool permit, const json_t *decision, const json_t *facts, int64_t now,
        struct err *err)
{
	const char *ref = bulletin ? bulletin : "";
	char digest[DIGEST_HEX];
	int64_t row = 0;
	int64_t id;

	if (*ref && !need_row(ref, &row, err))
		return false;
	if (!officer)
		officer = "";
	char *words = json_dumps(decision, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	char *request = json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	char *both = mem_format("%s\n%s", words ? words : "null", request ? request : "null");
	digest_sha256(both, strlen(both), digest);
	bool ok = insert_decision(store, row, asked, officer, permit, words ? words : "null",
	                  request ? request : "null", now, &id, err) &&
	          audit_decision(store, id, ref, asked, officer, permit, digest, now, err);
	free(words);
	free(request);
	free(both);
	return ok;
}

bool store_has_permit(
        struct store *store, const char *bulletin, const char *policy, bool *has, struct err *err)
{
	struct query q;
	char *words = mem_format("%%\"policy\":\"%s\"%%", policy);

	query_begin(&q, store,
	        "SELECT 1 FROM decision WHERE bulletin = ? AND permit = 1 AND decision LIKE ? "
	        "LIMIT 1",
	        err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, words);
	*has = query_row(&q);
	bool ok = query_end(&q);
	free(words);
	return ok;
}

/* incident NULL: all of them; else those that are about it. */
static bool read_decisions(struct query *q, const char *incident, json_t **out)
{
	json_t *list = json_array();
	char at[WHEN_TEXT];

	while (query_row(q)) {
		json_t *one = json_object();
		when_text(query_get_int(q), at);
		json_object_set_new(one, "at", json_string(at));
		const char *asked = query_peek_text(q);
		json_object_set_new(one, "asked", json_string(asked));
		json_object_set_new(one, "asked_zh", json_string(asked_zh(asked)));
		json_object_set_new(one, "officer", json_string(query_peek_text(q)));
		json_object_set_new(one, "permit", json_boolean(query_get_int(q)));
		json_object_set_new(
		        one, "decision", json_loads(query_peek_text(q), JSON_DECODE_ANY, NULL));
		json_t *facts = json_loads(query_peek_text(q), JSON_DECODE_ANY, NULL);
		const char *about = json_string_value(
		        json_object_get(json_object_get(facts, "incident"), "id"));
		json_object_set_new(one, "facts", facts);
		if (!incident || (about && strcmp(about, incident) == 0))
			json_array_append(list, one);
		json_decref(one);
	}
	if (query_end(q)) {
		*out = list;
		return true;
	}
	json_decref(list);
	return false;
}

bool store_list_decisions(struct store *store, const char *bulletin, json_t **out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT at, asked, officer, permit, decision, facts FROM decision WHERE bulletin = "
	        "?"
	        " ORDER BY id",
	        err);
	query_int(&q, bulletin_row(bulletin));
	return read_decisions(&q, NULL, out);
}

bool store_list_incident_decisions(
        struct store *store, const char *incident, json_t **out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT at, asked, officer, permit, decision, facts FROM decision WHERE bulletin IS"
	        " NULL AND asked IN ('assign', 'handover', 'close') ORDER BY id",
	        err);
	return read_decisions(&q, incident, out);
}
