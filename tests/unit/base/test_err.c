/* SPDX-License-Identifier: Apache-2.0
 * What err.h promises: both sentences, one line each, whole characters, whatever came in.
 */
#include "base_fixture.h"

#include <string.h>
#include <sysexits.h>

#include "err.h"
#include "utf8.h"

static void says_it_twice(void **state)
{
	struct err err;

	(void)state;
	assert_false(err_set(&err, ERR_MISSING, "没有 %s（%d）", "no %s (%d)", "b7", 3));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_string_equal(err.zh, "没有 b7（3）");
	assert_string_equal(err.en, "no b7 (3)");
	assert_false(err_set(NULL, ERR_MISSING, "没有 %s", "no %s", "b7"));
}

static void stays_one_line(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, ERR_INPUT, "%s", "%s",
	        "a\r\nb\tc\x1b[31md\x7f"
	        "e\xc2\x9b"
	        "f\xe2\x80\xa8g");
	assert_string_equal(err.en, "a  b c [31md e  f   g");
	assert_string_equal(err.zh, err.en);
}

static void is_always_utf8(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, ERR_INPUT, "%s", "%s", "x\xff\xc3(\xed\xa0\x80y\xe9");
	assert_string_equal(err.en, "x?"
	                            "?(?"
	                            "?"
	                            "?y");
	assert_true(utf8_valid(err.zh, strlen(err.zh), NULL));
}

/* Characters of one to four bytes, shifted by each offset, so that every cut is met. */
static void is_cut_at_a_character(void **state)
{
	static const char *const characters[] = {"a", "é", "警", "🌀"};

	(void)state;
	for (size_t c = 0; c < 4; c++) {
		for (size_t shift = 0; shift < 4; shift++) {
			char text[1200] = "xxx";
			struct err err;
			text[shift] = '\0';
			while (strlen(text) + 5 < sizeof text)
				memcpy(text + strlen(text), characters[c],
				        strlen(characters[c]) + 1);
			err_set(&err, ERR_INPUT, "%s", "%s", text);
			size_t len = strlen(err.en);
			assert_true(len < sizeof err.en && len + 4 >= sizeof err.en);
			assert_memory_equal(err.en, text, len);
			assert_true(utf8_valid(err.en, len, NULL));
		}
	}
}

static void every_kind_has_its_codes(void **state)
{
	(void)state;
	for (int kind = ERR_NONE; kind <= ERR_INTERNAL; kind++) {
		int code = err_exit_code((enum err_kind)kind);
		int status = err_http_status((enum err_kind)kind);
		assert_true(kind == ERR_NONE ? code == EX_OK : code >= EX__BASE && code <= EX__MAX);
		assert_true(kind == ERR_NONE ? status == 200 : status >= 400 && status <= 503);
	}
	assert_int_equal(err_exit_code(ERR_INPUT), EX_DATAERR);
	assert_int_equal(err_http_status(ERR_TOO_BIG), 413);
	assert_int_equal(err_http_status(ERR_CONFLICT), 409);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(says_it_twice),
	        cmocka_unit_test(stays_one_line),
	        cmocka_unit_test(is_always_utf8),
	        cmocka_unit_test(is_cut_at_a_character),
	        cmocka_unit_test(every_kind_has_its_codes),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
