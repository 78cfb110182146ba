/* SPDX-License-Identifier: Apache-2.0
 * Copies of a record while it is written, and records out of copies: whole, held, and with no
 * number given twice. What is damaged, half done or in the wrong place is refused and named.
 */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup.h"
#include "store_account.h"
#include "store_db.h"
#include "when.h"

struct places {
	char *folder, *away;
	struct record *record;
};

static int open_places(void **state)
{
	struct places *p = mem_zero(sizeof *p);

	p->folder = folder_make();
	p->away = folder_make();
	p->record = record_open(p->folder, NULL);
	*state = p;
	return p->record ? 0 : -1;
}

static int close_places(void **state)
{
	struct places *p = *state;

	record_close(&p->record);
	folder_remove(&p->folder);
	folder_remove(&p->away);
	free(p);
	return 0;
}

static void must(bool ok, const struct err *err)
{
	if (!ok)
		fail_msg("%s", err->en);
}

/* --- copies ----------------------------------------------------------------------------------- */

static bool put_large(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = sample_bulletin("暴雨");
	char *large = mem_zero(60001);

	memset(large, 'x', 60000);
	free(b->cap);
	b->cap = large;
	b->state = BULLETIN_RELEASED;
	bool ok = store_put_bulletin(store, b, err) && add_line(store, arg, err);
	bulletin_destroy(&b);
	return ok;
}

struct writer {
	struct record *record;
	atomic_int ending;
	int64_t written;
};

static void *write_on(void *arg)
{
	struct writer *w = arg;

	while (!atomic_load(&w->ending))
		w->written += record_do(w->record, 0, put_large, (void *)"busy", NULL);
	return NULL;
}

static int64_t lines_in(const char *path, const char *ref)
{
	struct store *store = store_open(path, STORE_READ, NULL);

	assert_non_null(store);
	int64_t lines = lines_of(store, ref);
	store_close(&store);
	return lines;
}

static void a_copy_is_one_state_of_a_record_that_goes_on(void **state)
{
	struct places *p = *state;
	struct backup_facts facts;
	struct err err = {0};
	struct writer writer = {.record = p->record};
	char *to = mem_format("%s/record.db", p->away);
	struct stat about;
	pthread_t thread;

	for (int i = 0; i < 100; i++)
		must(record_do(p->record, 0, put_large, (void *)"before", &err), &err);
	assert_int_equal(pthread_create(&thread, NULL, write_on, &writer), 0);
	bool ok = backup_copy(p->folder, to, &facts, &err);
	atomic_store(&writer.ending, 1);
	pthread_join(thread, NULL);
	must(ok, &err);
	assert_true(writer.written > 0); /* it went on meanwhile */
	assert_int_equal(stat(to, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_int_equal(lines_in(to, "before"), 100);
	assert_int_equal(lines_in(to, "before") + lines_in(to, "busy"), facts.records);
	assert_true(lines_in(to, "busy") < writer.written + 1);
	assert_true(facts.schema > 10 && digest_is_hex(facts.head));
	/* Nothing is written over. */
	assert_false(backup_copy(p->folder, to, &facts, &err));
	assert_non_null(strstr(err.en, to));
	free(to);
}

/* Page `page` of a file becomes other bytes. */
static void spoil(const char *path, long page)
{
	char noise[512];
	int fd = open(path, O_WRONLY);

	memset(noise, 0xa5, sizeof noise);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, noise, sizeof noise, page * 4096L), sizeof noise);
	close(fd);
}

static void a_damaged_record_makes_no_backup(void **state)
{
	struct places *p = *state;
	struct backup_facts facts;
	struct err err = {0};
	char *to = mem_format("%s/record.db", p->away);
	char *from = mem_format("%s/record.db", p->folder);

	for (int i = 0; i < 20; i++)
		must(record_do(p->record, 0, put_large, (void *)"before", &err), &err);
	record_close(&p->record);
	struct stat about;
	assert_int_equal(stat(from, &about), 0);
	spoil(from, about.st_size / 4096 / 2);
	assert_false(backup_check(from, &err));
	assert_non_null(strstr(err.en, "is damaged"));
	assert_non_null(strstr(err.zh, "已损坏"));
	assert_false(backup_copy(p->folder, to, &facts, &err));
	assert_non_null(strstr(err.en, "is damaged"));
	assert_int_not_equal(access(to, F_OK), 0); /* nobody takes it for one */
	free(to);
	free(from);
}

/* --- records out of copies -------------------------------------------------------------------- */

struct copied {
	char *copy, *place; /* the file; the folder it is restored into */
	struct hold hold;
};

static const char digest[] = "00000000000000000000000000000000000000000000000000000000000000aa";

static bool work(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = sample_bulletin("暴雨");
	const struct lease_wish wish = {.holder = "tocsind", .by_force = true};
	char *id = NULL;
	int64_t number, token = 0;

	(void)arg;
	b->state = BULLETIN_RELEASED;
	bool ok = store_bind_mode(store, MODE_LIVE, err) && store_put_bulletin(store, b, err) &&
	          store_next_sequence(store, "mqtt", &number, err) &&
	          store_take_identifier(store, "12000041600000", now, &id, err) &&
	          store_take_lease(store, "mqtt-north", &wish, now, &token, err);
	store_present(store, "mqtt-north", token);
	const enum delivery_state states[] = {DELIVERY_WAITING, DELIVERY_SENDING, DELIVERY_WAITING};
	for (int i = 0; ok && i < 3; i++) {
		struct delivery d;
		sample_delivery(&d, b, i == 0 ? "mqtt-north" : i == 1 ? "sms-main" : "webhook");
		d.state = states[i];
		ok = store_add_delivery(store, &d, err) &&
		     (i < 2 || (store_delivery_sending(store, d.id, now, err) &&
		                       store_delivery_state(store, d.id, DELIVERY_DELIVERED, 0, "",
		                               "yes", "", now, err)));
		delivery_finish(&d);
	}
	free(id);
	bulletin_destroy(&b);
	return ok;
}

static void copy(struct places *p, struct copied *c)
{
	struct backup_facts facts;
	struct err err = {0};

	must(record_do(p->record, 0, work, NULL, &err), &err);
	c->copy = mem_format("%s/copy.db", p->away);
	c->place = mem_format("%s/again", p->away);
	c->hold = (struct hold){.since = now + 3600000, .copied = now};
	must(backup_copy(p->folder, c->copy, &facts, &err), &err);
}

static bool restore(struct copied *c, enum mode mode, struct err *err)
{
	return backup_restore(c->copy, NULL, NULL, c->place, mode, digest, &c->hold, err);
}

static void forget(struct copied *c)
{
	if (access(c->place, F_OK) == 0)
		folder_remove(&c->place);
	free(c->place);
	free(c->copy);
}

/* Above any that may have been given since the copy was made, of far sides it knows and of new
 * ones. */
static void tokens_stand_above_any_that_were_seen(struct store *store)
{
	const struct lease_wish wish = {.holder = "again", .by_force = true};
	struct err err = {0};
	int64_t token;

	must(store_take_lease(store, "mqtt-north", &wish, now, &token, &err), &err);
	assert_int_equal(token, 1000001);
	must(store_take_lease(store, "mqtt-south", &wish, now, &token, &err), &err);
	assert_int_equal(token, 1000001);
	must(store_take_lease(store, "mqtt-south", &wish, now, &token, &err), &err);
	assert_int_equal(token, 1000002);
}

/* Whatever a unit took in the life that is gone, seconds to come included. */
static void every_identifier_is_a_new_one(struct store *store)
{
	struct err err = {0};
	char *id = NULL;

	must(store_begin(store, &err), &err);
	for (int i = 0; i < 12; i++) {
		free(id);
		must(store_take_identifier(store, "12000041600000", now, &id, &err), &err);
		assert_in_range(id[strlen(id) - 1], '5', '9');
	}
	free(id);
	store_roll_back(store);
}

static void every_number_is_a_new_one(struct store *store, int64_t restored)
{
	struct err err = {0};
	struct delivery_list list = {0};
	struct bulletin *b = sample_bulletin("大风");
	int64_t sequence;

	must(store_begin(store, &err), &err);
	must(store_put_bulletin(store, b, &err), &err);
	assert_string_equal(b->id, "b1000001");
	must(store_next_sequence(store, "mqtt", &sequence, &err), &err);
	assert_int_equal(sequence, restored + 1);
	tokens_stand_above_any_that_were_seen(store);
	struct delivery d;
	sample_delivery(&d, b, "mqtt-north");
	must(store_add_delivery(store, &d, &err), &err);
	assert_int_equal(d.id, restored + 1);
	delivery_finish(&d);
	sample_delivery(&d, b, "sms-main");
	must(store_add_delivery(store, &d, &err), &err);
	assert_int_equal(d.id, restored + 2);
	delivery_finish(&d);
	store_roll_back(store);
	delivery_list_finish(&list);
	bulletin_destroy(&b);
}

static void a_restored_record_is_held_and_gives_no_number_twice(void **state)
{
	struct places *p = *state;
	struct copied c;
	struct err err = {0};
	char head[DIGEST_HEX];
	struct hold hold;
	int64_t records;

	copy(p, &c);
	must(restore(&c, MODE_LIVE, &err), &err);
	struct store *store = record_tool_open(c.place, &err);
	must(store != NULL, &err);
	must(store_hold(store, &hold, &err), &err);
	assert_int_equal(hold.copied, now);
	assert_int_equal(hold.since, now + 3600000);
	must(store_audit_verify(store, &records, head, &err), &err);
	assert_int_equal(records, hold.cut + 1); /* the chain tells of it itself */
	every_number_is_a_new_one(store, hold.since);
	every_identifier_is_a_new_one(store);
	record_tool_close(&store);
	/* What it was made from is as it was, and the place is taken. */
	assert_false(restore(&c, MODE_LIVE, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	forget(&c);
}

/* What far sides hear: the number of the next delivery, and that of the next message. */
static void take_numbers(struct store *store, int64_t *delivery, int64_t *sequence)
{
	struct bulletin *b = sample_bulletin("大风");
	struct err err = {0};
	struct delivery d;

	must(store_begin(store, &err), &err);
	must(store_put_bulletin(store, b, &err), &err);
	sample_delivery(&d, b, "sms-main");
	must(store_add_delivery(store, &d, &err), &err);
	*delivery = d.id;
	must(store_next_sequence(store, "mqtt", sequence, &err), &err);
	store_roll_back(store);
	delivery_finish(&d);
	bulletin_destroy(&b);
}

/* Phones go on reporting what the life between sent, by its numbers. */
static void one_copy_restored_twice_gives_no_number_twice(void **state)
{
	int64_t delivery[2], sequence[2];
	struct err err = {0};
	struct copied c;

	copy(*state, &c);
	for (int i = 0; i < 2; i++) {
		char *place = mem_text(c.place);
		if (i)
			folder_remove(&c.place);
		else
			free(c.place);
		c.place = place;
		c.hold.since = now + (i + 1) * 600000;
		must(restore(&c, MODE_LIVE, &err), &err);
		struct store *store = record_tool_open(c.place, &err);
		must(store != NULL, &err);
		take_numbers(store, &delivery[i], &sequence[i]);
		record_tool_close(&store);
	}
	assert_true(delivery[1] >= delivery[0] + 500000);
	assert_true(sequence[1] >= sequence[0] + 500000);
	forget(&c);
}

struct asked {
	enum sent_since sent;
	int64_t begun;
};

static bool end_hold(struct store *store, void *arg, struct err *err)
{
	struct asked *asked = arg;

	return store_hold_end(store, "wang", asked->sent, now, &asked->begun, err);
}

static void ended(struct places *p, enum sent_since sent, int64_t begun, enum delivery_state state)
{
	struct asked asked = {.sent = sent};
	struct delivery_list pending = {0};
	struct err err = {0};
	struct hold hold;
	struct copied c;

	copy(p, &c);
	must(restore(&c, MODE_LIVE, &err), &err);
	struct store *store = record_tool_open(c.place, &err);
	must(store != NULL, &err);
	must(record_tool_do(store, end_hold, &asked, &err), &err);
	assert_int_equal(asked.begun, begun);
	must(store_list_pending(store, &pending, &err), &err);
	assert_int_equal(pending.count, 2); /* what is final stays so */
	for (size_t i = 0; i < pending.count; i++) {
		if (strcmp(pending.items[i].target, "mqtt-north") == 0)
			assert_int_equal(pending.items[i].state, state);
		assert_int_equal(pending.items[i].began, begun > 0);
	}
	must(store_hold(store, &hold, &err), &err);
	assert_int_equal(hold.since, 0);
	assert_false(record_tool_do(store, end_hold, &asked, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	delivery_list_finish(&pending);
	record_tool_close(&store);
	forget(&c);
}

static void what_waited_may_have_gone(void **state)
{
	ended(*state, SENT_UNKNOWN, 2, DELIVERY_SENDING);
}

static void or_an_officer_knows_that_it_did_not(void **state)
{
	ended(*state, SENT_NOTHING, 0, DELIVERY_WAITING);
}

static void half_a_restore_is_no_record(void **state)
{
	struct places *p = *state;
	struct copied c;
	struct err err = {0};
	struct hold hold;

	copy(p, &c);
	char *scratch = mem_format("%s/restoring", c.place);
	char *left = mem_format("%s/record.db", scratch);
	assert_int_equal(mkdir(c.place, 0700), 0);
	assert_int_equal(mkdir(scratch, 0700), 0);
	close(open(left, O_WRONLY | O_CREAT, 0600));
	assert_null(record_tool_open(c.place, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.en, "restore was broken off"));
	must(restore(&c, MODE_LIVE, &err), &err); /* once more, and it is whole */
	struct store *store = record_tool_open(c.place, &err);
	must(store != NULL, &err);
	must(store_hold(store, &hold, &err), &err);
	assert_true(hold.since > 0);
	record_tool_close(&store);
	free(scratch);
	free(left);
	forget(&c);
}

static void nothing_else_becomes_a_record(void **state)
{
	struct places *p = *state;
	struct copied c;
	struct err err = {0};

	copy(p, &c);
	assert_false(restore(&c, MODE_EXERCISE, &err)); /* a live one's copy */
	assert_int_equal(err.kind, ERR_CONFIG);
	spoil(c.copy, 3);
	assert_false(restore(&c, MODE_LIVE, &err));
	assert_non_null(strstr(err.en, "damaged"));
	char *record = mem_format("%s/record.db", c.place);
	assert_int_not_equal(access(record, F_OK), 0);
	char *scratch = mem_format("%s/restoring", c.place);
	folder_remove(&scratch);
	free(record);
	forget(&c);
}

static void nobody_is_signed_in_after_it(void **state)
{
	struct places *p = *state;
	struct copied c;
	struct err err = {0};

	copy(p, &c);
	must(restore(&c, MODE_LIVE, &err), &err);
	struct store *store = record_tool_open(c.place, &err);
	must(store != NULL, &err);
	struct query q;
	query_begin(&q, store, "SELECT COUNT(*) FROM session", &err);
	assert_true(query_row(&q));
	assert_int_equal(query_get_int(&q), 0);
	assert_true(query_end(&q));
	record_tool_close(&store);
	forget(&c);
}

static bool sign_in(struct store *store, void *arg, struct err *err)
{
	char officer[] = "wang";
	struct session session = {.id = "s1", .officer = officer, .ends = now};

	(void)arg;
	return store_add_session(store, &session, err);
}

static int open_signed_in(void **state)
{
	if (open_places(state) != 0)
		return -1;
	struct places *p = *state;
	return record_do(p->record, 0, sign_in, NULL, NULL) ? 0 : -1;
}

#define WITH_PLACES(test) cmocka_unit_test_setup_teardown(test, open_places, close_places)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        WITH_PLACES(a_copy_is_one_state_of_a_record_that_goes_on),
	        WITH_PLACES(a_damaged_record_makes_no_backup),
	        WITH_PLACES(a_restored_record_is_held_and_gives_no_number_twice),
	        WITH_PLACES(one_copy_restored_twice_gives_no_number_twice),
	        WITH_PLACES(what_waited_may_have_gone),
	        WITH_PLACES(or_an_officer_knows_that_it_did_not),
	        WITH_PLACES(half_a_restore_is_no_record),
	        WITH_PLACES(nothing_else_becomes_a_record),
	        cmocka_unit_test_setup_teardown(
	                nobody_is_signed_in_after_it, open_signed_in, close_places),
	};

	return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
