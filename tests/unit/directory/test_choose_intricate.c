/* SPDX-License-Identifier: Apache-2.0
 * Drawn areas made to take long: thousands of teeth before everybody. They end in time, keep
 * nothing, and never occupy more than one thread that counts.
 */
#include "directory_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "store_db.h"

enum { CROWD = 3000, TEETH = 3000 };

struct drawing {
	struct people *people;
	struct cap_alert *alert;
	const struct cap_area *drawn[1];
	struct selection selection;
	atomic_bool enough;
};

static void make_crowd(struct people *people)
{
	struct buf csv;

	buf_init(&csv, 0);
	buf_text(&csv, "number,longitude,latitude\n");
	for (int n = 0; n < CROWD; n++)
		buf_format(&csv, "139%08d,%.6f,%.6f\n", n, 117 + n % 997 / 997.0,
		        39.3 + n % 991 / 2500.0);
	people_enforce(people, csv.data);
	buf_finish(&csv);
}

static void draw_comb(struct cap_area *area)
{
	struct buf text;

	buf_init(&text, 0);
	for (int i = 0; i < TEETH; i++)
		buf_format(&text, "%s,%.6f ", i % 2 ? "39.2" : "39.8", 117 + i / (double)TEETH);
	buf_text(&text, "39.1,118 39.1,117 39.8,117");
	assert_true(cap_area_add_polygon(area, text.data, NULL));
	buf_finish(&text);
}

static struct drawing *draw(struct people *people)
{
	struct drawing *d = mem_zero(sizeof *d);

	d->people = people;
	d->alert = cap_alert_create();
	struct cap_area *area = cap_info_add_area(cap_alert_add_info(d->alert));
	draw_comb(area);
	d->drawn[0] = area;
	d->selection = (struct selection){
	        .drawn = d->drawn, .drawn_count = 1, .any_level = true, .kind = KIND_WARNING};
	make_crowd(people);
	return d;
}

static void drop(struct drawing *d)
{
	cap_alert_destroy(&d->alert);
	free(d);
}

static void it_ends_in_time_and_keeps_nothing(void **state)
{
	struct people *people = *state;
	struct drawing *d = draw(people);
	struct store *store = directory_open(people->folder, false, NULL);
	struct store *writer = directory_open(people->folder, true, NULL);
	struct audience audience = {0};
	struct chosen_count count;
	struct err err = {0};
	struct query q;

	d->selection.within = 1;
	assert_false(choose_count(store, &d->selection, &count, &err));
	assert_int_equal(err.kind, ERR_BUSY);
	assert_false(choose_freeze(store, writer, &d->selection, 5000, &audience, &err));
	assert_int_equal(err.kind, ERR_BUSY);
	query_begin(&q, store, "SELECT COUNT(*) FROM audience", &err);
	assert_true(query_row(&q));
	assert_int_equal(query_get_int(&q), 0);
	assert_true(query_end(&q));
	d->selection.within = 0;
	assert_true(choose_count(store, &d->selection, &count, &err)); /* and the next one may */
	assert_in_range(count.people, 1, CROWD);
	directory_close(&writer);
	directory_close(&store);
	drop(d);
}

/* As a figure beforehand and frozen alike: what may be counted may be sent. */
static void too_many_corners_are_refused(void **state)
{
	struct people *people = *state;
	struct drawing *d = draw(people);
	struct store *store = directory_open(people->folder, false, NULL);
	struct store *writer = directory_open(people->folder, true, NULL);
	struct audience audience = {0};
	struct chosen_count count;
	struct err err = {0};

	d->selection.looks = 1000 * TEETH; /* a third of the crowd */
	assert_false(choose_count(store, &d->selection, &count, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.en, "has 3003 corners"));
	assert_false(choose_freeze(store, writer, &d->selection, 5000, &audience, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	d->selection.looks = 2 * (int64_t)CROWD * TEETH;
	assert_true(choose_count(store, &d->selection, &count, &err));
	directory_close(&writer);
	directory_close(&store);
	drop(d);
}

static void *count_on(void *arg)
{
	struct drawing *d = arg;
	struct store *store = directory_open(d->people->folder, false, NULL);
	struct chosen_count count;

	while (store && !atomic_load(&d->enough))
		choose_count(store, &d->selection, &count, NULL);
	directory_close(&store);
	return NULL;
}

static void one_at_a_time(void **state)
{
	struct people *people = *state;
	struct drawing *d = draw(people);
	struct store *store = directory_open(people->folder, false, NULL);
	struct texts tianjin = one_word("120000");
	struct selection by_code = {.divisions = &tianjin, .any_level = true, .kind = KIND_WARNING};
	struct chosen_count count;
	struct err err = {0};
	pthread_t other;

	assert_int_equal(pthread_create(&other, NULL, count_on, d), 0);
	while (choose_count(store, &d->selection, &count, &err))
		;
	assert_int_equal(err.kind, ERR_BUSY);
	assert_true(choose_count(store, &by_code, &count, &err)); /* divisions are no matter */
	atomic_store(&d->enough, true);
	assert_int_equal(pthread_join(other, NULL), 0);
	texts_finish(&tianjin);
	directory_close(&store);
	drop(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                it_ends_in_time_and_keeps_nothing, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                too_many_corners_are_refused, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(one_at_a_time, people_begin, people_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
