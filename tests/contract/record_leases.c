/* SPDX-License-Identifier: Apache-2.0
 * record_leases - the contract's third part: two who work on one record. The newer has taken the
 * leases of the older, which does not know, as one that was stopped and wakes up; each kind of
 * write is tried by both. No SQL, as in record_contract.c.
 */
#include "record_contract.h"

#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "store_duty.h"
#include "store_hold.h"
#include "store_pause.h"
#include "store_reported.h"
#include "turn_call.h"
#include "when.h"

static const struct engine *engine; /* the one under test, for cmocka's functions */

struct two {
	char *place;
	struct record *older, *newer; /* newer: NULL before the test opens it */
};

static int set_up(void **state)
{
	struct two *t = mem_zero(sizeof *t);
	struct err err = {0};

	t->place = engine->place();
	t->older = engine->open(t->place, &err);
	if (!t->older)
		print_error("%s\n", err.en);
	*state = t;
	return t->older ? 0 : -1;
}

static int tear_down(void **state)
{
	struct two *t = *state;

	engine->close(&t->newer);
	engine->close(&t->older);
	engine->remove(&t->place);
	free(t);
	return 0;
}

enum { EACH = 2 }; /* deliveries for each kind of write */
enum how { BY_FORCE, IF_FREE };

/* One or two of them; false as the engine says. */
static bool take(struct record *record, const char *holder, const char *name, const char *other,
        int64_t until, enum how how, struct err *err)
{
	struct texts names = {0};
	const struct lease_wish wish = {
	        .names = &names, .holder = holder, .until = until, .by_force = how == BY_FORCE};

	texts_add(&names, name);
	if (other)
		texts_add(&names, other);
	bool ok = engine->take(record, &wish, err);
	texts_finish(&names);
	return ok;
}

static void must_take(
        struct record *record, const char *holder, const char *name, int64_t until, enum how how)
{
	struct err err = {0};

	if (!take(record, holder, name, NULL, until, how, &err))
		fail_msg("%s: %s", name, err.en);
}

static int64_t token_of(struct record *record, const char *name)
{
	struct store *reader = engine->reader(record, NULL);
	struct lease_list list;
	int64_t token = 0;

	assert_true(store_list_leases(reader, &list, NULL));
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.items[i].name, name) == 0)
			token = list.items[i].token;
	lease_list_finish(&list);
	engine->reader_close(&reader);
	return token;
}

static void must_open_beside(struct two *t)
{
	struct err err = {0};

	t->newer = engine->beside(t->place, &err);
	if (!t->newer)
		fail_msg("%s", err.en);
}

/* --- each kind of write -------------------------------------------------------------------------
 */

static bool claim(struct store *store, int64_t id, struct err *err)
{
	return store_delivery_sending(store, id, now, err);
}

static bool begin(struct store *store, int64_t id, struct err *err)
{
	return store_delivery_began(store, id, now, err);
}

static bool arrive(struct store *store, int64_t id, struct err *err)
{
	return store_delivery_state(store, id, DELIVERY_DELIVERED, 0, "", "", "", now, err);
}

static bool defer(struct store *store, int64_t id, struct err *err)
{
	return store_delivery_state(store, id, DELIVERY_WAITING, now, "later", "", "", now, err);
}

static bool expire(struct store *store, int64_t id, struct err *err)
{
	return store_delivery_state(store, id, DELIVERY_EXPIRED, 0, "", "", "", now, err);
}

static bool doubt(struct store *store, int64_t id, struct err *err)
{
	return store_delivery_doubts(store, id, 1, err);
}

static bool count(struct store *store, int64_t id, struct err *err)
{
	static const unsigned char first[] = {1}, nobody[] = {0};

	return store_delivery_recipients(store, id, first, nobody, 1, now, err);
}

static bool count_phones(struct store *store, int64_t id, struct err *err)
{
	struct report_said said = {0, REPORT_DELIVERED, false};
	struct report_news news;

	bool ok = store_add_reports(store, id, &said, 1, now, &news, err);
	report_news_finish(&news);
	return ok;
}

static bool add(struct store *store, const char *target, int block, enum delivery_state state,
        int64_t *id, struct err *err)
{
	struct bulletin *b = NULL;
	struct delivery d;

	if (!store_get_bulletin(store, "b1", &b, err))
		return false;
	sample_delivery(&d, b, target);
	d.block = block;
	d.state = state;
	bool ok = store_add_delivery(store, &d, err);
	*id = d.id;
	delivery_finish(&d);
	bulletin_destroy(&b);
	return ok;
}

/* As the release of a red: handed out by the very transaction. */
static bool release_at_once(struct store *store, int64_t id, struct err *err)
{
	int64_t added;

	return add(store, "sms-main", 1000 + (int)id, DELIVERY_SENDING, &added, err);
}

/* The second of a kind's two is of the far side that both want; the first of one that is the
 * dispatch's. */
static bool hold_back(struct store *store, int64_t id, struct err *err)
{
	char b1[] = "b1", sms[] = "sms-main", of_old[] = "weibo-of-old", wang[] = "wang";
	char why[] = "in doubt";
	const struct pause pause = {b1, id % EACH ? of_old : sms, now, wang, why};

	return store_add_pause(store, &pause, err);
}

/* Not held: its holder hears that. */
static bool end_the_hold(struct store *store, int64_t id, struct err *err)
{
	int64_t begun;

	(void)id;
	return store_hold_end(store, "wang", SENT_NOTHING, now, &begun, err) ||
	       err->kind == ERR_CONFLICT;
}

static bool let_go_on(struct store *store, int64_t id, struct err *err)
{
	(void)id;
	return store_end_pause(store, "b1", "mqtt-north", err);
}

static bool remind(struct store *store, int64_t id, struct err *err)
{
	return store_duty_shouted(store, id, now, err);
}

static bool call_officers(struct store *store, int64_t id, struct err *err)
{
	const struct turn_call call = {.bulletin = 1, .called = now, .tries = (int)id};

	return store_put_call(store, &call, err);
}

static bool note_the_call(struct store *store, int64_t id, struct err *err)
{
	const struct turn_call call = {.bulletin = 1, .rung = (int)id};

	return store_call_arrived(store, &call, now, err);
}

static bool be_the_dispatch(struct store *store, int64_t id, struct err *err)
{
	(void)id;
	return store_must_hold(store, LEASE_DISPATCH, err);
}

static bool be_a_far_side_nobody_took(struct store *store, int64_t id, struct err *err)
{
	(void)id;
	return store_must_hold(store, "weibo-of-old", err);
}

static const struct write_kind {
	const char *name;
	bool (*act)(struct store *store, int64_t id, struct err *err);
	enum delivery_state from;
} kinds[] = {
        {"a claim", claim, DELIVERY_WAITING},
        {"begun", begin, DELIVERY_SENDING},
        {"delivered", arrive, DELIVERY_SENDING},
        {"a late report", arrive, DELIVERY_UNKNOWN},
        {"deferred", defer, DELIVERY_SENDING},
        {"expired", expire, DELIVERY_WAITING},
        {"doubts", doubt, DELIVERY_SENDING},
        {"recipients", count, DELIVERY_SENDING},
        {"reports of phones", count_phones, DELIVERY_SENDING},
        {"a release at once", release_at_once, DELIVERY_WAITING},
        {"a pause", hold_back, DELIVERY_WAITING},
        {"the end of a hold", end_the_hold, DELIVERY_WAITING},
        {"a reminder", remind, DELIVERY_WAITING},
        {"a call", call_officers, DELIVERY_WAITING},
        {"a call that arrived", note_the_call, DELIVERY_WAITING},
        {"the dispatch's own", be_the_dispatch, DELIVERY_WAITING},
        {"a far side nobody took", be_a_far_side_nobody_took, DELIVERY_WAITING},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct trying {
	const struct write_kind *kind;
	int64_t id;
};

static bool act(struct store *store, void *arg, struct err *err)
{
	const struct trying *trying = arg;

	return trying->kind->act(store, trying->id, err);
}

/* EACH deliveries for each kind, as it starts from them. */
static bool prepare(struct store *store, void *arg, struct err *err)
{
	int64_t *ids = arg;
	struct bulletin *b = sample_bulletin("暴雨");
	bool ok = true;

	b->state = BULLETIN_RELEASED;
	while (b->audiences[0].blocks.count < KINDS * EACH)
		texts_add(&b->audiences[0].blocks, "13900000009\n");
	audience_seal(&b->audiences[0]);
	ok = store_put_bulletin(store, b, err);
	for (int i = 0; ok && i < KINDS * EACH; i++) {
		enum delivery_state from = kinds[i / EACH].from;
		ok = add(store, "sms-main", i, DELIVERY_WAITING, &ids[i], err) &&
		     (from == DELIVERY_WAITING || claim(store, ids[i], err)) &&
		     (from != DELIVERY_UNKNOWN ||
		             store_delivery_state(store, ids[i], from, 0, "", "", "", now, err));
	}
	bulletin_destroy(&b);
	return ok;
}

static void look_at(struct record *record, int64_t id, struct delivery *out)
{
	struct store *reader = engine->reader(record, NULL);

	assert_true(store_get_delivery(reader, id, out, NULL));
	engine->reader_close(&reader);
}

static bool as_it_was(struct record *record, const struct delivery *before)
{
	struct delivery d;

	look_at(record, before->id, &d);
	bool same = d.state == before->state && d.began == before->began &&
	            d.attempt == before->attempt && d.doubts == before->doubts &&
	            d.reached == before->reached && strcmp(d.reason, before->reason) == 0;
	delivery_finish(&d);
	return same;
}

static int told; /* how often the older one heard that it was fenced */

static void hear(const struct err *err)
{
	told += err->kind == ERR_FENCED && *err->en && *err->zh;
}

/* The older is refused with a sentence that names the newer one, and leaves nothing. */
static bool is_refused(struct two *t, const struct write_kind *kind, int64_t id)
{
	struct trying trying = {kind, id};
	struct err err = {0};
	struct delivery before;
	int heard = told;

	look_at(t->newer, id, &before);
	bool taken = engine->change(t->older, 0, act, &trying, &err);
	bool right = !taken && err.kind == ERR_FENCED && strstr(err.en, "node-b") &&
	             strstr(err.zh, "node-b") && as_it_was(t->newer, &before) && told == heard + 1;
	if (!right)
		print_error("%s: %s, kind %d, told %d times: %s\n", kind->name,
		        taken ? "taken" : "refused", (int)err.kind, told - heard, err.en);
	delivery_finish(&before);
	return right;
}

static void take_all_that_is_tried(struct record *record, const char *holder)
{
	must_take(record, holder, "sms-main", 0, BY_FORCE);
	must_take(record, holder, LEASE_DISPATCH, 0, BY_FORCE);
	must_take(record, holder, LEASE_DUTIES, 0, BY_FORCE);
}

static void who_was_overtaken_writes_nothing(void **state)
{
	struct two *t = *state;
	int64_t ids[KINDS * EACH];
	struct err err = {0};
	int wrong = 0;

	take_all_that_is_tried(t->older, "node-a");
	assert_true(engine->when_fenced(t->older, hear, &err));
	if (!engine->change(t->older, 0, prepare, ids, &err))
		fail_msg("%s", err.en);
	for (int i = 0; i < KINDS; i++) {
		struct trying trying = {&kinds[i], ids[i * EACH]};
		if (!engine->change(t->older, 0, act, &trying, &err))
			fail_msg("%s while it holds: %s", kinds[i].name, err.en);
	}
	assert_int_equal(told, 0);
	must_open_beside(t);
	take_all_that_is_tried(t->newer, "node-b");
	for (int i = 0; i < KINDS; i++) {
		struct trying trying = {&kinds[i], ids[i * EACH + 1]};
		wrong += !is_refused(t, &kinds[i], trying.id);
		if (!engine->change(t->newer, 0, act, &trying, &err))
			fail_msg("%s by who has taken over: %s", kinds[i].name, err.en);
	}
	assert_int_equal(wrong, 0);
}

static bool add_waiting(struct store *store, void *arg, struct err *err)
{
	int64_t id;

	return add(store, arg, 77, DELIVERY_WAITING, &id, err);
}

static bool close_waiting(struct store *store, void *arg, struct err *err)
{
	(void)arg;
	return store_close_waiting(store, "b1", DELIVERY_SUPERSEDED, "b2", now, err);
}

/* A release that waits for its far side's holder, and the end of what waits, are anybody's. */
static void what_waits_is_put_in_and_ended_by_anybody(void **state)
{
	struct two *t = *state;
	char target[] = "sms-main";
	int64_t ids[KINDS * EACH];
	struct err err = {0};
	struct delivery d;

	take_all_that_is_tried(t->older, "node-a");
	assert_true(engine->change(t->older, 0, prepare, ids, &err));
	must_open_beside(t);
	take_all_that_is_tried(t->newer, "node-b");
	assert_true(engine->change(t->older, 0, add_waiting, target, &err));
	assert_true(engine->change(t->older, 0, close_waiting, NULL, &err));
	look_at(t->newer, ids[0], &d);
	assert_int_equal(d.state, DELIVERY_SUPERSEDED);
	delivery_finish(&d);
	look_at(t->newer, ids[EACH], &d); /* in flight: its holder's */
	assert_int_equal(d.state, DELIVERY_SENDING);
	delivery_finish(&d);
}

static bool pause_mqtt(struct store *store, void *arg, struct err *err)
{
	char b1[] = "b1", mqtt[] = "mqtt-north", wang[] = "wang", why[] = "in doubt";
	const struct pause pause = {b1, mqtt, now, wang, why};

	(void)arg;
	return store_add_pause(store, &pause, err);
}

static void each_far_side_has_its_own_holder(void **state)
{
	struct two *t = *state;
	const struct write_kind resume = {"a pause's end", let_go_on, DELIVERY_WAITING};
	struct trying goes_on = {&resume, 0};
	int64_t ids[KINDS * EACH];
	struct err err = {0};

	assert_true(engine->change(t->older, 0, prepare, ids, &err)); /* nobody has taken any */
	must_take(t->older, "node-a", "mqtt-north", 0, IF_FREE);
	must_take(t->older, "node-a", "sms-main", 1, IF_FREE);
	must_open_beside(t);
	must_take(t->newer, "node-b", "sms-main", 0, IF_FREE);
	assert_true(engine->change(t->older, 0, pause_mqtt, NULL, &err));
	assert_false(engine->change(t->newer, 0, act, &goes_on, &err));
	assert_int_equal(err.kind, ERR_FENCED);
	assert_true(engine->change(t->older, 0, act, &goes_on, &err));
	struct trying claims = {&kinds[0], ids[0]};
	assert_false(engine->change(t->older, 0, act, &claims, &err));
	assert_int_equal(err.kind, ERR_FENCED);
	assert_true(engine->change(t->newer, 0, act, &claims, &err));
}

/* --- taking -------------------------------------------------------------------------------------
 */

static void what_is_over_can_be_taken_and_what_is_not_by_force(void **state)
{
	struct two *t = *state;
	struct err err = {0};
	int64_t soon = when_now() + 3600000;

	must_open_beside(t);
	must_take(t->older, "node-a", "sms-main", soon, IF_FREE);
	must_take(t->older, "node-a", "mqtt-north", 0, IF_FREE);
	must_take(t->older, "node-a", "weibo", when_now() - 1, IF_FREE);
	assert_false(take(t->newer, "node-b", "sms-main", NULL, soon, IF_FREE, &err));
	assert_int_equal(err.kind, ERR_BUSY);
	assert_non_null(strstr(err.en, "node-a"));
	assert_non_null(strstr(err.zh, "node-a"));
	assert_false(take(t->newer, "node-b", "mqtt-north", NULL, soon, IF_FREE, &err));
	/* All or none. */
	assert_false(take(t->newer, "node-b", "weibo", "sms-main", soon, IF_FREE, &err));
	assert_int_equal(token_of(t->newer, "weibo"), 1);
	must_take(t->newer, "node-b", "weibo", soon, IF_FREE);
	assert_int_equal(token_of(t->newer, "weibo"), 2);
	must_take(t->older, "node-a", "sms-main", soon, IF_FREE); /* its own */
	assert_int_equal(token_of(t->newer, "sms-main"), 2);
	must_take(t->newer, "node-b", "sms-main", soon, BY_FORCE);
	assert_int_equal(token_of(t->newer, "sms-main"), 3);
	/* By force all others go, too: nobody is left who has them. */
	assert_int_equal(token_of(t->newer, "mqtt-north"), 2);
}

static bool ask(struct store *store, void *arg, struct err *err)
{
	return store_must_hold(store, arg, err);
}

/* What was refused presents nothing: the token may be given to another next. */
static void a_taking_that_failed_gives_no_right(void **state)
{
	struct two *t = *state;
	char sms[] = "sms-main", weibo[] = "weibo";
	struct err err = {0};

	must_open_beside(t);
	must_take(t->older, "node-a", sms, 0, IF_FREE);
	assert_false(take(t->newer, "node-b", weibo, sms, 0, IF_FREE, &err));
	must_take(t->older, "node-a", weibo, 0, IF_FREE);
	assert_false(engine->change(t->newer, 0, ask, weibo, &err));
	assert_int_equal(err.kind, ERR_FENCED);
	assert_true(engine->change(t->older, 0, ask, weibo, &err));
}

/* Whoever comes and takes nothing may write nothing; whoever takes again stands above all before.
 */
static void tokens_only_grow(void **state)
{
	struct two *t = *state;
	char sms[] = "sms-main";
	struct err err = {0};

	for (int64_t i = 1; i <= 4; i++) {
		must_take(t->older, "node-a", sms, 0, BY_FORCE);
		assert_int_equal(token_of(t->older, sms), i);
		assert_true(engine->change(t->older, 0, ask, sms, &err));
		engine->close(&t->older);
		t->older = engine->open(t->place, &err);
		assert_false(engine->change(t->older, 0, ask, sms, &err));
		assert_int_equal(err.kind, ERR_FENCED);
	}
}

int record_leases(const struct engine *one)
{
	const struct CMUnitTest tests[] = {
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	        CASE(who_was_overtaken_writes_nothing),
	        CASE(what_waits_is_put_in_and_ended_by_anybody),
	        CASE(each_far_side_has_its_own_holder),
	        CASE(what_is_over_can_be_taken_and_what_is_not_by_force),
	        CASE(a_taking_that_failed_gives_no_right),
	        CASE(tokens_only_grow),
#undef CASE
	};

	engine = one;
	told = 0;
	return cmocka_run_group_tests_name(one->name, tests, NULL, NULL);
}
