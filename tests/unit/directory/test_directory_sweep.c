/* SPDX-License-Identifier: Apache-2.0
 * The end of numbers: what nobody needs is gone from the file, byte for byte; what somebody needs
 * stays, whichever directory is in force.
 */
#include "directory_fixture.h"

#include <stdio.h>

#include "source_tree.h"

static bool on_the_disk(const struct people *people, const char *number)
{
	static const char *const names[] = {"directory.db", "directory.db-wal"};
	bool found = false;

	for (size_t i = 0; i < 2; i++) {
		char *path = mem_format("%s/%s", people->folder, names[i]);
		FILE *file = fopen(path, "rbe");
		struct buf text;
		buf_init(&text, 0);
		if (file) {
			assert_true(buf_read(&text, file));
			fclose(file);
		}
		found = found || (text.len && memmem(text.data, text.len, number, strlen(number)));
		buf_finish(&text);
		free(path);
	}
	return found;
}

static struct sweep_counts sweep(struct people *people, const struct texts *needed, int64_t before)
{
	struct store *store = directory_open(people->folder, true, NULL);
	struct sweep_counts counts;

	if (!directory_sweep(store, needed, before, &counts, &people->err))
		fail_msg("%s", people->err.en);
	directory_close(&store);
	return counts;
}

static char *freeze(struct people *people, const char *division, struct audience *audience)
{
	struct texts divisions = one_word(division);
	struct selection s = {.divisions = &divisions, .any_level = true, .kind = KIND_WARNING};

	char *chosen = people_chosen(people, &s, audience);
	texts_finish(&divisions);
	return chosen;
}

/* 13911111111 is in a whole block, 13922222222 in a part of one that the second directory lacks. */
static void what_is_needed_stays(void **state)
{
	struct people *people = *state;
	struct audience whole = {0}, part = {0};
	struct texts needed = {0};

	people_enforce(people, "13911111111,120116\n13922222222,120101\n");
	free(freeze(people, "120000", &whole));
	free(freeze(people, "120101", &part));
	people_enforce(people, "13933333333,120116\n");
	texts_add(&needed, whole.digest);
	sweep(people, &needed, 10000);
	assert_true(on_the_disk(people, "13911111111"));
	assert_true(on_the_disk(people, "13922222222"));
	assert_true(on_the_disk(people, "13933333333"));
	struct store *store = directory_open(people->folder, false, NULL);
	char *lines;
	assert_true(audience_kept_lines(store, whole.digest, 0, &lines, NULL));
	free(lines);
	assert_false(audience_kept_lines(store, part.digest, 0, &lines, NULL));
	directory_close(&store);
	texts_finish(&needed);
	struct sweep_counts counts = sweep(people, &needed, 10000);
	assert_int_equal(counts.audiences, 1);
	assert_false(on_the_disk(people, "13911111111"));
	assert_false(on_the_disk(people, "13922222222"));
	assert_true(on_the_disk(people, "13933333333"));
}

/* Frozen at 5000: one whose bulletin is being written down just now is not in the record yet. */
static void what_is_new_stays(void **state)
{
	struct people *people = *state;
	struct audience audience = {0};
	struct texts needed = {0};

	people_enforce(people, "13911111111,120116\n13922222222,120101\n");
	free(freeze(people, "120116", &audience));
	people_enforce(people, "13933333333,120116\n");
	sweep(people, &needed, 5000);
	assert_true(on_the_disk(people, "13911111111"));
	assert_false(on_the_disk(people, "13922222222"));
	sweep(people, &needed, 5001);
	assert_false(on_the_disk(people, "13911111111"));
}

/* What a past directory said of people beside their numbers goes at once. */
static void names_go_with_their_directory(void **state)
{
	struct people *people = *state;
	struct audience audience = {0};
	struct texts needed = {0};

	people_enforce(people, "number,name,division,groups\n13911111111,欧阳某,120116,zzgroup\n");
	free(freeze(people, "120000", &audience));
	texts_add(&needed, audience.digest);
	assert_true(on_the_disk(people, "欧**"));
	people_enforce(people, "13933333333,120116\n");
	sweep(people, &needed, 10000);
	assert_false(on_the_disk(people, "欧**"));
	assert_false(on_the_disk(people, "zzgroup"));
	assert_true(on_the_disk(people, "13911111111"));
	texts_finish(&needed);
}

static void a_waiting_directory_stays(void **state)
{
	struct people *people = *state;
	struct texts needed = {0};

	people_enforce(people, "13911111111,120116\n");
	assert_true(people_import(people, "13944444444,120116\n"));
	sweep(people, &needed, 10000);
	assert_true(on_the_disk(people, "13911111111"));
	assert_true(on_the_disk(people, "13944444444"));
}

/* Imported, and then another came into force: nobody can ever be told by it. */
static void an_overtaken_directory_goes(void **state)
{
	struct people *people = *state;
	struct texts needed = {0};
	struct generation overtaken;
	struct err err = {0};

	people_enforce(people, "13911111111,120116\n");
	assert_true(people_import(people, "13944444444,120116\n"));
	int64_t id = people->made.id;
	people_enforce(people, "13933333333,120116\n");
	sweep(people, &needed, 10000);
	assert_false(on_the_disk(people, "13944444444"));
	assert_true(on_the_disk(people, "13933333333"));
	struct store *store = directory_open(people->folder, true, &err);
	assert_true(generation_find(store, id, &overtaken, &err));
	assert_int_equal(overtaken.state, GENERATION_PAST);
	assert_int_equal(overtaken.in_force, 0);
	assert_false(generation_enforce(store, id, 3000, &err));
	directory_close(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(what_is_needed_stays, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(what_is_new_stays, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                names_go_with_their_directory, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                a_waiting_directory_stays, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                an_overtaken_directory_goes, people_begin, people_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
