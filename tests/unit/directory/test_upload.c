/* SPDX-License-Identifier: Apache-2.0
 * Uploads: in order, within what was said, one at a time, by whoever began it, and not for ever.
 */
#include "directory_fixture.h"

#include <stdatomic.h>
#include <stdio.h>

#include "upload.h"

enum { MOST = 1 << 20 };
static const char csv[] =
        "number,division\n13800000001,120116\n13800000002,120116\nnobody,120116\n";

static void expect(const struct people *people, bool ok, enum err_kind kind)
{
	assert_false(ok);
	assert_int_equal(people->err.kind, kind);
}

static void one_at_a_time_and_not_for_ever(void **state)
{
	struct people *people = *state;
	struct upload *u = upload_create(people->folder, MOST);
	char id[UPLOAD_ID], next[UPLOAD_ID];
	struct err *err = &people->err;

	expect(people, upload_begin(u, "a", MOST + 1, 0, id, err), ERR_TOO_BIG);
	expect(people, upload_begin(u, "a", 0, 0, id, err), ERR_INPUT);
	assert_true(upload_begin(u, "a", 10, 0, id, err));
	expect(people, upload_begin(u, "a", 10, 0, next, err), ERR_CONFLICT);
	assert_true(upload_part(u, id, "a", 0, "12345", 5, UPLOAD_IDLE_MS - 1, err));
	upload_run_out(u, 2 * UPLOAD_IDLE_MS - 2);
	expect(people, upload_begin(u, "b", 10, 2 * UPLOAD_IDLE_MS - 2, next, err), ERR_CONFLICT);
	assert_true(upload_begin(u, "b", 10, 2 * UPLOAD_IDLE_MS - 1, next, err));
	expect(people, upload_part(u, id, "a", 5, "6", 1, 2 * UPLOAD_IDLE_MS, err), ERR_MISSING);
	upload_destroy(&u);
}

static void in_order_by_one(void **state)
{
	struct people *people = *state;
	struct upload *u = upload_create(people->folder, MOST);
	char id[UPLOAD_ID];
	struct err *err = &people->err;

	assert_true(upload_begin(u, "a", 10, 0, id, err));
	expect(people, upload_part(u, id, "b", 0, "12345", 5, 0, err), ERR_DENIED);
	expect(people, upload_part(u, id, "a", 1, "12345", 5, 0, err), ERR_CONFLICT);
	assert_true(upload_part(u, id, "a", 0, "12345", 5, 0, err));
	expect(people, upload_part(u, id, "a", 0, "12345", 5, 0, err), ERR_CONFLICT);
	expect(people, upload_part(u, id, "a", 5, "123456", 6, 0, err), ERR_TOO_BIG);
	expect(people, upload_whole(u, id, "a", 0, err), ERR_CONFLICT);
	expect(people, upload_drop(u, id, "b", err), ERR_DENIED);
	assert_true(upload_drop(u, id, "a", err));
	expect(people, upload_drop(u, id, "a", err), ERR_MISSING);
	upload_destroy(&u);
}

/* -> what became of it */
static struct upload_seen import_csv(struct people *people, struct upload *u, long most, int ending)
{
	atomic_int end = ending;
	struct import order = {.folder = people->folder,
	        .catalog = people->catalog,
	        .faults_most = most,
	        .now = 1000,
	        .ending = &end};
	struct upload_seen seen;
	char id[UPLOAD_ID];
	struct err *err = &people->err;

	assert_true(upload_begin(u, "a", sizeof csv - 1, 0, id, err));
	assert_true(upload_part(u, id, "a", 0, csv, 20, 0, err));
	assert_true(upload_part(u, id, "a", 20, csv + 20, sizeof csv - 21, 0, err));
	assert_true(upload_whole(u, id, "a", 0, err));
	expect(people, upload_drop(u, id, "a", err), ERR_CONFLICT);
	upload_import(u, &order);
	upload_look(u, &seen);
	return seen;
}

static void becomes_a_generation(void **state)
{
	struct people *people = *state;
	struct upload *u = upload_create(people->folder, MOST);
	struct upload_seen seen = import_csv(people, u, 50, 0);
	struct buf faults;

	assert_int_equal(seen.state, UPLOAD_DONE);
	assert_true(seen.generation > 0 && seen.read == 2 && seen.faults);
	upload_seen_finish(&seen);
	buf_init(&faults, 0);
	assert_true(upload_faults(u, 4096, &faults, &people->err));
	assert_non_null(strstr(faults.data, "\n4,number,"));
	assert_null(strstr(faults.data, "nobody"));
	assert_null(strstr(faults.data, "cut here"));
	faults.len = 0;
	assert_true(upload_faults(u, strlen(IMPORT_ERRORS_HEADING) + 5, &faults, &people->err));
	assert_null(strstr(faults.data, "\n4,number,"));
	assert_non_null(strstr(faults.data, "cut here"));
	buf_finish(&faults);
	upload_destroy(&u);
}

static void refused_with_the_reason(void **state)
{
	struct people *people = *state;
	struct upload *u = upload_create(people->folder, MOST);
	struct upload_seen seen = import_csv(people, u, 10, 0);

	assert_int_equal(seen.state, UPLOAD_REFUSED);
	assert_non_null(strstr(seen.err.en, "CSV: of 3 lines 1 are faulty"));
	assert_true(seen.faults);
	upload_seen_finish(&seen);
	seen = import_csv(people, u, 50, 1);
	assert_int_equal(seen.state, UPLOAD_REFUSED);
	assert_non_null(strstr(seen.err.en, "the service is stopping"));
	upload_seen_finish(&seen);
	upload_destroy(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                one_at_a_time_and_not_for_ever, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(in_order_by_one, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(becomes_a_generation, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(refused_with_the_reason, people_begin, people_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
