/* SPDX-License-Identifier: Apache-2.0
 * token_tool - see token_tool.h. Only the token's digest is kept.
 */
#include "token_tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mode_tag.h"
#include "policy_history.h"
#include "record.h"
#include "secret.h"
#include "token.h"
#include "when.h"

struct order {
	char *digest;
	struct token token;
	enum mode mode;
};

static bool add(struct store *store, void *arg, struct err *err)
{
	const struct order *order = arg;

	return store_bind_mode(store, order->mode, err) &&
	       store_add_token(store, order->digest, &order->token, when_now(), err) &&
	       store_audit(store, "token-added", order->token.name, NULL, when_now(), err);
}

bool token_tool_officer(
        struct store *store, const struct config *config, const char *officer, struct err *err)
{
	struct policy *policy = *officer ? policy_history_tool_read(store, config, err) : NULL;
	bool ok = !*officer || (policy && policy_officer(policy, officer));

	if (*officer && policy && !ok)
		err_set(err, ERR_MISSING, "授权规则中没有人员 %s", "the policy knows no officer %s",
		        officer);
	policy_destroy(&policy);
	return ok;
}

/* "NAME:OFFICER:SCOPES[:END[:ADDRESSES]]"; the addresses may hold colons themselves. */
static bool read_order(char *text, struct token *token, struct err *err)
{
	char *rest = text;

	token->name = strsep(&rest, ":");
	token->officer = strsep(&rest, ":");
	token->scopes = strsep(&rest, ":");
	const char *end = strsep(&rest, ":");
	if (!token->scopes || !*token->name)
		return err_set(err, ERR_USAGE, "格式应为 名称:人员:权限[:止期[:地址]]",
		        "the form is NAME:OFFICER:SCOPES[:END[:ADDRESSES]]");
	token->addresses = rest;
	return token_scopes(token->scopes, err) && token_ends(end ? end : "", &token->ends, err) &&
	       (!rest || token_addresses(rest, err));
}

bool token_tool_add(const struct config *config, const char *text, struct err *err)
{
	char digest[DIGEST_HEX];
	char *copy = mem_text(text);
	struct order order = {.digest = digest, .mode = config->mode};
	char *secret = random_token();
	char *token = mem_format("%s%s", mode_tag_token(config->mode), secret);

	digest_sha256(token, strlen(token), digest);
	bool ok = read_order(copy, &order.token, err);
	struct store *store = ok ? record_tool_open(config->state, err) : NULL;
	ok = store && token_tool_officer(store, config, order.token.officer, err) &&
	     record_tool_do(store, add, &order, err);
	record_tool_close(&store);
	if (ok)
		puts(token);
	secret_forget(&secret);
	secret_forget(&token);
	free(copy);
	return ok;
}
