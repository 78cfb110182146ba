/* SPDX-License-Identifier: Apache-2.0
 * What the store promises about people's acts and about what came in: once each, voided by an edit,
 * found again or named as missing; numbers given once.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static void put_first(struct place *place)
{
	struct bulletin *b = sample_bulletin("first");

	must_put(place, b);
	bulletin_destroy(&b);
}

static bool approve(
        struct place *place, const char *id, enum act act, const char *officer, struct err *err)
{
	struct proof proof;

	sample_proof(&proof, act, officer);
	bool ok = store_add_approval(begin_change(place), id, &proof, now, err);
	end_change(place, ok);
	proof_finish(&proof);
	return ok;
}

static void approvals_count_once(void **state)
{
	struct place *place = *state;
	struct approval_list list;
	struct err err = {0};

	put_first(place);
	assert_true(approve(place, "b1", ACT_REVIEW, "zhao", &err));
	assert_true(approve(place, "b1", ACT_SIGN, "chen", &err));
	assert_false(approve(place, "b1", ACT_SIGN, "chen", &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_false(approve(place, "b9", ACT_SIGN, "chen", &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_false(approve(place, "nobody", ACT_SIGN, "chen", &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(store_list_approvals(place->store, "b1", &list, &err));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].proof.act, ACT_REVIEW);
	assert_string_equal(list.items[1].proof.officer, "chen");
	assert_int_equal(list.items[1].proof.time, now);
	assert_true(digest_is_hex(list.items[1].proof.manifest));
	assert_string_equal(list.items[1].proof.signature, "c2lnbmF0dXJl");
	assert_int_equal(list.items[1].recorded, now);
	approval_list_finish(&list);
}

static void an_edit_voids_them(void **state)
{
	struct place *place = *state;
	struct approval_list list;
	struct err err = {0};

	put_first(place);
	assert_true(approve(place, "b1", ACT_SIGN, "chen", &err));
	bool ok = store_void_approvals(begin_change(place), "b1", &err);
	end_change(place, ok);
	assert_true(store_list_approvals(place->store, "b1", &list, &err));
	assert_int_equal(list.count, 0);
	assert_true(approve(place, "b1", ACT_SIGN, "chen", &err));
	assert_true(store_list_all_approvals(place->store, "b1", &list, &err));
	assert_int_equal(list.count, 2);
	assert_true(list.items[0].voided);
	assert_false(list.items[1].voided);
	approval_list_finish(&list);
}

static void decisions_are_kept(void **state)
{
	struct place *place = *state;
	json_t *decision = json_pack("{s:b,s:s}", "permit", 0, "rule", "red needs two");
	json_t *facts = json_pack("{s:s}", "officer", "wang");
	json_t *list = NULL;
	struct err err = {0};
	char head[DIGEST_HEX];
	int64_t records;

	put_first(place);
	struct store *store = begin_change(place);
	assert_true(store_add_decision(
	        store, "b1", "release", "wang", false, decision, facts, now, &err));
	assert_true(
	        store_add_decision(store, NULL, "relay", NULL, true, decision, facts, now, &err));
	assert_false(
	        store_add_decision(store, "x", "relay", NULL, true, decision, facts, now, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	end_change(place, true);
	assert_true(store_list_decisions(place->store, "b1", &list, &err));
	assert_int_equal(json_array_size(list), 1);
	json_t *one = json_array_get(list, 0);
	assert_true(json_equal(json_object_get(one, "decision"), decision));
	assert_true(json_equal(json_object_get(one, "facts"), facts));
	assert_string_equal(json_string_value(json_object_get(one, "asked")), "release");
	assert_true(json_is_false(json_object_get(one, "permit")));
	json_decref(list);
	assert_true(store_audit_verify(place->store, &records, head, &err));
	assert_int_equal(records, 2);
	json_decref(decision);
	json_decref(facts);
}

/* --- what came in ----------------------------------------------------------------------------- */

static void intake_is_kept_as_it_came(void **state)
{
	struct place *place = *state;
	char way[] = "api", name[] = "ops", bytes[] = "<a\0b>", outcome[] = "refused",
	     why[] = "no area";
	struct intake intake = {0, now, way, name, bytes, 5, outcome, why};
	struct err err = {0};
	json_t *list = NULL;
	char *got = NULL;
	size_t len = 0;
	int64_t id = 0;

	struct store *store = begin_change(place);
	assert_true(store_add_intake(store, &intake, NULL, &err));
	assert_true(store_add_intake(store, &intake, &id, &err));
	end_change(place, true);
	assert_int_equal(id, 2);
	assert_true(store_get_intake_bytes(place->store, id, &got, &len, &err));
	assert_int_equal(len, 5);
	assert_memory_equal(got, bytes, 5);
	free(got);
	assert_false(store_get_intake_bytes(place->store, 9, &got, &len, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(store_list_intake(place->store, 1, &list, &err));
	assert_int_equal(json_array_size(list), 1);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 0), "id")), 2);
	assert_null(json_object_get(json_array_get(list, 0), "bytes"));
	json_decref(list);
}

static void a_triple_is_known_again(void **state)
{
	struct place *place = *state;
	char digest[DIGEST_HEX], found[DIGEST_HEX];
	char *bulletin = NULL;
	struct err err = {0};

	digest_sha256("x", 1, digest);
	assert_false(store_find_identity(place->store, "s", "i", now, found, &bulletin, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	struct store *store = begin_change(place);
	assert_true(store_add_identity(store, "s", "i", now, digest, "b1", &err));
	assert_true(store_add_identity(store, "s", "i", now + 1000, digest, "b2", &err));
	assert_false(store_add_identity(store, "s", "i", now, digest, "b3", &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_true(store_move_identity(store, "s", "i", now + 1000, digest, "b2", "b4", &err));
	assert_false(store_move_identity(store, "s", "i", now + 1000, digest, "b2", "b5", &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	end_change(place, true);
	assert_true(store_find_identity(place->store, "s", "i", now, found, &bulletin, &err));
	assert_string_equal(found, digest);
	assert_string_equal(bulletin, "b1");
	free(bulletin);
	int64_t sent = 0;
	assert_true(store_find_message(place->store, "s", "i", &sent, &bulletin, &err));
	assert_int_equal(sent, now + 1000);
	assert_string_equal(bulletin, "b4");
	free(bulletin);
	assert_false(store_find_message(place->store, "s", "other", &sent, &bulletin, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_false(store_find_message(place->store, "other", "i", &sent, &bulletin, &err));
}

static void an_answer_is_given_again(void **state)
{
	struct place *place = *state;
	char digest[DIGEST_HEX], found[DIGEST_HEX];
	char *answer = NULL;
	struct err err = {0};
	int status = 0;

	digest_sha256("x", 1, digest);
	assert_false(
	        store_find_idempotent(place->store, "ops", "k", found, &status, &answer, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	struct store *store = begin_change(place);
	assert_true(store_add_idempotent(store, "ops", "k", digest, 201, "{}", now, &err));
	assert_true(store_add_idempotent(store, "other", "k", digest, 201, "{}", now, &err));
	assert_false(store_add_idempotent(store, "ops", "k", digest, 200, "", now, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	end_change(place, true);
	assert_true(store_find_idempotent(place->store, "ops", "k", found, &status, &answer, &err));
	assert_int_equal(status, 201);
	assert_string_equal(answer, "{}");
	assert_string_equal(found, digest);
	free(answer);
}

static void tokens_end(void **state)
{
	struct place *place = *state;
	char name[] = "ops", officer[] = "wang", source[] = "", scopes[] = "read draft";
	struct token token = {.name = name,
	        .officer = officer,
	        .source = source,
	        .scopes = scopes,
	        .ends = now + 10};
	struct token found;
	struct err err = {0};

	struct store *store = begin_change(place);
	assert_true(store_add_token(store, "digest-1", &token, now, &err));
	assert_false(store_add_token(store, "digest-2", &token, now, &err)); /* same name */
	assert_int_equal(err.kind, ERR_CONFLICT);
	end_change(place, true);
	assert_false(store_find_token(place->store, "digest-2", now, &found, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(store_find_token(place->store, "digest-1", now + 9, &found, &err));
	assert_string_equal(found.name, "ops");
	assert_string_equal(found.scopes, "read draft");
	token_finish(&found);
	assert_false(store_find_token(place->store, "digest-1", now + 10, &found, &err));
	assert_int_equal(err.kind, ERR_IDENTITY);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static void identifiers_are_given_once(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	struct store *store = begin_change(place);
	char *identifier = NULL;

	for (int i = 0; i < 11; i++) {
		free(identifier);
		assert_true(store_take_identifier(
		        store, "12000041600000", 1795481999000, &identifier, &err));
		if (i == 0)
			assert_string_equal(identifier, "12000041600000_20261124085959_0");
		if (i == 4)
			assert_string_equal(identifier, "12000041600000_20261124085959_4");
		if (i == 5)
			assert_string_equal(identifier, "12000041600000_20261124090000_0");
	}
	assert_string_equal(identifier, "12000041600000_20261124090001_0");
	free(identifier);
	assert_true(
	        store_take_identifier(store, "12011641600000", 1795481999000, &identifier, &err));
	assert_string_equal(identifier, "12011641600000_20261124085959_0");
	free(identifier);
	end_change(place, true);
}

static void sequences_count(void **state)
{
	struct place *place = *state;
	int64_t value = 0;
	struct store *store = begin_change(place);

	assert_true(store_next_sequence(store, "a", &value, NULL));
	assert_true(store_next_sequence(store, "a", &value, NULL));
	assert_int_equal(value, 2);
	assert_true(store_next_sequence(store, "b", &value, NULL));
	assert_int_equal(value, 1);
	end_change(place, false); /* never given */
	assert_true(store_next_sequence(begin_change(place), "a", &value, NULL));
	assert_int_equal(value, 1);
	end_change(place, true);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)
	const struct CMUnitTest tests[] = {
	        CASE(approvals_count_once),
	        CASE(an_edit_voids_them),
	        CASE(decisions_are_kept),
	        CASE(intake_is_kept_as_it_came),
	        CASE(a_triple_is_known_again),
	        CASE(an_answer_is_given_again),
	        CASE(tokens_end),
	        CASE(identifiers_are_given_once),
	        CASE(sequences_count),
	};

	return cmocka_run_group_tests_name("store_people", tests, NULL, NULL);
}
