/* SPDX-License-Identifier: Apache-2.0
 * store_session - sessions: who is signed in (store_account.h). Of a session's token only the
 * digest is ever stored.
 */
#include "store_account.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"
#include "when.h"

void session_finish(struct session *session)
{
	free(session->officer);
	*session = (struct session){0};
}

bool store_add_session(struct store *store, const struct session *session, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO session (digest, id, officer, source, cookie, created, used, ends)"
	        " VALUES (?,?,?,?,?,?,?,?)",
	        err);
	query_text(&q, session->digest);
	query_text(&q, session->id);
	query_text(&q, session->officer);
	query_text(&q, session->source);
	query_int(&q, session->cookie);
	query_int(&q, session->created);
	query_int(&q, session->used);
	query_int(&q, session->ends);
	return query_run(&q);
}

/* The one row asked for, its columns in the order of the table. */
static bool read_one(struct query *q, struct session *out)
{
	struct err *err = q->err;
	struct session found = {0};

	if (query_row(q)) {
		query_get_digest(q, found.digest);
		const char *id = query_peek_text(q);
		memcpy(found.id, id, strnlen(id, sizeof found.id - 1));
		found.officer = query_get_text(q);
		query_get_digest(q, found.source);
		found.cookie = query_get_int(q) != 0;
		found.created = query_get_int(q);
		found.used = query_get_int(q);
		found.ends = query_get_int(q);
	}
	if (!query_end(q)) {
		session_finish(&found);
		return false;
	}
	*out = found;
	return found.officer ||
	       err_set(err, ERR_MISSING, "没有这个会话", "there is no such session");
}

bool store_find_session(
        struct store *store, const char *digest, struct session *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT digest, id, officer, source, cookie, created, used, ends FROM session"
	        " WHERE digest = ?",
	        err);
	query_text(&q, digest);
	return read_one(&q, out);
}

bool store_next_ended_session(
        struct store *store, int64_t now, int64_t idle, struct session *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT digest, id, officer, source, cookie, created, used, ends FROM session"
	        " WHERE ends <= ? OR used <= ? LIMIT 1",
	        err);
	query_int(&q, now);
	query_int(&q, now - idle);
	return read_one(&q, out);
}

bool store_touch_session(struct store *store, const char *digest, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store, "UPDATE session SET used = ? WHERE digest = ? AND used < ?", err);
	query_int(&q, now);
	query_text(&q, digest);
	query_int(&q, now);
	return query_run(&q);
}

bool store_end_session(struct store *store, const char *officer, const char *id, struct err *err)
{
	struct query q;

	query_begin(&q, store, "DELETE FROM session WHERE officer = ? AND id = ?", err);
	query_text(&q, officer);
	query_text(&q, id);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 ||
	       err_set(err, ERR_MISSING, "没有这个会话", "there is no such session");
}

bool store_end_sessions(
        struct store *store, const char *officer, const char *but, int64_t *ended, struct err *err)
{
	struct query q;

	query_begin(&q, store, "DELETE FROM session WHERE officer = ? AND id <> ?", err);
	query_text(&q, officer);
	query_text(&q, but);
	bool ok = query_run(&q);
	*ended = ok ? store_changes(store) : 0;
	return ok;
}

bool store_trim_sessions(struct store *store, const char *officer, int most, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "DELETE FROM session WHERE officer = ? AND digest NOT IN (SELECT digest FROM "
	        "session"
	        " WHERE officer = ? ORDER BY created DESC, digest LIMIT ?)",
	        err);
	query_text(&q, officer);
	query_text(&q, officer);
	query_int(&q, most);
	return query_run(&q);
}

json_t *store_list_sessions(struct store *store, const char *officer, struct err *err)
{
	static const char *const moments[] = {"created", "used", "ends"};
	json_t *list = json_array();
	char text[WHEN_TEXT];
	struct query q;

	query_begin(&q, store,
	        "SELECT id, cookie, created, used, ends FROM session WHERE officer = ?"
	        " ORDER BY created",
	        err);
	query_text(&q, officer);
	while (query_row(&q)) {
		json_t *one = json_object();
		json_object_set_new(one, "id", json_string(query_peek_text(&q)));
		json_object_set_new(one, "browser", json_boolean(query_get_int(&q)));
		for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
			when_text(query_get_int(&q), text);
			json_object_set_new(one, moments[i], json_string(text));
		}
		json_array_append_new(list, one);
	}
	if (query_end(&q))
		return list;
	json_decref(list);
	return NULL;
}
