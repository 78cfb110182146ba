/* SPDX-License-Identifier: Apache-2.0
 * Generations: what an import says has changed, what is in force before and after, and what is left
 * of one that was broken off.
 */
#include "directory_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void counts(const struct people *people, int64_t added, int64_t gone, int64_t changed)
{
	if (people->made.added != added || people->made.gone != gone ||
	        people->made.changed != changed)
		fail_msg("added %lld, gone %lld, changed %lld", (long long)people->made.added,
		        (long long)people->made.gone, (long long)people->made.changed);
}

static void what_changes(void **state)
{
	struct people *people = *state;

	people_enforce(people, "number,name,division,level\n13800000001,张三,120116,\n"
	                       "13800000002,李四,120116,red\n13800000003,王五,120101,\n");
	counts(people, 3, 0, 0);
	assert_int_equal(people->made.follows, 0);
	int64_t before = people->made.id;
	assert_true(people_import(people, "number,name,division,level\n13800000003,王五,120101,\n"
	                                  "13800000001,张三,120116,\n"
	                                  "13800000002,李四,120116,red\n"));
	counts(people, 0, 0, 0); /* another order says nothing else */
	assert_int_equal(people->made.follows, before);
	assert_true(people_import(people, "number,name,division,level\n13800000000,新,120116,\n"
	                                  "13800000001,张三,120101,\n"
	                                  "13800000002,李四,120116,orange\n"));
	counts(people, 1, 1, 2);
	assert_true(people_import(people, "number,division\n"));
	counts(people, 0, 3, 0);
	assert_true(
	        people_import(people, "number,name,division,level\n13800000001,张山,120116,\n"
	                              "13800000002,李四,120116,red\n13800000003,王五,120101,\n"));
	counts(people, 0, 0, 0); /* one masked name is the other */
}

static void without_consent_nobody_is_kept(void **state)
{
	struct people *people = *state;
	static const char both[] = "number,division,consent\n13800000001,120116,yes\n"
	                           "13800000001,120116,no\n13800000002,120116,no\n"
	                           "13800000002,120116,yes\n13800000003,120116,yes\n";

	people_enforce(people, "number,division,consent\n13800000001,120116,yes\n");
	assert_true(people_import(people, both));
	assert_int_equal(people->made.people, 1);
	assert_int_equal(people->made.withheld, 2);
	counts(people, 1, 1, 0);
}

static void the_first_of_two_lines_counts(void **state)
{
	struct people *people = *state;
	struct selection all = {.any_level = true, .kind = KIND_WARNING};
	struct texts divisions = one_word("120116");
	struct audience audience = {0};

	all.divisions = &divisions;
	people_enforce(people, "number,division\n13800000001,120116\n13800000001,120101\n");
	assert_int_equal(people->made.faults, 1);
	char *chosen = people_chosen(people, &all, &audience);
	assert_string_equal(chosen, "13800000001\n");
	free(chosen);
	texts_finish(&divisions);
}

static bool enforces(struct people *people, int64_t id)
{
	struct store *store = directory_open(people->folder, true, NULL);
	bool ok = generation_enforce(store, id, 3000, &people->err);

	directory_close(&store);
	return ok;
}

static void only_what_was_compared_comes_into_force(void **state)
{
	struct people *people = *state;

	people_enforce(people, "13800000001,120116\n");
	int64_t first = people->made.id;
	assert_true(people_import(people, "13800000002,120116\n"));
	int64_t second = people->made.id;
	assert_true(people_import(people, "13800000003,120116\n"));
	int64_t third = people->made.id;
	assert_true(enforces(people, third));
	assert_true(enforces(people, third)); /* again is the same */
	assert_false(enforces(people, second));
	assert_int_equal(people->err.kind, ERR_CONFLICT);
	assert_false(enforces(people, first));
	assert_false(enforces(people, 99));
	assert_int_equal(people->err.kind, ERR_MISSING);
}

static void the_digest_is_of_everything(void **state)
{
	struct people *people = *state;
	static const char *const texts[] = {
	        "number,name,division,level\n13800000001,张三,120116,red\n",
	        "number,name,division,level\n13800000002,张三,120116,red\n",
	        "number,name,division,level\n13800000001,李三,120116,red\n",
	        "number,name,division,level\n13800000001,张三,120101,red\n",
	        "number,name,division,level\n13800000001,张三,120116,blue\n",
	};
	char digests[5][DIGEST_HEX];

	for (size_t i = 0; i < 5; i++) {
		assert_true(people_import(people, texts[i]));
		memcpy(digests[i], people->made.digest, DIGEST_HEX);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(digests[i], digests[k]);
	}
	assert_true(people_import(people, texts[0]));
	assert_string_equal(people->made.digest, digests[0]);
}

/* A generation as a kill leaves it: nobody sees it, and the next import takes it away. */
static void broken_off(void **state)
{
	struct people *people = *state;
	struct err err = {0};
	struct generation current, *list;
	size_t count;
	int64_t id;

	people_enforce(people, "13800000001,120116\n");
	struct store *store = directory_open(people->folder, true, &err);
	assert_true(generation_begin(store, people->made.id, 1, &id, &err));
	struct detail detail = {.division = 120116000000};
	struct profile_share share = {0, 1};
	struct block_head head = {.count = 1, .shares = &share, .share_count = 1};
	assert_true(directory_change_begin(store, &err));
	assert_true(block_add(store, id, 0, &head, "13999999999\n", &detail, &err));
	assert_true(directory_change_end(store, true, &err));
	assert_false(enforces(people, id));
	assert_true(generation_current(store, &current, &err));
	assert_int_equal(current.id, people->made.id);
	directory_close(&store);
	assert_true(people_import(people, "13800000002,120116\n"));
	store = directory_open(people->folder, false, &err);
	assert_true(generation_list(store, &list, &count, &err));
	assert_int_equal(count, 2);
	assert_int_equal(list[0].state, GENERATION_READY);
	assert_int_equal(list[1].state, GENERATION_CURRENT);
	free(list);
	directory_close(&store);
}

static void one_at_a_time(void **state)
{
	struct people *people = *state;
	char *path = mem_format("%s/directory.lock", people->folder);
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	assert_int_equal(flock(fd, LOCK_EX), 0);
	struct import import = {.folder = people->folder,
	        .path = "/dev/null",
	        .catalog = people->catalog,
	        .faults_most = 10};
	assert_false(directory_import(&import, &people->made, &people->err));
	assert_int_equal(people->err.kind, ERR_BUSY);
	close(fd);
	free(path);
}

/* SQLite's lock that says somebody has the database open lies on these bytes. Asked as a stranger
 * would ask, by a descriptor with locks of its own. */
static bool seen_open(int stranger)
{
	struct flock lock = {
	        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510};

	assert_int_equal(fcntl(stranger, F_OFD_GETLK, &lock), 0);
	return lock.l_type != F_UNLCK;
}

/* An import that ends takes the log away if it believes to be the last who has the file open. */
static void whoever_reads_stays_seen(void **state)
{
	struct people *people = *state;
	char *path = mem_format("%s/directory.db", people->folder);
	struct generation current;
	struct err err = {0};

	people_enforce(people, "13900000001,120116\n");
	int stranger = open(path, O_RDWR | O_CLOEXEC);
	struct store *reader = directory_open(people->folder, false, &err);
	assert_true(reader && generation_current(reader, &current, &err));
	assert_true(seen_open(stranger));
	struct store *writer = directory_open(people->folder, true, &err);
	assert_non_null(writer);
	directory_close(&writer);
	assert_true(seen_open(stranger));
	directory_close(&reader);
	assert_false(seen_open(stranger));
	close(stranger);
	free(path);
}

static void the_errors_take_no_list(void **state)
{
	struct people *people = *state;
	char *path = mem_format("%s/only.csv", people->folder);
	FILE *file = fopen(path, "we");
	struct stat after;

	assert_true(file && fputs("13900000001,120116\n", file) >= 0 && fclose(file) == 0);
	struct import import = {.folder = people->folder,
	        .path = path,
	        .errors = path,
	        .catalog = people->catalog,
	        .faults_most = 10};
	assert_false(directory_import(&import, &people->made, &people->err));
	assert_int_equal(people->err.kind, ERR_INPUT);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, 19);
	free(path);
}

/* Run as root, where tocsind is another: its files are the folder's owner's. */
static void root_leaves_nothing_behind(void **state)
{
	struct people *people = *state;
	static const char *const names[] = {"directory.db", "directory.lock"};
	enum { SOMEBODY = 12345 };

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(people->folder, SOMEBODY, SOMEBODY), 0);
	assert_true(people_import(people, "13900000001,120116\n"));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = mem_format("%s/%s", people->folder, names[i]);
		struct stat file;
		assert_int_equal(stat(path, &file), 0);
		assert_int_equal(file.st_uid, SOMEBODY);
		assert_int_equal(file.st_mode & 0777, 0600);
		free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(what_changes, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                without_consent_nobody_is_kept, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                the_first_of_two_lines_counts, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                only_what_was_compared_comes_into_force, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                the_digest_is_of_everything, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(broken_off, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(one_at_a_time, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(whoever_reads_stays_seen, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(the_errors_take_no_list, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                root_leaves_nothing_behind, people_begin, people_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
