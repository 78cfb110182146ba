/* SPDX-License-Identifier: Apache-2.0
 * A record of the first version, with what a house leaves in it, is upgraded on opening and nothing
 * of it is lost: bulletins, approvals, deliveries that wait, the chain, the mode.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema_versions.h"
#include "store_db.h"

static void run(sqlite3 *db, const char *sql)
{
	char *said = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
}

static void as_of_version_1(sqlite3 *db)
{
	for (size_t i = 0; schema_version_1[i]; i++)
		run(db, schema_version_1[i]);
	run(db, "CREATE TABLE schema_version (version BIGINT NOT NULL);"
	        "INSERT INTO schema_version (version) VALUES (1)");
}

static int copy_table(void *db, int count, char **sql, char **names)
{
	(void)count;
	(void)names;
	run(db, sql[0]);
	return 0;
}

/* Row for row, as far as the first version had the columns. */
static void copy_rows(sqlite3 *db)
{
	static const char copies[] =
	        "SELECT 'INSERT INTO main.' || name || ' SELECT ' || (SELECT group_concat(name)"
	        " FROM pragma_table_info(m.name)) || ' FROM new.' || name FROM sqlite_master m"
	        " WHERE type = 'table' AND name <> 'schema_version'";
	char *said = NULL;

	if (sqlite3_exec(db, copies, copy_table, db, &said) != SQLITE_OK)
		fail_msg("%s", said);
}

/* The record closed, and what it holds written as a program of the first version would have. */
static void age(struct place *place)
{
	char *now_path = mem_format("%s/record.db", place->folder);
	char *old_path = mem_format("%s/old.db", place->folder);
	char *attach = mem_format("ATTACH '%s' AS new", now_path);
	sqlite3 *db = NULL;

	record_tool_close(&place->store);
	assert_int_equal(sqlite3_open(old_path, &db), SQLITE_OK);
	as_of_version_1(db);
	run(db, attach);
	copy_rows(db);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(rename(old_path, now_path), 0);
	free(now_path);
	free(old_path);
	free(attach);
}

static char *begin_work(struct place *place)
{
	struct bulletin *b = sample_bulletin("暴雨");
	struct delivery waiting, done;
	struct proof proof;

	must_put(place, b);
	b->state = BULLETIN_RELEASED;
	must_put(place, b);
	sample_delivery(&waiting, b, "mqtt-north");
	sample_delivery(&done, b, "sms-main");
	done.state = DELIVERY_SENDING;
	sample_proof(&proof, ACT_SIGN, "wang");
	struct store *store = begin_change(place);
	bool ok = store_add_delivery(store, &waiting, NULL) &&
	          store_add_delivery(store, &done, NULL) &&
	          store_delivery_state(
	                  store, done.id, DELIVERY_DELIVERED, 0, "", "", "", now, NULL) &&
	          store_add_approval(store, b->id, &proof, now, NULL);
	end_change(place, ok);
	assert_true(ok);
	char *id = mem_text(b->id);
	proof_finish(&proof);
	delivery_finish(&waiting);
	delivery_finish(&done);
	bulletin_destroy(&b);
	return id;
}

static void nothing_is_lost(struct place *place, const char *id)
{
	struct approval_list approvals = {0};
	struct delivery_list pending = {0};
	char head[DIGEST_HEX];
	int64_t records;

	struct bulletin *b = must_get(place, id);
	assert_int_equal(b->state, BULLETIN_RELEASED);
	assert_string_equal(b->headline, "暴雨");
	assert_string_equal(b->disclosure_reason, "");
	assert_int_equal(b->earlier.count, 0); /* the first version did not know */
	assert_string_equal(b->audiences[0].target, "sms-main");
	bulletin_destroy(&b);
	assert_true(store_list_approvals(place->store, id, &approvals, NULL));
	assert_int_equal(approvals.count, 1);
	approval_list_finish(&approvals);
	assert_true(store_list_pending(place->store, &pending, NULL));
	assert_int_equal(pending.count, 1);
	assert_string_equal(pending.items[0].target, "mqtt-north");
	delivery_list_finish(&pending);
	assert_true(store_audit_verify(place->store, &records, head, NULL));
	assert_true(records > 0);
}

static void a_record_of_the_first_version_goes_on(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	char *id = begin_work(place);

	age(place);
	place->store = record_tool_open(place->folder, &err);
	if (!place->store)
		fail_msg("%s", err.en);
	nothing_is_lost(place, id);
	struct store *store = begin_change(place);
	assert_false(store_bind_mode(store, MODE_EXERCISE, &err)); /* it was a live one */
	assert_true(store_bind_mode(store, MODE_LIVE, &err));
	end_change(place, true);
	/* And a second time: there is nothing left to do. */
	record_tool_close(&place->store);
	place->store = record_tool_open(place->folder, &err);
	assert_non_null(place->store);
	nothing_is_lost(place, id);
	free(id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                a_record_of_the_first_version_goes_on, place_open, place_close),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
