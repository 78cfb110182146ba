/* SPDX-License-Identifier: Apache-2.0
 * web_caller - see web_caller.h.
 */
#include "web_caller.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "mode_tag.h"
#include "secret.h"
#include "two_part.h"
#include "session.h"
#include "token.h"
#include "when.h"

/* --- from where ------------------------------------------------------------------------------- */

static bool client_of(const struct call *call, struct address *client, struct err *err)
{
	return address_client(call->from.peer, call->from.forwarded, &call->house->config->proxies,
	               client) ||
	       err_set(err, ERR_INTERNAL, "不知来自何处", "the peer has no address");
}

bool call_source(const struct call *call, char source[DIGEST_HEX], struct err *err)
{
	struct address client;
	char group[ADDRESS_TEXT];

	if (!client_of(call, &client, err))
		return false;
	address_group(&client, group);
	people_source(call->house, group, source);
	return true;
}

/* What stands behind "://" must be the host that was asked. */
static bool same_host(const char *origin, const char *host)
{
	const char *authority = strstr(origin, "://");

	return authority && strcasecmp(authority + 3, host) == 0;
}

bool call_own_page(const struct call *call, struct err *err)
{
	const char *site = call->from.site;
	bool own = (!*call->from.origin || same_host(call->from.origin, call->from.host)) &&
	           (!*site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0);

	return own || err_set(err, ERR_DENIED, "请求来自其他网站的页面，不予办理",
	                      "this was sent by a page of another site");
}

/* --- cookies ---------------------------------------------------------------------------------- */

char *call_cookie(const struct call *call, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = call->from.cookie; *at;) {
		at += strspn(at, "; ");
		size_t pair = strcspn(at, ";");
		if (pair > len && strncmp(at, name, len) == 0 && at[len] == '=')
			return mem_text_n(at + len + 1, pair - len - 1);
		at += pair;
	}
	return NULL;
}

/* The prefix makes browsers refuse the name from any but this very host, over TLS. */
const char *session_cookie_name(const struct house *house)
{
	return house->config->cookie_secure ? "__Host-tocsin-session" : "tocsin-session";
}

const char *device_cookie_name(const struct house *house)
{
	return house->config->cookie_secure ? "__Host-tocsin-device" : "tocsin-device";
}

void call_set_cookie(struct call *call, const char *name, const char *value, long seconds)
{
	struct buf out;

	buf_init(&out, 0);
	buf_format(&out, "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict%s", name,
	        value ? value : "", call->house->config->cookie_secure ? "; Secure" : "");
	if (!value || seconds)
		buf_format(&out, "; Max-Age=%ld", value ? seconds : 0);
	texts_add(&call->headers, out.data);
	buf_finish(&out);
}

/* --- who -------------------------------------------------------------------------------------- */

void caller_finish(struct caller *caller)
{
	token_finish(&caller->token);
	secret_forget(&caller->csrf);
	*caller = (struct caller){0};
}

static bool know_token(
        struct call *call, const char *secret, struct caller *caller, struct err *err)
{
	char digest[DIGEST_HEX];
	struct address client;

	two_part_digest(secret, digest);
	if (!client_of(call, &client, err) ||
	        !token_find(call->house, call->reader, digest, &client, &caller->token, err))
		return false;
	if (!*caller->token.officer)
		return true;
	caller->officer = policy_officer(atomic_load(&call->house->policy), caller->token.officer);
	return (caller->officer && caller->officer->active) ||
	       err_set(err, ERR_DENIED, "令牌所属人员 %s 已不在岗",
	               "officer %s is not active any more", caller->token.officer);
}

/* A session of somebody who is not active any more ends here, at its first call. */
static bool still_active(
        struct call *call, const struct session *session, struct caller *caller, struct err *err)
{
	struct err trouble;

	caller->officer = policy_officer(atomic_load(&call->house->policy), session->officer);
	if (caller->officer && caller->officer->active)
		return true;
	session_end(call->house, session->officer, session->id, "not active any more", &trouble);
	return err_set(err, ERR_IDENTITY, "人员 %s 已不在岗，会话已结束",
	        "officer %s is not active any more: the session has ended", session->officer);
}

static bool know_session(
        struct call *call, const char *secret, struct caller *caller, struct err *err)
{
	struct session session;
	char word[DIGEST_HEX];

	if (!session_find(call->house, call->reader, secret, when_now(), &session, err))
		return err->kind == ERR_MISSING
		               ? err_set(err, ERR_IDENTITY, "令牌或会话无效或已结束",
		                         "this token or session is not known or has ended")
		               : false;
	bool ok = still_active(call, &session, caller, err);
	if (ok) {
		if (!call->unattended)
			session_use(call->house, &session, when_now());
		session_csrf(secret, word);
		caller->csrf = mem_text(word);
		memcpy(caller->session, session.id, sizeof caller->session);
		caller->session_ends = session_idle_end(
		        call->house, &session, call->unattended ? session.used : when_now());
		caller->token.name = mem_format("session %s", session.id);
		caller->token.officer = mem_text(session.officer);
		caller->token.source = mem_text("");
		caller->token.scopes = people_scopes(caller->officer->duties);
	}
	session_finish(&session);
	return ok;
}

static bool know_cookie(struct call *call, struct caller *caller, struct err *err)
{
	char *secret = call_cookie(call, session_cookie_name(call->house));
	bool changes = strcmp(call->method, "GET") != 0;

	bool ok = secret ? know_session(call, secret, caller, err)
	                 : err_set(err, ERR_IDENTITY, "请先登录，或出示访问令牌",
	                           "sign in first, or show a token (Authorization: Bearer ...)");
	secret_forget(&secret);
	if (!ok || !changes)
		return ok;
	if (!call_own_page(call, err))
		return false;
	return digest_same(caller->csrf, call->from.csrf) ||
	       err_set(err, ERR_DENIED, "缺少或不符的 X-CSRF-Token，请刷新页面",
	               "X-CSRF-Token is missing or not this session's: load the page again");
}

/* A drill's token is refused by its name alone, and so that somebody understands why. */
static bool mode_fits(const struct call *call, const char *token, struct err *err)
{
	enum mode mode = mode_tag_of_token(token);
	enum mode ours = call->house->config->mode;

	return mode == ours ||
	       err_set(err, ERR_IDENTITY, "这是%s实例的令牌%.0s，本实例为%s模式%.0s",
	               "this token is of a%.0s %s instance, this one is%.0s %s", mode_zh(mode),
	               mode_text(mode), mode_zh(ours), mode_text(ours));
}

static bool know_bearer(
        struct call *call, const char *secret, struct caller *caller, struct err *err)
{
	if (know_token(call, secret, caller, err))
		return true;
	return err->kind == ERR_MISSING && know_session(call, secret, caller, err);
}

/* Has it one of these scopes, with blanks between them? */
static bool may_call(const struct caller *caller, const char *scopes, struct err *err)
{
	char *copy = mem_text(scopes);
	char *rest = copy;
	const char *scope;
	bool has = false;

	while (!has && (scope = strsep(&rest, " ")))
		has = caller_has(caller, scope);
	free(copy);
	if (has)
		return true;
	return strchr(scopes, ' ') ? err_set(err, ERR_DENIED, "此令牌没有 %s 中的任何一项权限",
	                                     "this token has none of the scopes %s", scopes)
	                           : err_set(err, ERR_DENIED, "此令牌没有 %s 权限",
	                                     "this token lacks the scope %s", scopes);
}

bool web_know_caller(
        struct call *call, const struct route *route, struct caller *caller, struct err *err)
{
	static const char bearer[] = "Bearer ";
	const size_t len = sizeof bearer - 1;

	bool ok = strncmp(call->authorization, bearer, len) == 0
	                  ? mode_fits(call, call->authorization + len, err) &&
	                            know_bearer(call, call->authorization + len, caller, err)
	                  : know_cookie(call, caller, err);
	if (!ok)
		return false;
	call->known = true;
	if (!may_call(caller, route->scope, err))
		return false;
	unsigned duties = route->how >> ROUTE_DUTIES;
	if (duties && !caller_must_hold(caller, duties, err))
		return false;
	call->caller = caller;
	return true;
}
