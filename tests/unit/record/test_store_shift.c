/* SPDX-License-Identifier: Apache-2.0
 * Tests of store_shift: one page of a unit waits at most; each signs once; the last page that both
 * signed is found.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "store_shift.h"

static int64_t make(struct place *place, const char *unit, const char *text)
{
	struct shift shift = {.text = mem_text(text), .made = now};
	struct err err = {0};
	bool ok = store_add_shift(begin_change(place), &shift, unit, &err);

	end_change(place, ok);
	if (!ok)
		fail_msg("%s", err.en);
	int64_t number = shift.number;
	shift_finish(&shift);
	return number;
}

static bool sign(struct place *place, int64_t number, const char *officer, enum shift_state state,
        struct err *err)
{
	struct proof proof;

	sample_proof(&proof, ACT_SHIFT, officer);
	bool ok = store_sign_shift(begin_change(place), number, &proof, state, now, err);
	end_change(place, ok);
	proof_finish(&proof);
	return ok;
}

static enum shift_state state_of(struct place *place, int64_t number)
{
	struct shift shift;

	assert_true(store_get_shift(place->store, number, &shift, NULL));
	enum shift_state state = shift.state;
	shift_finish(&shift);
	return state;
}

static void a_new_page_takes_the_place_of_what_waits(void **state)
{
	struct place *place = *state;
	int64_t first = make(place, "tj-met", "one\n");
	int64_t other = make(place, "tj-emb", "theirs\n");
	int64_t second = make(place, "tj-met", "two\n");
	struct shift_list list;

	assert_int_equal(state_of(place, first), SHIFT_VOID);
	assert_int_equal(state_of(place, other), SHIFT_MADE);
	assert_int_equal(state_of(place, second), SHIFT_MADE);
	assert_true(store_list_shifts(place->store, "tj-met", 10, &list, NULL));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].number, second);
	shift_list_finish(&list);
	assert_true(store_list_shifts(place->store, NULL, 10, &list, NULL));
	assert_int_equal(list.count, 3);
	shift_list_finish(&list);
}

static void signed_by_both_it_is_the_last(void **state)
{
	struct place *place = *state;
	int64_t number = make(place, "tj-met", "one\n");
	char last[DIGEST_HEX], digest[DIGEST_HEX];
	struct err err = {0};

	assert_true(sign(place, number, "met-lead", SHIFT_HANDED, &err));
	assert_true(store_last_shift(place->store, "tj-met", last, &err));
	assert_string_equal(last, "");
	assert_false(sign(place, number, "met-lead", SHIFT_TAKEN, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_true(sign(place, number, "met-review", SHIFT_TAKEN, &err));
	assert_true(store_last_shift(place->store, "tj-met", last, &err));
	digest_sha256("one\n", 4, digest);
	assert_string_equal(last, digest);
	make(place, "tj-met", "two\n");
	assert_int_equal(state_of(place, number), SHIFT_TAKEN);
	assert_false(store_get_shift(place->store, 99, &(struct shift){0}, &err));
	assert_int_equal(err.kind, ERR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                a_new_page_takes_the_place_of_what_waits, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                signed_by_both_it_is_the_last, place_open, place_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
