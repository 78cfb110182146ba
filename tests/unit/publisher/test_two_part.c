/* SPDX-License-Identifier: Apache-2.0
 * test_two_part - a secret of two parts is known by both together, and by neither alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "two_part.h"

static void a_word_is_read_off_a_slip(void **state)
{
	char one[TWO_PART_WORD];
	char two[TWO_PART_WORD];

	(void)state;
	two_part_word(one);
	two_part_word(two);
	assert_int_equal(strlen(one), TWO_PART_WORD - 1);
	assert_string_not_equal(one, two);
	for (size_t i = 0; one[i]; i++)
		assert_true(i % 5 == 4
		                    ? one[i] == '-'
		                    : strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", one[i]) != NULL);
}

static void both_and_neither_alone(void **state)
{
	char code[DIGEST_HEX];
	char kept[DIGEST_HEX];
	char shown[DIGEST_HEX];
	char *alike[] = {mem_text("code"), mem_text("WORD"), mem_text("code."), mem_text(".WORD"),
	        mem_text("code.WORDS"), mem_text("codes.WORD"), mem_text("WORD.code"), NULL, NULL};
	const size_t count = sizeof alike / sizeof alike[0];

	(void)state;
	digest_sha256("code", 4, code);
	two_part_join(code, "WORD", kept);
	alike[count - 2] = mem_format("%s.WORD", code);
	alike[count - 1] = mem_text(kept);
	two_part_digest("code.WORD", shown);
	assert_string_equal(shown, kept);
	for (size_t i = 0; i < count; i++) {
		two_part_digest(alike[i], shown);
		assert_string_not_equal(shown, kept);
		free(alike[i]);
	}
}

/* What root's tools make has no word. */
static void a_code_by_itself(void **state)
{
	char plain[DIGEST_HEX];
	char shown[DIGEST_HEX];

	(void)state;
	digest_sha256("code", 4, plain);
	two_part_digest("code", shown);
	assert_string_equal(shown, plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_word_is_read_off_a_slip),
	        cmocka_unit_test(both_and_neither_alone),
	        cmocka_unit_test(a_code_by_itself),
	};

	return cmocka_run_group_tests_name("two_part", tests, NULL, NULL);
}
