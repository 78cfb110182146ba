/* SPDX-License-Identifier: Apache-2.0
 * Numbers, inputs and confirmations of what is over can be destroyed, in the file too; what is in
 * force or on its way is not touched; and the chain stays whole.
 */
#include "fixture.h"

#include "store_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };
static const int64_t day = DAY * (int64_t)1000;

#define NUMBER "13812345678"
#define OTHER "13887654321"
#define INPUT "联系人电话" NUMBER

/* A released bulletin of `created`, in the state given, with one block of recipients and one
 * confirmed delivery. */
static int64_t released(struct place *place, enum bulletin_state state, int64_t created,
        int64_t expires, const char *number, char **id)
{
	struct bulletin *b = sample_bulletin("warning");
	struct delivery delivery;

	char *lines = mem_format("%s\n", number);
	mem_set_text(&b->audiences[0].blocks.items[0], lines);
	audience_seal(&b->audiences[0]);
	free(lines);
	b->created = created;
	b->expires = expires;
	must_put(place, b);
	b->state = BULLETIN_RELEASED;
	must_put(place, b);
	sample_delivery(&delivery, b, "sms-main");
	delivery.state = DELIVERY_SENDING;
	delivery.block = 0;
	struct store *store = begin_change(place);
	bool ok = store_add_delivery(store, &delivery, NULL) &&
	          store_delivery_state(store, delivery.id, DELIVERY_DELIVERED, 0, "", "to " NUMBER,
	                  "far-" OTHER, created, NULL);
	end_change(place, ok);
	assert_true(ok);
	if (state != BULLETIN_RELEASED) {
		b->state = state;
		must_put(place, b);
	}
	*id = mem_text(b->id);
	int64_t row = delivery.id;
	delivery_finish(&delivery);
	bulletin_destroy(&b);
	return row;
}

static int64_t took_in(struct place *place, int64_t at)
{
	struct intake intake = {.at = at,
	        .way = (char *)"api",
	        .name = (char *)NUMBER ".json",
	        .bytes = (char *)INPUT,
	        .len = strlen(INPUT),
	        .outcome = (char *)"refused",
	        .problem = (char *)""};
	int64_t id = 0;

	bool ok = store_add_intake(begin_change(place), &intake, &id, NULL);
	end_change(place, ok);
	assert_true(ok);
	return id;
}

static struct purge_counts purge(struct place *place, int64_t before, int64_t confirmed)
{
	struct purge wish = {"c1", before, confirmed};
	struct purge_counts counts;
	struct err err = {0};

	bool ok = store_purge(begin_change(place), &wish, now, &counts, &err);
	end_change(place, ok);
	if (!ok)
		fail_msg("%s", err.en);
	return counts;
}

static char *block_of(struct place *place, const char *id)
{
	char *lines = NULL;

	assert_true(store_audience_block(place->store, id, "sms-main", 0, &lines, NULL));
	return lines;
}

/* Does any file of the record hold these bytes? */
static bool on_disk(const struct place *place, const char *words)
{
	static const char *const names[] = {"record.db", "record.db-wal"};
	bool found = false;

	for (size_t i = 0; i < 2; i++) {
		char *path = mem_format("%s/%s", place->folder, names[i]);
		FILE *file = fopen(path, "re");
		struct buf bytes;
		buf_init(&bytes, (size_t)64 << 20);
		if (file && buf_read(&bytes, file))
			found |= bytes.len && memmem(bytes.data, bytes.len, words, strlen(words));
		if (file)
			fclose(file);
		buf_finish(&bytes);
		free(path);
	}
	return found;
}

static void reopen(struct place *place)
{
	record_tool_close(&place->store);
	place->store = record_tool_open(place->folder, NULL);
	assert_non_null(place->store);
}

static void what_is_over_goes_and_the_chain_stays(void **state)
{
	struct place *place = *state;
	char *id = NULL;
	char head[DIGEST_HEX];
	int64_t records;
	int64_t row =
	        released(place, BULLETIN_EXPIRED, now - 300 * day, now - 299 * day, NUMBER, &id);
	struct delivery delivery;

	took_in(place, now - 300 * day);
	reopen(place);
	assert_true(on_disk(place, NUMBER));
	struct purge_counts counts = purge(place, now - 200 * day, now - 200 * day);
	assert_int_equal(counts.blocks, 2);
	assert_int_equal(counts.inputs, 1);
	assert_int_equal(counts.confirmations, 1);
	char *lines = block_of(place, id);
	assert_string_equal(lines, "");
	free(lines);
	assert_true(store_get_delivery(place->store, row, &delivery, NULL));
	assert_int_equal(delivery.state, DELIVERY_DELIVERED);
	assert_string_equal(delivery.proof, "");
	delivery_finish(&delivery);
	assert_true(store_audit_verify(place->store, &records, head, NULL));
	assert_int_equal(lines_of(place->store, "c1"), 1);
	reopen(place); /* the last connection takes the write-ahead log away */
	assert_false(on_disk(place, NUMBER));
	assert_false(on_disk(place, OTHER));
	free(id);
}

static void what_is_in_force_or_young_stays(void **state)
{
	struct place *place = *state;
	char *lasting = NULL;
	char *young = NULL;

	released(place, BULLETIN_RELEASED, now - 300 * day, 0, NUMBER, &lasting);
	released(place, BULLETIN_EXPIRED, now - 100 * day, now - 99 * day, OTHER, &young);
	took_in(place, now - 100 * day);
	struct purge_counts counts = purge(place, now - 200 * day, now - 200 * day);
	assert_int_equal(counts.blocks + counts.inputs + counts.confirmations, 0);
	counts = purge(place, now - 30 * day, now - 200 * day);
	assert_int_equal(counts.blocks, 2);
	assert_int_equal(counts.inputs, 1);
	assert_int_equal(counts.confirmations, 0);
	char *lines = block_of(place, lasting);
	assert_string_equal(lines, NUMBER "\n");
	free(lines);
	lines = block_of(place, young);
	assert_string_equal(lines, "");
	free(lines);
	free(lasting);
	free(young);
}

static int one_more_thousand(void *thousands)
{
	++*(long *)thousands;
	return 0;
}

/* What the record's engine has to do for a purge, in thousands of its steps. */
static long effort(struct place *place)
{
	long thousands = 0;

	sqlite3_progress_handler(place->store->db, 1000, one_more_thousand, &thousands);
	purge(place, now - 400 * day, now - 400 * day);
	sqlite3_progress_handler(place->store->db, 0, NULL, NULL);
	return thousands;
}

/* Four bulletins and inputs for each there was. */
static void grow(struct place *place)
{
	static const char sql[] =
	        "CREATE TEMP TABLE b AS SELECT * FROM bulletin; UPDATE b SET row = NULL;"
	        "CREATE TEMP TABLE i AS SELECT * FROM intake; UPDATE i SET id = NULL;"
	        "INSERT INTO bulletin SELECT b.* FROM b, (VALUES (1), (2), (3));"
	        "INSERT INTO intake SELECT i.* FROM i, (VALUES (1), (2), (3));"
	        "DROP TABLE b; DROP TABLE i";
	char *said = NULL;

	if (sqlite3_exec(place->store->db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s", said);
}

/* All of it runs on the record thread, where a red would wait behind it. */
static void its_work_grows_with_the_archive_and_no_faster(void **state)
{
	struct place *place = *state;
	char *id = NULL;

	released(place, BULLETIN_RELEASED, now - 500 * day, 0, NUMBER, &id);
	took_in(place, now - 500 * day);
	free(id);
	for (int i = 0; i < 4; i++)
		grow(place);
	long few = effort(place);
	grow(place);
	long four_times = effort(place);
	if (four_times > 6 * (few + 1))
		fail_msg("%ld thousand steps for so many bulletins, %ld for four times as many",
		        few, four_times);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                what_is_over_goes_and_the_chain_stays, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                what_is_in_force_or_young_stays, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                its_work_grows_with_the_archive_and_no_faster, place_open, place_close),
	};

	return cmocka_run_group_tests_name("store_purge", tests, NULL, NULL);
}
