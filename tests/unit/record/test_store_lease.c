/* SPDX-License-Identifier: Apache-2.0
 * Leases as SQLite keeps them: what they cost. Who is refused and who may take is the contract's
 * (tests/contract/record_leases.c).
 */
#include "fixture.h"

#include <string.h>

#include "store_db.h"
#include "store_lease.h"

enum { MANY = 200 };

/* How often the rows were read. */
static int looks(struct store *store)
{
	int runs = 0;

	for (sqlite3_stmt *s = sqlite3_next_stmt(store->db, NULL); s;
	        s = sqlite3_next_stmt(store->db, s))
		if (strstr(sqlite3_sql(s), "SELECT name, token FROM lease"))
			runs += sqlite3_stmt_status(s, SQLITE_STMTSTATUS_RUN, 0);
	return runs;
}

static void take(struct store *store, const char *name, int64_t *token)
{
	const struct lease_wish wish = {.holder = "node-a", .by_force = true};
	struct err err = {0};

	if (!store_take_lease(store, name, &wish, now, token, &err))
		fail_msg("%s", err.en);
}

static void must_hold(struct store *store, const char *name)
{
	struct err err = {0};

	if (!store_must_hold(store, name, &err))
		fail_msg("%s", err.en);
}

static void many_writes_of_a_transaction_look_once(void **state)
{
	struct place *place = *state;
	struct store *store = begin_change(place);
	int64_t token;

	take(store, "sms-main", &token);
	store_present(store, "sms-main", token);
	end_change(place, true);
	for (int transaction = 1; transaction <= 3; transaction++) {
		store = begin_change(place);
		for (int i = 0; i < MANY; i++)
			must_hold(store, "sms-main");
		end_change(place, true);
		assert_int_equal(looks(store), transaction);
	}
	begin_change(place); /* who asks for nothing looks at nothing */
	end_change(place, true);
	assert_int_equal(looks(store), 3);
}

/* A row that came in between the others, and one more at the end: names and tokens stay together.
 */
static void what_is_remembered_follows_the_rows(void **state)
{
	struct place *place = *state;
	static const char *const names[] = {"m", "z", "a", "n"};
	struct err err = {0};

	for (size_t i = 0; i < 4; i++) {
		int64_t token = 0;
		struct store *store = begin_change(place);
		for (size_t times = 0; times <= i; times++)
			take(store, names[i], &token);
		store_present(store, names[i], token);
		for (size_t k = 0; k <= i; k++)
			must_hold(store, names[k]);
		end_change(place, true);
	}
	struct store *store = begin_change(place);
	int64_t token;
	take(store, "n", &token);
	must_hold(store, "z");
	assert_false(store_must_hold(store, "n", &err));
	assert_int_equal(err.kind, ERR_FENCED);
	end_change(place, false);
	/* Taken back with its transaction. */
	store = begin_change(place);
	must_hold(store, "n");
	end_change(place, true);
}

/* A change that was refused took nothing, and the next one of its group sees that. */
static void a_change_taken_back_takes_no_lease(void **state)
{
	struct place *place = *state;
	struct store *store = begin_change(place);
	struct err err = {0};
	int64_t token;

	take(store, "sms-main", &token);
	store_present(store, "sms-main", token);
	must_hold(store, "sms-main");
	assert_true(store_savepoint(store, &err));
	take(store, "sms-main", &token);
	assert_false(store_must_hold(store, "sms-main", &err));
	assert_true(store_savepoint_undo(store, &err));
	must_hold(store, "sms-main");
	end_change(place, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                many_writes_of_a_transaction_look_once, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                what_is_remembered_follows_the_rows, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                a_change_taken_back_takes_no_lease, place_open, place_close),
	};

	return cmocka_run_group_tests_name("leases", tests, NULL, NULL);
}
