/* SPDX-License-Identifier: Apache-2.0
 * What the store promises about deliveries: every arrow from the state it is drawn from, and from
 * no other.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "store_pause.h"

static int64_t add(struct place *place, const char *target, enum delivery_state state, int block)
{
	struct bulletin *b = NULL;
	struct delivery delivery;

	if (!store_get_bulletin(place->store, "b1", &b, NULL)) {
		b = sample_bulletin("first");
		must_put(place, b);
		b->state = BULLETIN_RELEASED;
		must_put(place, b);
	}
	sample_delivery(&delivery, b, target);
	delivery.state = state;
	delivery.block = block;
	bool ok = store_add_delivery(begin_change(place), &delivery, NULL);
	end_change(place, ok);
	int64_t id = ok ? delivery.id : 0;
	delivery_finish(&delivery);
	bulletin_destroy(&b);
	return id;
}

static struct delivery get(struct place *place, int64_t id)
{
	struct delivery delivery;

	assert_true(store_get_delivery(place->store, id, &delivery, NULL));
	return delivery;
}

static enum delivery_state state_of(struct place *place, int64_t id)
{
	struct delivery delivery = get(place, id);
	enum delivery_state state = delivery.state;

	delivery_finish(&delivery);
	return state;
}

static bool set_state(struct place *place, int64_t id, enum delivery_state state, struct err *err)
{
	bool ok = store_delivery_state(
	        begin_change(place), id, state, 0, "because", "proof", "far-1", now, err);

	end_change(place, ok);
	return ok;
}

static void keeps_everything(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, "mqtt-north", DELIVERY_WAITING, -1);
	struct delivery got = get(place, id);

	assert_string_equal(got.bulletin, "b1");
	assert_string_equal(got.target, "mqtt-north");
	assert_int_equal(got.block, -1);
	assert_int_equal(got.level, LEVEL_ORANGE);
	assert_int_equal(got.order, 1);
	assert_int_equal(got.attempt, 0);
	assert_false(got.began);
	assert_null(got.done);
	delivery_finish(&got);
	assert_int_equal(add(place, "mqtt-north", DELIVERY_WAITING, -1), 0); /* never twice */
	assert_int_not_equal(add(place, "mqtt-north", DELIVERY_WAITING, 0), 0);
}

static void missing_is_said(void **state)
{
	struct place *place = *state;
	struct delivery delivery;
	struct err err = {0};
	int64_t id;

	assert_false(store_get_delivery(place->store, 7, &delivery, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_false(store_find_far_id(place->store, "sms-main", "x", &id, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	struct store *store = begin_change(place);
	assert_false(store_delivery_sending(store, 7, now, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_false(store_delivery_began(store, 7, now, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_false(store_delivery_state(store, 7, DELIVERY_EXPIRED, 0, "", "", "", now, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_false(store_delivery_recipients(
	        store, 7, (const unsigned char *)"\1", (const unsigned char *)"", 1, now, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	end_change(place, false);
}

static void walks_the_arrows(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, "sms-main", DELIVERY_WAITING, 0);
	struct err err = {0};
	struct store *store = begin_change(place);

	assert_false(store_delivery_began(store, id, now, &err)); /* not handed out yet */
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_true(store_delivery_sending(store, id, now, &err));
	assert_false(store_delivery_sending(store, id, now, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_true(store_delivery_began(store, id, now + 5, &err));
	end_change(place, true);
	struct delivery got = get(place, id);
	assert_int_equal(got.attempt, 1);
	assert_true(got.began);
	assert_int_equal(got.first_sent, now + 5);
	delivery_finish(&got);

	store = begin_change(place);
	assert_true(store_delivery_state(
	        store, id, DELIVERY_WAITING, now + 500, "refused", "", "", now + 9, &err));
	assert_true(store_delivery_doubts(store, id, 2, &err));
	assert_true(store_delivery_sending(store, id, now + 600, &err));
	assert_true(store_delivery_began(store, id, now + 601, &err));
	end_change(place, true);
	got = get(place, id);
	assert_int_equal(got.attempt, 2);
	assert_int_equal(got.doubts, 2);
	assert_int_equal(got.due, now + 500);
	assert_int_equal(got.first_sent, now + 5);
	delivery_finish(&got);
}

/* In flight when it was overtaken, waiting again: it must not go. */
static void what_was_overtaken_is_not_handed_out(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, "sms-main", DELIVERY_WAITING, 0);
	struct store *store = begin_change(place);
	struct bulletin *b = NULL;
	struct err err = {0};

	assert_true(store_get_bulletin(store, "b1", &b, &err));
	b->state = BULLETIN_SUPERSEDED;
	assert_true(store_put_bulletin(store, b, &err));
	assert_false(store_delivery_sending(store, id, now, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_non_null(strstr(err.en, "superseded or cancelled"));
	end_change(place, true);
	assert_int_equal(state_of(place, id), DELIVERY_WAITING);
	bulletin_destroy(&b);
}

static void final_words_stay(void **state)
{
	struct place *place = *state;
	static const enum delivery_state final[] = {DELIVERY_DELIVERED, DELIVERY_REJECTED,
	        DELIVERY_EXPIRED, DELIVERY_SUPERSEDED, DELIVERY_WITHDRAWN};
	struct err err = {0};

	for (size_t i = 0; i < sizeof final / sizeof *final; i++) {
		int64_t id = add(place, "sms-main", DELIVERY_SENDING, (int)i);
		assert_true(set_state(place, id, final[i], &err));
		for (int to = 0; to < DELIVERY_STATE_COUNT; to++) {
			assert_false(set_state(place, id, (enum delivery_state)to, &err));
			assert_int_equal(err.kind, ERR_CONFLICT);
		}
		assert_int_equal(state_of(place, id), final[i]);
	}
}

static void unknown_may_be_decided(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, "sms-main", DELIVERY_SENDING, 0);
	struct err err = {0};

	assert_true(set_state(place, id, DELIVERY_UNKNOWN, &err));
	assert_true(set_state(place, id, DELIVERY_DELIVERED, &err));
	assert_int_equal(state_of(place, id), DELIVERY_DELIVERED);
}

static void empty_proof_keeps_the_old(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, "sms-main", DELIVERY_SENDING, 0);
	struct err err = {0};
	int64_t found = 0;

	assert_true(set_state(place, id, DELIVERY_UNKNOWN, &err));
	bool ok = store_delivery_state(
	        begin_change(place), id, DELIVERY_DELIVERED, 0, "", "", "", now + 1, &err);
	end_change(place, ok);
	struct delivery got = get(place, id);
	assert_string_equal(got.proof, "proof");
	assert_string_equal(got.far_id, "far-1");
	assert_string_equal(got.reason, "");
	assert_int_equal(got.updated, now + 1);
	delivery_finish(&got);
	assert_true(store_find_far_id(place->store, "sms-main", "far-1", &found, &err));
	assert_int_equal(found, id);
	assert_false(store_find_far_id(place->store, "other", "far-1", &found, &err));
}

static void pending_is_what_is_not_final(void **state)
{
	struct place *place = *state;
	struct delivery_list list;
	struct bulletin *b;
	int64_t waiting = add(place, "sms-main", DELIVERY_WAITING, 0);
	int64_t sending = add(place, "sms-main", DELIVERY_SENDING, 1);
	int64_t unknown = add(place, "sms-main", DELIVERY_UNKNOWN, 2);

	add(place, "sms-main", DELIVERY_DELIVERED, 3);
	assert_true(store_list_pending(place->store, &list, NULL));
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[0].id, waiting);
	assert_int_equal(list.items[1].id, sending);
	assert_int_equal(list.items[2].id, unknown);
	delivery_list_finish(&list);
	b = must_get(place, "b1"); /* over: what is unknown now stays so */
	b->state = BULLETIN_EXPIRED;
	must_put(place, b);
	bulletin_destroy(&b);
	assert_true(store_list_pending(place->store, &list, NULL));
	assert_int_equal(list.count, 2);
	delivery_list_finish(&list);
	assert_true(store_list_deliveries(place->store, "b1", &list, NULL));
	assert_int_equal(list.count, 4);
	delivery_list_finish(&list);
	assert_true(store_list_deliveries(place->store, "b9", &list, NULL));
	assert_int_equal(list.count, 0);
}

/* Which blocks stay in the record until their turn, and what ends with them. */
static void the_rest_of_a_job(void **state)
{
	struct place *place = *state;
	struct delivery_rest_list rests;
	struct delivery_list list;
	struct err err = {0};
	int64_t blocks[6];

	add(place, "sms-main", DELIVERY_WAITING, -1); /* no block */
	for (int i = 0; i < 6; i++)
		blocks[i] = add(place, "sms-main", DELIVERY_WAITING, i);
	add(place, "other", DELIVERY_WAITING, 4);
	bool ok = store_delivery_sending(begin_change(place), blocks[1], now, &err);
	end_change(place, ok);
	assert_true(set_state(place, blocks[1], DELIVERY_WAITING, &err)); /* tried */
	assert_true(set_state(place, blocks[0], DELIVERY_DELIVERED, &err));
	assert_true(store_list_rests(place->store, &rests, &err));
	assert_int_equal(rests.count, 2);
	assert_string_equal(rests.items[0].bulletin, "b1");
	assert_string_equal(rests.items[0].target, "sms-main");
	assert_int_equal(rests.items[0].block, 2);
	assert_int_equal(rests.items[0].count, 4);
	assert_int_equal(rests.items[1].block, 4);
	assert_int_equal(rests.items[1].count, 1);
	assert_true(store_list_begun(place->store, &list, &err));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].block, -1);
	assert_int_equal(list.items[1].id, blocks[1]);
	delivery_list_finish(&list);
	assert_true(store_list_rest_blocks(place->store, &rests.items[0], 3, &list, &err));
	assert_int_equal(list.count, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(list.items[i].id, blocks[i + 2]);
		assert_true(delivery_may_rest(&list.items[i]));
	}
	list.items[0].level = LEVEL_I;
	assert_false(delivery_may_rest(&list.items[0])); /* what is red never stays */
	delivery_list_finish(&list);

	rests.items[0].block = 4;
	ok = store_close_rest(
	        begin_change(place), &rests.items[0], DELIVERY_EXPIRED, "over", now, &err);
	end_change(place, ok);
	for (int i = 1; i < 6; i++)
		assert_int_equal(
		        state_of(place, blocks[i]), i < 4 ? DELIVERY_WAITING : DELIVERY_EXPIRED);
	json_t *lines = NULL;
	struct audit_wish wish = {.what = "delivery", .newest = true, .most = 1};
	assert_true(store_list_audit(place->store, &wish, &lines, &err));
	const char *body = json_string_value(json_object_get(json_array_get(lines, 0), "body"));
	assert_non_null(strstr(body, "\"deliveries\":2"));
	json_decref(lines);
	assert_true(store_list_rest_blocks(place->store, &rests.items[1], 9, &list, &err));
	assert_int_equal(list.count, 1); /* the other far side's waits on */
	delivery_list_finish(&list);
	delivery_rest_list_finish(&rests);
}

static void recipients_add_up(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, "sms-main", DELIVERY_SENDING, 0);
	struct store *store = begin_change(place);

	static const struct {
		unsigned char taken[2], refused[2];
		size_t len;
	} said[] = {
	        {{0x03}, {0}, 1},
	        {{0x07, 0x00}, {0x00, 0x80}, 2},
	        {{0x03}, {0}, 1},             /* said again, as after a reconnect */
	        {{0x00, 0x80}, {0x01, 0}, 2}, /* the first word stays */
	        {{0}, {0}, 0},
	};
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
		assert_true(store_delivery_recipients(
		        store, id, said[i].taken, said[i].refused, said[i].len, now, NULL));
	end_change(place, true);
	struct delivery got = get(place, id);
	assert_int_equal(got.reached, 3);
	assert_int_equal(got.failed, 1);
	assert_int_equal(got.done_len, 2);
	assert_memory_equal(got.done, "\x07\x80", 2);
	delivery_finish(&got);
}

static void delivery_of_nothing_is_refused(void **state)
{
	struct place *place = *state;
	struct delivery delivery;
	struct bulletin *b = sample_bulletin("never stored");
	struct err err = {0};

	sample_delivery(&delivery, b, "mqtt-north");
	assert_false(store_add_delivery(begin_change(place), &delivery, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	end_change(place, false);
	delivery_finish(&delivery);
	bulletin_destroy(&b);
}

/* One line of the chain for an outcome, none for a wait; neither holds what the far side said. */
static void an_outcome_has_one_line(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, "sms", DELIVERY_SENDING, 3);
	json_t *list = NULL;

	assert_true(set_state(place, id, DELIVERY_WAITING, NULL));
	assert_int_equal(lines_of(place->store, "b1"), 0);
	assert_true(set_state(place, id, DELIVERY_DELIVERED, NULL));
	assert_int_equal(lines_of(place->store, "b1"), 1);
	assert_true(store_list_audit(
	        place->store, &(struct audit_wish){.what = "delivery", .most = 9}, &list, NULL));
	assert_int_equal(json_array_size(list), 1);
	const char *body = json_string_value(json_object_get(json_array_get(list, 0), "body"));
	assert_non_null(strstr(body, "\"state\":\"delivered\""));
	assert_non_null(strstr(body, "\"target\":\"sms\""));
	assert_non_null(strstr(body, "\"block\":3"));
	assert_null(strstr(body, "far-1"));
	json_decref(list);
	assert_false(set_state(place, id, DELIVERY_REJECTED, NULL));
	assert_int_equal(lines_of(place->store, "b1"), 1);
}

static bool pause_it(struct place *place, const char *target, struct err *err)
{
	const struct pause pause = {.bulletin = (char *)"b1",
	        .target = (char *)target,
	        .since = now,
	        .officer = (char *)"met-lead",
	        .reason = (char *)"because"};
	bool ok = store_add_pause(begin_change(place), &pause, err);

	end_change(place, ok);
	return ok;
}

static bool resume_it(struct place *place, const char *target, struct err *err)
{
	bool ok = store_end_pause(begin_change(place), "b1", target, err);

	end_change(place, ok);
	return ok;
}

static void a_pause_is_there_until_it_is_ended(void **state)
{
	struct place *place = *state;
	struct pause_ground ground;
	struct pause_list list;
	struct err err;

	add(place, "sms", DELIVERY_WAITING, 0);
	add(place, "sms", DELIVERY_DELIVERED, 1);
	assert_true(store_pause_ground(place->store, "b1", "sms", &ground, NULL));
	assert_int_equal(ground.all, 2);
	assert_int_equal(ground.open, 1);
	assert_false(ground.correction);
	assert_true(pause_it(place, "sms", &err));
	assert_false(pause_it(place, "sms", &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	for (int of = 0; of < 2; of++) {
		assert_true(store_list_pauses(place->store, of ? "b1" : NULL, &list, NULL));
		assert_int_equal(list.count, 1);
		assert_string_equal(list.items[0].bulletin, "b1");
		assert_string_equal(list.items[0].target, "sms");
		assert_string_equal(list.items[0].officer, "met-lead");
		assert_string_equal(list.items[0].reason, "because");
		assert_int_equal(list.items[0].since, now);
		pause_list_finish(&list);
	}
	assert_false(resume_it(place, "wecom", &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_true(resume_it(place, "sms", &err));
	assert_true(store_list_pauses(place->store, "b1", &list, NULL));
	assert_int_equal(list.count, 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)
	const struct CMUnitTest tests[] = {
	        CASE(keeps_everything),
	        CASE(missing_is_said),
	        CASE(walks_the_arrows),
	        CASE(what_was_overtaken_is_not_handed_out),
	        CASE(final_words_stay),
	        CASE(unknown_may_be_decided),
	        CASE(empty_proof_keeps_the_old),
	        CASE(pending_is_what_is_not_final),
	        CASE(the_rest_of_a_job),
	        CASE(recipients_add_up),
	        CASE(delivery_of_nothing_is_refused),
	        CASE(an_outcome_has_one_line),
	        CASE(a_pause_is_there_until_it_is_ended),
	};

	return cmocka_run_group_tests_name("store_delivery", tests, NULL, NULL);
}
