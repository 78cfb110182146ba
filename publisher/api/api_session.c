/* SPDX-License-Identifier: Apache-2.0
 * api_session - signing in and out, and who one is. A browser gets its token as a cookie and the
 * word against forged requests in the answer; anything else gets the token itself.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_people.h"
#include "api_show.h"
#include "session.h"
#include "web_caller.h"
#include "when.h"

enum { DEVICE_SECONDS = 90 * 24 * 60 * 60 };

static json_t *duties_json(unsigned duties)
{
	json_t *list = json_array();

	for (unsigned duty = 1; duty <= duties; duty <<= 1)
		if (duties & duty)
			json_array_append_new(list, json_string(duty_text(duty)));
	return list;
}

/* What a client shows of whoever uses it. */
static json_t *who_json(
        const struct house *house, const struct officer *officer, const char *id, int64_t ends)
{
	json_t *json = json_pack(
	        "{s:s,s:s}", "node", house->config->node, "mode", mode_text(house->config->mode));
	char text[WHEN_TEXT];

	if (officer) {
		json_object_set_new(json, "officer", json_string(officer->id));
		json_object_set_new(json, "name", json_string(officer->name));
		const struct unit *unit = policy_unit(atomic_load(&house->policy), officer->unit);
		json_object_set_new(json, "unit", json_string(officer->unit));
		json_object_set_new(
		        json, "unit_name", json_string(unit ? unit->name : officer->unit));
		json_object_set_new(json, "duties", duties_json(officer->duties));
	}
	if (*id) {
		when_text(ends, text);
		json_object_set_new(json, "session", json_string(id));
		json_object_set_new(json, "ends", json_string(text));
	}
	return json;
}

static void give_cookies(struct call *call, const struct signed_in *done, json_t *answer)
{
	char word[DIGEST_HEX];

	call_set_cookie(call, session_cookie_name(call->house), done->token, 0);
	call_set_cookie(call, device_cookie_name(call->house), done->device, DEVICE_SECONDS);
	session_csrf(done->token, word);
	json_object_set_new(answer, "csrf", json_string(word));
}

static void show_signed_in(struct call *call, const struct signed_in *done)
{
	const struct session *s = &done->session;
	json_t *answer =
	        who_json(call->house, policy_officer(atomic_load(&call->house->policy), s->officer),
	                s->id, session_idle_end(call->house, s, s->created));

	if (s->cookie) {
		give_cookies(call, done, answer);
	} else {
		json_object_set_new(answer, "token", json_string(done->token));
		json_object_set_new(answer, "device", json_string(done->device));
	}
	call_json(call, 201, answer);
}

static bool sign_in(struct call *call, const json_t *json, struct err *err)
{
	bool browser = json_is_true(json_object_get(json, "browser"));
	char source[DIGEST_HEX];
	struct claim claim = {.source = source};
	struct signed_in done;

	if (!people_text(json, "officer", &claim.officer, err) ||
	        !people_factors(json, &claim, err) || !call_source(call, source, err))
		return false;
	char *device = browser ? call_cookie(call, device_cookie_name(call->house))
	                       : mem_text(json_string_value(json_object_get(json, "device")));
	bool ok = session_sign_in(
	        call->house, call->reader, &claim, device ? device : "", browser, &done, err);
	free(device);
	if (ok)
		show_signed_in(call, &done);
	if (ok)
		signed_in_finish(&done);
	return ok;
}

static bool post_session(struct call *call, struct err *err)
{
	json_t *json = call_own_page(call, err) ? people_body(call, err) : NULL;
	bool ok = json && sign_in(call, json, err);

	json_decref(json);
	return ok;
}

static bool get_session(struct call *call, struct err *err)
{
	const struct caller *caller = call->caller;
	json_t *answer =
	        who_json(call->house, caller->officer, caller->session, caller->session_ends);

	(void)err;
	json_object_set_new(answer, "token_name", json_string(caller->token.name));
	json_object_set_new(answer, "scopes", json_string(caller->token.scopes));
	if (caller->csrf)
		json_object_set_new(answer, "csrf", json_string(caller->csrf));
	call_json(call, 200, answer);
	return true;
}

static bool must_be_session(const struct caller *caller, struct err *err)
{
	return *caller->session || err_set(err, ERR_CONFLICT, "您用的是访问令牌，不是会话",
	                                   "this is a token, not a session");
}

static bool delete_session(struct call *call, struct err *err)
{
	const struct caller *caller = call->caller;

	if (!must_be_session(caller, err) || !session_end(call->house, caller->token.officer,
	                                             caller->session, "signed out", err))
		return false;
	call_set_cookie(call, session_cookie_name(call->house), NULL, 0);
	call_json(call, 200, json_pack("{s:s}", "ended", caller->session));
	return true;
}

static bool get_sessions(struct call *call, struct err *err)
{
	if (!caller_must_be_officer(call->caller, err))
		return false;
	json_t *list = store_list_sessions(call->reader, call->caller->officer->id, err);
	if (list)
		call_json(call, 200, json_pack("{s:o}", "sessions", list));
	return list != NULL;
}

static bool delete_one_session(struct call *call, struct err *err)
{
	if (!caller_must_be_officer(call->caller, err) ||
	        !session_end(
	                call->house, call->caller->officer->id, call->part[0], "by its owner", err))
		return false;
	call_json(call, 200, json_pack("{s:s}", "ended", call->part[0]));
	return true;
}

const struct route api_session_routes[] = {
        {"POST", "/api/v1/session", NULL, ROUTE_HASHES, post_session},
        {"GET", "/api/v1/session", "read", 0, get_session},
        {"DELETE", "/api/v1/session", "read", 0, delete_session},
        {"GET", "/api/v1/sessions", "read", 0, get_sessions},
        {"DELETE", "/api/v1/sessions/{}", "read", 0, delete_one_session},
        {0},
};
