/* SPDX-License-Identifier: Apache-2.0
 * record_contract - see record_contract.h. Numbers in the names are those of the invariants. What a
 * kill leaves is each engine's own to try (tests/unit/record/test_record_kill.c); here a record is
 * closed and opened.
 */
#include "record_contract.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static const struct engine *engine; /* the one under test, for cmocka's functions */

struct under_test {
	char *place;
	struct record *record;
};

static int set_up(void **state)
{
	struct under_test *t = mem_zero(sizeof *t);
	struct err err = {0};

	t->place = engine->place();
	t->record = engine->open(t->place, &err);
	if (!t->record)
		print_error("%s\n", err.en);
	*state = t;
	return t->record ? 0 : -1;
}

static int tear_down(void **state)
{
	struct under_test *t = *state;

	engine->close(&t->record);
	engine->remove(&t->place);
	free(t);
	return 0;
}

static void again(struct under_test *t)
{
	struct err err = {0};

	engine->close(&t->record);
	t->record = engine->open(t->place, &err);
	if (!t->record)
		fail_msg("%s", err.en);
}

static bool put(struct store *store, void *arg, struct err *err)
{
	return store_put_bulletin(store, arg, err);
}

static struct bulletin *get(struct under_test *t, const char *id)
{
	struct store *reader = engine->reader(t->record, NULL);
	struct bulletin *b = NULL;
	struct err err = {0};

	if (!store_get_bulletin(reader, id, &b, &err))
		fail_msg("%s", err.en);
	engine->reader_close(&reader);
	return b;
}

/* One in this state, by a way that is drawn. */
static struct bulletin *bulletin_in(struct under_test *t, enum bulletin_state state)
{
	struct bulletin *b = sample_bulletin("暴雨");
	struct err err = {0};
	bool ends = state == BULLETIN_SUPERSEDED || state == BULLETIN_CANCELLED ||
	            state == BULLETIN_EXPIRED;
	const enum bulletin_state way[] = {
	        state == BULLETIN_STAGED ? BULLETIN_STAGED : BULLETIN_DRAFT,
	        state == BULLETIN_REJECTED ? BULLETIN_SUBMITTED : BULLETIN_DRAFT,
	        ends ? BULLETIN_RELEASED : state, state};

	for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
		if (i && way[i] == b->state)
			continue;
		if (i == 1 && state == BULLETIN_STAGED)
			continue;
		b->state = way[i];
		if (!engine->change(t->record, 0, put, b, &err))
			fail_msg("%s: %s", bulletin_state_text(state), err.en);
	}
	return b;
}

/* --- the arrows of a bulletin -------------------------------------------------------------------
 */

static const struct arrow {
	enum bulletin_state from, to;
} drawn[] = {
        {BULLETIN_DRAFT, BULLETIN_SUBMITTED},
        {BULLETIN_SUBMITTED, BULLETIN_APPROVED},
        {BULLETIN_SUBMITTED, BULLETIN_DRAFT},
        {BULLETIN_APPROVED, BULLETIN_DRAFT},
        {BULLETIN_SUBMITTED, BULLETIN_REJECTED},
        {BULLETIN_APPROVED, BULLETIN_REJECTED},
        {BULLETIN_DRAFT, BULLETIN_DISCARDED},
        {BULLETIN_SUBMITTED, BULLETIN_RELEASED},
        {BULLETIN_APPROVED, BULLETIN_RELEASED},
        {BULLETIN_DRAFT, BULLETIN_RELEASED}, /* a relay */
        {BULLETIN_STAGED, BULLETIN_RELEASED},
        {BULLETIN_RELEASED, BULLETIN_SUPERSEDED},
        {BULLETIN_RELEASED, BULLETIN_CANCELLED},
        {BULLETIN_RELEASED, BULLETIN_EXPIRED},
};

static void every_drawn_arrow_is_gone(void **state)
{
	struct under_test *t = *state;
	struct err err = {0};

	for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++) {
		struct bulletin *b = bulletin_in(t, drawn[i].from);
		b->state = drawn[i].to;
		if (!engine->change(t->record, 0, put, b, &err))
			fail_msg("%s to %s: %s", bulletin_state_text(drawn[i].from),
			        bulletin_state_text(drawn[i].to), err.en);
		struct bulletin *stored = get(t, b->id);
		assert_int_equal(stored->state, drawn[i].to);
		bulletin_destroy(&stored);
		bulletin_destroy(&b);
	}
}

static bool is_drawn(enum bulletin_state from, enum bulletin_state to)
{
	for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++)
		if (drawn[i].from == from && drawn[i].to == to)
			return true;
	return false;
}

static void a_refused_arrow(struct under_test *t, struct bulletin *b, enum bulletin_state to)
{
	struct err err = {0};
	enum bulletin_state from = b->state;

	b->state = to;
	if (engine->change(t->record, 0, put, b, &err))
		fail_msg("%s became %s", bulletin_state_text(from), bulletin_state_text(to));
	assert_int_equal(err.kind, ERR_CONFLICT);
	struct bulletin *stored = get(t, b->id);
	assert_int_equal(stored->state, from);
	bulletin_destroy(&stored);
	b->state = from;
}

/* What was released only ends, and an end is one. */
static void no_arrow_leads_back_from_a_release(void **state)
{
	static const enum bulletin_state fixed[] = {BULLETIN_RELEASED, BULLETIN_SUPERSEDED,
	        BULLETIN_CANCELLED, BULLETIN_EXPIRED, BULLETIN_REJECTED, BULLETIN_DISCARDED};
	struct under_test *t = *state;

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
		struct bulletin *b = bulletin_in(t, fixed[i]);
		for (int to = 0; to < BULLETIN_STATE_COUNT; to++)
			if (to != (int)fixed[i] && !is_drawn(fixed[i], (enum bulletin_state)to))
				a_refused_arrow(t, b, (enum bulletin_state)to);
		bulletin_destroy(&b);
	}
}

/* --- 1: told after it is on disk ----------------------------------------------------------------
 */

struct telling {
	struct under_test *t;
	sem_t told;
	bool seen;
};

static bool put_sample(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = sample_bulletin("暴雨");
	bool ok = store_put_bulletin(store, b, err);

	(void)arg;
	bulletin_destroy(&b);
	return ok;
}

static void look(void *arg, bool ok, const struct err *err)
{
	struct telling *telling = arg;
	struct store *reader = engine->reader(telling->t->record, NULL);
	struct bulletin *b = NULL;

	(void)err;
	telling->seen = ok && reader && store_get_bulletin(reader, "b1", &b, NULL);
	bulletin_destroy(&b);
	engine->reader_close(&reader);
	sem_post(&telling->told);
}

static void invariant_1_whoever_is_told_can_read_it(void **state)
{
	struct telling telling = {.t = *state};

	sem_init(&telling.told, 0, 0);
	engine->post(telling.t->record, 4, put_sample, look, &telling);
	sem_wait(&telling.told);
	sem_destroy(&telling.told);
	assert_true(telling.seen);
}

/* --- 2: bytes recorded stay ---------------------------------------------------------------------
 */

static void reword(struct bulletin *b, int what)
{
	char **words[] = {&b->cap, &b->manifest, &b->signed_cap, &b->texts[0].body};
	char **place = words[what];

	free(*place);
	*place = mem_text("other words");
}

static void invariant_2_what_was_released_is_not_reworded(void **state)
{
	struct under_test *t = *state;
	struct err err = {0};

	for (int what = 0; what < 4; what++) {
		struct bulletin *b = bulletin_in(t, BULLETIN_RELEASED);
		struct bulletin *before = get(t, b->id);
		reword(b, what);
		/* Refused, or the words are left alone: never changed. */
		engine->change(t->record, 0, put, b, &err);
		struct bulletin *after = get(t, b->id);
		assert_string_equal(before->cap, after->cap);
		assert_string_equal(before->manifest, after->manifest);
		assert_string_equal(before->texts[0].body, after->texts[0].body);
		assert_true(!before->signed_cap == !after->signed_cap);
		bulletin_destroy(&before);
		bulletin_destroy(&after);
		bulletin_destroy(&b);
	}
}

/* --- 3: approvals and the words they are over ---------------------------------------------------
 */

static bool approve(struct store *store, void *arg, struct err *err)
{
	struct proof proof;

	sample_proof(&proof, ACT_SIGN, "wang");
	bool ok = store_add_approval(store, arg, &proof, now, err);
	proof_finish(&proof);
	return ok;
}

static bool edit(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = arg;

	b->state = BULLETIN_DRAFT;
	return store_void_approvals(store, b->id, err) && store_put_bulletin(store, b, err);
}

static bool edit_too_late(struct store *store, void *arg, struct err *err)
{
	return edit(store, arg, err) && err_set(err, ERR_DENIED, "不行", "no");
}

static size_t approvals_of(struct under_test *t, const char *id)
{
	struct store *reader = engine->reader(t->record, NULL);
	struct approval_list list = {0};

	assert_true(store_list_approvals(reader, id, &list, NULL));
	size_t count = list.count;
	approval_list_finish(&list);
	engine->reader_close(&reader);
	return count;
}

static void invariant_3_an_edit_voids_what_was_approved_or_is_none(void **state)
{
	struct under_test *t = *state;
	struct bulletin *b = bulletin_in(t, BULLETIN_SUBMITTED);
	struct err err = {0};

	assert_true(engine->change(t->record, 0, approve, b->id, &err));
	assert_int_equal(approvals_of(t, b->id), 1);
	engine->change(t->record, 0, approve, b->id, &err); /* refused or not: it counts once */
	assert_int_equal(approvals_of(t, b->id), 1);
	assert_false(engine->change(t->record, 0, edit_too_late, b, &err));
	assert_int_equal(approvals_of(t, b->id), 1);
	bulletin_destroy(&b);
	b = get(t, "b1");
	assert_true(engine->change(t->record, 0, edit, b, &err));
	assert_int_equal(approvals_of(t, b->id), 0);
	bulletin_destroy(&b);
}

/* --- 4: orders of release -----------------------------------------------------------------------
 */

enum { THREADS = 4, EACH = 25 };

static bool release(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = sample_bulletin("暴雨");
	int64_t *order = arg;

	b->state = BULLETIN_RELEASED;
	bool ok = store_put_bulletin(store, b, err);
	*order = b->order;
	bulletin_destroy(&b);
	return ok;
}

struct releasing {
	struct record *record;
	int64_t orders[EACH];
	bool ok;
};

static void *release_some(void *arg)
{
	struct releasing *r = arg;

	r->ok = true;
	for (int i = 0; i < EACH; i++)
		r->ok = engine->change(r->record, i % 5, release, &r->orders[i], NULL) && r->ok;
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void invariant_4_each_release_has_an_order_of_its_own(void **state)
{
	struct under_test *t = *state;
	struct releasing r[THREADS] = {0};
	pthread_t threads[THREADS];
	int64_t all[THREADS * EACH];

	for (int i = 0; i < THREADS; i++) {
		r[i].record = t->record;
		assert_int_equal(pthread_create(&threads[i], NULL, release_some, &r[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_true(r[i].ok);
		for (int k = 0; k < EACH; k++) {
			all[i * EACH + k] = r[i].orders[k];
			assert_true(k == 0 || r[i].orders[k] > r[i].orders[k - 1]);
		}
	}
	qsort(all, THREADS * EACH, sizeof *all, by_number);
	for (int i = 1; i < THREADS * EACH; i++)
		assert_true(all[i] > all[i - 1]);
	again(t);
	int64_t next;
	assert_true(engine->change(t->record, 0, release, &next, NULL));
	assert_true(next > all[THREADS * EACH - 1]);
}

/* --- 5: every delivery ends, once ---------------------------------------------------------------
 */

struct step_of {
	int64_t id;
	enum delivery_state to;
};

static bool add_delivery(struct store *store, void *arg, struct err *err)
{
	struct step_of *step = arg;
	struct bulletin *b = NULL;
	struct delivery d;

	if (!store_get_bulletin(store, "b1", &b, err))
		return false;
	sample_delivery(&d, b, "sms-main");
	d.block = (int)step->id;
	bool ok = store_add_delivery(store, &d, err);
	step->id = d.id;
	delivery_finish(&d);
	bulletin_destroy(&b);
	return ok;
}

static bool go(struct store *store, void *arg, struct err *err)
{
	const struct step_of *step = arg;

	return step->to == DELIVERY_SENDING
	               ? store_delivery_sending(store, step->id, now, err)
	               : store_delivery_state(store, step->id, step->to, 0, "", "", "", now, err);
}

static enum delivery_state state_of(struct under_test *t, int64_t id)
{
	struct store *reader = engine->reader(t->record, NULL);
	struct delivery d;

	assert_true(store_get_delivery(reader, id, &d, NULL));
	enum delivery_state state = d.state;
	delivery_finish(&d);
	engine->reader_close(&reader);
	return state;
}

static bool may_go(enum delivery_state from, enum delivery_state to)
{
	if (to == DELIVERY_SENDING)
		return from == DELIVERY_WAITING;
	return from == DELIVERY_WAITING || from == DELIVERY_SENDING || from == DELIVERY_UNKNOWN;
}

/* A new one is brought to `from` and asked to become `to`. */
static void try_arrow(
        struct under_test *t, int block, enum delivery_state from, enum delivery_state to)
{
	struct step_of step = {.id = block};
	struct err err = {0};

	assert_true(engine->change(t->record, 0, add_delivery, &step, &err));
	step.to = from;
	if (from != DELIVERY_WAITING)
		assert_true(engine->change(t->record, 0, go, &step, &err));
	step.to = to;
	bool went = engine->change(t->record, 0, go, &step, &err);
	if (went != may_go(from, to))
		fail_msg("%s to %s: %s", delivery_state_text(from), delivery_state_text(to),
		        went ? "went" : err.en);
	assert_int_equal(state_of(t, step.id), went ? to : from);
	if (!went)
		assert_int_equal(err.kind, ERR_CONFLICT);
}

static void invariant_5_a_final_word_is_never_left(void **state)
{
	struct under_test *t = *state;
	struct bulletin *b = bulletin_in(t, BULLETIN_RELEASED);
	int block = 0;

	for (int from = 0; from < DELIVERY_STATE_COUNT; from++)
		for (int to = 0; to < DELIVERY_STATE_COUNT; to++)
			try_arrow(t, block++, (enum delivery_state)from, (enum delivery_state)to);
	bulletin_destroy(&b);
}

static void the_same_job_is_never_stored_twice(void **state)
{
	struct under_test *t = *state;
	struct bulletin *b = bulletin_in(t, BULLETIN_RELEASED);
	struct step_of step = {.id = 7};
	struct err err = {0};

	assert_true(engine->change(t->record, 0, add_delivery, &step, &err));
	step.id = 7;
	assert_false(engine->change(t->record, 0, add_delivery, &step, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	bulletin_destroy(&b);
}

/* --- 6: what stands after an end ----------------------------------------------------------------
 */

static bool half(struct store *store, void *arg, struct err *err)
{
	return put_sample(store, arg, err) && add_line(store, (void *)"half", err) &&
	       err_set(err, ERR_DENIED, "不行", "no");
}

static void invariant_6_whole_or_not_at_all(void **state)
{
	struct under_test *t = *state;
	struct bulletin *b = bulletin_in(t, BULLETIN_RELEASED);
	struct step_of step = {.id = 0, .to = DELIVERY_SENDING};
	struct delivery_list pending = {0};
	char head[DIGEST_HEX];
	int64_t records;
	struct err err = {0};

	assert_true(engine->change(t->record, 0, add_delivery, &step, &err));
	assert_true(engine->change(t->record, 0, go, &step, &err));
	assert_false(engine->change(t->record, 0, half, NULL, &err));
	again(t);
	struct store *reader = engine->reader(t->record, &err);
	struct bulletin *other = NULL;
	assert_false(store_get_bulletin(reader, "b2", &other, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_int_equal(lines_of(reader, "half"), 0);
	assert_true(store_list_pending(reader, &pending, &err));
	assert_int_equal(pending.count, 1);
	assert_int_equal(pending.items[0].id, step.id);
	assert_int_equal(pending.items[0].state, DELIVERY_SENDING);
	assert_true(store_audit_verify(reader, &records, head, &err));
	delivery_list_finish(&pending);
	engine->reader_close(&reader);
	bulletin_destroy(&b);
}

struct numbers {
	int64_t sequence;
	char *identifier;
};

static bool take_numbers(struct store *store, void *arg, struct err *err)
{
	struct numbers *n = arg;

	return store_next_sequence(store, "mqtt", &n->sequence, err) &&
	       store_take_identifier(store, "12000041600000", now, &n->identifier, err);
}

static bool take_and_fail(struct store *store, void *arg, struct err *err)
{
	return take_numbers(store, arg, err) && err_set(err, ERR_DENIED, "不行", "no");
}

static void numbers_are_given_once(void **state)
{
	struct under_test *t = *state;
	struct numbers first = {0}, refused = {0}, second = {0};
	struct err err = {0};

	assert_true(engine->change(t->record, 0, take_numbers, &first, &err));
	assert_false(engine->change(t->record, 0, take_and_fail, &refused, &err));
	again(t);
	assert_true(engine->change(t->record, 0, take_numbers, &second, &err));
	assert_int_equal(second.sequence, first.sequence + 1);
	assert_string_not_equal(second.identifier, first.identifier);
	free(first.identifier);
	free(refused.identifier);
	free(second.identifier);
}

int record_contract(const struct engine *one)
{
	const struct CMUnitTest tests[] = {
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	        CASE(every_drawn_arrow_is_gone),
	        CASE(no_arrow_leads_back_from_a_release),
	        CASE(invariant_1_whoever_is_told_can_read_it),
	        CASE(invariant_2_what_was_released_is_not_reworded),
	        CASE(invariant_3_an_edit_voids_what_was_approved_or_is_none),
	        CASE(invariant_4_each_release_has_an_order_of_its_own),
	        CASE(invariant_5_a_final_word_is_never_left),
	        CASE(the_same_job_is_never_stored_twice),
	        CASE(invariant_6_whole_or_not_at_all),
	        CASE(numbers_are_given_once),
#undef CASE
	};

	engine = one;
	return cmocka_run_group_tests_name(one->name, tests, NULL, NULL);
}
