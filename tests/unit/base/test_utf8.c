/* SPDX-License-Identifier: Apache-2.0
 * What utf8.h promises, against every character there is and a plain reading of the definition.
 */
#include "base_fixture.h"

#include <stdbool.h>
#include <string.h>

#include "utf8.h"

/* Unicode 15, table 3-7, row by row: how long the sequence at `p` is, 0 = ill-formed. */
static size_t by_the_table(const unsigned char *p, size_t len)
{
	static const struct {
		unsigned char first, last, low, high;
		size_t length;
	} rows[] = {{0x01, 0x7f, 0, 0, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
	        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
	        {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
	        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};

	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
		if (p[0] < rows[r].first || p[0] > rows[r].last)
			continue;
		if (rows[r].length > len)
			return 0;
		for (size_t i = 1; i < rows[r].length; i++)
			if (p[i] < (i == 1 ? rows[r].low : 0x80) ||
			        p[i] > (i == 1 ? rows[r].high : 0xbf))
				return 0;
		return rows[r].length;
	}
	return 0;
}

static size_t breaks_at(const unsigned char *bytes, size_t len)
{
	size_t i = 0;

	while (i < len) {
		size_t step = by_the_table(bytes + i, len - i);
		if (!step)
			return i;
		i += step;
	}
	return len;
}

static void every_character_goes_round(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char text[5];
		const char *at = text;
		if (c >= 0xd800 && c < 0xe000)
			continue;
		size_t len = utf8_put(c, text);
		if (strlen(text) != len || !utf8_valid(text, len, NULL) || utf8_next(&at) != c ||
		        at != text + len)
			fail_msg("U+%04X does not come back", (unsigned)c);
	}
}

/* Few different bytes, so that sequences that are nearly right are common. */
static void agrees_with_the_table(void **state)
{
	static const unsigned char alphabet[] = {'a', 'b', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
	        0xc1, 0xc2, 0xe0, 0xe5, 0xed, 0xf0, 0xf4, 0xf5, 0xff, 0x00};
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		unsigned char bytes[40];
		size_t len = next_number(&seed) % sizeof bytes;
		size_t plain = next_number(&seed) % sizeof bytes;
		size_t at = len;
		for (size_t b = 0; b < len; b++)
			bytes[b] = b < plain ? 'a' : alphabet[next_number(&seed) % sizeof alphabet];
		size_t want = breaks_at(bytes, len);
		assert_int_equal(utf8_valid(bytes, len, &at), want == len);
		assert_int_equal(at, want);
	}
}

static void a_nul_is_found_in_long_texts(void **state)
{
	char text[65];

	(void)state;
	for (size_t i = 0; i < 64; i++) {
		size_t at = 99;
		memset(text, 'x', sizeof text);
		text[i] = '\0';
		assert_false(utf8_valid(text, 64, &at));
		assert_int_equal(at, i);
		text[i] = (char)0x80;
		assert_false(utf8_valid(text, 64, &at));
		assert_int_equal(at, i);
	}
}

static void counts(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(""), 0);
	assert_int_equal(utf8_count("a é 警 🌀"), 7);
	assert_int_equal(utf8_units16("a é 警 🌀"), 8);
	const char *end = "";
	assert_int_equal(utf8_next(&end), 0);
	assert_int_equal(*end, 0);
}

static void cuts_between_characters(void **state)
{
	const char *text = "aé警🌀z";
	static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};

	(void)state;
	for (size_t max = 0; max < sizeof want / sizeof want[0]; max++)
		assert_int_equal(utf8_cut(text, max), want[max]);
}

/* Not checked before: wrong bytes are passed one by one, never past the end. */
static void next_survives_anything(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char bytes[12];
		for (size_t b = 0; b < sizeof bytes; b++)
			bytes[b] = (char)next_number(&seed);
		bytes[next_number(&seed) % sizeof bytes] = '\0';
		const char *at = bytes;
		size_t len = strlen(bytes);
		while (utf8_next(&at))
			assert_true(at <= bytes + len);
		assert_ptr_equal(at, bytes + len);
		utf8_one_line(bytes);
		assert_int_equal(strlen(bytes), len);
		assert_true(utf8_valid(bytes, len, NULL));
		assert_null(strpbrk(bytes, "\r\n\t\x1b\x7f"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_character_goes_round),
	        cmocka_unit_test(agrees_with_the_table),
	        cmocka_unit_test(a_nul_is_found_in_long_texts),
	        cmocka_unit_test(counts),
	        cmocka_unit_test(cuts_between_characters),
	        cmocka_unit_test(next_survives_anything),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
