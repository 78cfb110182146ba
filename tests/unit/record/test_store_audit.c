/* SPDX-License-Identifier: Apache-2.0
 * The hash chain notices every change made behind its back: the tests change the file as an
 * intruder would, past the store.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store_db.h"

enum { RECORDS = 20 };

static void fill(struct place *place)
{
	struct store *store = begin_change(place);

	for (int i = 0; i < RECORDS; i++) {
		json_t *body = json_pack("{s:i,s:s}", "number", i, "word", "预警");
		assert_true(store_audit(
		        store, i % 2 ? "released" : "submitted", "b1", body, now + i, NULL));
		json_decref(body);
	}
	end_change(place, true);
}

static void tamper(struct place *place, const char *sql)
{
	char *said = NULL;

	if (sqlite3_exec(place->store->db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
}

static void verify_says(struct place *place, const char *want)
{
	struct err err = {0};
	char head[DIGEST_HEX] = "";
	int64_t records = -1;

	bool ok = store_audit_verify(place->store, &records, head, &err);
	if (ok || !strstr(err.en, want))
		fail_msg("got: %s, want: %s", ok ? "all fits" : err.en, want);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_int_equal(records, -1);
}

static void fits_when_untouched(void **state)
{
	struct place *place = *state;
	char head[DIGEST_HEX], before[DIGEST_HEX];
	int64_t records;

	assert_true(store_audit_verify(place->store, &records, before, NULL));
	assert_int_equal(records, 0);
	fill(place);
	assert_true(store_audit_verify(place->store, &records, head, NULL));
	assert_int_equal(records, RECORDS);
	assert_true(digest_is_hex(head));
	assert_string_not_equal(head, before);
}

static void first_hash_is_as_written_down(void **state)
{
	struct place *place = *state;
	char head[DIGEST_HEX], want[DIGEST_HEX];
	int64_t records;
	json_t *body = json_pack("{s:i,s:i}", "b", 2, "a", 1);
	static const char bytes[] =
	        "64:0000000000000000000000000000000000000000000000000000000000000000"
	        "1:1"
	        "4:1000"
	        "4:what"
	        "3:ref"
	        "13:{\"a\":1,\"b\":2}";

	assert_true(store_audit(begin_change(place), "what", "ref", body, 1000, NULL));
	end_change(place, true);
	json_decref(body);
	assert_true(store_audit_verify(place->store, &records, head, NULL));
	digest_sha256(bytes, strlen(bytes), want);
	assert_string_equal(head, want);
}

static void one_flipped_bit_shows(void **state)
{
	struct place *place = *state;
	static const char *const fields[] = {"at = at + 1", "what = 'Released'", "ref = 'b2'",
	        "body = replace(body, '11', '10')", "hash = 'f' || substr(hash, 2, 62) || 'f'"};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		char *sql = mem_format("UPDATE audit SET %s WHERE seq = 12", fields[i]);
		fill(place);
		tamper(place, sql);
		verify_says(place, "record 12 ");
		tamper(place, "DELETE FROM audit; DELETE FROM audit_head");
		free(sql);
	}
}

static void missing_and_swapped_show(void **state)
{
	struct place *place = *state;

	fill(place);
	tamper(place, "DELETE FROM audit WHERE seq = 7");
	verify_says(place, "record 7 is missing");
	tamper(place, "UPDATE audit SET seq = seq - 1 WHERE seq > 7"); /* closing the gap */
	verify_says(place, "record 7 does not fit");
	tamper(place, "DELETE FROM audit; DELETE FROM audit_head");
	fill(place);
	tamper(place,
	        "UPDATE audit SET seq = 99 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;"
	        "UPDATE audit SET seq = 5 WHERE seq = 99");
	verify_says(place, "record 4 does not fit");
}

static void cuts_show(void **state)
{
	struct place *place = *state;

	fill(place);
	tamper(place, "DELETE FROM audit WHERE seq > 15");
	verify_says(place, "ends at record 15 but should end at 20");
	tamper(place, "DELETE FROM audit WHERE seq <= 3");
	verify_says(place, "record 1 is missing");
	tamper(place, "DELETE FROM audit");
	verify_says(place, "ends at record 0");
}

static void additions_show(void **state)
{
	struct place *place = *state;

	fill(place);
	tamper(place, "INSERT INTO audit (seq, at, what, ref, body, hash)"
	              " SELECT 21, at, what, ref, body, hash FROM audit WHERE seq = 20");
	verify_says(place, "record 21 does not fit");
}

static void rewritten_decisions_show(void **state)
{
	struct place *place = *state;
	static const char insert[] =
	        "INSERT INTO decision (asked, officer, permit, decision, facts, at)"
	        " VALUES ('release', 'li', 1, '{}', '{}', 0)";
	static const char *const changes[] = {"UPDATE decision SET permit = 1 WHERE id = 2",
	        "UPDATE decision SET facts = '{}' WHERE id = 2",
	        "DELETE FROM decision WHERE id = 2",
	        "UPDATE decision SET officer = 'li' WHERE id = 2", insert};

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		json_t *facts = json_pack("{s:s}", "level", "red");
		for (int n = 0; n < 3; n++) {
			struct store *store = begin_change(place);
			assert_true(store_add_decision(
			        store, "", "release", "wang", false, facts, facts, now, NULL));
			end_change(place, true);
		}
		json_decref(facts);
		tamper(place, changes[i]);
		verify_says(place, i < 4 ? "decision 2," : "1 decisions are not");
		tamper(place, "DELETE FROM audit; DELETE FROM audit_head; DELETE FROM decision");
	}
}

static void doubles_show(void **state)
{
	struct place *place = *state;

	fill(place);
	/* `seq` is unique in our table: in a table of somebody else's making it need not be. */
	tamper(place, "CREATE TABLE other AS SELECT * FROM audit; DROP TABLE audit;"
	              "ALTER TABLE other RENAME TO audit;"
	              "INSERT INTO audit SELECT * FROM audit WHERE seq = 9");
	verify_says(place, "after audit record 9 comes 9");
}

/* A walk in parts sees what a whole one sees, and what came in behind it meanwhile. */
static void walks_in_parts(void **state)
{
	struct place *place = *state;
	struct chain chain;
	bool at_end = false;
	struct err err = {0};
	int parts = 0;

	fill(place);
	chain_start(&chain);
	while (!at_end && parts++ < 10) {
		assert_true(store_audit_walk(place->store, &chain, 7, &at_end, &err));
		if (parts == 1) {
			assert_true(add_line(begin_change(place), (char *)"b3", NULL));
			end_change(place, true);
		}
	}
	assert_int_equal(chain.seq, RECORDS + 1);
	tamper(place, "UPDATE audit SET what = 'x' WHERE seq = 10");
	chain_start(&chain);
	assert_true(store_audit_walk(place->store, &chain, 7, &at_end, &err));
	assert_false(at_end);
	assert_false(store_audit_walk(place->store, &chain, 7, &at_end, &err));
	assert_non_null(strstr(err.en, "record 10 "));
	assert_int_equal(chain.seq, 9);
}

static void the_tail_is_looked_at_alone(void **state)
{
	struct place *place = *state;
	struct chain chain;
	struct err err = {0};

	assert_true(store_audit_tail(place->store, 5, &chain, NULL));
	fill(place);
	assert_true(store_audit_tail(place->store, 5, &chain, NULL));
	assert_int_equal(chain.seq, RECORDS);
	assert_true(store_audit_tail(place->store, 500, &chain, NULL));
	tamper(place, "UPDATE audit SET what = 'x' WHERE seq = 10");
	assert_true(store_audit_tail(place->store, 5, &chain, NULL));
	assert_false(store_audit_tail(place->store, 15, &chain, &err));
	assert_non_null(strstr(err.en, "record 10 "));
	tamper(place, "DELETE FROM audit WHERE seq > 18");
	assert_false(store_audit_tail(place->store, 5, &chain, &err));
	assert_non_null(strstr(err.en, "should end at 20"));
}

/* An old copy of the whole is whole: its head is not the one noted outside. */
static void an_older_copy_has_another_head(void **state)
{
	struct place *place = *state;
	char before[DIGEST_HEX], after[DIGEST_HEX];
	int64_t old, seq;

	fill(place);
	assert_true(store_audit_head(place->store, &old, before, NULL));
	tamper(place,
	        "CREATE TABLE kept AS SELECT * FROM audit; CREATE TABLE kept_head AS SELECT * "
	        "FROM audit_head");
	fill(place);
	assert_true(store_audit_head(place->store, &seq, after, NULL));
	assert_int_equal(seq, old + RECORDS);
	tamper(place, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;"
	              "DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept_head");
	assert_true(store_audit_verify(place->store, &seq, after, NULL));
	assert_int_equal(seq, old);
	assert_string_equal(after, before);
}

static void keyed_digests_need_the_key(void **state)
{
	struct place *place = *state;
	char keyed[DIGEST_HEX], again[DIGEST_HEX], plain[DIGEST_HEX];

	store_keyed_digest(place->store, "13800000001", 11, keyed);
	store_keyed_digest(place->store, "13800000001", 11, again);
	digest_sha256("13800000001", 11, plain);
	assert_string_equal(keyed, again);
	assert_string_not_equal(keyed, plain);
	char *path = mem_format("%s/audit.key", place->folder);
	assert_int_equal(unlink(path), 0);
	free(path);
	record_tool_close(&place->store);
	place->store = record_tool_open(place->folder, NULL);
	assert_non_null(place->store);
	store_keyed_digest(place->store, "13800000001", 11, again);
	assert_string_not_equal(keyed, again);
}

static void lists_by_reference(void **state)
{
	struct place *place = *state;
	json_t *list = NULL;

	fill(place);
	assert_true(store_audit(begin_change(place), "cancelled", "b2", NULL, now, NULL));
	end_change(place, true);
	assert_true(store_list_audit(
	        place->store, &(struct audit_wish){.ref = "b1", .most = 100}, &list, NULL));
	assert_int_equal(json_array_size(list), RECORDS);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 0), "seq")), 1);
	json_decref(list);
	assert_true(store_list_audit(
	        place->store, &(struct audit_wish){.newest = true, .most = 100}, &list, NULL));
	assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 0), "seq")), 21);
	json_decref(list);
	assert_true(store_list_audit(
	        place->store, &(struct audit_wish){.ref = "b9", .most = 100}, &list, NULL));
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)
	const struct CMUnitTest tests[] = {
	        CASE(fits_when_untouched),
	        CASE(first_hash_is_as_written_down),
	        CASE(one_flipped_bit_shows),
	        CASE(missing_and_swapped_show),
	        CASE(cuts_show),
	        CASE(additions_show),
	        CASE(rewritten_decisions_show),
	        CASE(doubles_show),
	        CASE(walks_in_parts),
	        CASE(the_tail_is_looked_at_alone),
	        CASE(an_older_copy_has_another_head),
	        CASE(keyed_digests_need_the_key),
	        CASE(lists_by_reference),
	};

	return cmocka_run_group_tests_name("store_audit", tests, NULL, NULL);
}
