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

/* --- the try ------------------------------------------------------------------------------------
 */

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

/* --- what was refused ---------------------------------------------------------------------------
 */

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
	return err_set(err, ERR_IDENTITY, "账号、密码或动态码不对",
	        "the account, the password or "
	        "the code is not right");
}

/* --- the two factors ----------------------------------------------------------------------------
 */

/* Costs the same without an account: a secret of zeros that counts for nothing. */
static bool code_fits(const struct house *house, const struct account *account, const char *code,
        int64_t now, int64_t *step)
{
	const char *sealed = account->factor ? account->factor : "";
	size_t len = 0;
	unsigned char *secret = seal_open(house->config->people_secret,
	        account->officer ? account->officer : "", sealed, &len);
	static const unsigned char nobody[TOTP_SECRET];

	bool fits = totp_fits(secret ? secret : nobody, secret ? len : sizeof nobody, code, now,
	        account->used_step, step);
	fits = fits && secret;
	if (secret)
		explicit_bzero(secret, len);
	free(secret);
	return fits;
}

/* Why not, for the chain; NULL when all is right. */
static const char *look(struct house *house, const struct account *account,
        const struct claim *claim, struct proven *out, bool *tried, struct err *err)
{
	const char *kept = account->password ? account->password : "";
	bool right = false;

	*tried = password_same(kept, claim->password, &house->config->password, &right, err);
	bool code = code_fits(house, account, claim->code, out->now, &out->step);
	out->officer = policy_officer(atomic_load(&house->policy), claim->officer);
	if (!account->officer)
		return "no account";
	if (!*kept)
		return "no password";
	if (!out->officer || !out->officer->active)
		return "not active";
	if (!right)
		return "password";
	return code ? NULL : "second factor";
}

static bool weigh(struct house *house, const char *what, const struct account *account,
        const struct claim *claim, const struct guard_locks *locks, struct proven *out,
        struct err *err)
{
	bool tried;
	const char *why = look(house, account, claim, out, &tried, err);

	if (!tried)
		return false;
	if (why)
		return people_refuse(house, what, claim, why, locks, err);
	if (!password_outdated(account->password, &house->config->password))
		return true;
	out->rehash = password_hash(claim->password, &house->config->password, err);
	return out->rehash != NULL;
}

bool people_prove(struct house *house, struct store *reader, const char *what,
        const struct claim *claim, struct proven *out, struct err *err)
{
	struct account account = {0};
	struct guard_locks locks;

	*out = (struct proven){.now = when_now()};
	if (!people_ready(house, err) || !people_may_try(house, reader, claim, &locks, err))
		return false;
	bool ok = store_get_account(reader, claim->officer, &account, err) ||
	          err->kind == ERR_MISSING;
	ok = ok && weigh(house, what, &account, claim, &locks, out, err);
	account_finish(&account);
	return ok;
}
