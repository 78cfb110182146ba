/* SPDX-License-Identifier: Apache-2.0
 * enrol - see enrol.h.
 */
#include "enrol.h"

#include <stdlib.h>
#include <string.h>

#include "password.h"
#include "seal.h"
#include "secret.h"
#include "totp.h"
#include "two_part.h"
#include "when.h"

static const int64_t hour = (int64_t)60 * 60 * 1000;

bool enrol_open(struct store *store, const char *officer, const char *digest, bool anew,
        const char *by, int64_t now, struct err *err)
{
	json_t *body = json_pack("{s:s,s:b}", "by", by, "anew", anew);
	bool ok = store_open_enrolment(
	                  store, officer, digest, now + ENROL_HOURS * hour, anew, now, err) &&
	          store_audit(store, "enrolment-opened", officer, body, now, err);

	json_decref(body);
	return ok;
}

/* --- the code --------------------------------------------------------------------------------- */

static bool code_holds(
        struct house *house, const struct account *account, const char *digest, int64_t now)
{
	const struct officer *officer =
	        account->officer ? policy_officer(atomic_load(&house->policy), account->officer)
	                         : NULL;

	return officer && officer->active && *account->enrol_digest &&
	       digest_same(account->enrol_digest, digest) && now < account->enrol_ends;
}

/* Wrong, and counted as any other failure. */
static bool refuse_code(
        struct house *house, struct store *reader, const struct enrolment *e, struct err *err)
{
	struct claim claim = {.officer = e->officer,
	        .password = "",
	        .code = "",
	        .attempt = "",
	        .assertion = "",
	        .source = e->source,
	        .device = ""};
	struct guard_locks locks;

	if (!people_may_try(house, reader, &claim, &locks, err))
		return false;
	people_refuse(house, "enrolment", &claim, "code", &locks, err);
	return err->kind == ERR_IDENTITY
	               ? err_set(err, ERR_IDENTITY,
	                         "人员编号、登记码或确认词不对，或已超过 %d 小时：核对后再试；"
	                         "仍不行，请系统管理员重办",
	                         "the officer, the enrolment code or its word is not right, or its "
	                         "%d hours are over: check them; if that does not help, have an "
	                         "administrator open the account anew",
	                         ENROL_HOURS)
	               : false;
}

/* The account, if the code is the one it waits for; false: *err, the same for every cause. Nobody
 * guesses 256 bits, so the right code need not wait for what others did wrong. */
static bool by_code(struct house *house, struct store *reader, const struct enrolment *e,
        struct account *account, char digest[DIGEST_HEX], struct err *err)
{
	*account = (struct account){0};
	if (!people_ready(house, err))
		return false;
	two_part_digest(e->code, digest);
	if (!store_get_account(reader, e->officer, account, err) && err->kind != ERR_MISSING)
		return false;
	if (code_holds(house, account, digest, when_now()))
		return true;
	account_finish(account);
	return refuse_code(house, reader, e, err);
}

/* --- first step: a password ------------------------------------------------------------------- */

struct preparing {
	const char *officer, *digest, *password, *factor;
};

static bool write_prepared(struct store *store, void *arg, struct err *err)
{
	const struct preparing *p = arg;

	return store_prepare_enrolment(store, p->officer, p->digest, p->password, p->factor, err);
}

static bool prepare(struct house *house, const char *officer, const char *digest,
        const char *password, const unsigned char secret[TOTP_SECRET], struct err *err)
{
	char *hash = password_hash(password, &house->config->password, err);
	char *factor = seal_close(house->config->people_secret, officer, secret, TOTP_SECRET);
	struct preparing preparing = {officer, digest, hash, factor};
	bool ok = hash && record_do(house->record, 0, write_prepared, &preparing, err);

	free(hash);
	free(factor);
	return ok;
}

bool enrol_begin(struct house *house, struct store *reader, const struct enrolment *e,
        const char *password, char **base32, char **uri, struct err *err)
{
	unsigned char secret[TOTP_SECRET];
	char digest[DIGEST_HEX];
	struct account account;

	if (!by_code(house, reader, e, &account, digest, err))
		return false;
	random_bytes(secret, sizeof secret);
	bool ok = password_fits(password, e->officer, err) &&
	          prepare(house, e->officer, digest, password, secret, err);
	if (ok) {
		*base32 = totp_base32(secret, sizeof secret);
		*uri = totp_uri(e->officer, house->config->node, *base32);
	}
	explicit_bzero(secret, sizeof secret);
	account_finish(&account);
	return ok;
}

/* --- second step: the first digits ------------------------------------------------------------ */

struct ending {
	const char *officer, *digest;
	int64_t step, now;
};

static bool write_enrolled(struct store *store, void *arg, struct err *err)
{
	const struct ending *e = arg;
	int64_t ended;

	if (!store_end_enrolment(store, e->officer, e->digest, e->step, e->now, err) ||
	        !store_end_sessions(store, e->officer, "", &ended, err) ||
	        !store_forget_devices(store, e->officer, err))
		return false;
	json_t *body = json_pack("{s:I,s:s}", "sessions_ended", (json_int_t)ended, "factor",
	        e->step ? "code" : "passkey");
	bool ok = store_audit(store, "enrolled", e->officer, body, e->now, err);
	json_decref(body);
	return ok;
}

static bool digits_fit(const struct house *house, const struct account *account, const char *digits,
        struct ending *ending, struct err *err)
{
	size_t len = 0;
	unsigned char *secret = *account->factor_next
	                                ? seal_open(house->config->people_secret, account->officer,
	                                          account->factor_next, &len)
	                                : NULL;

	if (!secret)
		return err_set(err, ERR_CONFLICT, "请先用登记码设置密码",
		        "set a password with the enrolment code first");
	bool fits = totp_fits(secret, len, digits, ending->now, 0, &ending->step);
	explicit_bzero(secret, len);
	free(secret);
	return fits ||
	       err_set(err, ERR_INPUT, "动态码不对：请核对手机时间，并确认录入的是刚才显示的密钥",
	               "these digits do not fit: look at the telephone's clock, and that "
	               "it holds the secret just shown");
}

bool enrol_end(struct house *house, struct store *reader, const struct enrolment *e,
        const char *digits, struct err *err)
{
	char digest[DIGEST_HEX];
	struct account account;

	if (!by_code(house, reader, e, &account, digest, err))
		return false;
	struct ending ending = {.officer = e->officer, .digest = digest, .now = when_now()};
	bool ok = digits_fit(house, &account, digits, &ending, err) &&
	          record_do(house->record, 0, write_enrolled, &ending, err);
	account_finish(&account);
	return ok;
}

/* --- both steps at once: a password, and the passkey of the policy ---------------------------- */

struct passkey_account {
	struct preparing preparing;
	struct ending ending;
};

static bool write_both(struct store *store, void *arg, struct err *err)
{
	struct passkey_account *p = arg;

	return write_prepared(store, &p->preparing, err) && write_enrolled(store, &p->ending, err);
}

static bool has_passkey(const struct policy *policy, const char *id, struct err *err)
{
	const struct officer *officer = policy_officer(policy, id);

	return (officer && officer->passkey_count) ||
	       err_set(err, ERR_CONFLICT,
	               "授权规则中没有 %s 的通行密钥，请用动态码登记，或先由管理员写入通行密钥",
	               "the policy names no passkey of %s: enrol with an authenticator's code, or "
	               "have one put into the policy first",
	               id);
}

bool enrol_by_passkey(struct house *house, struct store *reader, const struct enrolment *e,
        const char *password, struct err *err)
{
	const struct policy *policy = atomic_load(&house->policy);
	char digest[DIGEST_HEX];
	struct account account;

	if (!by_code(house, reader, e, &account, digest, err))
		return false;
	account_finish(&account);
	char *hash = passkeys_allowed(&policy->passkeys, err) &&
	                             has_passkey(policy, e->officer, err) &&
	                             password_fits(password, e->officer, err)
	                     ? password_hash(password, &house->config->password, err)
	                     : NULL;
	struct passkey_account both = {{e->officer, digest, hash, ""},
	        {.officer = e->officer, .digest = digest, .now = when_now()}};
	bool ok = hash && record_do(house->record, 0, write_both, &both, err);
	free(hash);
	return ok;
}

/* --- with what one has ------------------------------------------------------------------------ */

struct renewing {
	const struct claim *claim;
	const struct proven *proven;
	const char *session;
	const char *hash;   /* of the new password */
	const char *digest; /* or of a code for a new second factor */
};

static bool write_password(struct store *store, void *arg, struct err *err)
{
	const struct renewing *r = arg;
	const char *officer = r->claim->officer;
	int64_t now = r->proven->now;
	int64_t ended;

	if (!people_use(store, officer, r->proven, err) ||
	        !store_set_password(store, officer, r->hash, now, err) ||
	        !store_end_sessions(store, officer, r->session, &ended, err))
		return false;
	json_t *body = json_pack("{s:I}", "sessions_ended", (json_int_t)ended);
	bool ok = store_audit(store, "password-changed", officer, body, now, err);
	json_decref(body);
	return ok;
}

bool account_new_password(struct house *house, struct store *reader, const struct claim *claim,
        const char *session, const char *password, struct err *err)
{
	struct proven proven;

	if (!password_fits(password, claim->officer, err) ||
	        !people_prove(house, reader, "password", claim, &proven, err))
		return false;
	char *hash = password_hash(password, &house->config->password, err);
	struct renewing renewing = {claim, &proven, session, hash, NULL};
	bool ok = hash && record_do(house->record, 0, write_password, &renewing, err);
	if (ok)
		people_passed(house, reader, claim);
	secret_forget(&proven.rehash);
	free(hash);
	return ok;
}

static bool write_code(struct store *store, void *arg, struct err *err)
{
	const struct renewing *r = arg;

	return people_use(store, r->claim->officer, r->proven, err) &&
	       enrol_open(store, r->claim->officer, r->digest, false, r->claim->officer,
	               r->proven->now, err);
}

bool account_new_factor(struct house *house, struct store *reader, const struct claim *claim,
        char **code, struct err *err)
{
	struct proven proven;
	char digest[DIGEST_HEX];

	if (!people_prove(house, reader, "second-factor", claim, &proven, err))
		return false;
	char *made = random_token();
	digest_sha256(made, strlen(made), digest);
	struct renewing renewing = {claim, &proven, "", NULL, digest};
	bool ok = record_do(house->record, 0, write_code, &renewing, err);
	if (ok) {
		people_passed(house, reader, claim);
		*code = made;
	} else {
		secret_forget(&made);
	}
	secret_forget(&proven.rehash);
	return ok;
}
