/* SPDX-License-Identifier: Apache-2.0
 * store_account - the record's sentences about people: accounts, sessions, and where somebody
 * signed in from before. No password, token, code or address stands in any of them: hashes,
 * digests and sealed bytes do.
 *
 * As in store.h: what is not found is ERR_MISSING, what came too late ERR_CONFLICT.
 */
#ifndef TOCSIN_STORE_ACCOUNT_H
#define TOCSIN_STORE_ACCOUNT_H

#include "store.h"

struct account {
	char *officer;
	char *password;     /* hash; "" none */
	char *factor;       /* sealed; "" none */
	int64_t used_step;  /* of the last code that counted */
	char *enrol_digest; /* of the one-time code; "" none is open */
	int64_t enrol_ends;
	char *password_next, *factor_next; /* of the enrolment under way; "" none */
};
void account_finish(struct account *account);
bool store_get_account(
        struct store *store, const char *officer, struct account *out, struct err *err);
json_t *store_list_accounts(struct store *store, int64_t now, struct err *err); /* NULL: *err */

/* Opens an enrolment; `anew`: what was there before holds no more. Makes the account if need be. */
bool store_open_enrolment(struct store *store, const char *officer, const char *digest,
        int64_t ends, bool anew, int64_t now, struct err *err);
bool store_prepare_enrolment(struct store *store, const char *officer, const char *digest,
        const char *password, const char *factor, struct err *err);
/* What was prepared holds from now on, with its first code used. */
bool store_end_enrolment(struct store *store, const char *officer, const char *digest, int64_t step,
        int64_t now, struct err *err);
bool store_set_password(struct store *store, const char *officer, const char *password, int64_t now,
        struct err *err);
/* Somebody was known by a passkey: nothing to be used up. ERR_CONFLICT: the account has ended. */
bool store_signed_in(struct store *store, const char *officer, int64_t now, struct err *err);
/* ERR_CONFLICT: a code of this step or a later one counted already, or the account has ended. */
bool store_use_step(
        struct store *store, const char *officer, int64_t step, int64_t now, struct err *err);
bool store_drop_account(struct store *store, const char *officer, struct err *err);

struct session {
	char digest[DIGEST_HEX]; /* of its token */
	char id[17];             /* what it is called */
	char *officer;
	char source[DIGEST_HEX];
	bool cookie; /* made for a browser */
	int64_t created, used, ends;
};
void session_finish(struct session *session);
bool store_add_session(struct store *store, const struct session *session, struct err *err);
bool store_find_session(
        struct store *store, const char *digest, struct session *out, struct err *err);
bool store_touch_session(struct store *store, const char *digest, int64_t now, struct err *err);
/* By its name; of this officer only. */
bool store_end_session(struct store *store, const char *officer, const char *id, struct err *err);
/* All of an officer's but `but` (a name; "" spares none). */
bool store_end_sessions(
        struct store *store, const char *officer, const char *but, int64_t *ended, struct err *err);
/* Only the newest `most` stay. */
bool store_trim_sessions(struct store *store, const char *officer, int most, struct err *err);
/* Any session past its end, or not used for `idle` ms. ERR_MISSING: there is none. */
bool store_next_ended_session(
        struct store *store, int64_t now, int64_t idle, struct session *out, struct err *err);
json_t *store_list_sessions(struct store *store, const char *officer, struct err *err);

/* --- where from ------------------------------------------------------------------------------- */
bool store_know_device(struct store *store, const char *digest, const char *officer, int64_t ends,
        struct err *err);
bool store_is_known_device(struct store *store, const char *digest, const char *officer,
        int64_t now, bool *known, struct err *err);
bool store_know_source(struct store *store, const char *officer, const char *source, int64_t ends,
        struct err *err);
bool store_is_known_source(struct store *store, const char *officer, const char *source,
        int64_t now, bool *known, struct err *err);
bool store_forget_devices(struct store *store, const char *officer, struct err *err);

struct wait_row {
	char key[DIGEST_HEX];
	int64_t failures, until, at;
};
bool store_put_wait(struct store *store, const struct wait_row *row, struct err *err);
bool store_list_waits(struct store *store, int64_t since, struct wait_row **out, size_t *count,
        struct err *err); /* *out: the caller's */
/* Forgets devices and addresses whose time is over, and waits of before `waits`. */
bool store_forget_known(struct store *store, int64_t now, int64_t waits, struct err *err);

#endif
