/* SPDX-License-Identifier: Apache-2.0
 * A backup holds the directory beside the record, and a restore brings it back: an audience that
 * waits can still be told.
 */
#include "directory_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup.h"
#include "record.h"

static const char digest[] = "00000000000000000000000000000000000000000000000000000000000000aa";

static void make_record(const char *folder)
{
	struct err err = {0};
	struct store *store = record_tool_open(folder, &err);

	assert_non_null(store);
	record_tool_close(&store);
}

static char *frozen(struct people *people, struct audience *audience)
{
	struct texts divisions = one_word("120116");
	struct selection s = {.divisions = &divisions, .any_level = true, .kind = KIND_WARNING};
	char *chosen = people_chosen(people, &s, audience);

	texts_finish(&divisions);
	return chosen;
}

static void write_text(const char *folder, const char *name, const char *text)
{
	char *path = mem_format("%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	free(path);
}

static void the_directory_goes_with_the_record(void **state)
{
	struct people *people = *state;
	struct audience audience = {0};
	struct backup_facts facts;
	struct hold hold = {.since = 2, .copied = 1};
	struct err err = {0};
	char *away = folder_make();
	char *record = mem_format("%s/record.db", away);
	char *directory = mem_format("%s/directory.db", away);
	char *again = folder_make();
	bool there;
	char *lines;

	make_record(people->folder);
	assert_true(backup_copy(people->folder, record, &facts, &err));
	assert_true(backup_copy_directory(people->folder, directory, &there, &err));
	assert_false(there);
	assert_int_not_equal(access(directory, F_OK), 0);
	people_enforce(people, "13911111111,120116\n13922222222,120101\n");
	char *chosen = frozen(people, &audience);
	assert_true(backup_copy_directory(people->folder, directory, &there, &err));
	assert_true(there);
	write_text(again, "directory.db-wal", "of another directory");
	if (!backup_restore(record, NULL, directory, again, MODE_LIVE, digest, &hold, &err))
		fail_msg("%s", err.en);
	struct store *store = directory_open(again, false, &err);
	assert_non_null(store);
	assert_true(audience_kept_lines(store, audience.digest, 0, &lines, &err));
	assert_string_equal(lines, chosen);
	directory_close(&store);
	folder_remove(&away);
	folder_remove(&again);
	free(lines);
	free(chosen);
	free(record);
	free(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                the_directory_goes_with_the_record, people_begin, people_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
