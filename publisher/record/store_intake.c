/* SPDX-License-Identifier: Apache-2.0
 * store_intake - what came in, as it came: the bytes, the triples seen before, the API's answers by
 * key.
 */
#include "store_db.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

/* The chain's line: whence, what became of it, and a keyed digest of name and bytes. */
static bool audit_intake(
        struct store *store, const struct intake *intake, int64_t id, struct err *err)
{
	char name[DIGEST_HEX], bytes[DIGEST_HEX];
	const char *file = intake->name ? intake->name : "";

	store_keyed_digest(store, file, strlen(file), name);
	store_keyed_digest(store, intake->bytes ? intake->bytes : "", intake->len, bytes);
	json_t *body = json_pack("{s:I,s:s,s:s,s:I,s:s,s:s}", "intake", (json_int_t)id, "way",
	        intake->way ? intake->way : "", "outcome", intake->outcome ? intake->outcome : "",
	        "size", (json_int_t)intake->len, "name", name, "bytes", bytes);
	bool ok = store_audit(store, "intake", "", body, intake->at, err);
	json_decref(body);
	return ok;
}

bool store_add_intake(
        struct store *store, const struct intake *intake, int64_t *id, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO intake (at, way, name, outcome, problem, size, bytes)"
	        " VALUES (?,?,?,?,?,?,?) RETURNING id",
	        err);
	query_int(&q, intake->at);
	query_text(&q, intake->way ? intake->way : "");
	query_text(&q, intake->name ? intake->name : "");
	query_text(&q, intake->outcome ? intake->outcome : "");
	query_text(&q, intake->problem ? intake->problem : "");
	query_int(&q, (int64_t)intake->len);
	query_bytes(&q, intake->bytes ? intake->bytes : "", intake->len);
	int64_t given = query_row(&q) ? query_get_int(&q) : 0;
	if (!query_end(&q))
		return false;
	if (id)
		*id = given;
	return audit_intake(store, intake, given, err);
}

bool store_list_intake(struct store *store, int limit, json_t **out, struct err *err)
{
	struct query q;
	json_t *list = json_array();
	char at[WHEN_TEXT];

	query_begin(&q, store,
	        "SELECT id, at, way, name, outcome, problem, size FROM intake ORDER BY id DESC "
	        "LIMIT ?",
	        err);
	query_int(&q, limit);
	while (query_row(&q)) {
		json_t *one = json_object();
		json_object_set_new(one, "id", json_integer(query_get_int(&q)));
		when_text(query_get_int(&q), at);
		json_object_set_new(one, "at", json_string(at));
		json_object_set_new(one, "way", json_string(query_peek_text(&q)));
		json_object_set_new(one, "name", json_string(query_peek_text(&q)));
		json_object_set_new(one, "outcome", json_string(query_peek_text(&q)));
		json_object_set_new(one, "problem", json_string(query_peek_text(&q)));
		json_object_set_new(one, "size", json_integer(query_get_int(&q)));
		json_array_append_new(list, one);
	}
	if (query_end(&q)) {
		*out = list;
		return true;
	}
	json_decref(list);
	return false;
}

bool store_get_intake_bytes(
        struct store *store, int64_t id, char **bytes, size_t *len, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT bytes FROM intake WHERE id = ?", err);
	query_int(&q, id);
	bool found = query_row(&q);
	char *got = found ? query_get_bytes(&q, len) : NULL;
	if (!query_end(&q) || !found) {
		free(got);
		return q.failed ? false
		                : err_set(err, ERR_MISSING, "没有编号为 %lld 的来件",
		                          "nothing came in under number %lld", (long long)id);
	}
	*bytes = got;
	return true;
}

bool store_add_identity(struct store *store, const char *sender, const char *identifier,
        int64_t sent, const char *digest, const char *bulletin, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO identity (sender, identifier, sent, digest, bulletin) VALUES "
	        "(?,?,?,?,?)",
	        err);
	query_text(&q, sender);
	query_text(&q, identifier);
	query_int(&q, sent);
	query_text(&q, digest);
	query_text(&q, bulletin);
	if (query_run(&q))
		return true;
	if (q.conflict)
		err_set(err, ERR_CONFLICT, "%s 的消息 %s（同一发送时间）已经收过",
		        "message %s %s of this time was already taken in", sender, identifier);
	return false;
}

bool store_move_identity(struct store *store, const char *sender, const char *identifier,
        int64_t sent, const char *digest, const char *from, const char *to, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE identity SET digest = ?, bulletin = ? WHERE sender = ? AND identifier = ? "
	        "AND sent = ? AND bulletin = ? RETURNING 1",
	        err);
	query_text(&q, digest);
	query_text(&q, to);
	query_text(&q, sender);
	query_text(&q, identifier);
	query_int(&q, sent);
	query_text(&q, from);
	bool moved = query_row(&q);
	if (!query_end(&q))
		return false;
	return moved ||
	       err_set(err, ERR_CONFLICT, "%s 的消息 %s 已由别处接替",
	               "message %s %s was taken in otherwise meanwhile", sender, identifier);
}

/* Gives out the bulletin that was found, or says that there is none. */
static bool end_message(
        struct query *q, const char *sender, const char *identifier, char *found, char **bulletin)
{
	bool ok = query_end(q);

	if (ok && found) {
		*bulletin = found;
		return true;
	}
	free(found);
	return ok && err_set(q->err, ERR_MISSING, "没有收过 %s 的消息 %s",
	                     "message %s %s was not seen before", sender, identifier);
}

bool store_find_identity(struct store *store, const char *sender, const char *identifier,
        int64_t sent, char digest[DIGEST_HEX], char **bulletin, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT digest, bulletin FROM identity WHERE sender = ? AND identifier = ? AND "
	        "sent = ?",
	        err);
	query_text(&q, sender);
	query_text(&q, identifier);
	query_int(&q, sent);
	char *found = NULL;
	if (query_row(&q)) {
		query_get_digest(&q, digest);
		found = query_get_text(&q);
	}
	return end_message(&q, sender, identifier, found, bulletin);
}

bool store_find_message(struct store *store, const char *sender, const char *identifier,
        int64_t *sent, char **bulletin, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT sent, bulletin FROM identity WHERE sender = ? AND identifier = ? "
	        "ORDER BY sent DESC LIMIT 1",
	        err);
	query_text(&q, sender);
	query_text(&q, identifier);
	char *found = NULL;
	if (query_row(&q)) {
		*sent = query_get_int(&q);
		found = query_get_text(&q);
	}
	return end_message(&q, sender, identifier, found, bulletin);
}

bool store_add_idempotent(struct store *store, const char *token, const char *key,
        const char *request_digest, int status, const char *answer, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO idempotent (token, key, request_digest, status, answer, at)"
	        " VALUES (?,?,?,?,?,?)",
	        err);
	query_text(&q, token);
	query_text(&q, key);
	query_text(&q, request_digest);
	query_int(&q, status);
	query_text(&q, answer);
	query_int(&q, now);
	if (query_run(&q))
		return true;
	if (q.conflict)
		err_set(err, ERR_CONFLICT, "%s 的 Idempotency-Key %s 已经用过",
		        "the Idempotency-Key of %s was used before: %s", token, key);
	return false;
}

bool store_find_idempotent(struct store *store, const char *token, const char *key,
        char request_digest[DIGEST_HEX], int *status, char **answer, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT request_digest, status, answer FROM idempotent WHERE token = ? AND key = ?",
	        err);
	query_text(&q, token);
	query_text(&q, key);
	char *found = NULL;
	if (query_row(&q)) {
		query_get_digest(&q, request_digest);
		*status = (int)query_get_int(&q);
		found = query_get_text(&q);
	}
	if (!query_end(&q) || !found) {
		free(found);
		return q.failed ? false
		                : err_set(err, ERR_MISSING, "%s 没有用过 Idempotency-Key %s",
		                          "%s never used the Idempotency-Key %s", token, key);
	}
	*answer = found;
	return true;
}
