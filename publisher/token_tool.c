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

static bool known_scopes(char *scopes, struct err *err)
{
	static const char *const known[] = {
	        "read", "draft", "submit", "approve", "release", "cancel", "admin"};

	for (char *p = scopes; *p; p++)
		*p = *p == ',' ? ' ' : *p;
	for (const char *at = scopes; *at;) {
		size_t len = strcspn(at, " ");
		bool ok = false;
		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
			ok = ok || (strlen(known[i]) == len && strncmp(known[i], at, len) == 0);
		if (!ok)
			return err_set(err, ERR_USAGE, "没有权限 %s", "there is no scope %s", at);
		at += len + strspn(at + len, " ");
	}
	return true;
}

static bool known_officer(
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

bool token_tool_add(const struct config *config, const char *text, struct err *err)
{
	char digest[DIGEST_HEX];
	char *copy = mem_text(text);
	char *rest = copy;
	char *name = strsep(&rest, ":");
	char *officer = strsep(&rest, ":");
	char none[] = "";
	struct order order = {.digest = digest,
	        .mode = config->mode,
	        .token = {.name = name,
	                .officer = officer ? officer : none,
	                .source = none,
	                .scopes = rest ? rest : none}};
	char *secret = random_token();
	char *token = mem_format("%s%s", mode_tag_token(config->mode), secret);

	digest_sha256(token, strlen(token), digest);
	bool ok = (rest && *name) || err_set(err, ERR_USAGE, "格式应为 名称:人员:权限",
	                                     "the form is NAME:OFFICER:SCOPES");
	ok = ok && known_scopes(rest, err);
	struct store *store = ok ? record_tool_open(config->state, err) : NULL;
	ok = store && known_officer(store, config, officer, err) &&
	     record_tool_do(store, add, &order, err);
	record_tool_close(&store);
	if (ok)
		puts(token);
	secret_forget(&secret);
	secret_forget(&token);
	free(copy);
	return ok;
}
