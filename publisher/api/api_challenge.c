/* SPDX-License-Identifier: Apache-2.0
 * api_challenge - what a browser's authenticator is asked to sign (WebAuthn), for an act, to be
 * known by it, or for its own enrolment. The proof itself then goes the way of any proof.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "api_people.h"
#include "api_show.h"
#include "approve.h"
#include "incident_step.h"
#include "passkey_enrol.h"
#include "reason.h"
#include "store_shift.h"
#include "staged.h"
#include "store_change.h"
#include "when.h"

static bool has_passkeys(const struct call *call, struct err *err)
{
	return caller_must_be_officer(call->caller, err) &&
	       passkeys_allowed(&atomic_load(&call->house->policy)->passkeys, err);
}

static json_t *credentials(const struct officer *officer)
{
	json_t *list = json_array();

	for (size_t i = 0; i < officer->passkey_count; i++)
		json_array_append_new(list, json_pack("{s:s,s:s}", "type", "public-key", "id",
		                                    officer->passkeys[i].credential));
	return list;
}

static bool answer(struct call *call, enum act act, const char digest[DIGEST_HEX])
{
	const struct policy *policy = atomic_load(&call->house->policy);
	struct proof proof = {
	        .act = act, .officer = call->caller->officer->id, .time = when_now() / 1000 * 1000};
	char time[WHEN_TEXT];
	struct buf text;

	memcpy(proof.manifest, digest, DIGEST_HEX);
	when_text(proof.time, time);
	buf_init(&text, 0);
	proof_text(&proof, &text);
	char *challenge = passkey_challenge(&proof);
	call_json(call, 200,
	        json_pack("{s:s,s:s,s:s,s:s,s:s,s:{s:s,s:s,s:s,s:o}}", "act", act_text(act),
	                "officer", proof.officer, "time", time, "manifest", proof.manifest, "text",
	                text.data, "publicKey", "challenge", challenge, "rpId", policy->passkeys.rp,
	                "userVerification", "required", "allowCredentials",
	                credentials(call->caller->officer)));
	free(challenge);
	buf_finish(&text);
	return true;
}

/* Of an override: the words and the reason together. */
static bool with_reason(struct call *call, char digest[DIGEST_HEX], struct err *err)
{
	char *reason = call_query(call, "reason");
	char manifest[DIGEST_HEX];
	bool ok = reason_fits(reason, err);

	memcpy(manifest, digest, DIGEST_HEX);
	if (ok)
		override_digest(manifest, reason, digest);
	free(reason);
	return ok;
}

static bool manifest_of(struct call *call, enum act act, char digest[DIGEST_HEX], struct err *err)
{
	struct bulletin *b = NULL;
	char *as = act == ACT_CORRECT ? call_query(call, "as") : mem_text("cancel");
	bool staged = act == ACT_CANCEL || act == ACT_CORRECT;
	bool ok = staged ? staged_find(call->reader, call->part[0], as ? as : "", &b, err)
	                 : store_get_bulletin(call->reader, call->part[0], &b, err);

	ok = ok && (*b->manifest || err_set(err, ERR_CONFLICT, "%s 尚未提交",
	                                    "%s was not submitted yet", b->id));
	if (ok)
		digest_sha256(b->manifest, strlen(b->manifest), digest);
	bulletin_destroy(&b);
	free(as);
	return ok && (act != ACT_OVERRIDE || with_reason(call, digest, err));
}

static bool get_bulletin_challenge(struct call *call, struct err *err)
{
	char *word = call_query(call, "act");
	char digest[DIGEST_HEX];
	enum act act = ACT_COUNT;
	/* A change has its own, a shift's page too, and so has a step of an incident. */
	bool known = word && act_read(word, &act) && act != ACT_CHANGE && act != ACT_SHIFT &&
	             !incident_act(act);

	free(word);
	return (known ||
	               err_set(err, ERR_INPUT, "act 应为 review、sign、override、cancel 或 correct",
	                       "act must be review, sign, override, cancel or correct")) &&
	       has_passkeys(call, err) && manifest_of(call, act, digest, err) &&
	       answer(call, act, digest);
}

/* Of a change that is still to be proposed the record has nothing: whoever proposes says what its
 * lines come to, as their page worked it out. */
static bool change_digest(struct call *call, char digest[DIGEST_HEX], struct err *err)
{
	char *given = call_query(call, "digest");
	struct change change;
	bool ok = true;

	if (given) {
		ok = digest_is_hex(given) ||
		     err_set(err, ERR_INPUT, "digest 应为 64 位十六进制的 SHA-256",
		             "digest must be a SHA-256 of 64 hex digits");
		if (ok)
			memcpy(digest, given, DIGEST_HEX);
	} else if ((ok = store_get_change(call->reader, call->part[0], &change, err))) {
		memcpy(digest, change.digest, DIGEST_HEX);
		change_finish(&change);
	}
	free(given);
	return ok;
}

static bool get_change_challenge(struct call *call, struct err *err)
{
	char digest[DIGEST_HEX];

	return has_passkeys(call, err) && change_digest(call, digest, err) &&
	       answer(call, ACT_CHANGE, digest);
}

static bool get_shift_challenge(struct call *call, struct err *err)
{
	struct shift shift;
	const char *id = call->part[0];

	if (!has_passkeys(call, err) ||
	        !store_get_shift(
	                call->reader, *id == 's' ? strtoll(id + 1, NULL, 10) : 0, &shift, err))
		return false;
	bool ok = answer(call, ACT_SHIFT, shift.digest);
	shift_finish(&shift);
	return ok;
}

/* --- to be known by it ------------------------------------------------------------------------ */

/* Names no credential: the browser offers what it holds for this site, and whoever asks learns
 * nothing of whom they named. */
static void give_challenge(struct call *call, const char *act, const char *officer)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	struct asked asked;

	people_challenge(call->house, act, officer, &asked);
	call_json(call, 200,
	        json_pack("{s:s,s:{s:s,s:s,s:s,s:i,s:[]}}", "attempt", asked.attempt, "publicKey",
	                "challenge", asked.challenge, "rpId", policy->passkeys.rp,
	                "userVerification", "required", "timeout", (int)ATTEMPT_MS,
	                "allowCredentials"));
	asked_finish(&asked);
}

static bool post_session_challenge(struct call *call, struct err *err)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	json_t *json = people_body(call, err);
	const char *officer;
	bool ok = json && people_text(json, "officer", &officer, err) &&
	          people_ready(call->house, err) && passkeys_allowed(&policy->passkeys, err);

	if (ok)
		give_challenge(call, "sign-in", officer);
	json_decref(json);
	return ok;
}

static bool post_account_challenge(struct call *call, struct err *err)
{
	json_t *json = has_passkeys(call, err) ? people_body(call, err) : NULL;
	const char *act = "";
	bool ok = json && people_text(json, "act", &act, err) &&
	          (strcmp(act, "password") == 0 || strcmp(act, "second-factor") == 0 ||
	                  err_set(err, ERR_INPUT, "act 应为 password 或 second-factor",
	                          "act must be password or second-factor"));

	if (ok)
		give_challenge(call, act, call->caller->officer->id);
	json_decref(json);
	return ok;
}

/* --- enrolment -------------------------------------------------------------------------------- */

/* The authenticator keeps it under the site's name: at a sign-in no credential is named. */
static bool get_enrolment(struct call *call, struct err *err)
{
	if (!has_passkeys(call, err))
		return false;
	const struct officer *officer = call->caller->officer;
	int64_t now = when_now() / 1000 * 1000;
	char time[WHEN_TEXT];

	when_text(now, time);
	char *challenge = passkey_enrol_challenge(officer->id, now);
	char *user = base64url_text(officer->id, strlen(officer->id));
	const char *rp = atomic_load(&call->house->policy)->passkeys.rp;
	call_json(call, 200,
	        json_pack(
	                "{s:s,s:{s:s,s:{s:s,s:s},s:{s:s,s:s,s:s},s:[{s:s,s:i}],s:s,s:{s:s,s:s,s:b},"
	                "s:o}}",
	                "time", time, "publicKey", "challenge", challenge, "rp", "id", rp, "name",
	                rp, "user", "id", user, "name", officer->id, "displayName", officer->name,
	                "pubKeyCredParams", "type", "public-key", "alg", -7, "attestation", "none",
	                "authenticatorSelection", "userVerification", "required", "residentKey",
	                "required", "requireResidentKey", 1, "excludeCredentials",
	                credentials(officer)));
	free(challenge);
	free(user);
	return true;
}

static char *line_from(const struct call *call, const char *time, const char *client,
        const char *object, struct err *err)
{
	size_t client_len = 0;
	size_t object_len = 0;
	unsigned char *client_bytes = base64url_bytes(client, &client_len);
	unsigned char *object_bytes = base64url_bytes(object, &object_len);
	int64_t moment = 0;
	char *line = NULL;

	if (!client_bytes || !object_bytes || !when_read(time, &moment, NULL)) {
		err_set(err, ERR_INPUT, "time、clientDataJSON 或 attestationObject 写法不对",
		        "time, clientDataJSON or attestationObject is malformed");
	} else if (llabs(when_now() - moment) > APPROVE_CLOCK_MS) {
		err_set(err, ERR_INPUT, "登记用时超过 10 分钟，请重新开始",
		        "this enrolment took over 10 minutes: begin anew");
	} else {
		char *challenge = passkey_enrol_challenge(call->caller->officer->id, moment);
		line = passkey_enrol(&atomic_load(&call->house->policy)->passkeys, challenge,
		        (const char *)client_bytes, client_len, object_bytes, object_len, err);
		free(challenge);
	}
	free(client_bytes);
	free(object_bytes);
	return line;
}

static bool post_enrolment(struct call *call, struct err *err)
{
	const char *time, *client, *object;
	json_t *json = has_passkeys(call, err) ? call_body_json(call, err) : NULL;
	char *line = NULL;

	if (json && json_unpack(json, "{s:s,s:s,s:s}", "time", &time, "clientDataJSON", &client,
	                    "attestationObject", &object) != 0)
		err_set(err, ERR_INPUT, "登记应含 time、clientDataJSON、attestationObject",
		        "an enrolment has time, clientDataJSON and attestationObject");
	else if (json)
		line = line_from(call, time, client, object, err);
	if (line)
		call_json(call, 200,
		        json_pack("{s:s,s:s}", "officer", call->caller->officer->id, "line", line));
	json_decref(json);
	free(line);
	return call->answer.len > 0;
}

const struct route api_challenge_routes[] = {
        {"GET", "/api/v1/bulletins/{}/challenge", "read", false, get_bulletin_challenge},
        {"GET", "/api/v1/changes/{}/challenge", "admin", false, get_change_challenge},
        {"GET", "/api/v1/shifts/{}/challenge", "submit approve", false, get_shift_challenge},
        {"POST", "/api/v1/session/challenge", NULL, 0, post_session_challenge},
        {"POST", "/api/v1/account/challenge", "read", 0, post_account_challenge},
        {"GET", "/api/v1/passkeys/enrolment", "read", false, get_enrolment},
        {"POST", "/api/v1/passkeys/enrolment", "read", false, post_enrolment},
        {0},
};
