/* SPDX-License-Identifier: Apache-2.0
 * test_store_account - what the record promises about people: found, not found, too late.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_account.h"

enum { HOUR = 3600 * 1000 };

static void enrol(struct store *store, const char *officer, int64_t step)
{
	struct err err = {0};

	assert_true(store_open_enrolment(store, officer, "code", now + HOUR, true, now, &err));
	assert_true(store_prepare_enrolment(store, officer, "code", "hash", "sealed", &err));
	assert_true(store_end_enrolment(store, officer, "code", step, now, &err));
}

static void add_session(struct store *store, const char *officer, char letter, int64_t created)
{
	struct err err = {0};
	struct session session = {.officer = mem_text(officer),
	        .created = created,
	        .used = created,
	        .ends = created + 10 * HOUR};

	memset(session.digest, letter, DIGEST_HEX - 1);
	memset(session.id, letter, sizeof session.id - 1);
	memset(session.source, 's', DIGEST_HEX - 1);
	assert_true(store_add_session(store, &session, &err));
	session_finish(&session);
}

static void an_enrolment_has_two_steps_and_one_code(void **state)
{
	struct err err = {0};
	struct place *place = *state;
	struct store *store = begin_change(place);
	struct account account;

	assert_false(store_get_account(store, "met-1", &account, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(store_open_enrolment(store, "met-1", "code", now + HOUR, true, now, &err));
	assert_false(store_end_enrolment(store, "met-1", "code", 1, now, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_false(store_prepare_enrolment(store, "met-1", "other", "hash", "sealed", &err));
	assert_true(store_prepare_enrolment(store, "met-1", "code", "hash", "sealed", &err));
	assert_true(store_get_account(store, "met-1", &account, &err));
	assert_string_equal(account.password, "");
	assert_string_equal(account.password_next, "hash");
	account_finish(&account);
	assert_true(store_end_enrolment(store, "met-1", "code", 7, now, &err));
	assert_false(store_end_enrolment(store, "met-1", "code", 7, now, &err));
	assert_false(store_prepare_enrolment(store, "met-1", "", "hash", "sealed", &err));
	assert_true(store_get_account(store, "met-1", &account, &err));
	assert_string_equal(account.password, "hash");
	assert_string_equal(account.factor, "sealed");
	assert_string_equal(account.enrol_digest, "");
	assert_int_equal(account.used_step, 7);
	account_finish(&account);
	end_change(place, true);
}

static void begun_again_keeps_or_clears(void **state)
{
	struct err err = {0};
	struct place *place = *state;
	struct store *store = begin_change(place);
	struct account account;
	struct session session;

	enrol(store, "met-1", 7);
	add_session(store, "met-1", 'a', now);
	assert_true(store_open_enrolment(store, "met-1", "two", now + HOUR, false, now, &err));
	assert_true(store_get_account(store, "met-1", &account, &err));
	assert_string_equal(account.password, "hash");
	account_finish(&account);
	assert_true(store_open_enrolment(store, "met-1", "three", now + HOUR, true, now, &err));
	assert_true(store_get_account(store, "met-1", &account, &err));
	assert_string_equal(account.password, "");
	assert_string_equal(account.factor, "");
	account_finish(&account);
	char digest[DIGEST_HEX] = "";
	memset(digest, 'a', DIGEST_HEX - 1);
	assert_false(store_find_session(store, digest, &session, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	end_change(place, true);
}

static void a_step_counts_once(void **state)
{
	struct err err = {0};
	struct place *place = *state;
	struct store *store = begin_change(place);

	enrol(store, "met-1", 7);
	assert_false(store_use_step(store, "met-1", 7, now, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_true(store_use_step(store, "met-1", 8, now, &err));
	assert_false(store_use_step(store, "met-1", 7, now, &err));
	assert_false(store_use_step(store, "nobody", 9, now, &err));
	assert_true(store_set_password(store, "met-1", "other", now, &err));
	assert_false(store_set_password(store, "nobody", "other", now, &err));
	end_change(place, true);
}

/* An account that was begun anew or ended meanwhile lets nobody in. */
static void a_factor_counts_for_who_is_enrolled(void **state)
{
	struct err err = {0};
	struct place *place = *state;
	struct store *store = begin_change(place);

	assert_false(store_signed_in(store, "met-1", now, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_true(store_open_enrolment(store, "met-1", "code", now + HOUR, true, now, &err));
	assert_false(store_signed_in(store, "met-1", now, &err));
	assert_true(store_prepare_enrolment(store, "met-1", "code", "hash", "", &err));
	assert_false(store_signed_in(store, "met-1", now, &err));
	assert_true(store_end_enrolment(store, "met-1", "code", 0, now, &err));
	assert_true(store_signed_in(store, "met-1", now, &err));
	/* Without an authenticator no step is one. */
	assert_false(store_use_step(store, "met-1", 9, now, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	enrol(store, "met-1", 7);
	assert_true(store_use_step(store, "met-1", 8, now, &err));
	assert_true(store_open_enrolment(store, "met-1", "two", now + HOUR, true, now, &err));
	assert_false(store_use_step(store, "met-1", 9, now, &err));
	assert_false(store_signed_in(store, "met-1", now, &err));
	end_change(place, true);
}

static void sessions_end(void **state)
{
	struct err err = {0};
	struct place *place = *state;
	struct store *store = begin_change(place);
	struct session session;
	int64_t ended;

	for (int i = 0; i < 5; i++)
		add_session(store, "met-1", (char)('a' + i), now + i);
	add_session(store, "met-2", 'x', now);
	assert_true(store_trim_sessions(store, "met-1", 3, &err));
	json_t *list = store_list_sessions(store, "met-1", &err);
	assert_int_equal(json_array_size(list), 3);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "id")),
	        "cccccccccccccccc");
	json_decref(list);
	assert_false(store_end_session(store, "met-2", "cccccccccccccccc", &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(store_end_session(store, "met-1", "cccccccccccccccc", &err));
	assert_true(store_end_sessions(store, "met-1", "dddddddddddddddd", &ended, &err));
	assert_int_equal(ended, 1);
	assert_false(store_next_ended_session(store, now + HOUR, 2 * HOUR, &session, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(store_next_ended_session(store, now + 3 * HOUR, 2 * HOUR, &session, &err));
	session_finish(&session);
	assert_true(store_next_ended_session(store, now + 11 * HOUR, 99 * HOUR, &session, &err));
	session_finish(&session);
	end_change(place, true);
}

static void where_from(void **state)
{
	struct err err = {0};
	struct place *place = *state;
	struct store *store = begin_change(place);
	char name[8];
	bool known;

	assert_true(store_know_device(store, "d", "met-1", now + 5, &err));
	assert_true(store_is_known_device(store, "d", "met-1", now, &known, &err) && known);
	assert_true(store_is_known_device(store, "d", "met-2", now, &known, &err) && !known);
	assert_true(store_is_known_device(store, "d", "met-1", now + 5, &known, &err) && !known);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "s%d", i);
		assert_true(store_know_source(store, "met-1", name, now + HOUR + i, &err));
		assert_true(store_know_device(store, name, "met-1", now + HOUR + i, &err));
	}
	/* The oldest give way: nothing grows. */
	assert_true(store_is_known_source(store, "met-1", "s0", now, &known, &err) && !known);
	assert_true(store_is_known_source(store, "met-1", "s99", now, &known, &err) && known);
	assert_true(store_is_known_device(store, "d", "met-1", now, &known, &err) && !known);
	assert_true(store_forget_devices(store, "met-1", &err));
	assert_true(store_is_known_source(store, "met-1", "s99", now, &known, &err) && !known);
	end_change(place, true);
}

static void waits_are_kept_and_forgotten(void **state)
{
	struct err err = {0};
	struct place *place = *state;
	struct store *store = begin_change(place);
	struct wait_row row = {.failures = 5, .until = now + HOUR, .at = now};
	struct wait_row *rows;
	size_t count;

	memset(row.key, 'k', DIGEST_HEX - 1);
	assert_true(store_put_wait(store, &row, &err));
	row.failures = 6;
	assert_true(store_put_wait(store, &row, &err));
	assert_true(store_list_waits(store, now - 1, &rows, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].failures, 6);
	assert_string_equal(rows[0].key, row.key);
	free(rows);
	assert_true(store_list_waits(store, now + 1, &rows, &count, &err));
	assert_int_equal(count, 0);
	free(rows);
	assert_true(store_forget_known(store, now, now + 1, &err));
	assert_true(store_list_waits(store, 0, &rows, &count, &err));
	assert_int_equal(count, 0);
	free(rows);
	end_change(place, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                an_enrolment_has_two_steps_and_one_code, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                begun_again_keeps_or_clears, place_open, place_close),
	        cmocka_unit_test_setup_teardown(a_step_counts_once, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                a_factor_counts_for_who_is_enrolled, place_open, place_close),
	        cmocka_unit_test_setup_teardown(sessions_end, place_open, place_close),
	        cmocka_unit_test_setup_teardown(where_from, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                waits_are_kept_and_forgotten, place_open, place_close),
	};

	return cmocka_run_group_tests_name("store_account", tests, NULL, NULL);
}
