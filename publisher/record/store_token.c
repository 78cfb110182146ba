/* SPDX-License-Identifier: Apache-2.0
 * store_token - the API's bearer tokens. Only the digest of a token's secret is ever stored.
 */
#include "store_db.h"

#include <stdlib.h>

#include "when.h"

void token_finish(struct token *token)
{
	free(token->name);
	free(token->officer);
	free(token->source);
	free(token->scopes);
	free(token->addresses);
	*token = (struct token){0};
}

bool store_add_token(struct store *store, const char *secret_digest, const struct token *token,
        int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO token (secret_digest, name, officer, source, scopes, ends, created,"
	        " addresses) VALUES (?,?,?,?,?,?,?,?)",
	        err);
	query_text(&q, secret_digest);
	query_text(&q, token->name);
	query_text(&q, token->officer ? token->officer : "");
	query_text(&q, token->source ? token->source : "");
	query_text(&q, token->scopes ? token->scopes : "");
	query_int(&q, token->ends);
	query_int(&q, now);
	query_text(&q, token->addresses ? token->addresses : "");
	if (query_run(&q))
		return true;
	if (q.conflict)
		err_set(err, ERR_CONFLICT, "名为 %s 的令牌已经存在",
		        "there is a token named %s already", token->name);
	return false;
}

static bool still_holds(struct token *token, int64_t now, struct err *err)
{
	char ended[WHEN_TEXT];

	if (token->ends == 0 || now < token->ends)
		return true;
	when_text(token->ends, ended);
	err_set(err, ERR_IDENTITY, "令牌 %s 已于 %s 到期", "the token %s ended at %s", token->name,
	        ended);
	token_finish(token);
	return false;
}

bool store_find_token(struct store *store, const char *secret_digest, int64_t now,
        struct token *out, struct err *err)
{
	struct query q;
	struct token found = {0};

	query_begin(&q, store,
	        "SELECT name, officer, source, scopes, addresses, ends, used FROM token"
	        " WHERE secret_digest = ?",
	        err);
	query_text(&q, secret_digest);
	if (query_row(&q)) {
		found.name = query_get_text(&q);
		found.officer = query_get_text(&q);
		found.source = query_get_text(&q);
		found.scopes = query_get_text(&q);
		found.addresses = query_get_text(&q);
		found.ends = query_get_int(&q);
		found.used = query_get_int(&q);
	}
	if (!query_end(&q)) {
		token_finish(&found);
		return false;
	}
	if (!found.name)
		return err_set(err, ERR_MISSING, "没有这个令牌", "there is no such token");
	*out = found;
	return still_holds(out, now, err);
}

bool store_touch_token(struct store *store, const char *name, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store, "UPDATE token SET used = ? WHERE name = ? AND used < ?", err);
	query_int(&q, now);
	query_text(&q, name);
	query_int(&q, now);
	return query_run(&q);
}

static bool no_token(const char *name, struct err *err)
{
	return err_set(err, ERR_MISSING, "没有名为 %s 的令牌", "there is no token named %s", name);
}

bool store_has_token(struct store *store, const char *name, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT 1 FROM token WHERE name = ?", err);
	query_text(&q, name);
	bool there = query_row(&q);
	return query_end(&q) && (there || no_token(name, err));
}

bool store_drop_token(struct store *store, const char *name, struct err *err)
{
	struct query q;

	query_begin(&q, store, "DELETE FROM token WHERE name = ?", err);
	query_text(&q, name);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 || no_token(name, err);
}

json_t *store_list_tokens(struct store *store, struct err *err)
{
	static const char *const texts[] = {"name", "officer", "source", "scopes", "addresses"};
	static const char *const moments[] = {"created", "ends", "used"};
	json_t *list = json_array();
	char at[WHEN_TEXT];
	struct query q;

	query_begin(&q, store,
	        "SELECT name, officer, source, scopes, addresses, created, ends, used FROM token"
	        " ORDER BY name",
	        err);
	while (query_row(&q)) {
		json_t *one = json_object();
		for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
			json_object_set_new(one, texts[i], json_string(query_peek_text(&q)));
		for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
			int64_t ms = query_get_int(&q);
			when_text(ms, at);
			json_object_set_new(one, moments[i], ms ? json_string(at) : json_null());
		}
		json_array_append_new(list, one);
	}
	if (query_end(&q))
		return list;
	json_decref(list);
	return NULL;
}
