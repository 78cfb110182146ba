/* SPDX-License-Identifier: Apache-2.0
 * api_people - accounts: enrolling, new passwords and second factors, and what an administrator
 * sees and may end at once. Making, resetting and ending accounts takes two administrators.
 */
#include "api_people.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api.h"
#include "api_show.h"
#include "enrol.h"
#include "secret.h"
#include "session.h"
#include "web_caller.h"
#include "when.h"

enum { TEXT_MOST = 256, ASSERTION_MOST = 16384 };

json_t *people_body(const struct call *call, struct err *err)
{
	static const char type[] = "application/json";

	if (strncasecmp(call->content_type, type, sizeof type - 1) != 0) {
		err_set(err, ERR_INPUT, "Content-Type 应为 application/json",
		        "Content-Type must be application/json");
		return NULL;
	}
	return call_body_json(call, err);
}

static bool text_of(
        const json_t *json, const char *name, size_t most, const char **out, struct err *err)
{
	const json_t *value = json_object_get(json, name);

	if (!json_is_string(value) || json_string_length(value) > most)
		return err_set(err, ERR_INPUT, "%s 应为至多 %zu 字节的文字",
		        "%s must be a text of at most %zu bytes", name, most);
	*out = json_string_value(value);
	return true;
}

bool people_text(const json_t *json, const char *name, const char **out, struct err *err)
{
	return text_of(json, name, TEXT_MOST, out, err);
}

bool people_factors(const json_t *json, struct claim *claim, struct err *err)
{
	bool passkey = json_object_get(json, "assertion") != NULL;

	claim->code = claim->attempt = claim->assertion = "";
	if (!people_text(json, "password", &claim->password, err))
		return false;
	if (!passkey)
		return people_text(json, "code", &claim->code, err);
	if (json_object_get(json, "code"))
		return err_set(err, ERR_INPUT, "code 与 assertion 只能给其一",
		        "either code or assertion, not both");
	return people_text(json, "attempt", &claim->attempt, err) &&
	       text_of(json, "assertion", ASSERTION_MOST, &claim->assertion, err) &&
	       (*claim->assertion ||
	               err_set(err, ERR_INPUT, "assertion 为空", "assertion is empty"));
}

/* --- enrolling -------------------------------------------------------------------------------- */

static bool read_enrolment(struct call *call, const json_t *json, struct enrolment *e,
        char source[DIGEST_HEX], struct err *err)
{
	e->source = source;
	return json && call_own_page(call, err) && people_text(json, "officer", &e->officer, err) &&
	       people_text(json, "enrolment", &e->code, err) && call_source(call, source, err);
}

static bool begin(
        struct call *call, const struct enrolment *e, const char *password, struct err *err)
{
	char *base32 = NULL;
	char *uri = NULL;

	if (!enrol_begin(call->house, call->reader, e, password, &base32, &uri, err))
		return false;
	call_json(call, 200, json_pack("{s:s,s:s}", "secret", base32, "uri", uri));
	secret_forget(&base32);
	secret_forget(&uri);
	return true;
}

static bool by_passkey(
        struct call *call, const struct enrolment *e, const char *password, struct err *err)
{
	if (!enrol_by_passkey(call->house, call->reader, e, password, err))
		return false;
	call_json(call, 200, json_pack("{s:s}", "officer", e->officer));
	return true;
}

/* Which second factor is to come: an authenticator's code unless a passkey is asked for. */
static bool read_factor(const json_t *json, bool *passkey, struct err *err)
{
	const json_t *value = json_object_get(json, "second_factor");
	const char *word = value ? json_string_value(value) : "code";

	*passkey = word && strcmp(word, "passkey") == 0;
	return *passkey || (word && strcmp(word, "code") == 0) ||
	       err_set(err, ERR_INPUT, "second_factor 应为 code 或 passkey",
	               "second_factor must be code or passkey");
}

static bool post_enrolment(struct call *call, struct err *err)
{
	json_t *json = people_body(call, err);
	char source[DIGEST_HEX];
	struct enrolment e;
	const char *password;
	bool passkey = false;

	bool ok = read_enrolment(call, json, &e, source, err) &&
	          people_text(json, "password", &password, err) &&
	          read_factor(json, &passkey, err) &&
	          (passkey ? by_passkey : begin)(call, &e, password, err);
	json_decref(json);
	return ok;
}

static bool post_enrolment_end(struct call *call, struct err *err)
{
	json_t *json = people_body(call, err);
	char source[DIGEST_HEX];
	struct enrolment e;
	const char *digits;

	bool ok = read_enrolment(call, json, &e, source, err) &&
	          people_text(json, "code", &digits, err) &&
	          enrol_end(call->house, call->reader, &e, digits, err);
	if (ok)
		call_json(call, 200, json_pack("{s:s}", "officer", e.officer));
	json_decref(json);
	return ok;
}

/* --- one's own -------------------------------------------------------------------------------- */

/* Signed in, and with both factors once more. */
static bool read_own(struct call *call, const json_t *json, struct claim *claim,
        char source[DIGEST_HEX], struct err *err)
{
	if (!json || !caller_must_be_officer(call->caller, err))
		return false;
	*claim = (struct claim){
	        .officer = call->caller->officer->id, .source = source, .device = ""};
	return people_factors(json, claim, err) && call_source(call, source, err);
}

static bool post_password(struct call *call, struct err *err)
{
	json_t *json = people_body(call, err);
	char source[DIGEST_HEX];
	struct claim claim;
	const char *password;

	bool ok = read_own(call, json, &claim, source, err) &&
	          people_text(json, "new_password", &password, err) &&
	          account_new_password(
	                  call->house, call->reader, &claim, call->caller->session, password, err);
	if (ok)
		call_json(call, 200, json_pack("{s:s}", "officer", claim.officer));
	json_decref(json);
	return ok;
}

static bool post_second_factor(struct call *call, struct err *err)
{
	json_t *json = people_body(call, err);
	char source[DIGEST_HEX];
	struct claim claim;
	char *code = NULL;

	bool ok = read_own(call, json, &claim, source, err) &&
	          account_new_factor(call->house, call->reader, &claim, &code, err);
	if (ok)
		call_json(call, 201,
		        json_pack("{s:s,s:s}", "officer", claim.officer, "enrolment", code));
	secret_forget(&code);
	json_decref(json);
	return ok;
}

/* --- an administrator ------------------------------------------------------------------------- */

/* Who it is in the policy in force, and whether they may sign in by passkey. */
static void add_officer(json_t *account, const struct policy *policy)
{
	const struct officer *officer =
	        policy_officer(policy, json_string_value(json_object_get(account, "officer")));

	json_object_set_new(account, "active", json_boolean(officer && officer->active));
	json_object_set_new(account, "passkeys",
	        json_integer(officer ? (json_int_t)officer->passkey_count : 0));
	if (!officer)
		return;
	json_object_set_new(account, "name", json_string(officer->name));
	json_object_set_new(account, "unit", json_string(officer->unit));
}

static bool get_accounts(struct call *call, struct err *err)
{
	json_t *list = store_list_accounts(call->reader, when_now(), err);
	json_t *one;
	size_t i;

	if (!list)
		return false;
	json_array_foreach(list, i, one) add_officer(one, atomic_load(&call->house->policy));
	call_json(call, 200, json_pack("{s:o}", "accounts", list));
	return true;
}

/* "0 ended" about a name that was mistyped would pass for done. */
static bool has_account(struct call *call, const char *officer, struct err *err)
{
	struct account account;

	if (!store_get_account(call->reader, officer, &account, err))
		return false;
	account_finish(&account);
	return true;
}

/* To end sessions protects: one administrator is enough, and the officer signs in again. */
static bool delete_account_sessions(struct call *call, struct err *err)
{
	char *officer = evhttp_uridecode(call->part[0], 0, NULL);
	int64_t ended;
	bool ok = has_account(call, officer ? officer : "", err) &&
	          session_end_all(call->house, officer, "", call->caller->officer->id, &ended, err);

	if (ok)
		call_json(call, 200,
		        json_pack("{s:s,s:I}", "officer", officer, "ended", (json_int_t)ended));
	free(officer);
	return ok;
}

/* Not over, and its officer, where it has one, is active still. */
static bool token_holds(const json_t *token, const struct policy *policy, int64_t now)
{
	const char *name = json_string_value(json_object_get(token, "officer"));
	const struct officer *officer = policy_officer(policy, name);
	int64_t ends = 0;

	return (!when_read(json_string_value(json_object_get(token, "ends")), &ends, NULL) ||
	               now < ends) &&
	       (!name || !*name || (officer && officer->active));
}

static bool get_tokens(struct call *call, struct err *err)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	json_t *list = store_list_tokens(call->reader, err);
	json_t *one;
	size_t i;

	if (!list)
		return false;
	json_array_foreach(list, i, one) json_object_set_new(
	        one, "holds", json_boolean(token_holds(one, policy, when_now())));
	call_json(call, 200, json_pack("{s:o}", "tokens", list));
	return true;
}

const struct route api_people_routes[] = {
        {"POST", "/api/v1/enrolment", NULL, ROUTE_HASHES, post_enrolment},
        {"POST", "/api/v1/enrolment/end", NULL, 0, post_enrolment_end},
        {"POST", "/api/v1/account/password", "read", ROUTE_HASHES, post_password},
        {"POST", "/api/v1/account/second-factor", "read", ROUTE_HASHES, post_second_factor},
        {"GET", "/api/v1/accounts", "admin", ROUTE_ACCOUNTS, get_accounts},
        {"DELETE", "/api/v1/accounts/{}/sessions", "admin", ROUTE_ACCOUNTS,
                delete_account_sessions},
        {"GET", "/api/v1/tokens", "admin", ROUTE_ACCOUNTS, get_tokens},
        {0},
};
