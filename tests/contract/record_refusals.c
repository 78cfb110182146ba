/* SPDX-License-Identifier: Apache-2.0
 * record_refusals - the contract's second half: what the record refuses, and what it does not find.
 * Each refusal has its kind and both sentences, and leaves the record as it was. Then what two who
 * want the same thing get: one of them has it. No SQL, as in record_contract.c.
 */
#include "record_contract.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "store_change.h"
#include "store_duty.h"
#include "store_hold.h"
#include "store_incident.h"

static const struct engine *engine; /* the one under test, for cmocka's functions */

struct peopled {
	char *place;
	struct record *record;
};

/* --- what there is ------------------------------------------------------------------------------
 */

enum { DELIVERY = 1, NONE = 4711 }; /* b1's first; a number that nothing has */

static bool put_released(struct store *store, struct err *err)
{
	struct bulletin *b = sample_bulletin("暴雨");
	struct delivery d;

	b->state = BULLETIN_RELEASED;
	bool ok = store_put_bulletin(store, b, err);
	sample_delivery(&d, b, "sms-main");
	ok = ok && store_add_delivery(store, &d, err) && d.id == DELIVERY;
	delivery_finish(&d);
	bulletin_destroy(&b);
	return ok;
}

static bool put_draft(struct store *store, struct err *err)
{
	struct bulletin *b = sample_bulletin("大风");
	bool ok = store_put_bulletin(store, b, err);

	bulletin_destroy(&b);
	return ok;
}

static bool approve(struct store *store, const char *id, struct err *err)
{
	struct proof proof;

	sample_proof(&proof, ACT_SIGN, "wang");
	bool ok = store_add_approval(store, id, &proof, now, err);
	proof_finish(&proof);
	return ok;
}

static bool add_token(struct store *store, struct err *err)
{
	char word[] = "name", none[] = "";
	const struct token token = {
	        .name = word, .officer = word, .source = none, .scopes = word, .addresses = none};

	return store_add_token(store, "0123", &token, now, err);
}

static bool add_identity(struct store *store, struct err *err)
{
	return store_add_identity(store, "sender", "identifier", now, "0123", "b1", err);
}

static bool answer_once(struct store *store, struct err *err)
{
	return store_add_idempotent(store, "name", "key", "0123", 200, "{}", now, err);
}

static bool add_duty(struct store *store, struct err *err)
{
	char b1[] = "b1", what[] = "report", none[] = "";
	const struct duty_row duty = {.bulletin = b1,
	        .chain = none,
	        .unit = none,
	        .what = what,
	        .recipient = none,
	        .basis = none,
	        .opened = now,
	        .due = now + 1};

	return store_add_duty(store, &duty, err);
}

static bool close_duty(struct store *store, struct err *err)
{
	return store_close_duty(store, 1, "wang", "", "", now, err);
}

static bool bind_live(struct store *store, struct err *err)
{
	return store_bind_mode(store, MODE_LIVE, err);
}

static bool people(struct store *store, void *arg, struct err *err)
{
	(void)arg;
	return put_released(store, err) && put_draft(store, err) && approve(store, "b2", err) &&
	       add_token(store, err) && add_identity(store, err) && answer_once(store, err) &&
	       add_duty(store, err) && close_duty(store, err) && bind_live(store, err);
}

static int set_up(void **state)
{
	struct peopled *p = mem_zero(sizeof *p);
	struct err err = {0};

	p->place = engine->place();
	p->record = engine->open(p->place, &err);
	*state = p;
	if (p->record && engine->change(p->record, 0, people, NULL, &err))
		return 0;
	print_error("%s\n", err.en);
	return -1;
}

static int tear_down(void **state)
{
	struct peopled *p = *state;

	engine->close(&p->record);
	engine->remove(&p->place);
	free(p);
	return 0;
}

/* --- changes that are refused -------------------------------------------------------------------
 */

static bool put_stale(struct store *store, struct err *err)
{
	struct bulletin *b = NULL;

	if (!store_get_bulletin(store, "b2", &b, err))
		return false;
	b->version--;
	bool ok = store_put_bulletin(store, b, err);
	bulletin_destroy(&b);
	return ok;
}

static bool put_unknown(struct store *store, struct err *err)
{
	struct bulletin *b = sample_bulletin("暴雨");

	b->row = NONE;
	mem_set_text(&b->id, "b4711");
	bool ok = store_put_bulletin(store, b, err);
	bulletin_destroy(&b);
	return ok;
}

static bool approve_twice(struct store *store, struct err *err)
{
	return approve(store, "b2", err);
}

static bool approve_nothing(struct store *store, struct err *err)
{
	return approve(store, "b4711", err);
}

static bool step_of_nothing(struct store *store, struct err *err)
{
	char officer[] = "li", reason[] = "";
	const struct step step = {
	        .kind = STEP_SUBMIT, .officer = officer, .reason = reason, .at = now};

	return store_add_step(store, "b4711", &step, err);
}

static bool deliver_nothing(struct store *store, struct err *err)
{
	struct bulletin *b = sample_bulletin("暴雨");
	struct delivery d;

	mem_set_text(&b->id, "b4711");
	sample_delivery(&d, b, "sms-main");
	bool ok = store_add_delivery(store, &d, err);
	delivery_finish(&d);
	bulletin_destroy(&b);
	return ok;
}

static bool send_nothing(struct store *store, struct err *err)
{
	return store_delivery_sending(store, NONE, now, err);
}

static bool begin_nothing(struct store *store, struct err *err)
{
	return store_delivery_began(store, NONE, now, err);
}

static bool end_nothing(struct store *store, struct err *err)
{
	return store_delivery_state(store, NONE, DELIVERY_DELIVERED, 0, "", "", "", now, err);
}

static bool reach_nobody(struct store *store, struct err *err)
{
	static const unsigned char first[] = {1}, nobody[] = {0};

	return store_delivery_recipients(store, NONE, first, nobody, 1, now, err);
}

static bool move_another(struct store *store, struct err *err)
{
	return store_move_identity(store, "sender", "identifier", now, "0123", "b2", "b1", err);
}

static bool drop_no_token(struct store *store, struct err *err)
{
	return store_drop_token(store, "nobody", err);
}

static bool bind_exercise(struct store *store, struct err *err)
{
	return store_bind_mode(store, MODE_EXERCISE, err);
}

static bool end_no_hold(struct store *store, struct err *err)
{
	int64_t begun;

	return store_hold_end(store, "wang", SENT_UNKNOWN, now, &begun, err);
}

static bool close_no_duty(struct store *store, struct err *err)
{
	return store_close_duty(store, NONE, "wang", "", "", now, err);
}

static bool close_no_change(struct store *store, struct err *err)
{
	return store_close_change(store, "none", CHANGE_REFUSED, "wang", "", now, err);
}

/* --- what is not found --------------------------------------------------------------------------
 */

static bool get_nothing(struct store *store, struct err *err)
{
	struct bulletin *b = NULL;

	return store_get_bulletin(store, "b4711", &b, err);
}

static bool get_no_number(struct store *store, struct err *err)
{
	struct bulletin *b = NULL;

	return store_get_bulletin(store, "", &b, err);
}

static bool get_no_staged(struct store *store, struct err *err)
{
	struct bulletin *b = NULL;

	return store_get_staged(store, "b1", "cancel", &b, err);
}

static bool get_no_delivery(struct store *store, struct err *err)
{
	struct delivery d;

	return store_get_delivery(store, NONE, &d, err);
}

static bool get_no_block(struct store *store, struct err *err)
{
	char *lines = NULL;

	return store_audience_block(store, "b1", "sms-main", NONE, &lines, err);
}

static bool find_no_far_id(struct store *store, struct err *err)
{
	int64_t id;

	return store_find_far_id(store, "sms-main", "nothing", &id, err);
}

static bool find_no_identity(struct store *store, struct err *err)
{
	char digest[DIGEST_HEX];
	char *bulletin = NULL;

	return store_find_identity(store, "sender", "other", now, digest, &bulletin, err);
}

static bool find_no_message(struct store *store, struct err *err)
{
	int64_t sent;
	char *bulletin = NULL;

	return store_find_message(store, "other", "identifier", &sent, &bulletin, err);
}

static bool find_no_answer(struct store *store, struct err *err)
{
	char digest[DIGEST_HEX];
	char *answer = NULL;
	int status;

	return store_find_idempotent(store, "name", "other", digest, &status, &answer, err);
}

static bool find_no_token(struct store *store, struct err *err)
{
	struct token token;

	return store_find_token(store, "4567", now, &token, err);
}

static bool get_no_words(struct store *store, struct err *err)
{
	char *manifest = NULL, *cap = NULL;

	return store_get_words(store, "b1", "0123", &manifest, &cap, err);
}

static bool get_no_input(struct store *store, struct err *err)
{
	char *bytes = NULL;
	size_t len;

	return store_get_intake_bytes(store, NONE, &bytes, &len, err);
}

static bool get_no_incident(struct store *store, struct err *err)
{
	struct incident incident = {0};

	return store_get_incident(store, "none", &incident, err);
}

static bool get_no_policy(struct store *store, struct err *err)
{
	struct policy_version version = {0};

	return store_get_policy_version(store, NONE, &version, err);
}

/* A reader changes nothing. */
static bool change_by_reader(struct store *store, struct err *err)
{
	return store_audit(store, "line", "reader", NULL, now, err);
}

static const struct refusal {
	const char *name;
	bool (*act)(struct store *store, struct err *err);
	enum err_kind kind;
	bool asks; /* of a reader; else it is a change */
} refusals[] = {
        {"a bulletin put over a newer one", put_stale, ERR_CONFLICT, false},
        {"a bulletin nobody has", put_unknown, ERR_MISSING, false},
        {"an approval given twice", approve_twice, ERR_CONFLICT, false},
        {"an approval of nothing", approve_nothing, ERR_MISSING, false},
        {"a step of nothing", step_of_nothing, ERR_CONFLICT, false},
        {"a delivery of nothing", deliver_nothing, ERR_CONFLICT, false},
        {"a delivery nobody has, handed out", send_nothing, ERR_MISSING, false},
        {"a delivery nobody has, begun", begin_nothing, ERR_MISSING, false},
        {"a delivery nobody has, ended", end_nothing, ERR_MISSING, false},
        {"a delivery nobody has, its recipients", reach_nobody, ERR_MISSING, false},
        {"a token's name given twice", add_token, ERR_CONFLICT, false},
        {"a token nobody has, dropped", drop_no_token, ERR_MISSING, false},
        {"an identity given twice", add_identity, ERR_CONFLICT, false},
        {"an identity moved from another", move_another, ERR_CONFLICT, false},
        {"a key answered twice", answer_once, ERR_CONFLICT, false},
        {"a duty closed twice", close_duty, ERR_CONFLICT, false},
        {"a duty nobody has, closed", close_no_duty, ERR_CONFLICT, false},
        {"a change nobody has, closed", close_no_change, ERR_CONFLICT, false},
        {"another mode", bind_exercise, ERR_CONFIG, false},
        {"a hold that is none, ended", end_no_hold, ERR_CONFLICT, false},
        {"a bulletin", get_nothing, ERR_MISSING, true},
        {"a bulletin without a number", get_no_number, ERR_MISSING, true},
        {"a staged one", get_no_staged, ERR_MISSING, true},
        {"a delivery", get_no_delivery, ERR_MISSING, true},
        {"a block", get_no_block, ERR_MISSING, true},
        {"a far side's id", find_no_far_id, ERR_MISSING, true},
        {"an identity", find_no_identity, ERR_MISSING, true},
        {"a message", find_no_message, ERR_MISSING, true},
        {"an answer", find_no_answer, ERR_MISSING, true},
        {"a token", find_no_token, ERR_MISSING, true},
        {"words", get_no_words, ERR_MISSING, true},
        {"an input", get_no_input, ERR_MISSING, true},
        {"an incident", get_no_incident, ERR_MISSING, true},
        {"a policy", get_no_policy, ERR_MISSING, true},
        {"a change by a reader", change_by_reader, ERR_INTERNAL, true},
};

static bool act(struct store *store, void *arg, struct err *err)
{
	const struct refusal *refusal = arg;

	return refusal->act(store, err);
}

static void chain_end(struct peopled *p, int64_t *records, char head[DIGEST_HEX])
{
	struct store *reader = engine->reader(p->record, NULL);

	assert_true(store_audit_head(reader, records, head, NULL));
	engine->reader_close(&reader);
}

static void each_refusal_has_its_kind_and_leaves_nothing(void **state)
{
	struct peopled *p = *state;
	char before[DIGEST_HEX], after[DIGEST_HEX];
	int64_t records;
	long wrong = 0;

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *refusal = &refusals[i];
		struct store *reader = engine->reader(p->record, NULL);
		struct err err = {0};
		chain_end(p, &records, before);
		bool ok = refusal->asks ? refusal->act(reader, &err)
		                        : engine->change(p->record, 0, act, (void *)refusal, &err);
		chain_end(p, &records, after);
		engine->reader_close(&reader);
		bool right = !ok && err.kind == refusal->kind && *err.en && *err.zh &&
		             strcmp(before, after) == 0;
		if (!right)
			print_error("%s: %s, kind %d not %d: %s / %s\n", refusal->name,
			        ok ? "taken" : "refused", (int)err.kind, (int)refusal->kind, err.en,
			        err.zh);
		wrong += !right;
	}
	assert_int_equal(wrong, 0);
}

/* --- two who want the same ----------------------------------------------------------------------
 */

enum { BLOCKS = 50, CLAIMERS = 4 };

static bool add_blocks(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = NULL;
	bool ok = store_get_bulletin(store, "b1", &b, err);

	for (int i = 0; ok && i < BLOCKS; i++) {
		struct delivery d;
		sample_delivery(&d, b, "sms-main");
		d.block = i + 1;
		ok = store_add_delivery(store, &d, err);
		((int64_t *)arg)[i] = d.id;
		delivery_finish(&d);
	}
	bulletin_destroy(&b);
	return ok;
}

static bool claim(struct store *store, void *arg, struct err *err)
{
	return store_delivery_sending(store, *(int64_t *)arg, now, err);
}

struct claimer {
	struct record *record;
	int64_t *ids;
	int won;
};

static void *claim_all(void *arg)
{
	struct claimer *c = arg;

	for (int i = 0; i < BLOCKS; i++)
		c->won += engine->change(c->record, i % 3, claim, &c->ids[i], NULL);
	return NULL;
}

static void a_block_is_claimed_by_one(void **state)
{
	struct peopled *p = *state;
	struct claimer claimers[CLAIMERS];
	pthread_t threads[CLAIMERS];
	int64_t ids[BLOCKS];
	int won = 0;

	assert_true(engine->change(p->record, 0, add_blocks, ids, NULL));
	for (int i = 0; i < CLAIMERS; i++) {
		claimers[i] = (struct claimer){p->record, ids, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, claim_all, &claimers[i]), 0);
	}
	for (int i = 0; i < CLAIMERS; i++) {
		pthread_join(threads[i], NULL);
		won += claimers[i].won;
	}
	assert_int_equal(won, BLOCKS);
}

static bool reword(struct store *store, void *arg, struct err *err)
{
	return store_put_bulletin(store, arg, err);
}

static void who_read_before_another_wrote_writes_nothing(void **state)
{
	struct peopled *p = *state;
	struct store *reader = engine->reader(p->record, NULL);
	struct bulletin *mine = NULL, *theirs = NULL, *stored = NULL;
	struct err err = {0};

	assert_true(store_get_bulletin(reader, "b2", &mine, NULL));
	assert_true(store_get_bulletin(reader, "b2", &theirs, NULL));
	mem_put_text(&theirs->headline, "大风，改过");
	mem_put_text(&mine->headline, "大风，也改过");
	assert_true(engine->change(p->record, 0, reword, theirs, &err));
	assert_false(engine->change(p->record, 0, reword, mine, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_true(store_get_bulletin(reader, "b2", &stored, NULL));
	assert_string_equal(stored->headline, "大风，改过");
	engine->reader_close(&reader);
	bulletin_destroy(&mine);
	bulletin_destroy(&theirs);
	bulletin_destroy(&stored);
}

static void a_place_has_one_holder(void **state)
{
	struct peopled *p = *state;
	struct err err = {0};

	assert_null(engine->open(p->place, &err));
	assert_int_equal(err.kind, ERR_BUSY);
	assert_true(*err.en && *err.zh);
	engine->close(&p->record);
	p->record = engine->open(p->place, &err);
	assert_non_null(p->record);
}

int record_refusals(const struct engine *one)
{
	const struct CMUnitTest tests[] = {
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	        CASE(each_refusal_has_its_kind_and_leaves_nothing),
	        CASE(a_block_is_claimed_by_one),
	        CASE(who_read_before_another_wrote_writes_nothing),
	        CASE(a_place_has_one_holder),
#undef CASE
	};

	engine = one;
	return cmocka_run_group_tests_name(one->name, tests, NULL, NULL);
}
