/* SPDX-License-Identifier: Apache-2.0
 * What the store promises about duties and about promptness: each duty done once, each moment of a
 * bulletin as it was recorded, and a month of them read without keeping a row.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "store_duty.h"
#include "store_report.h"

enum { MINUTE = 60000 };

static void put_released(struct place *place)
{
	struct bulletin *b = sample_bulletin("first");

	must_put(place, b);
	b->state = BULLETIN_RELEASED;
	b->submitted = now + MINUTE;
	b->approved = now + 3 * MINUTE;
	b->released = now + 4 * MINUTE;
	must_put(place, b);
	bulletin_destroy(&b);
}

/* --- duties ----------------------------------------------------------------------------------- */

static bool add(struct place *place, const char *what, int64_t due)
{
	char words[][4] = {"b1", "c", "u", "to", "law"};
	const struct duty_row duty = {.bulletin = words[0],
	        .chain = words[1],
	        .unit = words[2],
	        .what = (char *)what,
	        .recipient = words[3],
	        .basis = words[4],
	        .opened = now,
	        .due = due};
	bool ok = store_add_duty(begin_change(place), &duty, NULL);

	end_change(place, ok);
	return ok;
}

static bool close_one(struct place *place, int64_t id, struct err *err)
{
	bool ok = store_close_duty(
	        begin_change(place), id, "officer", "no. 7", "said so", now + MINUTE, err);

	end_change(place, ok);
	return ok;
}

static void a_duty_is_done_once(void **state)
{
	struct place *place = *state;
	struct duty_list list = {0};
	struct err err = {0};

	put_released(place);
	assert_true(add(place, "report", now + 2 * MINUTE));
	assert_true(add(place, "notice", now + MINUTE));
	assert_true(store_list_duties(place->store, NULL, 10, &list, &err));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].what, "notice"); /* soonest first */
	assert_string_equal(list.items[0].headline, "first");
	duty_list_finish(&list);
	assert_true(close_one(place, 1, &err));
	assert_false(close_one(place, 1, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_false(close_one(place, 9, &err));
	assert_true(store_get_duty(place->store, 1, &list, &err));
	assert_true(list.items[0].done);
	assert_string_equal(list.items[0].closed_by, "officer");
	assert_string_equal(list.items[0].reference, "no. 7");
	duty_list_finish(&list);
	assert_false(store_get_duty(place->store, 9, &list, &err));
	assert_int_equal(err.kind, ERR_MISSING);
}

static void overdue_is_what_is_open_and_past(void **state)
{
	struct place *place = *state;
	struct duty_list list = {0};
	struct err err = {0};

	put_released(place);
	assert_true(add(place, "after-report", now + MINUTE));
	assert_true(store_list_overdue(place->store, "after-report", now, &list, &err));
	assert_int_equal(list.count, 0);
	assert_true(store_list_overdue(place->store, "after-report", now + MINUTE, &list, &err));
	assert_int_equal(list.count, 1);
	duty_list_finish(&list);
	bool ok = store_duty_shouted(begin_change(place), 1, now + MINUTE, &err);
	end_change(place, ok);
	assert_true(store_get_duty(place->store, 1, &list, &err));
	assert_int_equal(list.items[0].shouts, 1);
	assert_int_equal(list.items[0].shouted, now + MINUTE);
	duty_list_finish(&list);
	/* Another message of the chain fulfils it; its own does not. */
	ok = store_close_duties(begin_change(place), "c", "after-report", "b1", now, &err);
	end_change(place, ok);
	assert_true(store_list_overdue(place->store, "after-report", now + MINUTE, &list, &err));
	assert_int_equal(list.count, 1);
	duty_list_finish(&list);
	ok = store_close_duties(begin_change(place), "c", "after-report", "b2", now, &err);
	end_change(place, ok);
	assert_true(store_list_overdue(place->store, "after-report", now + MINUTE, &list, &err));
	assert_int_equal(list.count, 0);
}

/* --- moments ---------------------------------------------------------------------------------- */

struct seen {
	int rows;
	int64_t received, reviewed, released, accepted, reached;
	char reason[32];
};

static void moments(void *ctx, const struct report_moments *row)
{
	struct seen *seen = ctx;

	seen->rows++;
	seen->received = row->received;
	seen->reviewed = row->reviewed;
	seen->released = row->released;
	snprintf(seen->reason, sizeof seen->reason, "%s", row->reason);
}

static void channel(void *ctx, const struct report_channel *row)
{
	struct seen *seen = ctx;

	seen->rows++;
	seen->accepted = row->accepted;
	seen->reached = row->reached;
}

static void every_moment_is_found(void **state)
{
	struct place *place = *state;
	struct seen seen = {0};
	struct proof proof;
	struct err err = {0};

	put_released(place);
	sample_proof(&proof, ACT_REVIEW, "zhao");
	struct store *store = begin_change(place);
	bool ok = store_add_receipt(store, "b1", now - MINUTE, now - 2 * MINUTE, &err) &&
	          store_add_approval(store, "b1", &proof, now + 2 * MINUTE, &err) &&
	          store_add_late_reason(store, "b1", "zhao", "first", now, &err) &&
	          store_add_late_reason(store, "b1", "zhao", "second", now, &err);
	end_change(place, ok);
	assert_true(ok);
	proof_finish(&proof);
	assert_true(
	        store_report_moments(place->store, now, now + 5 * MINUTE, moments, &seen, &err));
	assert_int_equal(seen.rows, 1);
	assert_int_equal(seen.received, now - MINUTE);
	assert_int_equal(seen.reviewed, now + 2 * MINUTE);
	assert_int_equal(seen.released, now + 4 * MINUTE);
	assert_string_equal(seen.reason, "second");
	/* The end is not included. */
	seen = (struct seen){0};
	assert_true(
	        store_report_moments(place->store, now, now + 4 * MINUTE, moments, &seen, &err));
	assert_int_equal(seen.rows, 0);
}

static void a_far_side_has_accepted_when_every_block_is_there(void **state)
{
	struct place *place = *state;
	struct bulletin *b;
	struct seen seen = {0};
	struct err err = {0};

	put_released(place);
	b = must_get(place, "b1");
	for (int block = 0; block < 2; block++) {
		struct delivery delivery;
		sample_delivery(&delivery, b, "sms");
		delivery.block = block;
		bool ok = store_add_delivery(begin_change(place), &delivery, &err);
		end_change(place, ok);
		delivery_finish(&delivery);
	}
	for (int block = 0; block < 2; block++) {
		seen = (struct seen){0};
		assert_true(store_report_channels(
		        place->store, now, now + 5 * MINUTE, channel, &seen, &err));
		assert_int_equal(seen.rows, 1);
		assert_int_equal(seen.accepted, 0);
		bool ok = store_delivery_state(begin_change(place), block + 1, DELIVERY_DELIVERED,
		        0, "", "", "", now + (5 + block) * MINUTE, &err);
		end_change(place, ok);
	}
	assert_true(
	        store_report_channels(place->store, now, now + 5 * MINUTE, channel, &seen, &err));
	assert_int_equal(seen.accepted, now + 6 * MINUTE);
	bulletin_destroy(&b);
}

static void withdraw_one(struct place *place, struct bulletin *b)
{
	struct delivery delivery;

	sample_delivery(&delivery, b, "sms-main");
	struct store *store = begin_change(place);
	bool ok = store_add_delivery(store, &delivery, NULL) &&
	          store_delivery_state(store, delivery.id, DELIVERY_WITHDRAWN, 0, "authority lost",
	                  "", "", now + MINUTE, NULL);
	end_change(place, ok);
	assert_true(ok);
	delivery_finish(&delivery);
}

/* Nobody would hear otherwise that part of a warning in force never went. */
static void what_lost_its_authority_is_listed_and_what_was_cancelled_is_not(void **state)
{
	struct place *place = *state;
	struct bulletin *b = sample_bulletin("in force");
	json_t *list = NULL;

	must_put(place, b);
	b->state = BULLETIN_RELEASED;
	must_put(place, b);
	withdraw_one(place, b);
	assert_true(store_list_failures(place->store, now, now + 2 * MINUTE, 10, &list, NULL));
	assert_int_equal(json_array_size(list), 1);
	json_t *one = json_array_get(list, 0);
	assert_string_equal(json_string_value(json_object_get(one, "bulletin")), b->id);
	assert_string_equal(json_string_value(json_object_get(one, "state")), "withdrawn");
	assert_string_equal(json_string_value(json_object_get(one, "reason")), "authority lost");
	json_decref(list);
	b->state = BULLETIN_CANCELLED;
	must_put(place, b);
	assert_true(store_list_failures(place->store, now, now + 2 * MINUTE, 10, &list, NULL));
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	bulletin_destroy(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_duty_is_done_once, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                overdue_is_what_is_open_and_past, place_open, place_close),
	        cmocka_unit_test_setup_teardown(every_moment_is_found, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                a_far_side_has_accepted_when_every_block_is_there, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                what_lost_its_authority_is_listed_and_what_was_cancelled_is_not, place_open,
	                place_close),
	};

	return cmocka_run_group_tests_name("store_report", tests, NULL, NULL);
}
