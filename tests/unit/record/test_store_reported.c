/* SPDX-License-Identifier: Apache-2.0
 * What the phone network reports of a block's recipients: each counts once, whatever comes twice,
 * late or against what was said before; it settles who was in doubt, and nobody else; and the chain
 * proves the counts.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"
#include "store_reported.h"

enum { PEOPLE = 3 }; /* of the sample's first block */

static int64_t add(struct place *place, enum delivery_state state, int block)
{
	struct bulletin *b = sample_bulletin("first");
	struct delivery d;

	must_put(place, b);
	b->state = BULLETIN_RELEASED;
	must_put(place, b);
	sample_delivery(&d, b, "sms-main");
	d.state = state;
	d.block = block;
	bool ok = store_add_delivery(begin_change(place), &d, NULL);
	end_change(place, ok);
	int64_t id = d.id;
	delivery_finish(&d);
	bulletin_destroy(&b);
	return id;
}

static bool report(struct place *place, int64_t id, struct report_said *said, size_t count,
        struct report_news *news, struct err *err)
{
	bool ok = store_add_reports(begin_change(place), id, said, count, now, news, err);

	end_change(place, ok);
	return ok;
}

/* One report that must be taken; *news may be NULL. */
static void say(struct place *place, int64_t id, int64_t recipient, enum report_word word)
{
	struct report_said said = {recipient, word, false};
	struct report_news news;
	struct err err = {0};

	if (!report(place, id, &said, 1, &news, &err))
		fail_msg("%s", err.en);
	assert_false(said.refused);
	report_news_finish(&news);
}

static struct delivery get(struct place *place, int64_t id)
{
	struct delivery d;

	assert_true(store_get_delivery(place->store, id, &d, NULL));
	return d;
}

/* "delivered failed rejected buffered accepted none" of a bulletin's only far side. */
static void expect(struct place *place, const char *bulletin, const char *want)
{
	struct reported_list list;

	assert_true(store_list_reported(place->store, bulletin, &list, NULL));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].target, "sms-main");
	const int64_t *n = list.items[0].all.counts;
	char *got = mem_format("%lld %lld %lld %lld %lld %lld", (long long)n[REPORT_DELIVERED],
	        (long long)n[REPORT_FAILED], (long long)n[REPORT_REJECTED],
	        (long long)n[REPORT_BUFFERED], (long long)n[REPORT_ACCEPTED],
	        (long long)n[REPORT_NONE]);
	assert_string_equal(got, want);
	free(got);
	reported_list_finish(&list);
}

static void each_counts_once(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, DELIVERY_DELIVERED, 0);
	struct report_said said[] = {{0, REPORT_DELIVERED, false}, {1, REPORT_BUFFERED, false},
	        {0, REPORT_DELIVERED, false}};
	struct report_news news;
	struct err err = {0};

	assert_true(report(place, id, said, 3, &news, &err));
	assert_string_equal(news.bulletin, "b1");
	assert_string_equal(news.target, "sms-main");
	assert_int_equal(news.gained.counts[REPORT_DELIVERED], 1);
	assert_int_equal(news.gained.counts[REPORT_BUFFERED], 1);
	assert_false(news.ended);
	report_news_finish(&news);
	expect(place, "b1", "1 0 0 1 0 1");
	int64_t lines = lines_of(place->store, "b1");
	assert_int_equal(lines, 1); /* for all three */
	assert_true(report(place, id, said, 3, &news, &err));
	assert_null(news.bulletin); /* the same again is no news, and no line */
	assert_int_equal(lines_of(place->store, "b1"), lines);
	expect(place, "b1", "1 0 0 1 0 1");
}

/* The same words in every order lead to the same counts. */
static void the_weightier_word_counts(void **state)
{
	struct place *place = *state;
	static const struct {
		enum report_word first, second, third;
		const char *want;
	} rows[] = {
	        {REPORT_FAILED, REPORT_DELIVERED, REPORT_FAILED, "1 0 0 0 0 2"},
	        {REPORT_DELIVERED, REPORT_FAILED, REPORT_FAILED, "1 0 0 0 0 2"},
	        {REPORT_FAILED, REPORT_BUFFERED, REPORT_ACCEPTED, "0 1 0 0 0 2"},
	        {REPORT_ACCEPTED, REPORT_BUFFERED, REPORT_ACCEPTED, "0 0 0 1 0 2"},
	        {REPORT_REJECTED, REPORT_FAILED, REPORT_REJECTED, "0 1 0 0 0 2"},
	        {REPORT_ACCEPTED, REPORT_REJECTED, REPORT_ACCEPTED, "0 0 1 0 0 2"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t id = add(place, DELIVERY_DELIVERED, 0);
		char *bulletin = mem_format("b%zu", i + 1);
		say(place, id, 1, rows[i].first);
		say(place, id, 1, rows[i].second);
		say(place, id, 1, rows[i].third);
		expect(place, bulletin, rows[i].want);
		free(bulletin);
	}
}

static void nobody_is_refused(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, DELIVERY_DELIVERED, 0);
	struct report_said said[] = {{PEOPLE, REPORT_DELIVERED, false},
	        {PEOPLE - 1, REPORT_DELIVERED, false}, {-1, REPORT_DELIVERED, false},
	        {INT64_MAX, REPORT_FAILED, false}};
	struct report_news news;
	struct err err = {0};

	assert_true(report(place, id, said, 4, &news, &err));
	assert_true(said[0].refused && said[2].refused && said[3].refused);
	assert_false(said[1].refused); /* its neighbours count */
	report_news_finish(&news);
	expect(place, "b1", "1 0 0 0 0 2");
	assert_false(report(place, id + 7, said, 4, &news, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_false(report(place, add(place, DELIVERY_DELIVERED, -1), said, 4, &news, &err));
	assert_int_equal(err.kind, ERR_MISSING); /* no recipients at all */
	assert_false(report(place, add(place, DELIVERY_DELIVERED, 2), said, 4, &news, &err));
	assert_int_equal(err.kind, ERR_MISSING); /* no such block */
}

/* --- who was in doubt ---------------------------------------------------------------------------
 */

static void the_last_doubt_ends_it(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, DELIVERY_UNKNOWN, 0);
	struct report_said last = {2, REPORT_FAILED, false};
	struct report_news news;
	struct err err = {0};

	say(place, id, 0, REPORT_DELIVERED);
	say(place, id, 1, REPORT_ACCEPTED); /* the gateway has it: asking again would double it */
	struct delivery d = get(place, id);
	assert_int_equal(d.state, DELIVERY_UNKNOWN);
	assert_int_equal(d.reached, 2);
	assert_int_equal(d.done[0], 3);
	delivery_finish(&d);
	assert_true(report(place, id, &last, 1, &news, &err));
	assert_true(news.ended);
	assert_int_equal(news.state, DELIVERY_DELIVERED);
	report_news_finish(&news);
	d = get(place, id);
	assert_int_equal(d.state, DELIVERY_DELIVERED);
	assert_int_equal(d.reached, 2);
	assert_int_equal(d.failed, 1);
	assert_string_equal(d.proof, "2 of 3 recipients");
	delivery_finish(&d);
	say(place, id, 1, REPORT_FAILED); /* later words count, and change no state */
	d = get(place, id);
	assert_int_equal(d.state, DELIVERY_DELIVERED);
	delivery_finish(&d);
	expect(place, "b1", "1 2 0 0 0 0");
}

static void nobody_reached_is_rejected(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, DELIVERY_UNKNOWN, 0);

	for (int64_t i = 0; i < PEOPLE; i++)
		say(place, id, i, i ? REPORT_FAILED : REPORT_REJECTED);
	struct delivery d = get(place, id);
	assert_int_equal(d.state, DELIVERY_REJECTED);
	assert_int_equal(d.failed, PEOPLE);
	delivery_finish(&d);
}

/* In hand: its agent's word decides about the attempt. Given up, what was reported counts. */
static void what_came_while_it_was_sent_counts_after(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, DELIVERY_SENDING, 0);
	struct err err = {0};
	bool ended = true;

	for (int64_t i = 0; i < PEOPLE; i++)
		say(place, id, i, REPORT_DELIVERED);
	struct delivery d = get(place, id);
	assert_int_equal(d.state, DELIVERY_SENDING);
	assert_int_equal(d.reached, 0);
	delivery_finish(&d);
	struct store *store = begin_change(place);
	assert_true(store_settle_reported(store, id, now, &ended, &err));
	assert_false(ended);
	assert_true(store_delivery_state(
	        store, id, DELIVERY_UNKNOWN, 0, "no answer", "", "", now, &err));
	assert_true(store_settle_reported(store, id, now, &ended, &err));
	assert_true(ended);
	end_change(place, true);
	d = get(place, id);
	assert_int_equal(d.state, DELIVERY_DELIVERED);
	assert_int_equal(d.reached, PEOPLE);
	delivery_finish(&d);
}

static void who_was_reported_is_not_told_again(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, DELIVERY_WAITING, 0);
	struct err err = {0};
	bool ended;

	for (int64_t i = 0; i < PEOPLE; i++)
		say(place, id, i, REPORT_DELIVERED);
	struct delivery d = get(place, id); /* the hand-out finds nobody left, and ends it */
	assert_int_equal(d.state, DELIVERY_WAITING);
	assert_int_equal(d.done[0], 7);
	assert_int_equal(d.reached, PEOPLE);
	delivery_finish(&d);
	int64_t other = add(place, DELIVERY_UNKNOWN, 0); /* of whom nothing was reported */
	assert_true(store_settle_reported(begin_change(place), other, now, &ended, &err));
	end_change(place, true);
	assert_false(ended);
}

/* --- the chain ----------------------------------------------------------------------------------
 */

static bool whole(struct place *place, struct err *err)
{
	char head[DIGEST_HEX];
	int64_t records;

	return store_audit_verify(place->store, &records, head, err);
}

static void spoil(struct place *place, const char *sql)
{
	struct err err = {0};

	assert_int_equal(sqlite3_exec(place->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_false(whole(place, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_non_null(strstr(err.en, "reports of delivery 1"));
}

static void the_chain_proves_the_counts(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, DELIVERY_DELIVERED, 0);
	struct err err = {0};

	say(place, id, 0, REPORT_DELIVERED);
	say(place, id, 2, REPORT_FAILED);
	assert_true(whole(place, &err));
	spoil(place, "UPDATE reported SET words = 'd.d'");
	spoil(place, "UPDATE reported SET words = 'd.f', delivered = 2");
	spoil(place, "UPDATE reported SET delivered = 1, line = line - 1");
	assert_int_equal(sqlite3_exec(place->store->db, "UPDATE reported SET line = line + 1", NULL,
	                         NULL, NULL),
	        SQLITE_OK);
	assert_true(whole(place, &err));
}

static void purged_counts_stay(void **state)
{
	struct place *place = *state;
	int64_t id = add(place, DELIVERY_DELIVERED, 0);
	struct purge wish = {"c1", now + 9000000, now + 9000000};
	struct report_said said = {1, REPORT_DELIVERED, false};
	struct purge_counts counts;
	struct report_news news;
	struct err err = {0};

	say(place, id, 0, REPORT_DELIVERED);
	struct bulletin *b = must_get(place, "b1");
	b->state = BULLETIN_EXPIRED;
	must_put(place, b);
	bulletin_destroy(&b);
	assert_true(store_purge(begin_change(place), &wish, now + 9000000, &counts, &err));
	end_change(place, true);
	assert_int_equal(counts.confirmations, 1);
	assert_false(report(place, id, &said, 1, &news, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_non_null(strstr(err.en, "purged"));
	expect(place, "b1", "1 0 0 0 0 2");
	assert_true(whole(place, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(each_counts_once, place_open, place_close),
	        cmocka_unit_test_setup_teardown(the_weightier_word_counts, place_open, place_close),
	        cmocka_unit_test_setup_teardown(nobody_is_refused, place_open, place_close),
	        cmocka_unit_test_setup_teardown(the_last_doubt_ends_it, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                nobody_reached_is_rejected, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                what_came_while_it_was_sent_counts_after, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                who_was_reported_is_not_told_again, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                the_chain_proves_the_counts, place_open, place_close),
	        cmocka_unit_test_setup_teardown(purged_counts_stay, place_open, place_close),
	};

	return cmocka_run_group_tests_name("reported", tests, NULL, NULL);
}
