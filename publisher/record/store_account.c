/* SPDX-License-Identifier: Apache-2.0
 * store_account - accounts and their enrolment (store_account.h).
 */
#include "store_account.h"

#include <stdlib.h>

#include "store_db.h"
#include "when.h"

void account_finish(struct account *account)
{
	char **secrets[] = {&account->password, &account->factor, &account->enrol_digest,
	        &account->password_next, &account->factor_next, &account->officer};

	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
		free(*secrets[i]);
	*account = (struct account){0};
}

static bool none(const char *officer, struct err *err)
{
	return err_set(err, ERR_MISSING, "%s 没有账号", "%s has no account", officer);
}

bool store_get_account(
        struct store *store, const char *officer, struct account *out, struct err *err)
{
	struct account found = {0};
	struct query q;

	query_begin(&q, store,
	        "SELECT officer, password, factor, used_step, enrol_digest, enrol_ends,"
	        " password_next, factor_next FROM account WHERE officer = ?",
	        err);
	query_text(&q, officer);
	if (query_row(&q)) {
		found.officer = query_get_text(&q);
		found.password = query_get_text(&q);
		found.factor = query_get_text(&q);
		found.used_step = query_get_int(&q);
		found.enrol_digest = query_get_text(&q);
		found.enrol_ends = query_get_int(&q);
		found.password_next = query_get_text(&q);
		found.factor_next = query_get_text(&q);
	}
	if (!query_end(&q)) {
		account_finish(&found);
		return false;
	}
	*out = found;
	return found.officer || none(officer, err);
}

static void set_moment(json_t *json, const char *name, int64_t ms)
{
	char text[WHEN_TEXT] = "";

	if (ms)
		when_text(ms, text);
	json_object_set_new(json, name, ms ? json_string(text) : json_null());
}

json_t *store_list_accounts(struct store *store, int64_t now, struct err *err)
{
	json_t *list = json_array();
	struct query q;

	query_begin(&q, store,
	        "SELECT officer, password <> '', factor <> '', enrol_digest <> '' AND enrol_ends > "
	        "?,"
	        " created, changed, signed_in,"
	        " (SELECT COUNT(*) FROM session WHERE session.officer = account.officer)"
	        " FROM account ORDER BY officer",
	        err);
	query_int(&q, now);
	while (query_row(&q)) {
		json_t *one = json_object();
		json_object_set_new(one, "officer", json_string(query_peek_text(&q)));
		json_object_set_new(one, "password", json_boolean(query_get_int(&q)));
		json_object_set_new(one, "second_factor", json_boolean(query_get_int(&q)));
		json_object_set_new(one, "enrolling", json_boolean(query_get_int(&q)));
		set_moment(one, "created", query_get_int(&q));
		set_moment(one, "changed", query_get_int(&q));
		set_moment(one, "signed_in", query_get_int(&q));
		json_object_set_new(one, "sessions", json_integer(query_get_int(&q)));
		json_array_append_new(list, one);
	}
	if (query_end(&q))
		return list;
	json_decref(list);
	return NULL;
}

/* --- enrolment -------------------------------------------------------------------------------- */

bool store_open_enrolment(struct store *store, const char *officer, const char *digest,
        int64_t ends, bool anew, int64_t now, struct err *err)
{
	struct query q;

	if (anew && !store_drop_account(store, officer, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO account (officer, password, factor, used_step, enrol_digest,"
	        " enrol_ends, password_next, factor_next, created, changed, signed_in)"
	        " VALUES (?,'','',0,?,?,'','',?,0,0) ON CONFLICT (officer) DO UPDATE SET"
	        " enrol_digest = excluded.enrol_digest, enrol_ends = excluded.enrol_ends,"
	        " password_next = '', factor_next = ''",
	        err);
	query_text(&q, officer);
	query_text(&q, digest);
	query_int(&q, ends);
	query_int(&q, now);
	return query_run(&q);
}

/* Runs an UPDATE that must have found its row. */
static bool must_change(struct query *q, const char *zh, const char *en)
{
	struct err *err = q->err;
	struct store *store = q->store;

	if (!query_run(q))
		return false;
	return store_changes(store) == 1 || err_set(err, ERR_CONFLICT, "%s%.0s", "%.0s%s", zh, en);
}

bool store_prepare_enrolment(struct store *store, const char *officer, const char *digest,
        const char *password, const char *factor, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE account SET password_next = ?, factor_next = ?"
	        " WHERE officer = ? AND enrol_digest = ? AND enrol_digest <> ''",
	        err);
	query_text(&q, password);
	query_text(&q, factor);
	query_text(&q, officer);
	query_text(&q, digest);
	return must_change(&q, "此登记码已用过", "this enrolment code was used already");
}

bool store_end_enrolment(struct store *store, const char *officer, const char *digest, int64_t step,
        int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE account SET password = password_next, factor = factor_next, used_step = ?,"
	        " enrol_digest = '', enrol_ends = 0, password_next = '', factor_next = '',"
	        " changed = ? WHERE officer = ? AND enrol_digest = ? AND password_next <> ''",
	        err);
	query_int(&q, step);
	query_int(&q, now);
	query_text(&q, officer);
	query_text(&q, digest);
	return must_change(&q, "此登记码已用过", "this enrolment code was used already");
}

bool store_set_password(struct store *store, const char *officer, const char *password, int64_t now,
        struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE account SET password = ?, changed = ? WHERE officer = ? AND password <> ''",
	        err);
	query_text(&q, password);
	query_int(&q, now);
	query_text(&q, officer);
	return must_change(&q, "账号没有密码", "the account has no password");
}

bool store_use_step(
        struct store *store, const char *officer, int64_t step, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE account SET used_step = ?, signed_in = ? WHERE officer = ? AND used_step < "
	        "? AND factor <> ''",
	        err);
	query_int(&q, step);
	query_int(&q, now);
	query_text(&q, officer);
	query_int(&q, step);
	return must_change(&q, "此动态码已用过", "this code was used already");
}

bool store_signed_in(struct store *store, const char *officer, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE account SET signed_in = ? WHERE officer = ? AND password <> ''", err);
	query_int(&q, now);
	query_text(&q, officer);
	return must_change(&q, "账号没有密码", "the account has no password");
}

bool store_drop_account(struct store *store, const char *officer, struct err *err)
{
	struct query q;
	int64_t ended;

	query_begin(&q, store, "DELETE FROM account WHERE officer = ?", err);
	query_text(&q, officer);
	return query_run(&q) && store_end_sessions(store, officer, "", &ended, err) &&
	       store_forget_devices(store, officer, err);
}
