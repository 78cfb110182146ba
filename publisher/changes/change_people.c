/* SPDX-License-Identifier: Apache-2.0
 * change_people - see change_people.h. A body is read strictly: a member nobody knows is a fault,
 * as two people sign what they see.
 */
#include "change_people.h"

#include <stdlib.h>
#include <string.h>

#include "enrol.h"
#include "store_account.h"
#include "secret.h"
#include "token.h"
#include "two_part.h"
#include "when.h"

enum { NAME_MOST = 48, TOKEN_DAYS_MOST = 400 };
static const int64_t day = (int64_t)24 * 60 * 60 * 1000;

/* --- reading ---------------------------------------------------------------------------------- */

static json_t *read_body(const char *body, const char *const *members, struct err *err)
{
	json_t *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	const char *key;
	json_t *value;

	if (!json_is_object(json)) {
		json_decref(json);
		err_set(err, ERR_INPUT, "变更内容应为 JSON 对象",
		        "the document must be a JSON object");
		return NULL;
	}
	json_object_foreach(json, key, value)
	{
		size_t i = 0;
		while (members[i] && strcmp(members[i], key) != 0)
			i++;
		if (members[i] && json_is_string(value))
			continue;
		err_set(err, ERR_INPUT, "变更内容中的 %s 不认识或不是文字",
		        "%s in the document is not known or no text", key);
		json_decref(json);
		return NULL;
	}
	return json;
}

static const char *text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

static bool does(const json_t *json, const char *what)
{
	return strcmp(text_of(json, "do"), what) == 0;
}

static bool must_do(const json_t *json, const char *one, const char *other, struct err *err)
{
	return does(json, one) || does(json, other) ||
	       err_set(err, ERR_INPUT, "do 应为 %s 或 %s", "do must be %s or %s", one, other);
}

static bool has_digest(const json_t *json, struct err *err)
{
	return digest_is_hex(text_of(json, "digest")) ||
	       err_set(err, ERR_INPUT, "digest 应为 64 位十六进制的 SHA-256",
	               "digest must be a SHA-256 of 64 hex digits");
}

static bool is_officer(const struct house *house, const char *id, struct err *err)
{
	const struct officer *officer = policy_officer(atomic_load(&house->policy), id);

	return (officer && officer->active) || err_set(err, ERR_INPUT, "授权规则中没有在岗人员 %s",
	                                               "the policy has no active officer %s", id);
}

/* What the record is to know the secret by. */
static const char *with_word(const json_t *json, struct change *change, char digest[DIGEST_HEX])
{
	char word[TWO_PART_WORD];

	two_part_word(word);
	two_part_join(text_of(json, "digest"), word, digest);
	secret_forget(&change->word);
	change->word = mem_text(word);
	explicit_bzero(word, sizeof word);
	return digest;
}

/* --- accounts --------------------------------------------------------------------------------- */

static json_t *account_body(const char *body, struct err *err)
{
	static const char *const members[] = {"do", "officer", "digest", NULL};
	json_t *json = read_body(body, members, err);

	if (json && !must_do(json, "open", "end", err)) {
		json_decref(json);
		return NULL;
	}
	return json;
}

bool change_account_validate(
        struct house *house, struct store *reader, const char *body, struct err *err)
{
	json_t *json = account_body(body, err);
	struct account account;
	bool ok = json != NULL;

	if (ok && does(json, "open")) {
		ok = people_ready(house, err) && is_officer(house, text_of(json, "officer"), err) &&
		     has_digest(json, err);
	} else if (ok) {
		ok = store_get_account(reader, text_of(json, "officer"), &account, err);
		if (ok)
			account_finish(&account);
	}
	json_decref(json);
	return ok;
}

static bool end_account(
        struct store *store, const char *officer, const char *by, int64_t now, struct err *err)
{
	json_t *body = json_pack("{s:s}", "change", by);
	bool ok = store_drop_account(store, officer, err) &&
	          store_audit(store, "account-ended", officer, body, now, err);

	json_decref(body);
	return ok;
}

bool change_account_apply(struct store *store, struct change *change, int64_t now, struct err *err)
{
	char digest[DIGEST_HEX];
	json_t *json = account_body(change->body, err);
	bool ok = json != NULL;

	if (ok && does(json, "open"))
		ok = enrol_open(store, text_of(json, "officer"), with_word(json, change, digest),
		        true, change->text.id, now, err);
	else if (ok)
		ok = end_account(store, text_of(json, "officer"), change->text.id, now, err);
	json_decref(json);
	return ok;
}

/* --- tokens ----------------------------------------------------------------------------------- */

static json_t *token_body(const char *body, struct err *err)
{
	static const char *const members[] = {
	        "do", "name", "scopes", "ends", "digest", "officer", "source", "addresses", NULL};
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	json_t *json = read_body(body, members, err);
	const char *name = json ? text_of(json, "name") : "";

	if (json && (!must_do(json, "make", "end", err) ||
	                    !((*name && strlen(name) <= NAME_MOST &&
	                              strspn(name, letters) == strlen(name)) ||
	                            err_set(err, ERR_INPUT, "name 只能用小写字母、数字和连字符",
	                                    "name: small letters, digits and - only")))) {
		json_decref(json);
		return NULL;
	}
	return json;
}

/* The token as it would stand in the record; texts are the caller's to finish. */
static bool token_of(const json_t *json, struct token *token, struct err *err)
{
	*token = (struct token){.name = mem_text(text_of(json, "name")),
	        .officer = mem_text(text_of(json, "officer")),
	        .source = mem_text(text_of(json, "source")),
	        .scopes = mem_text(text_of(json, "scopes")),
	        .addresses = mem_text(text_of(json, "addresses"))};
	return token_scopes(token->scopes, err) && token_addresses(token->addresses, err) &&
	       token_ends(text_of(json, "ends"), &token->ends, err);
}

/* A machine acts for nobody: without an officer it reads and drafts. */
static bool scopes_fit(const struct token *token, struct err *err)
{
	static const char *const acting[] = {"submit", "approve", "release", "cancel", "admin"};
	struct caller caller = {.token = *token};

	if (!*token->scopes)
		return err_set(err, ERR_INPUT, "请写明 scopes", "name the scopes");
	for (size_t i = 0; i < sizeof acting / sizeof acting[0]; i++)
		if (!*token->officer && caller_has(&caller, acting[i]))
			return err_set(err, ERR_INPUT, "不属于任何人员的令牌不能有 %s 权限",
			        "a token of no officer cannot have the scope %s", acting[i]);
	return true;
}

static bool ends_in_time(const struct token *token, int64_t now, struct err *err)
{
	return (token->ends > now && token->ends <= now + TOKEN_DAYS_MOST * day) ||
	       err_set(err, ERR_INPUT, "ends 应为今后 %d 天内的日期",
	               "ends must be a day within the next %d days", (int)TOKEN_DAYS_MOST);
}

static bool token_fits(struct house *house, const json_t *json, struct err *err)
{
	struct token token;
	bool ok = token_of(json, &token, err) && has_digest(json, err) && scopes_fit(&token, err) &&
	          ends_in_time(&token, when_now(), err) &&
	          (!*token.officer || is_officer(house, token.officer, err)) &&
	          (!*token.source || config_source(house->config, token.source) ||
	                  err_set(err, ERR_INPUT, "没有来源 %s", "there is no source %s",
	                          token.source));

	token_finish(&token);
	return ok;
}

bool change_token_validate(
        struct house *house, struct store *reader, const char *body, struct err *err)
{
	json_t *json = token_body(body, err);
	bool ok = json != NULL;

	if (ok && does(json, "make")) {
		ok = token_fits(house, json, err);
	} else if (ok) {
		ok = store_has_token(reader, text_of(json, "name"), err);
	}
	json_decref(json);
	return ok;
}

static bool make_token(struct store *store, const json_t *json, struct change *change, int64_t now,
        struct err *err)
{
	char digest[DIGEST_HEX];
	struct token token;
	bool ok = token_of(json, &token, err) &&
	          store_add_token(store, with_word(json, change, digest), &token, now, err);

	token_finish(&token);
	return ok;
}

bool change_token_apply(struct store *store, struct change *change, int64_t now, struct err *err)
{
	json_t *json = token_body(change->body, err);
	bool make = json && does(json, "make");

	if (!json)
		return false;
	json_t *body = json_pack("{s:s,s:s,s:s}", "change", change->text.id, "officer",
	        text_of(json, "officer"), "scopes", text_of(json, "scopes"));
	bool ok = (make ? make_token(store, json, change, now, err)
	                : store_drop_token(store, text_of(json, "name"), err)) &&
	          store_audit(store, make ? "token-added" : "token-ended", text_of(json, "name"),
	                  body, now, err);
	json_decref(body);
	json_decref(json);
	return ok;
}
