/* SPDX-License-Identifier: Apache-2.0
 * Lists of recipients with faults (case 41 of the hostile ones): each line judged by itself, each
 * fault written down with its line, field and cause, no number in it; a wrong file refused whole.
 */
#include "directory_fixture.h"

/* The errors file says this line and field is faulty, and nothing else. */
static void one_fault(
        void **state, const char *head, const char *line, int number, const char *field)
{
	struct people *people = *state;
	char *want = mem_format("\r\n%d,%s,", number, field);

	/* The lines around are of the short form: give them the columns of the head. */
	size_t columns = 0;
	for (const char *at = head; *at; at++)
		columns += *at == ',';
	struct buf full;
	buf_init(&full, 0);
	buf_format(&full, "%s\n13800000001,120116%.*s\n%s\n13800000002,120116%.*s\n", head,
	        (int)columns - 1, ",,,,,,,,", line, (int)columns - 1, ",,,,,,,,");
	if (!people_import(people, full.data))
		fail_msg("%s: %s", line, people->err.en);
	if (people->made.people != 2 || people->made.faults != 1 || !strstr(people->errors, want))
		fail_msg("%s: %lld people, %lld faults, %s", line, (long long)people->made.people,
		        (long long)people->made.faults, people->errors);
	assert_null(strstr(people->errors, "1390"));
	buf_finish(&full);
	free(want);
}

static void each_fault_is_its_own(void **state)
{
	static const char *const plain = "number,division";
	static const struct {
		const char *head, *line, *field;
	} rows[] = {
	        {"number,division", "1390000,120116", "number"},
	        {"number,division", ",120116", "number"},
	        {"number,division", "13900000001,1201", "division"},
	        {"number,division", "13900000001,", "division"},
	        {"number,division", "13900000001", "line"},
	        {"number,division", "13900000001,120116,more", "line"},
	        {"number,division", "13900000001,\"120116", "line"},
	        {"number,division", "13900000001,\xb1\xb1\xbe\xa9", "line"},
	        {"number,division,longitude,latitude", "13900000001,,181,39", "longitude"},
	        {"number,division,longitude,latitude", "13900000001,,117,x", "latitude"},
	        {"number,division,longitude,latitude", "13900000001,,39.1,89", "longitude"},
	        {"number,division,longitude,latitude", "13900000001,120116,117", "line"},
	        {"number,division,longitude,latitude", "13900000001,120116,117,", "latitude"},
	        {"number,division,hazards", "13900000001,120116,ZZZ99", "hazards"},
	        {"number,division,hazards", "13900000001,120116,11B03 火星撞地球", "hazards"},
	        {"number,division,level", "13900000001,120116,purple", "level"},
	        {"number,division,purposes", "13900000001,120116,fun", "purposes"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		one_fault(state, rows[i].head, rows[i].line, 3, rows[i].field);
	one_fault(state, plain, "13800000001,120101", 3, "number"); /* again, with other words */
	char *endless = mem_format("13900000001,%05000d", 0);
	one_fault(state, plain, endless, 3, "line");
	free(endless);
}

static void consent_must_be_said(void **state)
{
	struct people *people = *state;

	assert_true(people_import(people, "number,division,consent\n13800000001,120116,yes\n"
	                                  "13800000002,120116,\n13800000003,120116,maybe\n"
	                                  "13800000004,120116,no\n13800000005,120116,law\n"));
	assert_int_equal(people->made.people, 2);
	assert_int_equal(people->made.withheld, 1);
	assert_int_equal(people->made.faults, 2);
	assert_non_null(strstr(people->errors, "\r\n3,consent,"));
	assert_non_null(strstr(people->errors, "\r\n4,consent,"));
}

/* As spreadsheets and editors leave them. */
static void all_forms_of_the_same(void **state)
{
	static const char *const texts[] = {
	        "number,division\n13800000001,120116\n13800000002,120101\n",
	        "13800000001,120116\n13800000002,120101",
	        "\xef\xbb\xbfnumber,division\r\n13800000001,120116\r\n13800000002,120101\r\n",
	        "division,number\n120116,13800000001\n120101,+8613800000002\n",
	        "号码,区划\n13800000001,滨海新区\n\"138 0000 0002\",120101000000\n",
	        "# by hand\n\nnumber , division\n 13800000001 , 120116 \n\n13800000002,120101\n",
	        "number,division\n13800000001,120116\n13800000002,120101\n13800000001,120116\n",
	};
	struct people *people = *state;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!people_import(people, texts[i]))
			fail_msg("%zu: %s", i, people->err.en);
		if (people->made.people != 2 || people->made.faults)
			fail_msg("%zu: %lld people, %lld faults %s", i,
			        (long long)people->made.people, (long long)people->made.faults,
			        people->errors);
		assert_int_equal(people->made.repeated, i == 6);
	}
}

static void a_place_finds_its_division(void **state)
{
	struct people *people = *state;
	struct audience audience = {0};
	struct texts divisions = one_word("120116");
	struct selection selection = {.any_level = true, .kind = KIND_WARNING};

	selection.divisions = &divisions;
	people_enforce(people, "number,longitude,latitude\n13800000001,117.70,39.02\n"
	                       "13800000002,117.19,39.13\n13800000003,39.02,117.70\n"
	                       "13800000004,0,0\n");
	assert_int_equal(people->made.people, 2);
	assert_non_null(strstr(people->errors, "\r\n4,latitude,"));
	assert_non_null(strstr(people->errors, "\r\n5,longitude,"));
	char *chosen = people_chosen(people, &selection, &audience);
	assert_string_equal(chosen, "13800000001\n");
	free(chosen);
	texts_finish(&divisions);
}

static void refused(void **state, const char *csv, size_t len, long most, const char *says)
{
	struct people *people = *state;

	if (people_import_most(people, csv, len, most))
		fail_msg("taken: %.60s", csv);
	if (!strstr(people->err.en, says))
		fail_msg("%s, not %s", people->err.en, says);
	struct store *store = directory_open(people->folder, false, &people->err);
	struct generation *list;
	size_t count;
	assert_true(generation_list(store, &list, &count, &people->err));
	assert_int_equal(count, 0);
	free(list);
	directory_close(&store);
}

static void the_wrong_file(void **state)
{
	static const char gbk[] = "\xba\xc5\xc2\xeb,\xc7\xf8\xbb\xae\n13800000001,120116\n";
	static const char gbk_names[] =
	        "number,name,division\n13800000001,\xd5\xc5\xc8\xfd,120116\n13800000002,\xc0\xee"
	        "\xcb\xc4,120116\n";
	static const char utf16[] = "\xff\xfen\0u\0m\0b\0e\0r\0\n\0";
	static const char half[] = "number,division\n13800000001,120116\nx,120116\n";

	refused(state, gbk, sizeof gbk - 1, 10, "GBK");
	refused(state, gbk_names, sizeof gbk_names - 1, 10, "not UTF-8");
	refused(state, utf16, sizeof utf16 - 1, 10, "UTF-16");
	refused(state, half, sizeof half - 1, 49, "import_faults_most");
	refused(state, "", 0, 10, "empty");
	refused(state, "name,division\n", 14, 10, "no column number");
	refused(state, "number,colour\n", 14, 10, "colour");
	refused(state, "number,division,number\n", 23, 10, "twice");
	struct people *people = *state;
	assert_true(people_import_most(people, half, sizeof half - 1, 50));
	assert_int_equal(people->made.people, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(each_fault_is_its_own, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(consent_must_be_said, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(all_forms_of_the_same, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                a_place_finds_its_division, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(the_wrong_file, people_begin, people_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
