/* SPDX-License-Identifier: Apache-2.0
 * people - see people.h.
 */
#include "people.h"

#include <stdlib.h>
#include <string.h>

#include "password.h"
#include "seal.h"
#include "totp.h"
#include "when.h"

enum { SHOWN = 16 };

bool people_ready(const struct house *house, struct err *err)
{
	return *house->config->people_secret ||
	       err_set(err, ERR_UNAVAILABLE, "未设置 people_secret，不能用账号登录",
	               "people_secret is not set: there is no signing in to accounts");
}

void people_source(const struct house *house, const char *group, char source[DIGEST_HEX])
{
	const char *secret = house->config->people_secret;
	char *text = mem_format("source\n%s", group);

	digest_hmac(secret, strlen(secret), text, strlen(text), source);
	free(text);
}

/* --- the try ---------------------------------------------------------------------------------- */

static bool try_of(
        struct store *reader, const struct claim *claim, struct guard_try *try, struct err *err)
{
	bool device = false;
	int64_t now = when_now();

	*try = (struct guard_try){.officer = claim->officer, .source = claim->source, .device = ""};
	if (!store_is_known_source(
	            reader, claim->officer, claim->source, now, &try->known_source, err) ||
	        !store_is_known_device(reader, claim->device, claim->officer, now, &device, err))
		return false;
	if (device)
		try->device = claim->device;
	return true;
}

bool people_may_try(struct house *house, struct store *reader, const struct claim *claim,
        struct guard_locks *locks, struct err *err)
{
	struct guard_try try;
	char until[WHEN_TEXT];

	if (!try_of(reader, claim, &try, err))
		return false;
	int64_t wait = guard_enter(house->guard, &try, when_now(), locks);
	if (wait == 0)
		return true;
	when_text(wait, until);
	return err_set(err, ERR_OFTEN, "失败次数过多，请于 %s 之后再试；曾登录过的设备不受影响",
	        "too many failures: try again after %s; a device you signed in from before need "
	        "not wait",
	        until);
}

void people_passed(struct house *house, struct store *reader, const struct claim *claim)
{
	struct guard_try try;
	struct err err;

	if (try_of(reader, claim, &try, &err))
		guard_passed(house->guard, &try);
}

/* --- what was refused ------------------------------------------------------------------------- */

struct refusal {
	const char *what, *why, *officer, *source;
	const struct guard_locks *locks;
	bool line; /* written by itself: there may be too many */
	int64_t unwritten, now;
};

static bool write_lock(struct store *store, const struct refusal *r, const struct guard_lock *lock,
        struct err *err)
{
	const struct guard_count *count = &lock->count;
	struct wait_row row = {.failures = count->failures, .until = count->until, .at = count->at};
	char until[WHEN_TEXT];

	memcpy(row.key, count->key, sizeof row.key);
	when_text(count->until, until);
	json_t *body = json_pack("{s:s,s:I,s:s,s:s%}", "counts", guard_what_text(lock->what),
	        "failures", (json_int_t)count->failures, "until", until, "source", r->source,
	        (size_t)SHOWN);
	bool ok = store_put_wait(store, &row, err) &&
	          store_audit(store, "sign-in-slowed", r->officer, body, r->now, err);
	json_decref(body);
	return ok;
}

static bool write_refusal(struct store *store, void *arg, struct err *err)
{
	const struct refusal *r = arg;
	bool ok = true;

	if (r->line) {
		json_t *body = json_pack("{s:s,s:s,s:s%,s:I}", "what", r->what, "why", r->why,
		        "source", r->source, (size_t)SHOWN, "unwritten_before",
		        (json_int_t)r->unwritten);
		ok = store_audit(store, "sign-in-refused", r->officer, body, r->now, err);
		json_decref(body);
	}
	for (int i = 0; ok && i < r->locks->count; i++)
		ok = write_lock(store, r, &r->locks->items[i], err);
	return ok;
}

bool people_refuse(struct house *house, const char *what, const struct claim *claim,
        const char *why, const struct guard_locks *locks, struct err *err)
{
	/* A name that is nobody's is not written: it may be a password in the wrong field. */
	bool known = policy_officer(atomic_load(&house->policy), claim->officer) != NULL;
	struct refusal refusal = {.what = what,
	        .why = why,
	        .officer = known ? claim->officer : "",
	        .source = claim->source,
	        .locks = locks,
	        .now = when_now()};

	refusal.line = guard_may_write(house->guard, refusal.now, &refusal.unwritten);
	if ((refusal.line || locks->count) &&
	        !record_do(house->record, 0, write_refusal, &refusal, err))
		return false;
	return err_set(err, ERR_IDENTITY, "账号、密码或第二因素（动态码、通行密钥）不对",
	        "the account, the password or the second factor (code, passkey) is not right");
}

/* --- the two factors -------------------------------------------------------------------------- */

void people_challenge(
        const struct house *house, const char *what, const char *officer, struct asked *out)
{
	out->attempt = attempt_name(when_now());
	out->challenge = attempt_challenge(house->attempts, what, officer, out->attempt);
}

void asked_finish(struct asked *asked)
{
	free(asked->attempt);
	free(asked->challenge);
	*asked = (struct asked){0};
}

/* One look at an account: what was said, and what there is. */
struct look {
	struct house *house;
	const char *what;
	const struct account *account;
	const struct claim *claim;
	const struct policy *policy;
	struct proven *out;
};

/* Costs the same without an account: a secret of zeros that counts for nothing. */
static bool code_fits(const struct look *look)
{
	const struct account *account = look->account;
	const char *sealed = account->factor ? account->factor : "";
	size_t len = 0;
	unsigned char *secret = seal_open(look->house->config->people_secret,
	        account->officer ? account->officer : "", sealed, &len);
	static const unsigned char nobody[TOTP_SECRET];

	bool fits = totp_fits(secret ? secret : nobody, secret ? len : sizeof nobody,
	        look->claim->code, look->out->now, account->used_step, &look->out->step);
	fits = fits && secret;
	if (secret)
		explicit_bzero(secret, len);
	free(secret);
	return fits;
}

/* By any of the officer's; for who has none, one that was made this moment and fits nothing. */
static bool passkey_fits(const struct look *look)
{
	const struct officer *officer = look->out->officer;
	const struct claim *claim = look->claim;
	struct passkey nobody = {0};
	size_t count = officer ? officer->passkey_count : 0;
	struct err why;
	bool fits = false;

	if (count == 0)
		nobody.key = key_generate();
	char *challenge = attempt_challenge(
	        look->house->attempts, look->what, claim->officer, claim->attempt);
	bool first = attempt_take(look->house->attempts, claim->attempt, look->out->now);
	for (size_t i = 0; !fits && i < (count ? count : 1); i++)
		fits = passkey_answers(&look->policy->passkeys,
		        count ? &officer->passkeys[i] : &nobody, challenge, claim->assertion, &why);
	free(challenge);
	passkey_finish(&nobody);
	return fits && first && count;
}

/* Why not, for the chain; NULL when all is right. */
static const char *look_at(const struct look *look, bool *tried, struct err *err)
{
	const char *kept = look->account->password ? look->account->password : "";
	struct proven *out = look->out;
	bool right = false;

	*tried = password_same(
	        kept, look->claim->password, &look->house->config->password, &right, err);
	out->officer = policy_officer(look->policy, look->claim->officer);
	out->by_passkey = *look->claim->assertion;
	bool second = out->by_passkey ? passkey_fits(look) : code_fits(look);
	if (!look->account->officer)
		return "no account";
	if (!*kept)
		return "no password";
	if (!out->officer || !out->officer->active)
		return "not active";
	if (!right)
		return "password";
	return second ? NULL : out->by_passkey ? "passkey" : "second factor";
}

static bool weigh(const struct look *look, const struct guard_locks *locks, struct err *err)
{
	const struct password_rule *rule = &look->house->config->password;
	bool tried;
	const char *why = look_at(look, &tried, err);

	if (!tried)
		return false;
	if (why)
		return people_refuse(look->house, look->what, look->claim, why, locks, err);
	if (!password_outdated(look->account->password, rule))
		return true;
	look->out->rehash = password_hash(look->claim->password, rule, err);
	return look->out->rehash != NULL;
}

/* Tells nothing about an account: any name's challenge ends like this. */
static bool in_time(const struct claim *claim, int64_t now, struct err *err)
{
	return !*claim->assertion || attempt_is_young(claim->attempt, now) ||
	       err_set(err, ERR_CONFLICT, "此次通行密钥验证已过时（2 分钟），请重新开始",
	               "this passkey's challenge is over (2 minutes): begin again");
}

bool people_prove(struct house *house, struct store *reader, const char *what,
        const struct claim *claim, struct proven *out, struct err *err)
{
	struct account account = {0};
	struct guard_locks locks;

	*out = (struct proven){.now = when_now()};
	if (!people_ready(house, err) || !in_time(claim, out->now, err) ||
	        !people_may_try(house, reader, claim, &locks, err))
		return false;
	struct look look = {house, what, &account, claim, atomic_load(&house->policy), out};
	bool ok = store_get_account(reader, claim->officer, &account, err) ||
	          err->kind == ERR_MISSING;
	ok = ok && weigh(&look, &locks, err);
	account_finish(&account);
	return ok;
}

bool people_use(
        struct store *store, const char *officer, const struct proven *proven, struct err *err)
{
	return proven->by_passkey ? store_signed_in(store, officer, proven->now, err)
	                          : store_use_step(store, officer, proven->step, proven->now, err);
}
