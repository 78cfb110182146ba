/* SPDX-License-Identifier: Apache-2.0
 * session - see session.h.
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "mode_tag.h"
#include "secret.h"
#include "when.h"

enum { TOUCH_MS = 60000, KNOWN_DAYS = 90 };
static const int64_t day = (int64_t)24 * 60 * 60 * 1000;

void signed_in_finish(struct signed_in *done)
{
	session_finish(&done->session);
	secret_forget(&done->token);
	secret_forget(&done->device);
}

void session_csrf(const char *token, char word[DIGEST_HEX])
{
	static const char purpose[] = "tocsin csrf 1";

	digest_hmac(token, strlen(token), purpose, sizeof purpose - 1, word);
}

/* --- signing in ------------------------------------------------------------------------------- */

struct entry {
	const struct session *session;
	const struct proven *proven;
	const char *device; /* digest */
};

static bool write_entry(struct store *store, void *arg, struct err *err)
{
	const struct entry *e = arg;
	const struct session *s = e->session;
	int64_t known_until = s->created + KNOWN_DAYS * day;

	if (!people_use(store, s->officer, e->proven, err))
		return false;
	if (e->proven->rehash &&
	        !store_set_password(store, s->officer, e->proven->rehash, s->created, err))
		return false;
	json_t *body = json_pack("{s:s,s:b,s:s%,s:b,s:s}", "session", s->id, "browser", s->cookie,
	        "source", s->source, (size_t)16, "rehashed", e->proven->rehash != NULL, "factor",
	        e->proven->by_passkey ? "passkey" : "code");
	bool ok = store_add_session(store, s, err) &&
	          store_trim_sessions(store, s->officer, SESSIONS_MOST, err) &&
	          store_know_device(store, e->device, s->officer, known_until, err) &&
	          store_know_source(store, s->officer, s->source, known_until, err) &&
	          store_audit(store, "sign-in", s->officer, body, s->created, err);
	json_decref(body);
	return ok;
}

static void new_session(struct house *house, const struct claim *claim, bool cookie, int64_t now,
        struct signed_in *out)
{
	struct session *s = &out->session;

	char *secret = random_token();
	out->token = mem_format("%s%s", mode_tag_token(house->config->mode), secret);
	secret_forget(&secret);
	digest_sha256(out->token, strlen(out->token), s->digest);
	memcpy(s->id, s->digest, sizeof s->id - 1);
	s->officer = mem_text(claim->officer);
	memcpy(s->source, claim->source, DIGEST_HEX);
	s->cookie = cookie;
	s->created = s->used = now;
	s->ends = now + house->config->session_most;
}

/* A device that is not known (any more) is given a new name, never the one it brought. */
static bool name_device(struct store *reader, const struct claim *claim, const char *device,
        struct signed_in *out, char digest[DIGEST_HEX], struct err *err)
{
	bool known = false;

	if (!store_is_known_device(
	            reader, claim->device, claim->officer, out->session.created, &known, err))
		return false;
	out->device = known ? mem_text(device) : random_token();
	digest_sha256(out->device, strlen(out->device), digest);
	return true;
}

static bool enter(struct house *house, struct store *reader, const struct claim *claim,
        const char *device, const struct proven *proven, struct signed_in *out, struct err *err)
{
	char digest[DIGEST_HEX];
	const struct guard_locks none = {0};

	if (!name_device(reader, claim, device, out, digest, err))
		return false;
	struct entry entry = {&out->session, proven, digest};
	if (record_do(house->record, 0, write_entry, &entry, err)) {
		people_passed(house, reader, claim);
		return true;
	}
	return err->kind == ERR_CONFLICT
	               ? people_refuse(house, "sign-in", claim, "second factor", &none, err)
	               : false;
}

bool session_sign_in(struct house *house, struct store *reader, const struct claim *claim,
        const char *device, bool cookie, struct signed_in *out, struct err *err)
{
	struct claim whole = *claim;
	struct proven proven;
	char digest[DIGEST_HEX] = "";

	*out = (struct signed_in){0};
	if (*device)
		digest_sha256(device, strlen(device), digest);
	whole.device = digest;
	bool ok = people_prove(house, reader, "sign-in", &whole, &proven, err);
	if (ok) {
		new_session(house, &whole, cookie, proven.now, out);
		ok = enter(house, reader, &whole, device, &proven, out, err);
	}
	secret_forget(&proven.rehash);
	if (!ok)
		signed_in_finish(out);
	return ok;
}

/* --- being signed in -------------------------------------------------------------------------- */

struct touch {
	char digest[DIGEST_HEX];
	int64_t now;
};

static bool write_touch(struct store *store, void *arg, struct err *err)
{
	const struct touch *touch = arg;

	return store_touch_session(store, touch->digest, touch->now, err);
}

static void touched(void *arg, bool ok, const struct err *err)
{
	(void)ok;
	(void)err;
	free(arg);
}

/* Not each call is a write: once a minute, or a tenth of the idle time, will do. */
void session_use(struct house *house, const struct session *session, int64_t now)
{
	int64_t tenth = house->config->session_idle / 10;

	if (now - session->used < (tenth < TOUCH_MS ? tenth : TOUCH_MS))
		return;
	struct touch *touch = mem_zero(sizeof *touch);
	memcpy(touch->digest, session->digest, DIGEST_HEX);
	touch->now = now;
	record_post(house->record, 0, write_touch, touched, touch);
}

int64_t session_idle_end(const struct house *house, const struct session *session, int64_t now)
{
	int64_t idle = now + house->config->session_idle;

	return idle < session->ends ? idle : session->ends;
}

bool session_find(struct house *house, struct store *reader, const char *token, int64_t now,
        struct session *out, struct err *err)
{
	char digest[DIGEST_HEX];

	digest_sha256(token, strlen(token), digest);
	if (!store_find_session(reader, digest, out, err))
		return false;
	if (now < out->ends && now - out->used < house->config->session_idle)
		return true;
	session_finish(out);
	return err_set(err, ERR_IDENTITY, "会话已结束，请重新登录",
	        "the session has ended: sign in again");
}

/* --- ending ----------------------------------------------------------------------------------- */

struct end {
	const char *officer, *id, *why;
	int64_t ended;
};

static bool write_end(struct store *store, void *arg, struct err *err)
{
	const struct end *end = arg;
	json_t *body = json_pack("{s:s,s:s}", "session", end->id, "why", end->why);
	bool ok = store_end_session(store, end->officer, end->id, err) &&
	          store_audit(store, "session-ended", end->officer, body, when_now(), err);

	json_decref(body);
	return ok;
}

bool session_end(
        struct house *house, const char *officer, const char *id, const char *why, struct err *err)
{
	struct end end = {.officer = officer, .id = id, .why = why};

	return record_do(house->record, 0, write_end, &end, err);
}

static bool write_end_all(struct store *store, void *arg, struct err *err)
{
	struct end *end = arg;

	if (!store_end_sessions(store, end->officer, end->id, &end->ended, err))
		return false;
	json_t *body = json_pack("{s:I,s:s}", "ended", (json_int_t)end->ended, "by", end->why);
	bool ok = store_audit(store, "sessions-ended", end->officer, body, when_now(), err);
	json_decref(body);
	return ok;
}

bool session_end_all(struct house *house, const char *officer, const char *but, const char *by,
        int64_t *ended, struct err *err)
{
	struct end end = {.officer = officer, .id = but, .why = by};
	bool ok = record_do(house->record, 0, write_end_all, &end, err);

	*ended = end.ended;
	return ok;
}
