/* SPDX-License-Identifier: Apache-2.0
 * Whom a bulletin is for: by division, place, hazard, level, group and purpose, alone and together;
 * a random crowd chosen by blocks against the same crowd asked one by one.
 */
#include "directory_fixture.h"

#include <math.h>

/* A crowd that needs several blocks. What each is follows from the number, so that it can be asked
 * of again here. */
enum { CROWD = 4321 };

struct one {
	double lon, lat;
	int division, level, hazard, group;
	bool placed;
};

static struct one one_of(int n)
{
	unsigned r = (unsigned)n * 2654435761U;
	struct one one = {.lon = 117 + (r % 10007) / 10007.0,
	        .lat = 39 + (r / 7 % 10009) / 10009.0,
	        .division = n % 3,
	        .level = n % 4,
	        .hazard = n % 5 == 0,
	        .group = n % 7 == 0,
	        .placed = n % 11 != 0};

	return one;
}

static const char *const divisions[] = {"120101", "120116", "120116001"};
static const char *const levels[] = {"", "yellow", "orange", "red"};

static void make_crowd(struct people *people)
{
	struct buf csv;

	buf_init(&csv, 0);
	buf_text(
	        &csv, "number,division,longitude,latitude,hazards,level,groups,consent,purposes\n");
	for (int n = 0; n < CROWD; n++) {
		struct one one = one_of(n);
		char lon[32] = "", lat[32] = "";
		if (one.placed) {
			snprintf(lon, sizeof lon, "%.6f", one.lon);
			snprintf(lat, sizeof lat, "%.6f", one.lat);
		}
		buf_format(&csv, "139%08d,%s,%s,%s,%s,%s,%s,yes,%s\n", n, divisions[one.division],
		        lon, lat, one.hazard ? "11B03;11B2" : "", levels[one.level],
		        one.group ? "village teachers" : "", n % 13 == 0 ? "advisory" : "");
	}
	people_enforce(people, csv.data);
	assert_int_equal(people->made.people, CROWD);
	assert_int_equal(people->made.blocks, 5);
	buf_finish(&csv);
}

/* Everybody the audience holds is meant, and nobody else; blocks keep their limit. */
static void chooses(struct people *people, const struct selection *selection,
        bool (*meant)(int n, const struct one *one), const char *name)
{
	struct audience audience = {0};
	char *chosen = people_chosen(people, selection, &audience);
	int64_t want = 0;

	for (int n = 0; n < CROWD; n++) {
		struct one one = one_of(n);
		char number[32];
		snprintf(number, sizeof number, "139%08d\n", n);
		bool is = strstr(chosen, number) != NULL;
		if (is != meant(n, &one))
			fail_msg("%s: number %d is %schosen", name, n, is ? "" : "not ");
		want += is;
	}
	assert_int_equal(audience.count, want);
	assert_int_equal(strlen(chosen), want * 12);
	struct store *store = directory_open(people->folder, false, NULL);
	struct chosen_count count;
	struct err err = {0};
	assert_true(choose_count(store, selection, &count, &err));
	assert_int_equal(count.people, want);
	int64_t blocks = 0;
	assert_true(!want || audience_kept_blocks(store, audience.digest, &blocks, &err));
	assert_int_equal(count.blocks, blocks);
	assert_int_equal(audience.kept_blocks, blocks);
	for (int64_t i = 0; i < blocks; i++) {
		char *lines;
		assert_true(audience_kept_lines(store, audience.digest, i, &lines, &err));
		assert_true(strlen(lines) <= 12 * AUDIENCE_BLOCK);
		free(lines);
	}
	directory_close(&store);
	free(chosen);
}

static bool everybody(int n, const struct one *one)
{
	(void)one;
	return n % 13 != 0; /* the rest agreed to advisories only */
}

static bool advised(int n, const struct one *one)
{
	(void)n;
	(void)one;
	return true;
}

static bool in_binhai(int n, const struct one *one)
{
	return everybody(n, one) && one->division != 0;
}

static bool in_street(int n, const struct one *one)
{
	return everybody(n, one) && one->division == 2;
}

static bool yellow(int n, const struct one *one)
{
	return everybody(n, one) && one->level <= 1;
}

static bool storm(int n, const struct one *one)
{
	return everybody(n, one) && !one->hazard;
}

static bool teacher(int n, const struct one *one)
{
	return everybody(n, one) && one->group;
}

static bool in_square(int n, const struct one *one)
{
	return everybody(n, one) && one->placed && one->lon >= 117.25 && one->lon <= 117.75 &&
	       one->lat >= 39.25 && one->lat <= 39.75;
}

static bool in_square_or_street(int n, const struct one *one)
{
	return in_square(n, one) || in_street(n, one);
}

static bool in_everything(int n, const struct one *one)
{
	return in_square(n, one) && yellow(n, one) && teacher(n, one);
}

static void by_each_and_by_all(void **state)
{
	struct people *people = *state;
	struct texts tianjin = one_word("120000");
	struct texts binhai = one_word("120116");
	struct texts street = one_word("120116001");
	struct texts teachers = one_word("teachers");
	struct texts teach = one_word("teach");
	struct cap_alert *alert = cap_alert_create();
	struct cap_area *square = cap_info_add_area(cap_alert_add_info(alert));
	const struct cap_area *drawn[] = {square};

	assert_true(cap_area_add_polygon(
	        square, "39.25,117.25 39.25,117.75 39.75,117.75 39.75,117.25 39.25,117.25", NULL));
	make_crowd(people);
	struct selection s = {.divisions = &tianjin, .level = LEVEL_RED, .kind = KIND_WARNING};
	chooses(people, &s, everybody, "all");
	s.kind = KIND_ADVISORY;
	s.any_level = true;
	chooses(people, &s, advised, "advisory");
	s = (struct selection){.divisions = &binhai, .level = LEVEL_I, .kind = KIND_WARNING};
	chooses(people, &s, in_binhai, "division");
	s.divisions = &street;
	chooses(people, &s, in_street, "street");
	s = (struct selection){.divisions = &tianjin, .level = LEVEL_YELLOW, .kind = KIND_WARNING};
	chooses(people, &s, yellow, "level");
	s.level = LEVEL_RED;
	s.hazard = "11B09";
	chooses(people, &s, storm, "hazard");
	s.hazard = "11B03";
	chooses(people, &s, everybody, "hazard wished");
	s.hazard = "11B25";
	chooses(people, &s, everybody, "hazard's beginning wished");
	s.hazard = NULL;
	s.groups = &teachers;
	chooses(people, &s, teacher, "group");
	s.groups = &teach;
	struct audience none = {0};
	char *chosen = people_chosen(people, &s, &none);
	assert_string_equal(chosen, "");
	assert_false(none.kept);
	free(chosen);
	s = (struct selection){
	        .drawn = drawn, .drawn_count = 1, .level = LEVEL_RED, .kind = KIND_WARNING};
	chooses(people, &s, in_square, "polygon");
	s.divisions = &street;
	chooses(people, &s, in_square_or_street, "polygon or division");
	s.divisions = NULL;
	s.level = LEVEL_YELLOW;
	s.groups = &teachers;
	chooses(people, &s, in_everything, "everything");
	struct texts *const lists[] = {&tianjin, &binhai, &street, &teachers, &teach};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		texts_finish(lists[i]);
	cap_alert_destroy(&alert);
}

static void a_circle(void **state)
{
	struct people *people = *state;
	struct cap_alert *alert = cap_alert_create();
	struct cap_area *round = cap_info_add_area(cap_alert_add_info(alert));
	const struct cap_area *drawn[] = {round};
	struct selection s = {
	        .drawn = drawn, .drawn_count = 1, .any_level = true, .kind = KIND_WARNING};
	struct audience audience = {0};

	assert_true(cap_area_add_circle(round, "39,117 10", NULL));
	people_enforce(people, "number,division,longitude,latitude\n"
	                       "13800000001,120116,117,39.089\n" /* 9.9 km north */
	                       "13800000002,120116,117,39.091\n" /* 10.1 km */
	                       "13800000003,120116,117.114,39\n" /* 9.85 km east */
	                       "13800000004,120116,117.117,39\n" /* 10.1 km */
	                       "13800000005,120116,,\n");
	char *chosen = people_chosen(people, &s, &audience);
	assert_int_equal(audience.count, 2);
	assert_non_null(strstr(chosen, "13800000001"));
	assert_non_null(strstr(chosen, "13800000003"));
	free(chosen);
	struct store *store = directory_open(people->folder, false, NULL);
	struct chosen_count count;
	assert_true(choose_count(store, &s, &count, NULL));
	assert_int_equal(count.unplaced, 1);
	directory_close(&store);
	cap_alert_destroy(&alert);
}

/* Without a word of consent the law allows warnings and responses, and no more. */
static void the_law_alone(void **state)
{
	struct people *people = *state;
	struct texts tianjin = one_word("120000");
	struct selection s = {.divisions = &tianjin, .any_level = true};

	people_enforce(people, "13800000001,120116\n");
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		struct audience audience = {0};
		s.kind = (enum kind)kind;
		char *chosen = people_chosen(people, &s, &audience);
		assert_int_equal(audience.count, kind == KIND_WARNING || kind == KIND_RESPONSE);
		free(chosen);
	}
	texts_finish(&tianjin);
}

/* Whatever is imported later: who was frozen stays frozen, who is frozen next comes from the new.
 */
static void frozen_is_frozen(void **state)
{
	struct people *people = *state;
	struct texts tianjin = one_word("120000");
	struct selection s = {.divisions = &tianjin, .any_level = true, .kind = KIND_WARNING};
	struct audience first = {0}, again = {0}, next = {0};

	people_enforce(people, "13800000001,120116\n13800000002,120116\n");
	char *one = people_chosen(people, &s, &first);
	char *two = people_chosen(people, &s, &again);
	assert_string_equal(one, two);
	assert_string_equal(first.digest, again.digest);
	assert_int_equal(again.kept_blocks, 1); /* said by what was frozen before */
	struct audience sealed = {0};
	texts_add(&sealed.blocks, one);
	audience_seal(&sealed);
	assert_string_equal(first.digest, sealed.digest); /* one form, wherever they come from */
	assert_int_equal(first.count, sealed.count);
	texts_finish(&sealed.blocks);
	people_enforce(
	        people, "number,division,consent\n13800000002,120116,no\n13800000003,120116,yes\n");
	char *three = people_chosen(people, &s, &next);
	assert_string_equal(three, "13800000003\n");
	struct store *store = directory_open(people->folder, false, NULL);
	char *kept;
	assert_true(audience_kept_lines(store, first.digest, 0, &kept, NULL));
	assert_string_equal(kept, one);
	directory_close(&store);
	free(one);
	free(two);
	free(three);
	free(kept);
	texts_finish(&tianjin);
}

static void the_digests_of_the_blocks(void **state)
{
	struct people *people = *state;
	struct texts street = one_word("120116001");
	struct selection s = {.divisions = &street, .level = LEVEL_RED, .kind = KIND_WARNING};
	struct audience audience = {0};
	unsigned char *digests;
	size_t count;
	char hex[DIGEST_HEX];
	struct err err = {0};

	make_crowd(people);
	free(people_chosen(people, &s, &audience));
	struct store *store = directory_open(people->folder, false, NULL);
	assert_true(audience_kept_digests(store, audience.digest, &digests, &count, &err));
	digest_of_list(digests, count, hex);
	assert_string_equal(hex, audience.digest);
	assert_true(count > 1);
	free(digests);
	texts_finish(&street);
	assert_false(audience_kept_digests(store, hex + 1, &digests, &count, &err));
	directory_close(&store);
}

static void no_directory(void **state)
{
	struct people *people = *state;
	struct err err = {0};

	assert_null(directory_open(people->folder, false, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(people_import(people, "13800000001,120116\n"));
	struct store *store = directory_open(people->folder, false, &err);
	struct selection s = {.any_level = true};
	struct chosen_count count;
	assert_false(choose_count(store, &s, &count, &err)); /* ready is not in force */
	assert_int_equal(err.kind, ERR_MISSING);
	directory_close(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(by_each_and_by_all, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(a_circle, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(the_law_alone, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(frozen_is_frozen, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(
	                the_digests_of_the_blocks, people_begin, people_end),
	        cmocka_unit_test_setup_teardown(no_directory, people_begin, people_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
