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
	*token = (struct token){0};
}

bool store_add_token(struct store *store, const char *secret_digest, const struct token *token,
        int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO token (secret_digest, name, officer, source, scopes, ends, created)"
	        " VALUES (?,?,?,?,?,?,?)",
	        err);
	query_text(&q, secret_digest);
	query_text(&q, token->name);
	query_text(&q, token->officer ? token->officer : "");
	query_text(&q, token->source ? token->source : "");
	query_text(&q, token->scopes ? token->scopes : "");
	query_int(&q, token->ends);
	query_int(&q, now);
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
	        "SELECT name, officer, source, scopes, ends FROM token WHERE secret_digest = ?",
	        err);
	query_text(&q, secret_digest);
	if (query_row(&q)) {
		found.name = query_get_text(&q);
		found.officer = query_get_text(&q);
		found.source = query_get_text(&q);
		found.scopes = query_get_text(&q);
		found.ends = query_get_int(&q);
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
