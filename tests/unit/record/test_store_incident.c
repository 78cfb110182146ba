/* SPDX-License-Identifier: Apache-2.0
 * Tests of store_incident: where an incident stands follows its steps, and of two only one is next.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"
#include "store_incident.h"

static void add(struct place *place, const char *id)
{
	struct incident incident = {.id = mem_text(id),
	        .title = mem_text("储罐泄漏"),
	        .hazard = mem_text("12D03"),
	        .handler = mem_text(""),
	        .opened = now,
	        .opener = mem_text("emb-lead")};
	struct err err = {0};

	texts_add(&incident.areas, "120116");
	texts_add(&incident.areas, "120101");
	bool ok = store_add_incident(begin_change(place), &incident, &err);
	end_change(place, ok);
	if (!ok)
		fail_msg("%s", err.en);
	incident_finish(&incident);
}

static struct incident stands(struct place *place, const char *id)
{
	struct incident incident;

	assert_true(store_get_incident(place->store, id, &incident, NULL));
	return incident;
}

/* The step from where the record says it stands; *head is the digest it will have. */
static bool take(struct place *place, const struct incident *at, enum act act, const char *to,
        struct err *err)
{
	struct incident_step step = {.incident = at->id,
	        .sequence = at->sequence + 1,
	        .act = act,
	        .mode = MODE_LIVE,
	        .hazard = at->hazard,
	        .areas = at->areas,
	        .from = at->handler,
	        .to = (char *)to,
	        .reason = (char *)""};
	struct signed_step kept = {.proof = {.officer = mem_text("emb-lead"),
	                                   .time = now,
	                                   .signature = mem_text("c2ln")}};
	struct incident_step again;
	struct buf text;

	memcpy(step.previous, at->head, DIGEST_HEX);
	buf_init(&text, 0);
	incident_step_write(&step, &text);
	kept.text = buf_take(&text);
	assert_true(signed_step_open(&kept, &again, NULL));
	bool ok = store_add_incident_step(begin_change(place), &again, &kept, now, err);
	end_change(place, ok);
	incident_step_finish(&again);
	signed_step_finish(&kept);
	return ok;
}

static void opened_and_found(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	struct incident_list list;

	add(place, "");
	add(place, "2026-北塘 07");
	struct incident first = stands(place, "i-1");
	assert_string_equal(first.title, "储罐泄漏");
	assert_int_equal(first.areas.count, 2);
	assert_int_equal(first.state, INCIDENT_OPEN);
	assert_string_equal(first.handler, "");
	incident_finish(&first);
	assert_true(store_list_incidents(place->store, -1, 10, &list, &err));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].id, "2026-北塘 07");
	incident_list_finish(&list);
	assert_true(store_list_incidents(place->store, INCIDENT_CLOSED, 10, &list, &err));
	assert_int_equal(list.count, 0);
	incident_list_finish(&list);
	assert_false(store_get_incident(place->store, "i-2", &first, &err));
	assert_int_equal(err.kind, ERR_MISSING);
}

static void one_of_a_name(void **state)
{
	struct place *place = *state;
	struct incident same = {.id = mem_text("i-7"),
	        .title = mem_text("x"),
	        .hazard = mem_text("12D03"),
	        .opener = mem_text("emb-lead")};
	struct err err = {0};

	add(place, "i-7");
	bool ok = store_add_incident(begin_change(place), &same, &err);
	end_change(place, ok);
	assert_false(ok);
	assert_int_equal(err.kind, ERR_CONFLICT);
	incident_finish(&same);
}

static void follows_its_steps(void **state)
{
	struct place *place = *state;
	struct signed_steps steps;
	struct err err = {0};

	add(place, "i-1");
	static const struct {
		enum act act;
		const char *to;
		enum incident_state then;
	} life[] = {{ACT_ASSIGN, "tj-binhai", INCIDENT_OPEN},
	        {ACT_HANDOVER, "tj-emb", INCIDENT_OPEN}, {ACT_CLOSE, "", INCIDENT_CLOSED},
	        {ACT_ASSIGN, "tj-binhai", INCIDENT_OPEN}};
	for (size_t i = 0; i < sizeof life / sizeof life[0]; i++) {
		struct incident at = stands(place, "i-1");
		if (!take(place, &at, life[i].act, life[i].to, &err))
			fail_msg("step %zu: %s", i + 1, err.en);
		incident_finish(&at);
		at = stands(place, "i-1");
		assert_string_equal(at.handler, life[i].to);
		assert_int_equal(at.state, life[i].then);
		assert_int_equal(at.sequence, i + 1);
		incident_finish(&at);
	}
	assert_true(store_list_incident_steps(place->store, "i-1", &steps, &err));
	assert_int_equal(steps.count, 4);
	assert_non_null(strstr(steps.items[1].text, "\nto tj-emb\n"));
	signed_steps_finish(&steps);
	assert_true(store_list_incident_steps(place->store, "never", &steps, &err));
	assert_int_equal(steps.count, 0);
}

/* Two saw the same; the second one is told, and nothing of it is kept. */
static void of_two_one_is_next(void **state)
{
	struct place *place = *state;
	struct signed_steps steps;
	struct err err = {0};

	add(place, "i-1");
	struct incident seen = stands(place, "i-1");
	assert_true(take(place, &seen, ACT_ASSIGN, "tj-binhai", &err));
	assert_false(take(place, &seen, ACT_ASSIGN, "tj-emb", &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	incident_finish(&seen);
	seen = stands(place, "i-1");
	assert_string_equal(seen.handler, "tj-binhai");
	seen.head[0] = seen.head[0] == '0' ? '1' : '0';
	assert_false(take(place, &seen, ACT_HANDOVER, "tj-emb", &err));
	incident_finish(&seen);
	assert_true(store_list_incident_steps(place->store, "i-1", &steps, &err));
	assert_int_equal(steps.count, 1);
	signed_steps_finish(&steps);
}

static void keeps_its_bulletins_together(void **state)
{
	struct place *place = *state;
	struct bulletin_list list;
	struct err err = {0};
	static const char *const incidents[] = {"i-1", "i-2", "i-1"};

	for (size_t i = 0; i < 3; i++) {
		struct bulletin *b = sample_bulletin("通报");
		mem_set_text(&b->incident, incidents[i]);
		must_put(place, b);
		bulletin_destroy(&b);
	}
	assert_true(store_list_incident_bulletins(place->store, "i-1", &list, &err));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0]->id, "b1");
	assert_string_equal(list.items[1]->id, "b3");
	bulletin_list_finish(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(opened_and_found, place_open, place_close),
	        cmocka_unit_test_setup_teardown(one_of_a_name, place_open, place_close),
	        cmocka_unit_test_setup_teardown(follows_its_steps, place_open, place_close),
	        cmocka_unit_test_setup_teardown(of_two_one_is_next, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                keeps_its_bulletins_together, place_open, place_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
