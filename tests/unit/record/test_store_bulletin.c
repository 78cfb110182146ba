/* SPDX-License-Identifier: Apache-2.0
 * What the store promises about bulletins: stored whole, found or named as missing, one winner
 * among two who edit, nothing reworded after its release.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"
#include "text.h"
#include "view.h"

static void put(char **place, const char *text)
{
	free(*place);
	*place = mem_text(text);
}

/* Expects a refusal of this kind. */
static void refused(struct place *place, struct bulletin *bulletin, enum err_kind kind)
{
	struct err err = {0};
	bool ok = store_put_bulletin(begin_change(place), bulletin, &err);

	end_change(place, false);
	assert_false(ok);
	assert_int_equal(err.kind, kind);
	assert_true(strlen(err.en) > 0 && strlen(err.zh) > 0);
}

static void keeps_everything(void **state)
{
	struct place *place = *state;
	struct bulletin *b = sample_bulletin("暴雨橙色预警");
	struct err err = {0};
	char *block = NULL;

	b->upstream = mem_text_n("a\0b", 3);
	b->upstream_len = 3;
	must_put(place, b);
	assert_string_equal(b->id, "b1");
	assert_int_equal(b->version, 1);
	struct bulletin *got = must_get(place, "b1");
	assert_string_equal(got->headline, b->headline);
	assert_int_equal(got->level, LEVEL_ORANGE);
	assert_int_equal(got->areas.count, 2);
	assert_int_equal(got->earlier.count, 2);
	assert_string_equal(got->earlier.items[1], "wu");
	assert_string_equal(got->areas.items[1], "120111");
	assert_string_equal(got->targets.items[0], "mqtt-north");
	assert_string_equal(bulletin_text(got, "sms-main")->body, b->texts[0].body);
	assert_null(bulletin_text(got, "sms-main")->filled);
	assert_null(got->signed_cap);
	assert_int_equal(got->upstream_len, 3);
	assert_memory_equal(got->upstream, "a\0b", 3);
	assert_string_equal(bulletin_audience(got, "sms-main")->digest, b->audiences[0].digest);
	assert_int_equal(bulletin_audience(got, "sms-main")->count, 5);
	assert_int_equal(bulletin_audience(got, "sms-main")->blocks.count, 0);
	assert_true(store_audience_block(place->store, "b1", "sms-main", 0, &block, &err));
	assert_string_equal(block, b->audiences[0].blocks.items[0]);
	free(block);
	bulletin_destroy(&got);
	bulletin_destroy(&b);
}

static void missing_is_said(void **state)
{
	struct place *place = *state;
	static const char *const none[] = {
	        "b1", "b0", "b01", "", "x", "b99999999999999999999", "b1x"};
	struct bulletin *got = NULL;

	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct err err = {0};
		assert_false(store_get_bulletin(place->store, none[i], &got, &err));
		assert_int_equal(err.kind, ERR_MISSING);
		assert_null(got);
	}
}

static void found_by_identifier_newest_first(void **state)
{
	struct place *place = *state;

	for (int i = 0; i < 2; i++) {
		struct bulletin *b = sample_bulletin(i ? "second" : "first");
		put(&b->identifier, "12000041600000_20261124090000_0");
		must_put(place, b);
		bulletin_destroy(&b);
	}
	struct bulletin *got = must_get(place, "12000041600000_20261124090000_0");
	assert_string_equal(got->headline, "second");
	bulletin_destroy(&got);
}

static void one_of_two_editors_wins(void **state)
{
	struct place *place = *state;
	struct bulletin *b = sample_bulletin("first");

	must_put(place, b);
	struct bulletin *other = must_get(place, b->id);
	put(&b->headline, "mine");
	texts_add(&b->earlier, "li");
	must_put(place, b);
	assert_int_equal(b->version, 2);
	put(&other->headline, "theirs");
	refused(place, other, ERR_CONFLICT);
	struct bulletin *got = must_get(place, b->id);
	assert_string_equal(got->headline, "mine");
	assert_int_equal(got->earlier.count, 3);
	assert_int_equal(got->version, 2);
	bulletin_destroy(&got);
	bulletin_destroy(&other);
	bulletin_destroy(&b);
}

static void edits_replace_parts(void **state)
{
	struct place *place = *state;
	struct bulletin *b = sample_bulletin("first");
	unsigned char *digests = NULL;
	char digest[DIGEST_HEX];
	struct err err = {0};
	char *block = NULL;
	size_t count;

	must_put(place, b);
	struct bulletin *got = must_get(place, b->id);
	must_put(place, got); /* an audience without its blocks stays */
	assert_true(store_audience_block(place->store, b->id, "sms-main", 1, &block, &err));
	assert_string_equal(block, "13900000004\n13900000005\n");
	free(block);
	texts_add(&got->audiences[0].blocks, "13911111111\n");
	audience_seal(&got->audiences[0]);
	put(&got->texts[0].body, "new words");
	must_put(place, got);
	assert_true(store_audience_block(place->store, b->id, "sms-main", 0, &block, &err));
	assert_string_equal(block, "13911111111\n");
	free(block);
	assert_false(store_audience_block(place->store, b->id, "sms-main", 1, &block, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(
	        store_audience_digests(place->store, b->id, "sms-main", &digests, &count, &err));
	assert_int_equal(count, 1);
	digest_of_list(digests, count, digest);
	assert_string_equal(digest, got->audiences[0].digest);
	free(digests);
	assert_false(store_audience_digests(place->store, b->id, "else", &digests, &count, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	struct bulletin *again = must_get(place, b->id);
	assert_string_equal(again->texts[0].body, "new words");
	assert_int_equal(again->audience_count, 1);
	bulletin_destroy(&again);
	bulletin_destroy(&got);
	bulletin_destroy(&b);
}

static struct bulletin *released(struct place *place, const char *identifier)
{
	struct bulletin *b = sample_bulletin(identifier);

	put(&b->identifier, identifier);
	put(&b->chain, "chain");
	must_put(place, b);
	b->state = BULLETIN_RELEASED;
	put(&b->signed_cap, "<alert signed='yes'/>");
	put(&b->texts[0].filled, "filled");
	must_put(place, b);
	return b;
}

static void released_words_stay(void **state)
{
	struct place *place = *state;
	struct bulletin *b = released(place, "one");

	put(&b->texts[0].filled, "other words");
	refused(place, b, ERR_CONFLICT);
	bulletin_destroy(&b);
	b = must_get(place, "one");
	put(&b->signed_cap, "<alert signed='again'/>");
	refused(place, b, ERR_CONFLICT);
	bulletin_destroy(&b);
	b = must_get(place, "one");
	b->state = BULLETIN_DRAFT;
	refused(place, b, ERR_CONFLICT);
	b->state = BULLETIN_CANCELLED;
	must_put(place, b);
	b->state = BULLETIN_EXPIRED;
	refused(place, b, ERR_CONFLICT);
	bulletin_destroy(&b);
}

static int64_t stored(struct place *place, const char *what)
{
	struct err err = {0};
	struct query q;

	query_begin(&q, place->store, what, &err);
	assert_true(query_row(&q));
	int64_t count = query_get_int(&q);
	assert_true(query_end(&q));
	return count;
}

/* The same words are not written again at each step, nor a second time when they leave. */
static void what_a_text_became_follows_from_its_mark(void **state)
{
	static const char rows[] = "SELECT SUM(rowid) FROM bulletin_text WHERE bulletin = 1";
	struct place *place = *state;
	struct bulletin *b = sample_bulletin("first");
	struct bulletin *other = sample_bulletin("second");
	struct buf filled;

	put(&b->texts[0].body, "At " VIEW_SENT_MARK ": stay in.");
	must_put(place, b);
	must_put(place, other); /* its texts are behind: rows written anew have other numbers */
	int64_t before = stored(place, rows);
	b->state = BULLETIN_RELEASED;
	b->sent = now;
	for (size_t i = 0; i < b->text_count; i++) {
		buf_init(&filled, 0);
		text_fill_sent(b->texts[i].body, b->sent, &filled);
		put(&b->texts[i].filled, filled.data);
		buf_finish(&filled);
	}
	must_put(place, b);
	assert_int_equal(stored(place, rows), before);
	assert_int_equal(
	        stored(place, "SELECT COUNT(*) FROM bulletin_text WHERE filled IS NOT NULL"), 0);
	struct bulletin *got = must_get(place, b->id);
	assert_string_equal(got->texts[0].filled, b->texts[0].filled);
	assert_null(strstr(got->texts[0].filled, VIEW_SENT_MARK));
	got->state = BULLETIN_EXPIRED;
	must_put(place, got);
	bulletin_destroy(&got);
	bulletin_destroy(&other);
	bulletin_destroy(&b);
}

/* As in records of before: what is stored counts. */
static void a_text_filled_otherwise_is_kept(void **state)
{
	struct place *place = *state;
	struct bulletin *b = released(place, "one");
	struct bulletin *got = must_get(place, "one");

	assert_string_equal(got->texts[0].filled, "filled");
	bulletin_destroy(&got);
	bulletin_destroy(&b);
}

static void missing_row_is_said(void **state)
{
	struct place *place = *state;
	struct bulletin *b = sample_bulletin("first");

	b->row = 77;
	refused(place, b, ERR_MISSING);
	bulletin_destroy(&b);
}

/* --- lists ------------------------------------------------------------------------------------ */

static void lists_in_their_orders(void **state)
{
	struct place *place = *state;
	struct bulletin *first = sample_bulletin("first");
	struct bulletin_list list;

	put(&first->chain, "chain");
	put(&first->identifier, "one");
	must_put(place, first);
	struct bulletin *second = released(place, "two");
	first->state = BULLETIN_RELEASED; /* drafted first, released second */
	must_put(place, first);
	assert_int_equal(second->order, 1);
	assert_int_equal(first->order, 2);

	assert_true(store_list_active(place->store, &list, NULL));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0]->identifier, "two");
	assert_string_equal(list.items[0]->signed_cap, "<alert signed='yes'/>");
	assert_int_equal(list.items[1]->text_count, 1);
	bulletin_list_finish(&list);

	second->state = BULLETIN_SUPERSEDED;
	must_put(place, second);
	assert_true(store_list_chain(place->store, "chain", &list, NULL));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0]->identifier, "two");
	bulletin_list_finish(&list);
	assert_true(store_list_active(place->store, &list, NULL));
	assert_int_equal(list.count, 1);
	bulletin_list_finish(&list);
	bulletin_destroy(&first);
	bulletin_destroy(&second);
}

static void staged_are_apart(void **state)
{
	struct place *place = *state;
	struct bulletin *original = sample_bulletin("original");
	struct bulletin *staged = sample_bulletin("cancel");
	struct bulletin_list list;
	struct bulletin *got = NULL;
	struct err err = {0};

	must_put(place, original);
	staged->state = BULLETIN_STAGED;
	put(&staged->parent, original->id);
	put(&staged->staged_as, "cancel");
	must_put(place, staged);
	assert_true(store_get_staged(place->store, original->id, "cancel", &got, &err));
	assert_string_equal(got->id, staged->id);
	bulletin_destroy(&got);
	assert_false(store_get_staged(place->store, original->id, "wrong-area", &got, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(store_list_bulletins(place->store, -1, 10, &list, &err));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0]->headline, "original");
	assert_string_equal(list.items[0]->cap, "");
	assert_int_equal(list.items[0]->text_count, 0);
	bulletin_list_finish(&list);
	assert_true(store_list_bulletins(place->store, BULLETIN_STAGED, 10, &list, &err));
	assert_int_equal(list.count, 1);
	bulletin_list_finish(&list);
	bulletin_destroy(&original);
	bulletin_destroy(&staged);
}

static void lists_are_cut_at_the_limit(void **state)
{
	struct place *place = *state;
	struct bulletin_list list;

	for (int i = 0; i < 5; i++) {
		struct bulletin *b = sample_bulletin("one of many");
		must_put(place, b);
		bulletin_destroy(&b);
	}
	assert_true(store_list_bulletins(place->store, BULLETIN_DRAFT, 3, &list, NULL));
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0]->id, "b5");
	bulletin_list_finish(&list);
}

static void changes_need_a_transaction(void **state)
{
	struct place *place = *state;
	struct bulletin *b = sample_bulletin("first");
	struct err err = {0};

	assert_false(store_put_bulletin(place->store, b, &err));
	assert_int_equal(err.kind, ERR_INTERNAL);
	bulletin_destroy(&b);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)
	const struct CMUnitTest tests[] = {
	        CASE(keeps_everything),
	        CASE(missing_is_said),
	        CASE(found_by_identifier_newest_first),
	        CASE(one_of_two_editors_wins),
	        CASE(edits_replace_parts),
	        CASE(released_words_stay),
	        CASE(what_a_text_became_follows_from_its_mark),
	        CASE(a_text_filled_otherwise_is_kept),
	        CASE(missing_row_is_said),
	        CASE(lists_in_their_orders),
	        CASE(staged_are_apart),
	        CASE(lists_are_cut_at_the_limit),
	        CASE(changes_need_a_transaction),
	};

	return cmocka_run_group_tests_name("store_bulletin", tests, NULL, NULL);
}
