/* SPDX-License-Identifier: Apache-2.0
 * One person: the number as it is dialled, the name masked, divisions as numbers, the curve.
 */
#include "directory_fixture.h"

#include <stdio.h>

#include "person.h"
#include "policy.h"

static void numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want; /* NULL: none */
	} rows[] = {
	        {"13800000001", "13800000001"},
	        {"+8613800000001", "13800000001"},
	        {"008613800000001", "13800000001"},
	        {"8613800000001", "13800000001"},
	        {"138 0000-0001", "13800000001"},
	        {"１３８０００００００１", "13800000001"},
	        {"+85291234567", "+85291234567"},
	        {"＋852 9123 4567", "+85291234567"},
	        {"19912345678", "19912345678"},
	        {"12800000001", NULL},   /* no mobile begins so */
	        {"1380000000", NULL},    /* a digit short */
	        {"138000000012", NULL},  /* one too many */
	        {"+861280000001", NULL}, /* at home, but no mobile */
	        {"+0123456789", NULL},
	        {"+1234567", NULL},
	        {"+12345678901234567", NULL},
	        {"1380000000a", NULL},
	        {"138+00000001", NULL},
	        {"02223456789", NULL}, /* a landline gets no SMS */
	        {"", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char number[NUMBER_ROOM];
		bool got = person_number(rows[i].text, number);
		if (got != (rows[i].want != NULL) || (got && strcmp(number, rows[i].want) != 0))
			fail_msg("\"%s\" became %s", rows[i].text, got ? number : "nothing");
	}
}

static void masks(void **state)
{
	(void)state;
	char masked[12];

	person_mask("张三丰", masked);
	assert_string_equal(masked, "张**");
	person_mask("Li Lei", masked);
	assert_string_equal(masked, "L**");
	person_mask("𠮷野", masked);
	assert_string_equal(masked, "𠮷**");
	person_mask("", masked);
	assert_string_equal(masked, "");
}

/* The numbers say the same as the policy's rule. */
static void divisions(void **state)
{
	(void)state;
	static const char *const codes[] = {"120000", "120100", "120116", "120116001",
	        "120116001002", "110000", "120110", "121000"};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
			int64_t first, last, one;
			person_divisions(codes[i], &first, &last);
			assert_true(person_division(codes[k], &one));
			bool covered = first <= one && one <= last;
			if (covered != policy_division_covers(codes[i], codes[k]))
				fail_msg("%s and %s", codes[i], codes[k]);
		}
	int64_t none;
	assert_false(person_division("12011", &none));
	assert_false(person_division("滨海新区", &none));
}

/* Steps along the curve are steps on the ground: what is near on it is near there. */
static void along_the_curve(void **state)
{
	(void)state;
	uint64_t corner = person_place(0, 0);

	assert_true(corner != 0);
	assert_true(person_place(PLACE_NONE, PLACE_NONE) == 0);
	assert_true(person_place(117200000, 39100000) != person_place(117300000, 39100000));
	/* Each cell of a grid has a place of its own, and the one behind it is its neighbour. */
	enum { SIDE = 16 };
	uint64_t places[SIDE * SIDE];
	int32_t step = 360000000 / (1 << 24) + 1;
	for (int i = 0; i < SIDE * SIDE; i++)
		places[i] = person_place((i % SIDE) * step * 64, (i / SIDE) * step * 32);
	for (int i = 0; i < SIDE * SIDE; i++)
		for (int k = 0; k < i; k++)
			assert_true(places[i] != places[k]);
}

static void wishes_are_kept_once(void **state)
{
	(void)state;
	struct profiles *profiles = profiles_create();
	uint32_t number;

	for (int turn = 0; turn < 2; turn++)
		for (int i = 0; i < 5; i++) {
			struct profile p = {mem_text("11B03"), mem_text(""), mem_text(""), i};
			assert_true(profiles_number(profiles, &p, &number));
			assert_int_equal(number, i);
		}
	assert_int_equal(profiles_count(profiles), 5);
	for (int i = 5; i <= PROFILES_MOST; i++) {
		struct profile p = {mem_text(""), mem_format("g%d", i), mem_text(""), 0};
		assert_int_equal(profiles_number(profiles, &p, &number), i < PROFILES_MOST);
	}
	profiles_destroy(&profiles);
}

static void what_is_said_of_somebody(void **state)
{
	(void)state;
	char hazards[] = "11B03", groups[] = "village", purposes[] = "warning";
	struct profile wishes = {hazards, groups, purposes, 2};
	struct detail one = {.division = 120116000000, .lon = 1, .lat = 2, .name = "张**"};
	uint64_t said = person_said(&one, &wishes);
	struct detail other = one;

	other.lat = 3;
	assert_true(person_said(&other, &wishes) != said);
	other = one;
	other.division++;
	assert_true(person_said(&other, &wishes) != said);
	other = one;
	other.name[0] = 'x';
	assert_true(person_said(&other, &wishes) != said);
	wishes.rank = 3;
	assert_true(person_said(&one, &wishes) != said);
	wishes.rank = 2;
	assert_true(person_said(&one, &wishes) == said);
	other = one;
	other.profile = 7; /* a number of ours, no word of theirs */
	assert_true(person_said(&other, &wishes) == said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(numbers),
	        cmocka_unit_test(masks),
	        cmocka_unit_test(divisions),
	        cmocka_unit_test(along_the_curve),
	        cmocka_unit_test(wishes_are_kept_once),
	        cmocka_unit_test(what_is_said_of_somebody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
