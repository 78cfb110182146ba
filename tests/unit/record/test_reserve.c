/* SPDX-License-Identifier: Apache-2.0
 * The room kept on the record's disk. How much space there is, is said here (the linker's --wrap).
 */
#include "fixture.h"

#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bulletin.h"

static unsigned long mebibytes; /* free */

int __wrap_statvfs(const char *path, struct statvfs *disk);
int __wrap_statvfs(const char *path, struct statvfs *disk)
{
	(void)path;
	*disk = (struct statvfs){.f_frsize = 1 << 20, .f_bavail = mebibytes};
	return 0;
}

static bool is_there(const struct house *house)
{
	char *path = mem_format("%s/reserve", house->folder);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static void change(const struct house *house)
{
	char line[] = "line";

	assert_true(record_do(house->record, 0, add_line, line, NULL));
}

static int open_with_room(void **state)
{
	mebibytes = 1000;
	return house_open(state);
}

static void none_is_kept_unless_asked_for(void **state)
{
	const struct house *house = *state;

	change(house);
	assert_false(is_there(house));
	record_keep_reserve(house->record);
	assert_true(is_there(house));
}

static void it_goes_when_the_disk_is_nearly_full(void **state)
{
	const struct house *house = *state;
	struct err err = {0};

	record_keep_reserve(house->record);
	mebibytes = 3;
	change(house);
	assert_false(is_there(house));
	assert_false(record_takes_in(house->record, level_rank(LEVEL_ORANGE), &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	assert_true(*err.en && *err.zh);
	assert_true(record_takes_in(house->record, level_rank(LEVEL_RED), &err));
	change(house);  /* what is in already goes on */
	mebibytes = 11; /* what it held, and no more */
	change(house);
	assert_false(is_there(house));
	assert_false(record_takes_in(house->record, 0, &err));
	mebibytes = 16;
	assert_true(record_takes_in(house->record, 0, &err));
	change(house);
	assert_true(is_there(house));
}

static void a_start_on_a_full_disk_gives_it_up_first(void **state)
{
	struct house *house = *state;

	record_keep_reserve(house->record);
	record_close(&house->record);
	mebibytes = 0;
	house->record = record_open(house->folder, NULL);
	assert_non_null(house->record);
	assert_false(is_there(house));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_with_room, house_close)
	        CASE(none_is_kept_unless_asked_for),
	        CASE(it_goes_when_the_disk_is_nearly_full),
	        CASE(a_start_on_a_full_disk_gives_it_up_first),
#undef CASE
	};

	return cmocka_run_group_tests_name("reserve", tests, NULL, NULL);
}
