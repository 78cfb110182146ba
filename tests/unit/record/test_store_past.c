/* SPDX-License-Identifier: Apache-2.0
 * What is asked while a warning goes its way takes no longer for a long past: each question is put
 * to a record with a short one and to one with six times as much, and SQLite's own count of
 * steps may hardly grow. (A question that walks a table grows with it, and a red waits behind it.)
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_account.h"
#include "store_check.h"
#include "store_db.h"
#include "store_duty.h"
#include "store_report.h"

/* The short one is longer than what some questions look back by number (store_status.c: 1000). */
enum { SHORT = 1100, LONG = 6 * SHORT, MINUTE = 60000 };

static void set(char **place, char *text)
{
	free(*place);
	*place = text;
}

static struct bulletin *one(int n, enum bulletin_state state, int64_t at)
{
	struct bulletin *b = sample_bulletin("暴雨");

	set(&b->identifier, mem_format("12000041600000_%d", n));
	set(&b->chain, mem_format("12000041600000_%d", n));
	b->state = state;
	b->created = b->submitted = b->approved = b->released = b->sent = at;
	b->expires = at + MINUTE;
	b->sequence = n + 1;
	free(b->signed_cap);
	b->signed_cap = mem_text("<alert/>");
	return b;
}

static bool deliver(struct store *store, const struct bulletin *b, enum delivery_state end,
        int64_t at, struct err *err)
{
	struct delivery d;
	sample_delivery(&d, b, "mqtt-north");
	bool ok = store_add_delivery(store, &d, err);

	if (ok && end != DELIVERY_WAITING)
		ok = store_delivery_sending(store, d.id, at, err) &&
		     store_delivery_state(store, d.id, end, 0, "", "yes", "far", at, err);
	delivery_finish(&d);
	return ok;
}

/* Long over, each a minute apart; with what people did to it. */
static bool add_past(struct store *store, int n, struct err *err)
{
	int64_t at = now - (int64_t)(LONG + 10 - n) * MINUTE - (int64_t)30 * 86400000;
	struct bulletin *b = one(n, BULLETIN_EXPIRED, at);
	struct proof proof;

	sample_proof(&proof, ACT_SIGN, "wang");
	bool ok = store_put_bulletin(store, b, err) &&
	          store_add_approval(store, b->id, &proof, at, err) &&
	          store_add_receipt(store, b->id, at, at, err) &&
	          deliver(store, b, n % 50 ? DELIVERY_DELIVERED : DELIVERY_UNKNOWN, at, err);
	proof_finish(&proof);
	bulletin_destroy(&b);
	return ok;
}

static bool fill(struct store *store, void *arg, struct err *err)
{
	int past = *(int *)arg;
	int64_t sequence;
	bool ok = true;

	for (int n = 0; ok && n < past; n++)
		ok = add_past(store, n, err) && store_next_sequence(store, "mqtt", &sequence, err);
	for (int n = 0; ok && n < 3; n++) {
		struct bulletin *b = one(past + n, BULLETIN_RELEASED, now);
		ok = store_put_bulletin(store, b, err) &&
		     deliver(store, b, DELIVERY_WAITING, now, err);
		bulletin_destroy(&b);
	}
	return ok;
}

static void no_trace(void *arg, const char *bulletin, const struct store_trace *trace)
{
	(void)arg;
	(void)bulletin;
	(void)trace;
}

static void no_moments(void *ctx, const struct report_moments *row)
{
	(void)ctx;
	(void)row;
}

static void no_channel(void *ctx, const struct report_channel *row)
{
	(void)ctx;
	(void)row;
}

static void ask_for_rests(struct store *store)
{
	struct delivery_rest_list rests = {0};
	struct delivery_list blocks = {0};
	struct delivery_rest none = {.bulletin = (char *)"b1", .target = (char *)"sms-main"};
	struct err err = {0};

	assert_true(store_list_rests(store, &rests, &err));
	delivery_rest_list_finish(&rests);
	assert_true(store_list_rest_blocks(store, &none, 256, &blocks, &err));
	delivery_list_finish(&blocks);
}

/* What dispatch, the heartbeat and the release ask. */
static void ask_for_the_house(struct store *store, const struct bulletin *b)
{
	struct delivery_list deliveries = {0};
	struct bulletin_list list = {0};
	struct status_item *items = NULL;
	struct texts brokers = {0};
	int64_t last, voids[STATUS_VOIDS_MOST];
	size_t count;
	struct err err = {0};

	texts_add(&brokers, "mqtt-north");
	assert_true(store_check_live(store, &err));
	assert_true(store_list_pending(store, &deliveries, &err));
	delivery_list_finish(&deliveries);
	assert_true(store_list_begun(store, &deliveries, &err));
	delivery_list_finish(&deliveries);
	ask_for_rests(store);
	assert_true(store_list_deliveries(store, b->id, &deliveries, &err));
	delivery_list_finish(&deliveries);
	assert_true(store_list_active(store, &list, &err));
	assert_int_equal(list.count, 3);
	bulletin_list_finish(&list);
	assert_true(store_list_chain(store, b->chain, &list, &err));
	bulletin_list_finish(&list);
	assert_true(store_list_in_force(store, now, &items, &count, &err));
	free(items);
	assert_true(store_list_voids(store, &brokers, &last, voids, &count, &err));
	assert_true(store_each_trace(store, b, now - MINUTE, no_trace, NULL, &err));
	texts_finish(&brokers);
}

/* What people look at all day. */
static void ask_for_people(struct store *store)
{
	struct bulletin_list list = {0};
	struct duty_list duties = {0};
	json_t *json = NULL;
	int64_t day = now - 86400000;
	struct err err = {0};

	for (int state = -1; state < BULLETIN_STATE_COUNT; state++) {
		assert_true(store_list_bulletins(store, state, 20, &list, &err));
		bulletin_list_finish(&list);
	}
	assert_true(store_list_released(store, day, now, 20, &list, &err));
	bulletin_list_finish(&list);
	assert_true(store_list_expiring(store, now + MINUTE, 20, &list, &err));
	bulletin_list_finish(&list);
	assert_true(store_list_failures(store, day, now + 1, 20, &json, &err));
	json_decref(json);
	assert_true(store_list_duties(store, NULL, 20, &duties, &err));
	duty_list_finish(&duties);
	assert_true(store_report_moments(store, day, now, no_moments, NULL, &err));
	assert_true(store_report_channels(store, day, now, no_channel, NULL, &err));
	assert_true(store_list_intake(store, 20, &json, &err));
	json_decref(json);
}

/* A whole one more, through its states. */
static bool change(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = one(1000000, BULLETIN_DRAFT, now);
	char *identifier = NULL;
	int64_t sequence;
	bool ok = store_put_bulletin(store, b, err) &&
	          store_take_identifier(store, "12000041600000", now, &identifier, err) &&
	          store_next_sequence(store, "mqtt", &sequence, err);

	(void)arg;
	b->state = BULLETIN_RELEASED;
	ok = ok && store_put_bulletin(store, b, err) &&
	     deliver(store, b, DELIVERY_DELIVERED, now, err) && add_line(store, (void *)"", err);
	free(identifier);
	bulletin_destroy(&b);
	return ok;
}

/* --- steps --------------------------------------------------------------------------------------
 */

struct steps {
	const char *sql;
	int64_t count;
};

static struct steps *steps_after(int past, size_t *statements)
{
	struct place *place = NULL;
	struct err err = {0};

	assert_int_equal(place_open((void **)&place), 0);
	struct store *store = place->store;
	if (!record_tool_do(store, fill, &past, &err))
		fail_msg("%s", err.en);
	char *last = mem_format("b%d", past + 1);
	struct bulletin *b = must_get(place, last);
	for (size_t i = 0; i < store->cached; i++)
		sqlite3_stmt_status(store->cache[i].compiled, SQLITE_STMTSTATUS_VM_STEP, 1);
	ask_for_the_house(store, b);
	ask_for_people(store);
	if (!record_tool_do(store, change, NULL, &err))
		fail_msg("%s", err.en);
	struct steps *steps = mem_array(store->cached, sizeof *steps);
	*statements = store->cached;
	for (size_t i = 0; i < store->cached; i++)
		steps[i] = (struct steps){
		        store->cache[i].sql, sqlite3_stmt_status(store->cache[i].compiled,
		                                     SQLITE_STMTSTATUS_VM_STEP, 0)};
	bulletin_destroy(&b);
	free(last);
	place_close((void **)&place);
	return steps;
}

static void no_question_grows_with_the_past(void **state)
{
	size_t statements, same;
	struct steps *little = steps_after(SHORT, &statements);
	struct steps *much = steps_after(LONG, &same);

	(void)state;
	assert_int_equal(statements, same);
	assert_true(statements > 40);
	for (size_t i = 0; i < statements; i++) {
		assert_ptr_equal(little[i].sql, much[i].sql);
		/* Six times the past: what walks it takes six times the steps. */
		if (much[i].count > 2 * little[i].count + 200)
			fail_msg("%lld steps with %d past warnings, %lld with %d: %s",
			        (long long)little[i].count, SHORT, (long long)much[i].count, LONG,
			        much[i].sql);
	}
	free(little);
	free(much);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(no_question_grows_with_the_past),
	};

	return cmocka_run_group_tests_name("store_past", tests, NULL, NULL);
}
